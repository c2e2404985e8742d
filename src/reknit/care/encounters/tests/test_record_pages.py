"""What people see and send on the pages of records, of missed sessions and of the two-minute view."""

import datetime as dt
import html
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import ZONE, Cast, today
from tests.forms_on_pages import PageForm, forms_of
from tests.test_hostile_input import faults_on

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, now
from reknit.care.contact.actions import set_safe_contact
from reknit.care.encounters import actions
from reknit.care.encounters.models import (
    RECORDS,
    CommunicationAnalysis,
    ContactAfterMiss,
    Encounter,
    LapseReview,
    MoodEventUseLink,
    PlanB,
    ReEngagementPlan,
    StrategyStep,
)
from reknit.care.formulation.models import FocusArea
from reknit.care.programme.actions import record_fact
from reknit.care.programme.models import CourseFact
from reknit.care.substance_use.actions import report_use_episode

from .records import KINDS, a_plan, make, person

PART = {"X-Part": "1"}
MODELS = {model.KIND: model for model in RECORDS}
HOSTILE = "<script>alert(1)</script> '\"; DROP TABLE x; -- {{ 7*7 }} \u202e\U0001f600"


def browser_of(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


@pytest.fixture
def ana(cast: Cast) -> Browser:
    return browser_of(cast.ana)


@pytest.fixture
def session(cast: Cast) -> Encounter:
    """A session under way at this moment, as the pages read the clock themselves."""
    at = now()
    return actions.start_encounter(
        by=cast.ana, at=at, episode=cast.cleo_episode, outcome="attended", starts_at=at
    )


def show(session: Encounter) -> str:
    return reverse("encounters:session-show", args=[session.client_id, session.pk])


def add(session: Encounter, kind: str) -> str:
    return reverse("encounters:record-add", args=[session.client_id, session.pk, kind])


def change(session: Encounter, record: Any, name: str = "change") -> str:
    return reverse(f"encounters:record-{name}", args=[session.client_id, session.pk, record.KIND, record.pk])


def text(browser: Browser, address: str, **headers: str) -> str:
    return html.unescape(browser.get(address, headers=headers).content.decode())


def form_at(browser: Browser, address: str) -> PageForm:
    """The record's own form of a page."""
    found = [one for one in forms_of(browser.get(address).content.decode(), address) if one.action == address]
    assert len(found) == 1
    return found[0]


def as_it_stands(form: PageForm) -> dict[str, list[str]]:
    """What a browser sends when nobody touched the form."""
    sent: dict[str, list[str]] = {}
    for control in form.controls:
        if control.kind != "button" and (
            control.is_on or control.kind not in {"radio", "checkbox", "option"}
        ):
            sent.setdefault(control.name, []).append(control.value)
    return sent


def test_record_of_a_link_is_called_by_what_it_links(ana: Browser, session: Encounter) -> None:
    """A bare “Link” stood beside “Send a link”, which sends a form."""
    url = reverse("encounters:session-show", args=[session.client_id, session.pk])
    shown = ana.get(url).content.decode()
    assert "Mood or use link" in shown and ">Link " not in shown


@pytest.mark.parametrize("kind", KINDS)
def test_record_is_added_and_changed_without_script(
    cast: Cast, ana: Browser, session: Encounter, kind: str
) -> None:
    at = now()
    person(cast.cleo, by=cast.ana, at=at)
    if kind == "went":
        earlier = at - dt.timedelta(days=7)
        before = actions.start_encounter(
            by=cast.ana, at=earlier, episode=cast.cleo_episode, outcome="attended", starts_at=earlier
        )
        make("role-play", before, by=cast.ana, at=at)
    if kind == "conjoint":
        a_plan(session, by=cast.ana, at=at)
    address = add(session, kind)
    sent = form_at(ana, address).values(today=local_date(at, ZONE))
    sent = {name: ["5"] if value == ["50"] else value for name, value in sent.items()}
    sent.pop("more", None)
    answer = ana.post(address, sent)
    assert answer.status_code == 302, re.findall(r'class="err"[^>]*>[^<]+', answer.content.decode())
    record: Any = MODELS[kind]._default_manager.get()
    page = text(ana, show(session))
    assert change(session, record) in page
    again = as_it_stands(form_at(ana, change(session, record)))
    assert ana.post(change(session, record), again).status_code == 302
    record.refresh_from_db()
    assert record.revision == 1, "sent as it stands, nothing changes"
    assert text(ana, change(session, record, "show"))


def test_script_gets_the_form_and_then_the_parts_that_changed(ana: Browser, session: Encounter) -> None:
    form = text(ana, add(session, "link"), **PART)
    assert "data-record-form" in form and "<html" not in form
    sent = {
        "key": str(uuid.uuid4()),
        "revision": "0",
        "direction": "event_mood",
        "words": "",
        "said_by": "client",
    }
    wrong = ana.post(add(session, "link"), sent, headers=PART)
    assert wrong.status_code == 422 and "Write a few words first." in wrong.content.decode()
    kept = ana.post(add(session, "link"), sent | {"words": "He went quiet.", "mood": "0"}, headers=PART)
    page = html.unescape(kept.content.decode())
    assert kept.status_code == 200
    assert 'id="records"' in page and 'id="facts-links"' in page
    assert "He went quiet. Mood 0 of 10." in page


def test_two_editors_see_both_and_lose_nothing(cast: Cast, ana: Browser, session: Encounter) -> None:
    step = make("step", session, by=cast.ana, at=now())
    sent = form_at(ana, change(session, step)).values(today=today())
    make("step", session, by=cast.ana, at=now(), key=step.pk, revision=1, note="Their words.")
    answer = ana.post(change(session, step), sent | {"note": "My words."})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "Their words." in page and "My words." in page
    assert StrategyStep.objects.get().note == "Their words."
    ana.post(change(session, step), sent | {"note": "Their words. My words.", "revision": "2"})
    assert StrategyStep.objects.get().note == "Their words. My words."


def test_more_turns_are_offered_without_keeping_anything(ana: Browser, session: Encounter) -> None:
    address = add(session, "conversation")
    page = ana.get(address).content.decode()
    assert page.count('name="turns-') > 4 and 'name="turns-5-words"' in page
    sent = form_at(ana, address).values(today=today()) | {
        "turns-0-words": "You are late.",
        "more": "turns",
    }
    grown = ana.post(address, sent).content.decode()
    assert 'name="turns-9-words"' in grown and "You are late." in grown
    assert not CommunicationAnalysis.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_pages_of_records_belong_to_the_team(cast: Cast, session: Encounter, kind: str) -> None:
    record = make(kind, session, by=cast.ana, at=now())
    for address in (add(session, kind), change(session, record), change(session, record, "show")):
        for stranger in (cast.dov, cast.eli_user, cast.cleo_user):
            assert browser_of(stranger).get(address).status_code in (403, 404)
    assert browser_of(cast.ben).get(change(session, record, "show")).status_code == 200
    assert browser_of(cast.ben).get(add(session, kind)).status_code == 403


def test_record_of_a_signed_note_is_read_and_not_changed(
    cast: Cast, ana: Browser, session: Encounter
) -> None:
    link = make("link", session, by=cast.ana, at=now())
    actions.sign_note(by=cast.ana, at=now(), note=session.note, revision=0)
    page = text(ana, show(session))
    assert change(session, link, "show") in page and change(session, link) not in page
    assert ana.get(change(session, link)).status_code == 302
    assert ana.post(change(session, link), {"key": str(link.pk), "revision": "1"}).status_code == 422
    ana.post(change(session, link, "remove"), {"revision": "1"})
    assert MoodEventUseLink.objects.count() == 1


def test_record_is_taken_away_with_its_fact(cast: Cast, ana: Browser, session: Encounter) -> None:
    link = make("link", session, by=cast.ana, at=now())
    ana.post(change(session, link, "remove"), {"revision": "nonsense"})
    assert MoodEventUseLink.objects.exists()
    ana.post(change(session, link, "remove"), {"revision": "1"})
    assert not MoodEventUseLink.objects.exists()
    assert not CourseFact.objects.filter(kind="mood_link", withdrawn_at=None).exists()


def test_kind_or_record_that_is_not_there_is_not_found(cast: Cast, ana: Browser, session: Encounter) -> None:
    link = make("link", session, by=cast.ana, at=now())
    assert ana.get(add(session, "nonsense")).status_code == 404
    other = reverse("encounters:record-change", args=[session.client_id, session.pk, "step", link.pk])
    assert ana.get(other).status_code == 404


@pytest.mark.parametrize(
    "kind", ["link", "step", "lapse", "plan-b"]
)  # a conversation: tests/test_hostile_input.py
def test_no_line_of_a_record_takes_what_it_should_not(
    cast: Cast, ana: Browser, session: Encounter, kind: str
) -> None:
    at = now()
    person(cast.cleo, alias=HOSTILE[:40], by=cast.ana, at=at)
    make(kind, session, by=cast.ana, at=at)
    assert faults_on(ana, add(session, kind), {"today": local_date(at, ZONE)}) == []


@pytest.mark.parametrize("name", ["contact-add", "re-engagement-write"])
def test_no_line_after_a_missed_session_takes_what_it_should_not(cast: Cast, ana: Browser, name: str) -> None:
    at = now()
    missed = actions.start_encounter(
        by=cast.ana, at=at, episode=cast.cleo_episode, outcome="no_show", starts_at=at
    )
    args = [cast.cleo.pk, missed.pk] if name == "contact-add" else [cast.cleo.pk]
    assert faults_on(ana, reverse(f"encounters:{name}", args=args), {"today": local_date(at, ZONE)}) == []


def test_contact_after_a_missed_session_says_how_it_is_safe_to_reach_them(cast: Cast, ana: Browser) -> None:
    at = now()
    missed = actions.start_encounter(
        by=cast.ana, at=at, episode=cast.cleo_episode, outcome="no_show", starts_at=at
    )
    url = reverse("encounters:contact-add", args=[cast.cleo.pk, missed.pk])
    assert "No safe way of contact is written down" in text(ana, url)
    phone = {"channel": "phone", "value": "+44 20 7946 0244", "safe_times": "after 5 pm"}
    set_safe_contact(by=cast.ina, at=at, client=cast.cleo, **phone)
    said = text(ana, url)
    assert "Safe contact: Phone call, +44 20 7946 0244" in said and "After 5 pm." in said
    assert "Leave no message with anyone else." in said and "Do not name the clinic." in said


def test_two_minute_view_stands_before_the_session_and_starts_it(cast: Cast, ana: Browser) -> None:
    at = now()
    area = FocusArea.objects.create(
        episode=cast.cleo_episode, area="dispute", status="active", proposed_by=cast.ana, proposed_at=at
    )
    area.relationships.add(person(cast.cleo, by=cast.ana, at=at))
    before = at - dt.timedelta(days=7)
    held = actions.start_encounter(
        by=cast.ana, at=before, episode=cast.cleo_episode, outcome="attended", starts_at=before
    )
    actions.set_intention(by=cast.ana, at=before, encounter=held, text="Call the sister.")
    make("link", held, by=cast.ana, at=at, craving=8)
    reported = uuid.uuid4()
    record_fact(
        by=cast.ana, at=before, episode=cast.cleo_episode, kind="lapse_reported", source="use",
        value={"use_episode": str(reported), "on": before.date().isoformat()},
    )  # fmt: skip
    address = reverse("encounters:session-start", args=[cast.cleo.pk])
    page = text(ana, address)
    assert "Session 2 of 16" in page and "role dispute, with M." in page
    assert "Call the sister." in page and "is to be looked at together." in page
    assert "Craving, latest told" in page and "Start session 2 now" in page
    assert Encounter.objects.count() == 1, "looking starts nothing"
    started = next(one for one in forms_of(page, address) if one.action == address)
    answer = ana.post(address, started.values(today=local_date(at, ZONE)))
    session = Encounter.objects.latest("made_at")
    assert answer.headers["Location"] == show(session)
    page = text(ana, show(session))
    review = f"{add(session, 'lapse')}?lapse={reported}"
    assert review in page
    lapse = text(ana, review)
    assert f'value="{before.date().isoformat()}"' in lapse and "three days or fewer in fourteen" not in lapse


def test_two_minute_view_asks_as_often_however_long_the_course(cast: Cast, ana: Browser) -> None:
    address = reverse("encounters:session-start", args=[cast.cleo.pk])

    def asked(sessions: int, links: int) -> int:
        for _ in range(sessions):
            at = now()
            held = actions.start_encounter(
                by=cast.ana,
                at=at,
                episode=cast.cleo_episode,
                outcome="attended",
                starts_at=at - dt.timedelta(days=1),
            )
            for _link in range(links):
                make("link", held, by=cast.ana, at=at)
        ana.get(address)
        with CaptureQueriesContext(connection) as found:
            assert ana.get(address).status_code == 200
        return len(found)

    assert asked(3, 1) == asked(6, 10) <= 28


def test_session_page_asks_as_often_for_thirty_records_as_for_three(
    cast: Cast, ana: Browser, session: Encounter
) -> None:
    def asked(n: int) -> int:
        while MoodEventUseLink.objects.count() < n:
            make("link", session, by=cast.ana, at=now())
            make("step", session, by=cast.ana, at=now())
        ana.get(show(session))
        with CaptureQueriesContext(connection) as found:
            assert ana.get(show(session)).status_code == 200
        return len(found)

    assert asked(3) == asked(30) <= 28


def reach_session_eight(cast: Cast) -> Encounter:
    at = now()
    for week in range(8, 0, -1):
        on = at - dt.timedelta(days=7 * (week - 1), minutes=1)
        held = actions.start_encounter(
            by=cast.ana, at=on, episode=cast.cleo_episode, outcome="attended", starts_at=on
        )
    return held


def test_midcourse_review_is_due_lays_out_and_leads_to_a_plan_b(cast: Cast, ana: Browser) -> None:
    eighth = reach_session_eight(cast)
    assert "The mid-course review is due in this session." in text(ana, show(eighth))
    page = text(ana, add(eighth, "midcourse"))
    assert "The figures cannot tell: something is not known." in page
    assert "8 held of 16" in " ".join(re.sub(r"<[^>]+>", " ", page).split())
    sent = {
        "key": str(uuid.uuid4()),
        "revision": "0",
        "focus_right": "yes",
        "adequate": "no",
        "words": "Slow.",
    }
    answer = ana.post(add(eighth, "midcourse"), sent)
    assert answer.headers["Location"] == add(eighth, "plan-b")
    assert "A plan B is to be written." in text(ana, show(eighth))
    plan = {"key": str(uuid.uuid4()), "revision": "0", "choices": ["cbt", "level"], "reason": "Slow.",
            "decided_on": today().isoformat()}  # fmt: skip
    ana.post(add(eighth, "plan-b"), plan)
    assert PlanB.objects.get().choices == ["cbt", "level"]
    page = text(ana, show(eighth))
    assert "A plan B is to be written." not in page and "review is due" not in page
    assert "Plan B, " in page


def test_lapse_review_asks_safety_first_and_resets_nothing(
    cast: Cast, ana: Browser, session: Encounter
) -> None:
    page = text(ana, add(session, "lapse"))
    assert page.index("Safety first") < page.index("People, feeling, place")
    assert "nothing that was gained is reset" in page
    sent = form_at(ana, add(session, "lapse")).values(today=today())
    ana.post(add(session, "lapse"), sent)
    assert LapseReview.objects.get().use_episode_id is None


def test_missed_sessions_show_what_is_asked_for_and_close_nothing(cast: Cast, ana: Browser) -> None:
    at, address = now(), reverse("encounters:session-list", args=[cast.cleo.pk])
    missed = [
        actions.start_encounter(
            by=cast.ana,
            at=at,
            episode=cast.cleo_episode,
            outcome="no_show",
            starts_at=at - dt.timedelta(days=7 * n),
        )
        for n in (2, 1, 0)
    ]
    page = text(ana, address)
    assert "Get in touch by" in page and "Write a plan to come back" in page
    assert "For the supervisor to look at" in page
    contact = reverse("encounters:contact-add", args=[cast.cleo.pk, missed[-1].pk])
    ana.post(contact, {"key": str(uuid.uuid4()), "on": local_date(at, ZONE).isoformat(), "how": "phone", "answer": "reached",
                       "what_happened": "A row."})  # fmt: skip
    assert ContactAfterMiss.objects.get().by == cast.ana
    plan = reverse("encounters:re-engagement-write", args=[cast.cleo.pk])
    ana.post(plan, {"key": str(uuid.uuid4()), "in_the_way": "Shifts.", "steps": "Ring.", "who": "Ana",
                    "next_on": local_date(at, ZONE).isoformat()})  # fmt: skip
    assert ReEngagementPlan.objects.get().steps == "Ring."
    page = text(ana, address)
    assert "Get in touch by" not in page and "Write a plan to come back" not in page
    cast.cleo_episode.refresh_from_db()
    assert cast.cleo_episode.status == "open"
    assert "A row." in text(ana, show(missed[-1]))
    seen = text(browser_of(cast.ben), reverse("encounters:cosign-list"))
    assert "Missed sessions to look at" in seen and "3 missed in a row" in seen


def test_second_return_to_use_is_shown_to_the_supervisor_alone(cast: Cast) -> None:
    address = reverse("encounters:cosign-list")
    for days in (1, 9):
        assert "look at together" not in text(browser_of(cast.ben), address)
        on = today() - dt.timedelta(days=days)
        report_use_episode(
            by=cast.ana, at=now(), client=cast.cleo, key=uuid.uuid4(), reported_by="therapist", starts_on=on
        )
    seen = text(browser_of(cast.ben), address)
    assert "Returns to use to look at together" in seen and "2 returns told in 30 days" in seen
    assert browser_of(cast.ana).get(address).status_code == 403


def test_lost_sessions_show_a_map_that_moves_nothing(cast: Cast, ana: Browser) -> None:
    before = cast.cleo_episode.ends_on
    page = text(ana, reverse("encounters:session-list", args=[cast.cleo.pk]))
    assert "A shorter way to the end" in page, "the ending date of the cast lies in the past by now"
    assert "Closing work is kept whole" in page
    cast.cleo_episode.refresh_from_db()
    assert cast.cleo_episode.ends_on == before


def test_safety_session_has_its_page_and_its_note(cast: Cast, at: dt.datetime, ana: Browser) -> None:
    form = {"outcome": "safety", "on": "2026-03-23", "time": "11:00", "minutes": "50", "place": "here"}
    address = reverse("encounters:session-start", args=[cast.cleo.pk])
    answer = ana.post(address, form | {"key": str(uuid.uuid4())}, follow=True)
    page = html.unescape(answer.content.decode())
    assert "Safety session, beside the planned ones" in page and "Check safety" in page
    assert "Was due" not in page
    assert Encounter.objects.get().slot is None
