"""What people see and send on the pages of sessions."""

import datetime as dt
import html
import uuid

import pytest
from django.db import connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast

from reknit.base.accounts.models import User
from reknit.base.clock import now
from reknit.care.encounters import actions
from reknit.care.encounters.models import Addendum, Appointment, Encounter, ProgressNote
from reknit.care.encounters.sections import KEYS
from reknit.care.people.actions import join_care_team
from reknit.care.programme.models import CourseFact

HOSTILE = "<script>alert(1)</script> '\"; DROP TABLE x; -- {{ 7*7 }} \u202e\U0001f600"
AUTOSAVE = {"X-Autosave": "1", "Accept": "application/json"}


def browser_of(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


@pytest.fixture
def ana(cast: Cast) -> Browser:
    return browser_of(cast.ana)


def url(name: str, session: Encounter) -> str:
    return reverse(f"encounters:{name}", args=[session.client_id, session.pk])


def sent(revision: int, **words: str) -> dict[str, str]:
    return {"revision": str(revision)} | dict.fromkeys(KEYS, "") | words


def text_of(browser: Browser, address: str) -> str:
    return html.unescape(browser.get(address).content.decode())


def test_start_now_begins_one_session_however_often_it_is_sent(cast: Cast, ana: Browser) -> None:
    address, key = reverse("encounters:session-start", args=[cast.cleo.pk]), str(uuid.uuid4())
    first = ana.post(address, {"key": key})
    assert ana.post(address, {"key": key}).headers["Location"] == first.headers["Location"]
    assert Encounter.objects.count() == 1
    assert "Session 1 of 16 · 15 left · ends 6 July" in text_of(ana, first.headers["Location"])


def test_missed_appointment_is_written_down_and_rolls(cast: Cast, at: dt.datetime, ana: Browser) -> None:
    booked = actions.book_appointment(
        by=cast.ana, at=at, episode=cast.cleo_episode, clinician=cast.ana, starts_at=at
    )
    form = {"outcome": "no_show", "on": "2026-03-23", "time": "11:00", "minutes": "50", "place": "here"}
    answer = ana.post(
        reverse("encounters:session-start", args=[cast.cleo.pk]),
        form | {"key": str(uuid.uuid4()), "appointment": str(booked.pk)},
        follow=True,
    )
    assert "It does not use up a session." in answer.content.decode()
    assert Appointment.objects.get().status == "missed"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("on", "2026-02-31"),
        ("on", "0001-01-01"),
        ("on", "9999-12-31"),
        ("time", "25:00"),
        ("minutes", "-5"),
        ("key", "x"),
    ],
)
def test_impossible_booking_is_answered_with_a_sentence(
    cast: Cast, ana: Browser, field: str, value: str
) -> None:
    form = {"on": "2026-12-01", "time": "10:00", "minutes": "50", "key": str(uuid.uuid4())}
    answer = ana.post(reverse("encounters:appointment-book", args=[cast.cleo.pk]), form | {field: value})
    assert answer.status_code == 422
    assert not Appointment.objects.exists()


def test_preparation_shows_the_number_the_phase_and_the_last_intention(
    cast: Cast, at: dt.datetime, ana: Browser, session: Encounter
) -> None:
    actions.set_intention(by=cast.ana, at=at, encounter=session, text="Call the sister.")
    week = at + dt.timedelta(days=7)
    second = actions.start_encounter(
        by=cast.ana, at=week, episode=cast.cleo_episode, outcome="attended", starts_at=week
    )
    page = text_of(ana, url("session-show", second))
    assert "Session 2 of 16" in page
    assert "initial phase" in page
    assert "Call the sister." in page
    assert "Was due by session 1" in page
    ana.post(url("intention-went", second), {"outcome": "partly", "what_happened": "Left a message."})
    assert "partly" in text_of(ana, url("session-show", second))


