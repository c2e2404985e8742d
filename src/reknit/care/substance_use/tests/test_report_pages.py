"""What staff read and send about returns to use, tests and cravings."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast

from reknit.base.accounts.models import User
from reknit.care.medication.actions import add_medication
from reknit.care.network.models import Relationship
from reknit.care.programme import charts
from reknit.care.safety.actions import close_risk_item
from reknit.care.safety.models import RiskItem
from reknit.care.substance_use.actions import (
    change_use_episode,
    record_craving,
    record_test_result,
    record_use_days,
    report_use_episode,
)
from reknit.care.substance_use.days import DayEntry
from reknit.care.substance_use.models import Craving, TestResult, UseEpisode
from reknit.core.substance_use.lapse import WorkflowRule

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def there(watched: Cast, at: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(charts, "now", lambda: at)
    return watched


def browser(user: User) -> Browser:
    found = Browser()
    found.force_login(user, backend=BACKEND)
    return found


def address(cast: Cast, name: str, *more: object) -> str:
    return reverse(f"substance_use:{name}", args=[cast.cleo.pk, *more])


def report(cast: Cast, at: dt.datetime, **told: object) -> UseEpisode:
    said = {"by": cast.ana, "key": uuid.uuid4(), "reported_by": "therapist", "starts_on": at.date()} | told
    return report_use_episode(at=at, client=cast.cleo, **said).use_episode


def test_a_report_fills_days_and_names_those_that_say_the_opposite(there: Cast, at: dt.datetime) -> None:
    yesterday = at.date() - dt.timedelta(days=1)
    told = [DayEntry(yesterday, "alcohol", False)]
    record_use_days(by=there.ana, at=at, client=there.cleo, days=told, source="interview")
    ana = browser(there.ana)
    url = address(there, "use-report")
    assert "Days before keep counting" in ana.get(url).content.decode()
    sent = {
        "key": str(uuid.uuid4()),
        "reported_by": "therapist",
        "starts_on": yesterday.isoformat(),
        "ends_on": at.date().isoformat(),
        "substances": ["alcohol"],
        "trigger": "<b>A quarrel</b>",
    }
    page = ana.post(url, sent, follow=True).content.decode()
    assert "1 day filled in." in page
    assert "Told before as without use, and left so: Alcohol 22 March" in page
    assert "&lt;b&gt;A quarrel&lt;/b&gt;" in page
    again = ana.post(url, sent, follow=True)
    assert again.status_code == 200
    assert UseEpisode.objects.count() == 1


def test_circle_is_offered_under_its_aliases_and_no_other(
    there: Cast, at: dt.datetime, jo: Relationship
) -> None:
    Relationship.objects.create(client=there.eli, alias="Stranger", added_at=at)
    ana = browser(there.ana)
    page = ana.get(address(there, "use-report")).content.decode()
    assert "Jo" in page and "Stranger" not in page
    sent = {"key": str(uuid.uuid4()), "reported_by": "therapist", "starts_on": at.date().isoformat()}
    shown = ana.post(address(there, "use-report"), sent | {"with_people": [str(jo.pk)]}, follow=True)
    assert "With someone" in shown.content.decode()
    assert UseEpisode.objects.get().with_people.get() == jo


def test_list_says_which_were_gone_through(there: Cast, at: dt.datetime) -> None:
    report(there, at, substances=["alcohol"])
    page = browser(there.ben).get(address(there, "report-list")).content.decode()
    assert "not gone through yet" in page
    assert "Write one down" not in page
    assert "(1 to go through)" in browser(there.ana).get(address(there, "calendar-show")).content.decode()


def test_two_who_write_one_report_see_each_other(there: Cast, at: dt.datetime) -> None:
    found = report(there, at)
    ana, url = browser(there.ana), address(there, "report-show", found.pk)
    change_use_episode(by=there.cleo_user, at=at, use_episode=found, revision=0, place="At the pier")
    sent = {"starts_on": at.date().isoformat(), "revision": "0", "place": "At home"}
    answer = ana.post(url, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in (
        "Somebody else changed this",
        "At the pier",
        'value="At home"',
        'name="revision" value="1"',
    ):
        assert words in page, words
    shown = ana.post(url, sent | {"revision": "1"}, follow=True).content.decode()
    assert "1 earlier version" not in shown and "2 earlier versions" in shown
    assert "At the pier" in shown


def test_a_report_of_another_client_is_not_found_through_this_one(there: Cast, at: dt.datetime) -> None:
    found = report(there, at)
    other = reverse("substance_use:report-show", args=[there.eli.pk, found.pk])
    assert browser(there.dov).get(other).status_code == 404
    assert browser(there.dov).get(address(there, "report-show", found.pk)).status_code == 404


def test_supervisor_reads_and_writes_nothing(there: Cast, at: dt.datetime) -> None:
    found, ben = report(there, at), browser(there.ben)
    assert "Add or correct" not in ben.get(address(there, "report-show", found.pk)).content.decode()
    for url in (
        address(there, "report-show", found.pk),
        address(there, "report-take-back", found.pk),
        address(there, "test-list"),
        address(there, "craving-list"),
    ):
        assert ben.post(url, {}).status_code == 403


def test_a_report_is_taken_back(there: Cast, at: dt.datetime) -> None:
    found = report(there, at)
    page = browser(there.ana).post(address(there, "report-take-back", found.pk), follow=True)
    assert "No return to use was told." in page.content.decode()


def test_results_stand_beside_the_days_as_a_question(there: Cast, at: dt.datetime) -> None:
    told = [DayEntry(at.date() - dt.timedelta(days=day), "cocaine", False) for day in range(1, 5)]
    record_use_days(by=there.ana, at=at, client=there.cleo, days=told, source="interview")
    add_medication(
        by=there.ana,
        at=at,
        client=there.cleo,
        key=uuid.uuid4(),
        kind="opioid",
        name="Methadone",
        starts_on=at.date(),
    )
    ana, url = browser(there.ana), address(there, "test-list")
    base = {"matrix": "urine", "result": "positive", "taken_on": at.date().isoformat()}
    for substance in ("cocaine", "opioids", "hallucinogens"):
        ana.post(url, base | {"key": str(uuid.uuid4()), "substance": substance})
    page = ana.get(url).content.decode()
    assert "Discordant, ask: every day of its window was told as without use." in page
    assert "Sees back up to 4 days." in page
    assert "Explained: a prescribed medication shows as this." in page
    assert "How far back this test sees is not known" in page
    assert page.count("Sees back") == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "NaN"},
        {"value": "-1"},
        {"taken_on": "9999-12-31"},
        {"result": "dirty"},
        {"substance": "x"},
        {"unit": "a\0"},
        {"key": "x"},
    ],
)
def test_an_impossible_result_is_said_and_not_kept(
    there: Cast, at: dt.datetime, wrong: dict[str, str]
) -> None:
    sent = {
        "key": str(uuid.uuid4()),
        "matrix": "urine",
        "substance": "cocaine",
        "result": "negative",
        "taken_on": at.date().isoformat(),
    }
    answer = browser(there.ana).post(address(there, "test-list"), sent | wrong)
    assert answer.status_code == 422
    assert not TestResult.objects.exists()


def test_craving_page_shows_what_was_not_told(there: Cast) -> None:
    ana, url = browser(there.ana), address(there, "craving-list")
    sent = {"key": str(uuid.uuid4()), "peak": "7", "feeling": "left out"}
    page = ana.post(url, sent, follow=True).content.decode()
    assert "left out" in page and "not told" in page
    for wrong in ({"peak": "11"}, {"peak": ""}, {"peak": "-1"}):
        assert ana.post(url, sent | {"key": str(uuid.uuid4())} | wrong).status_code == 422
    assert Craving.objects.count() == 1


def test_calendar_names_both_kinds_of_words_with_their_rules(there: Cast, at: dt.datetime) -> None:
    told = [DayEntry(at.date() - dt.timedelta(days=day), "alcohol", day < 4) for day in range(14)]
    told += [DayEntry(one.on, "cocaine", False) for one in told]
    record_use_days(by=there.ana, at=at, client=there.cleo, days=told, source="interview")
    ana = browser(there.ana)
    page = ana.get(address(there, "calendar-show")).content.decode()
    assert "Return to regular use: 4 of the latest 14 days with use." in page
    assert "up to 3 of 14 days is a slip or lapse, 4 or more a return to regular use" in page
    assert "Relapse by rule R3: use on 7 days in a row" in page
    ana.post(address(there, "rule-change"), {"regular_from": "5", "window_days": "14"})
    page = ana.get(address(there, "calendar-show")).content.decode()
    assert "Slip or lapse: 4 of the latest 14 days with use." in page
    assert (
        ana.post(address(there, "rule-change"), {"regular_from": "9", "window_days": "3"}).status_code == 422
    )
    assert WorkflowRule(14, 5).lapse_up_to == 4


def test_pages_keep_their_number_of_queries(there: Cast, at: dt.datetime, jo: Relationship) -> None:
    ana, counts = browser(there.ana), []
    names = ("report-list", "test-list", "craving-list", "calendar-show")
    for n in (3, 30):
        for number in range(n):
            when = at - dt.timedelta(hours=number)
            report(there, at, starts_on=when.date(), with_people=[jo.pk])
            record_test_result(
                by=there.ana,
                at=at,
                client=there.cleo,
                key=uuid.uuid4(),
                matrix="urine",
                substance="cocaine",
                result="positive",
                taken_at=when,
            )
            record_craving(
                by=there.ana,
                at=when,
                client=there.cleo,
                key=uuid.uuid4(),
                now=1,
                peak=2,
                with_people=[jo.pk],
            )
        found = []
        for name in names:
            ana.get(address(there, name))
            with CaptureQueriesContext(connection) as seen:
                assert ana.get(address(there, name)).status_code == 200
            found.append(len(seen))
        counts.append(found)
    assert counts[0] == counts[1]


def test_a_report_leads_from_its_open_item_to_the_end_and_back(there: Cast, at: dt.datetime) -> None:
    told = report(there, at, reported_by="client", by=there.cleo_user)
    item, ana = RiskItem.objects.get(source_id=told.pk), browser(there.ana)
    url, risk = address(there, "report-show", told.pk), reverse("safety:risk-show", args=[item.pk])
    shown = ana.get(url).content.decode()
    assert risk in shown and "Get in touch, then close the item" in shown and "Begin the session" in shown
    for name in ("safety:risk-client", "safety:safety-plan", "coordination:level-show"):
        assert reverse(name, args=[there.cleo.pk]) in shown
    assert url in ana.get(risk).content.decode()
    close_risk_item(by=there.ana, at=at, item=item, closing=RiskItem.Closing.SPOKEN_SAFE, times=1)
    after = ana.get(url).content.decode()
    assert "The item about it is closed" in after and "Get in touch, then" not in after


def test_calendar_says_of_a_return_without_a_day_that_its_numbers_do_not_hold_it(
    there: Cast, at: dt.datetime
) -> None:
    told = report(there, at)
    said = "No day of use stands on the calendar for it"
    url, ana = address(there, "calendar-show"), browser(there.ana)
    assert said in ana.get(url).content.decode()
    change_use_episode(by=there.ana, at=at, use_episode=told, revision=0, substances=["alcohol"])
    assert said not in ana.get(url).content.decode()
