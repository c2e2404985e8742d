"""The Closing tab, the records behind it, follow-up, and the client's own plan."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.architecture.test_words import LOOK_DOWN
from tests.cast import ZONE, Cast

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, now
from reknit.care.closure.actions import book_follow_ups, close_course, take_back_record
from reknit.care.closure.kinds import RECORDS
from reknit.care.closure.models import ClosingRecord, FollowUp
from reknit.care.closure.queries import follow_ups_due

from .factories import WORDS, circle_of, drafted, given

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 23)
QUIET = {"headers": {"X-Autosave": "1", "Accept": "application/json"}}
STAFF_WORDS = re.compile(
    r"relapse|contingency|termination|closure|disposition|non-?response|lapse", re.IGNORECASE
)


def browser_of(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


@pytest.fixture
def ana(cast: Cast) -> Browser:
    return browser_of(cast.ana)


def shown(browser: Browser, name: str, *args: object) -> str:
    answer = browser.get(reverse(f"closure:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def url(name: str, *args: object) -> str:
    return reverse(f"closure:{name}", args=args)


def next_of(body: str) -> str:
    """The words on the one filled button of the page itself."""
    body = body.split("<main")[1].split("</main>")[0]
    filled = re.findall(r'class="btn main"[^>]*>\s*(?:<[^>]+>)*([^<]+)(?:<span class="vh">([^<]*))?', body)
    assert len(filled) == 1, filled
    return "".join(filled[0]).strip()


def test_tab_says_what_comes_next_until_only_the_close_is_left(
    cast: Cast, at: dt.datetime, ana: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    for kind in ("ending_talk", "gains", "signs", "staying_well", "contingency", "disposition"):
        asked.append(next_of(shown(ana, "closing-show", cast.cleo.pk)))
        given(cast, kind, at=at)
    assert asked == [
        "Begin Talk about the ending", "Begin Review of gains", "Begin Warning signs", "Begin Staying-well plan",
        "Begin Plan for hard times", "Begin What comes next",
    ]  # fmt: skip
    assert next_of(shown(ana, "closing-show", cast.cleo.pk)) == "Measures"
    circle_of(monkeypatch)
    assert next_of(shown(ana, "closing-show", cast.cleo.pk)) == "We looked at it together"


def test_tab_is_honest_about_a_circle_that_is_not_there(cast: Cast, ana: Browser) -> None:
    body = shown(ana, "closing-show", cast.cleo.pk)
    assert "No signed circle yet" in body and "We looked at it together" not in body


def test_then_and_now_are_told_in_sentences_and_looked_at_together(
    cast: Cast, ana: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    circle_of(monkeypatch)
    assert "Sal is no longer listed." in shown(ana, "closing-show", cast.cleo.pk)
    ana.post(url("circle-look", cast.cleo.pk))
    assert "Looked at together." in shown(ana, "closing-show", cast.cleo.pk)


def test_tab_tells_the_word_and_what_it_lacks(cast: Cast, at: dt.datetime, ana: Browser) -> None:
    body = shown(ana, "closing-show", cast.cleo.pk)
    assert "<b>did not engage</b>" in body and "the formulation agreed by the client" in body
    assert "0 took place, 5 are enough" in body and "review of gains" in body
    close_course(by=cast.ana, at=at, episode=cast.cleo_episode, reason="It ends.")
    body = shown(ana, "closing-show", cast.cleo.pk)
    assert "Closed on 23 March 2026 and counted as <b>did not engage</b>" in body


def test_after_the_close_only_what_can_still_be_done_comes_next(
    cast: Cast, at: dt.datetime, ana: Browser
) -> None:
    close_course(by=cast.ana, at=at, episode=cast.cleo_episode, reason="It ends.")
    body = shown(ana, "closing-show", cast.cleo.pk)
    assert next_of(body) == "Begin Warning signs" and 'href="#signs"' in body
    for kind in ("signs", "staying_well", "contingency"):
        given(cast, kind, at=at)
    assert next_of(shown(ana, "closing-show", cast.cleo.pk)) == "Open the letters"


def test_early_ending_shows_its_own_short_list(cast: Cast, at: dt.datetime, ana: Browser) -> None:
    given(cast, "early_ending", at=at)
    body = shown(ana, "closing-show", cast.cleo.pk)
    assert "1 of 3 done" in body and "not asked for by an early ending" in body
    assert next_of(body) == "Open the letters"


@pytest.mark.parametrize("kind", list(RECORDS))
def test_record_is_written_read_through_and_given(
    cast: Cast, at: dt.datetime, ana: Browser, kind: str
) -> None:
    given(cast, "signs", at=at)
    edit, give = url("record-edit", cast.cleo.pk, kind), url("record-give", cast.cleo.pk, kind)
    assert ana.get(edit).status_code == 200 and ana.get(give).status_code == 404
    before = ClosingRecord.objects.count()
    answer = ana.post(edit, {"revision": "0", "read": "1", **WORDS[kind]})
    assert answer.status_code == 302 and answer["Location"] == give
    body = ana.get(give).content.decode()
    for value in WORDS[kind].values():
        assert not isinstance(value, str) or value in body or value in {"end", "moved", "given"}
    assert ana.post(give, {"revision": "1"}).status_code == 302
    assert ana.post(give, {"revision": "1"}).status_code == 302  # a second click
    row = ClosingRecord.objects.filter(kind=kind).latest("version")
    assert row.state == "given" and ClosingRecord.objects.count() == before + 1
    assert ana.get(url("record-show", cast.cleo.pk, row.pk)).status_code == 200


@pytest.mark.parametrize("kind", ["gains", "non_response"])
def test_give_page_hints_at_heavy_words_and_still_gives(
    cast: Cast, at: dt.datetime, ana: Browser, kind: str
) -> None:
    part = "mood" if kind == "gains" else "said"
    drafted(
        cast, kind, at=at, **{part: "You relapsed. Notwithstanding difficulties, participation continued."}
    )
    give = url("record-give", cast.cleo.pk, kind)
    body = ana.get(give).content.decode()
    assert "“relapsed” may weigh on a reader" in body and "grade 6 or lower is easier" in body
    assert ana.post(give, {"revision": "1"}).status_code == 302
    assert ClosingRecord.objects.get(kind=kind).state == "given"


def test_give_page_without_heavy_words_hints_at_nothing(cast: Cast, at: dt.datetime, ana: Browser) -> None:
    drafted(cast, "signs", at=at)
    assert (
        "look at these words again" not in ana.get(url("record-give", cast.cleo.pk, "signs")).content.decode()
    )


def test_give_page_says_what_is_missing_and_gives_nothing(cast: Cast, at: dt.datetime, ana: Browser) -> None:
    drafted(cast, "gains", at=at, credit="")
    give = url("record-give", cast.cleo.pk, "gains")
    assert "The credit is theirs." in ana.get(give).content.decode()
    answer = ana.post(give, {"revision": "1"})
    assert answer.status_code == 422 and ClosingRecord.objects.get().state == "draft"


@pytest.mark.parametrize("sent", [{}, {"revision": "x"}, {"revision": "-1"}, {"revision": "9" * 30}])
def test_give_without_the_revision_that_was_read_is_refused(
    cast: Cast, at: dt.datetime, ana: Browser, sent: dict[str, str]
) -> None:
    drafted(cast, "gains", at=at)
    assert ana.post(url("record-give", cast.cleo.pk, "gains"), sent).status_code == 422
    assert ClosingRecord.objects.get().state == "draft"


def test_words_changed_after_reading_are_not_given(cast: Cast, at: dt.datetime, ana: Browser) -> None:
    drafted(cast, "gains", at=at)
    drafted(cast, "gains", at=at, mood="Changed meanwhile.")
    answer = ana.post(url("record-give", cast.cleo.pk, "gains"), {"revision": "1"})
    assert answer.status_code == 409 and "Changed meanwhile." in answer.content.decode()


def test_autosave_answers_and_keeps_both_versions(cast: Cast, at: dt.datetime, ana: Browser) -> None:
    edit = url("record-edit", cast.cleo.pk, "gains")
    sent = {"revision": "0", "mood": "<b>Better</b>"}
    assert ana.post(edit, sent, **QUIET).json()["revision"] == "1"  # type: ignore[arg-type]
    late = ana.post(edit, {**sent, "mood": "Other"}, **QUIET)  # type: ignore[arg-type]
    assert late.status_code == 409 and late.json()["theirs"]["mood"] == "<b>Better</b>"
    page = ana.post(edit, {**sent, "mood": "My own words"})
    assert page.status_code == 409 and b"My own words" in page.content and b"&lt;b&gt;Better" in page.content
    long = ana.post(edit, {"revision": "1", "mood": "x" * 5000})
    assert long.status_code == 422 and ClosingRecord.objects.get().words == {"mood": "<b>Better</b>"}


def test_person_not_on_the_list_is_refused(
    cast: Cast, at: dt.datetime, ana: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    (jo,) = circle_of(monkeypatch, "Jo")
    given(cast, "signs", at=at)
    edit = url("record-edit", cast.cleo.pk, "staying_well")
    assert "Jo" in ana.get(edit).content.decode()
    answer = ana.post(edit, {"revision": "0", **WORDS["staying_well"], "people": [str(cast.eli.pk)]})
    assert answer.status_code == 422
    ana.post(edit, {"revision": "0", **WORDS["staying_well"], "people": [str(jo.id)]})
    assert ClosingRecord.objects.get(kind="staying_well").people == [{"id": str(jo.id), "alias": "Jo"}]


def test_unknown_kind_is_not_found(cast: Cast, ana: Browser) -> None:
    for kind in ("letters", "x" * 60, "GAINS"):
        assert ana.get(f"/clients/{cast.cleo.pk}/closing/{kind}/").status_code == 404


def test_taken_back_record_leaves_the_clients_page(cast: Cast, at: dt.datetime, ana: Browser) -> None:
    row = given(cast, "signs", at=at)
    cleo = browser_of(cast.cleo_user)
    assert "I stop cooking." in shown(cleo, "client-plan")
    back = url("record-take-back", cast.cleo.pk, row.pk)
    assert ana.post(back, {"reason": " "}).status_code == 422
    ana.post(back, {"reason": "Written for somebody else."})
    assert "I stop cooking." not in shown(cleo, "client-plan")
    assert "Taken back on" in shown(ana, "record-show", cast.cleo.pk, row.pk)


# --- the client ---


def test_client_sees_only_what_was_given_and_is_meant_for_them(cast: Cast, at: dt.datetime) -> None:
    cleo = browser_of(cast.cleo_user)
    assert "There is no plan here yet." in shown(cleo, "client-plan")
    for kind in RECORDS:
        drafted(cast, kind, at=at)
    assert "There is no plan here yet." in shown(cleo, "client-plan")
    for kind in RECORDS:
        given(cast, kind, at=at)
    body = shown(cleo, "client-plan")
    for words in ("My staying-well plan", "My signals", "Keep naloxone at home.", "I walk past the old bar."):
        assert words in body
    for words in ("The goals are met.", "did not do enough", "Safe today.", "It was my hour.", "version"):
        assert words not in body


def test_client_reads_the_newest_version_and_never_a_draft_of_it(cast: Cast, at: dt.datetime) -> None:
    given(cast, "signs", at=at)
    given(cast, "signs", at=at, mood="I sleep all day.")
    drafted(cast, "signs", at=at, mood="Half a thought.")
    body = shown(browser_of(cast.cleo_user), "client-plan")
    assert "I sleep all day." in body and "I stop cooking." not in body and "Half a thought." not in body


def test_plan_of_one_client_is_nobody_elses(cast: Cast, at: dt.datetime) -> None:
    given(cast, "signs", at=at)
    assert "I stop cooking." not in shown(browser_of(cast.eli_user), "client-plan")


def test_person_who_uses_now_leaves_the_clients_list_and_the_team_is_told(
    cast: Cast, at: dt.datetime, ana: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    jo, pri = circle_of(monkeypatch, "Jolanda", "Priya")
    given(cast, "signs", at=at)
    given(cast, "staying_well", at=at, people=[str(jo.id), str(pri.id)])
    circle_of(monkeypatch, "Priya")
    body = shown(browser_of(cast.cleo_user), "client-plan")
    assert "Priya" in body and "Jolanda" not in body
    assert "1 person on the plan can no longer be called." in shown(ana, "closing-show", cast.cleo.pk)


def test_words_for_clients_are_the_clients_words() -> None:
    said = [str(record.client_title) for record in RECORDS.values()]
    said += [
        str(part.client_heading)
        for record in RECORDS.values()
        if record.client_title
        for part in record.parts
    ]
    for words in said:
        assert not STAFF_WORDS.search(words) and not LOOK_DOWN.search(words), words
    assert {"My staying-well plan", "My signals"} <= set(said)


# --- follow-up ---


def booked(cast: Cast, at: dt.datetime, *months: int) -> list[FollowUp]:
    return book_follow_ups(
        by=cast.ana, at=at, episode=cast.cleo_episode, ended_on=TODAY, months=months or (1, 3, 6, 12)
    )


def test_follow_up_is_booked_and_settled_on_its_page(cast: Cast, ana: Browser) -> None:
    book = url("follow-up-book", cast.cleo.pk)
    assert next_of(shown(ana, "follow-up-list", cast.cleo.pk)) == "Book follow-up"
    for sent in ({}, {"ended_on": "2026-02-31", "months": "1"}, {"ended_on": "2026-06-30", "months": "2"}):
        assert ana.post(book, sent).status_code == 422
    ana.post(book, {"ended_on": "2026-06-30", "months": ["1", "3"]})
    first = FollowUp.objects.get(months=1)
    assert first.due_on == dt.date(2026, 7, 30)
    settle = url("follow-up-settle", cast.cleo.pk, first.pk)
    missed = ana.post(settle, {"state": "missed", "words": ""})
    assert missed.status_code == 422 and "what was tried" in missed.content.decode()
    ana.post(settle, {"state": "done", "words": "Doing well."})
    assert "Doing well." in shown(ana, "follow-up-list", cast.cleo.pk)


def test_message_tells_nothing_to_others(cast: Cast, at: dt.datetime, ana: Browser) -> None:
    booked(cast, at)
    body = shown(ana, "follow-up-list", cast.cleo.pk)
    message = re.findall(r'class="said">([^<]+)', body)
    assert message == [
        "Hello, this is Ana. We said we would be in touch about now. How are you? You can ring me on 01 23 45 67 89 "
        "when it suits you."
    ]
    assert "Nothing is sent from here." in body and "BAM, not loaded here" in body


def test_follow_ups_become_due_for_the_team_and_for_nobody_else(cast: Cast, at: dt.datetime) -> None:
    booked(cast, at, 1, 3)
    due = dt.date(2026, 4, 23)
    assert follow_ups_due(cast.ana, due - dt.timedelta(days=8)) == []
    (coming,) = follow_ups_due(cast.ana, due - dt.timedelta(days=7))
    assert (coming.months, coming.days) == (1, -7)
    close_course(by=cast.ana, at=at, episode=cast.cleo_episode, reason="It ends.")
    (late,) = follow_ups_due(cast.ana, due + dt.timedelta(days=2))
    assert (late.client, late.days) == (cast.cleo, 2)
    for stranger in (cast.dov, cast.ben, cast.ina, cast.adi):
        assert follow_ups_due(stranger, due) == []


def test_due_follow_up_stands_on_the_day_list(cast: Cast, ana: Browser) -> None:
    at = now()
    book_follow_ups(
        by=cast.ana, at=at, episode=cast.cleo_episode,
        ended_on=max(local_date(at, ZONE) - dt.timedelta(days=40), cast.cleo_episode.starts_on), months=(1,),
    )  # fmt: skip
    body = ana.get(reverse("home:today")).content.decode()
    assert (
        reverse("closure:follow-up-list", args=[cast.cleo.pk]) in body and "1 month after the course" in body
    )
    assert (
        reverse("closure:follow-up-list", args=[cast.cleo.pk])
        not in browser_of(cast.dov).get(reverse("home:today")).content.decode()
    )


# --- the same number of queries ---


def queries(browser: Browser, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert browser.get(address).status_code == 200
    return len(caught)


def versions(cast: Cast, at: dt.datetime, n: int) -> None:
    """This many versions of what the client was given, one of each taken back."""
    for kind in ("signs", "gains", "staying_well", "contingency"):
        for number in range(n):
            row = given(cast, kind, at=at)
            if number == 0 and n > 1:
                take_back_record(by=cast.ana, at=at, record=row, reason="A slip.")


def test_pages_keep_their_number_of_queries(cast: Cast, at: dt.datetime, ana: Browser) -> None:
    cleo = browser_of(cast.cleo_user)
    versions(cast, at, 1)
    booked(cast, at)
    pages = [
        (ana, url("closing-show", cast.cleo.pk)),
        (ana, url("follow-up-list", cast.cleo.pk)),
        (ana, url("record-edit", cast.cleo.pk, "staying_well")),
        (ana, url("letter-edit", cast.cleo.pk, "closing")),
        (cleo, url("client-plan")),
        (cleo, reverse("home:client-front")),
    ]
    queries(*pages[0])  # what the clinic is called is kept from here on
    few = [queries(browser, address) for browser, address in pages]
    versions(cast, at, 6)  # 28 records in all
    assert [queries(browser, address) for browser, address in pages] == few
    assert max(few) <= 30