def test_gates_of_the_course_are_one_line_before_and_in_the_session(
    cast: Cast, at: dt.datetime, ana: Browser
) -> None:
    latest = make_course(cast, at, 1)
    assert "The course waits:" not in text_of(ana, url("session-show", latest))
    for back in (2, 1):
        when = now() - dt.timedelta(days=back)
        latest = actions.start_encounter(
            by=cast.ana, at=when, episode=cast.cleo_episode, outcome="attended", starts_at=when
        )
    for address in (
        url("session-show", latest),
        reverse("encounters:session-start", args=[cast.cleo.pk]),
    ):
        line = text_of(ana, address).split("The course waits:")[1].split("</p>")[0]
        assert "The middle phase starts once the focus is agreed." in line
        assert reverse("programme:course-map", args=[cast.cleo.pk]) in line and line.count("<a ") == 1


def test_tick_by_script_answers_with_the_parts_that_changed(
    cast: Cast, ana: Browser, session: Encounter
) -> None:
    answer = ana.post(url("task-tick", session), {"code": "E06", "done": "E06"})
    page = answer.content.decode()
    assert 'id="task-E06"' in page
    assert "checked" in page
    assert "Safety checked in this session." in page


@pytest.mark.parametrize(
    ("code", "page"),
    [
        ("I11", "formulation:timeline-show"),
        ("I14", "formulation:story-show"),
        ("I15", "formulation:story-show"),
    ],
)
def test_task_of_the_story_leads_to_its_page_until_it_is_done(
    cast: Cast, at: dt.datetime, ana: Browser, code: str, page: str
) -> None:
    session = make_course(cast, at, 3)

    def task(name: str) -> str:
        shown = text_of(ana, url("session-show", session))
        return shown.split(f'id="task-{name}"')[1].split("</li>")[0]

    assert f'href="{reverse(page, args=[cast.cleo.pk])}"' in task(code)
    assert "<a " not in task("E01")
    ana.post(url("task-tick", session), {"code": code, "done": code})
    assert "<a " not in task(code)


def test_ticks_without_script_are_sent_as_one_list(cast: Cast, ana: Browser, session: Encounter) -> None:
    ana.post(url("task-tick", session), {"done": ["E01", "E02"]})
    ana.post(url("task-tick", session), {"done": ["E02", "nonsense"]})
    assert set(
        CourseFact.objects.filter(kind="task_done", withdrawn_at=None).values_list("value__code", flat=True)
    ) == {"E02"}


def test_tick_of_an_unknown_task_is_refused(cast: Cast, ana: Browser, session: Encounter) -> None:
    assert ana.post(url("task-tick", session), {"code": HOSTILE, "done": HOSTILE}).status_code == 422


def test_autosave_answers_with_revision_and_time(cast: Cast, ana: Browser, session: Encounter) -> None:
    answer = ana.post(url("note-save", session), sent(0, plan="One."), headers=AUTOSAVE)
    assert answer.status_code == 200
    assert answer.json()["revision"] == "1"
    assert answer.json()["saved_at"].count(":") == 1


def test_autosave_of_an_old_revision_shows_what_stands(cast: Cast, ana: Browser, session: Encounter) -> None:
    ana.post(url("note-save", session), sent(0, plan="One.", focus="Same."), headers=AUTOSAVE)
    answer = ana.post(url("note-save", session), sent(0, plan="Two.", focus="Same."), headers=AUTOSAVE)
    assert answer.status_code == 409
    said = answer.json()
    assert (said["conflict"], said["theirs"], said["revision"]) == (True, {"plan": "One."}, "1")
    kept = ana.post(
        url("note-save", session), sent(1, plan="Two.", focus="Same.") | {"keep_mine": "1"}, headers=AUTOSAVE
    )
    assert kept.json()["revision"] == "2"


@pytest.mark.parametrize("words", ["x" * 8001, "a\x00b", "a\x07b"], ids=["overlong", "nul", "bell"])
def test_autosave_of_words_that_cannot_be_kept_says_why(
    cast: Cast, ana: Browser, session: Encounter, words: str
) -> None:
    answer = ana.post(url("note-save", session), sent(0, plan=words), headers=AUTOSAVE)
    assert answer.status_code == 422
    assert answer.json()["errors"]["plan"]
    page = ana.post(url("note-save", session), sent(0, plan=words, focus="Kept here."))
    assert page.status_code == 422
    assert "Kept here." in page.content.decode()
    assert ProgressNote.objects.get().revision == 0


def test_two_editors_without_script_see_both_and_may_keep_both(
    cast: Cast, ana: Browser, session: Encounter
) -> None:
    ana.post(url("note-save", session), sent(0, plan="First words."))
    answer = ana.post(url("note-save", session), sent(0, plan="Second words."))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "First words." in page
    assert "Second words." in page
    ana.post(url("note-save", session), sent(1, plan="Second words.") | {"keep": "both"})
    assert ProgressNote.objects.get().words == {"plan": "First words.\n\nSecond words."}


def test_words_sent_to_a_note_signed_meanwhile_are_handed_back(
    cast: Cast, at: dt.datetime, ana: Browser, session: Encounter, note: ProgressNote
) -> None:
    actions.sign_note(by=cast.ana, at=at, note=note, revision=0)
    answer = ana.post(url("note-save", session), sent(0, plan="Too late."))
    assert answer.status_code == 422
    assert "Too late." in answer.content.decode()
    assert "Add an addendum" in answer.content.decode()


def test_signing_saves_the_last_words_and_shows_the_note_first(
    cast: Cast, ana: Browser, session: Encounter
) -> None:
    answer = ana.post(url("note-save", session), sent(0, plan="Last words.") | {"then": "sign"}, follow=True)
    page = html.unescape(answer.content.decode())
    assert "Last words." in page
    assert "You sign as" in page
    assert "Not done today:" in page
    signed = html.unescape(
        ana.post(url("note-sign", session), {"revision": "1"}, follow=True).content.decode()
    )
    assert "this note is complete and is mine" in signed
    assert ProgressNote.objects.get().digest in signed


@pytest.mark.parametrize(("revision", "status"), [("0", 409), ("x", 422), ("", 422)])
def test_signing_something_else_than_was_read_is_refused(
    cast: Cast, ana: Browser, session: Encounter, revision: str, status: int
) -> None:
    ana.post(url("note-save", session), sent(0, plan="New."), headers=AUTOSAVE)
    assert ana.post(url("note-sign", session), {"revision": revision}).status_code == status
    assert ProgressNote.objects.get().state == "draft"


def test_altered_note_is_told_on_the_page(
    cast: Cast, at: dt.datetime, ana: Browser, session: Encounter, note: ProgressNote
) -> None:
    """Somebody with the database in their hands takes the guard away and changes a word."""
    actions.sign_note(by=cast.ana, at=at, note=note, revision=0)
    assert "not as it was signed" not in text_of(ana, url("session-show", session))
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER note_signed_stays")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE encounters_progressnote DISABLE TRIGGER encounters_note_stays")
        text = ProgressNote.objects.get().text
        text["sections"][0]["facts"] = ["PHQ-9 3."]
        ProgressNote.objects.update(text=text)
    assert "This note is not as it was signed" in text_of(ana, url("session-show", session))


def test_supervisor_works_the_queue(cast: Cast, at: dt.datetime) -> None:
    join_care_team(
        by=cast.adi, at=at, client=cast.cleo, clinician=cast.tess, starts_on=at.date(), part="cover"
    )
    session = actions.start_encounter(
        by=cast.tess, at=at, episode=cast.cleo_episode, outcome="attended", starts_at=at
    )
    actions.sign_note(by=cast.tess, at=at, note=session.note, revision=0)
    ben = browser_of(cast.ben)
    assert "1 note waits for you" in text_of(ben, reverse("encounters:cosign-list"))
    assert ben.post(url("note-cosign", session), {"decision": "return", "reason": ""}).status_code == 422
    ben.post(url("note-cosign", session), {"decision": "return", "reason": "Say more."})
    assert "Say more." in text_of(browser_of(cast.tess), url("session-show", session))
    session.note.refresh_from_db()
    actions.sign_note(by=cast.tess, at=at, note=session.note, revision=0)
    ben.post(url("note-cosign", session), {"decision": "cosign"})
    assert "answered for as supervisor" in text_of(ben, url("session-show", session))
    assert "0 notes wait for you" in text_of(ben, reverse("encounters:cosign-list"))


def test_addendum_sent_twice_stands_once(
    cast: Cast, at: dt.datetime, ana: Browser, session: Encounter, note: ProgressNote
) -> None:
    actions.sign_note(by=cast.ana, at=at, note=note, revision=0)
    form = {"text": "The sister.", "key": str(uuid.uuid4())}
    for _twice in range(2):
        ana.post(url("addendum-add", session), form)
    assert Addendum.objects.count() == 1
    assert "The sister." in text_of(ana, url("session-show", session))


def test_hostile_words_are_shown_as_words(cast: Cast, ana: Browser, session: Encounter) -> None:
    everything = dict.fromkeys(KEYS, HOSTILE)
    assert ana.post(url("note-save", session), sent(0, **everything)).status_code == 302
    ana.post(url("intention-set", session), {"text": HOSTILE})
    for name in ("session-show", "note-sign"):
        page = ana.get(url(name, session)).content.decode()
        assert "<script>alert" not in page
        assert "{{ 7*7 }}" in page


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("intention-set", {"text": "x" * 401}),
        ("intention-set", {"text": "a\x00"}),
        ("task-tick", {"code": "a\x00"}),
        ("note-save", {}),
        ("note-save", {"revision": "-1"}),
        ("note-save", {"revision": "9" * 30}),
    ],
)
def test_nonsense_is_answered_and_changes_nothing(
    cast: Cast, ana: Browser, session: Encounter, name: str, form: dict[str, str]
) -> None:
    assert ana.post(url(name, session), form).status_code == 422
    assert ProgressNote.objects.get().revision == 0


def test_nobody_is_named_in_the_title(cast: Cast, ana: Browser, session: Encounter) -> None:
    title = ana.get(url("session-show", session)).content.decode().split("</title>")[0]
    assert "Cleo" not in title


def test_missed_session_has_a_page_of_its_own(cast: Cast, at: dt.datetime, ana: Browser) -> None:
    missed = actions.start_encounter(
        by=cast.ana, at=at, episode=cast.cleo_episode, outcome="late_cancel", starts_at=at
    )
    page = text_of(ana, url("session-show", missed))
    assert "Cancelled late" in page
    assert "It did not use up a session" in page
    assert ana.post(url("task-tick", missed), {"code": "E01", "done": "E01"}).status_code == 422
    assert ana.get(url("note-sign", missed)).status_code == 404


def make_course(cast: Cast, at: dt.datetime, sessions: int) -> Encounter:
    """A course with a number of sessions held; each with ticks, an intention and a note."""
    for n in range(Encounter.objects.count(), sessions):
        when = at + dt.timedelta(days=n)
        latest = actions.start_encounter(
            by=cast.ana, at=when, episode=cast.cleo_episode, outcome="attended", starts_at=when
        )
        actions.tick(by=cast.ana, at=when, encounter=latest, code="E01", done=True)
        actions.set_intention(by=cast.ana, at=when, encounter=latest, text=f"Try {n}")
        actions.save_note(by=cast.ana, at=when, note=latest.note, revision=0, words={"plan": "Plan."})
        actions.sign_note(by=cast.ana, at=when, note=latest.note, revision=1)
    when = at + dt.timedelta(days=sessions)
    return actions.start_encounter(
        by=cast.ana, at=when, episode=cast.cleo_episode, outcome="attended", starts_at=when
    )


def test_pages_ask_the_same_number_of_questions_as_the_course_grows(
    cast: Cast, at: dt.datetime, ana: Browser
) -> None:
    def count(sessions: int) -> list[int]:
        latest = make_course(cast, at, sessions)
        signed = Encounter.objects.filter(note__state="signed").latest("starts_at")
        found = []
        for address in (
            reverse("encounters:session-list", args=[cast.cleo.pk]),
            url("session-show", latest),
            url("session-show", signed),
        ):
            ana.get(address)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert ana.get(address).status_code == 200
            found.append(len(asked))
        return found

    few = count(3)
    assert count(15) == few
    assert max(few) <= 25
