"""Tests and cravings: they report, they ask, and they never touch a day."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from tests.cast import BEGIN, Cast

from reknit.base.errors import DomainError
from reknit.care.medication.actions import add_medication, end_medication, record_taking
from reknit.care.medication.models import Taking
from reknit.care.network.models import Relationship
from reknit.care.programme.models import CourseFact
from reknit.care.safety.models import RiskItem
from reknit.care.substance_use.actions import (
    monitor,
    record_craving,
    record_test_result,
    record_use_days,
    set_lapse_rule,
    take_back_test_result,
)
from reknit.care.substance_use.days import DayEntry
from reknit.care.substance_use.models import Craving, TestResult, UseDay
from reknit.care.substance_use.queries import beside_days, lapse_rule, latest_craving, results_of_tests
from reknit.core.substance_use.lapse import WorkflowRule
from reknit.core.substance_use.tests_and_days import Fit


def sampled(cast: Cast, at: dt.datetime, **more: Any) -> TestResult:
    said = {"key": uuid.uuid4(), "matrix": "urine", "substance": "cocaine", "result": "positive"} | more
    return record_test_result(**{"by": cast.ana, "at": at, "client": cast.cleo, "taken_at": at, **said})


def free(cast: Cast, at: dt.datetime, back: range, substance: str = "cocaine") -> None:
    told = [DayEntry(at.date() - dt.timedelta(days=day), substance, False) for day in back]
    record_use_days(by=cast.ana, at=at, client=cast.cleo, days=told, source="interview")


def fit(cast: Cast) -> Fit:
    return beside_days(cast.cleo, list(results_of_tests(cast.cleo)))[0].comparison.fit


def test_a_positive_test_against_days_told_is_a_question_and_changes_none(
    watched: Cast, at: dt.datetime
) -> None:
    """Four days back is as far as this test sees, by the source named in the data."""
    free(watched, at, range(1, 5))
    before = list(UseDay.objects.values())
    test = sampled(watched, at)
    assert fit(watched) is Fit.DISCORDANT
    assert list(UseDay.objects.values()) == before
    fact = CourseFact.objects.get(kind="test_result")
    assert fact.value == {"substance": "cocaine", "result": "positive", "discordant": True}
    assert (fact.source_id, test.window_days) == (test.pk, 4)


def test_a_day_not_known_contradicts_nothing(watched: Cast, at: dt.datetime) -> None:
    free(watched, at, range(1, 4))
    sampled(watched, at)
    assert fit(watched) is Fit.NOT_KNOWN
    assert CourseFact.objects.get(kind="test_result").value["discordant"] is False


def test_prescribed_methadone_explains_a_positive_opioid_test(watched: Cast, at: dt.datetime) -> None:
    monitor(by=watched.ana, at=BEGIN, client=watched.cleo, substance="opioids", starts_on=BEGIN.date())
    sampled(watched, at, substance="opioids")
    assert fit(watched) is Fit.NO_WINDOW
    add_medication(
        by=watched.ana,
        at=at,
        client=watched.cleo,
        key=uuid.uuid4(),
        kind="opioid",
        name="methadone",
        starts_on=BEGIN.date(),
    )
    assert fit(watched) is Fit.EXPLAINED


def test_medication_begun_after_the_test_explains_nothing(watched: Cast, at: dt.datetime) -> None:
    sampled(watched, at, substance="opioids", taken_at=at - dt.timedelta(days=3))
    add_medication(
        by=watched.ana,
        at=at,
        client=watched.cleo,
        key=uuid.uuid4(),
        kind="opioid",
        name="Methadone",
        starts_on=at.date(),
    )
    assert fit(watched) is Fit.NO_WINDOW


def test_window_is_not_known_without_a_source(watched: Cast, at: dt.datetime) -> None:
    assert sampled(watched, at, matrix="breath", substance="alcohol").window_days is None


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"matrix": "hair"}, "what was tested"),
        ({"substance": "x"}, "from the list"),
        ({"result": "failed"}, "what the test said"),
        ({"value": Decimal("NaN")}, "zero or more"),
        ({"value": Decimal(-1)}, "zero or more"),
        ({"value": Decimal(1), "result": "not_given"}, "Without a sample"),
        ({"unit": "x" * 21}, "under 20"),
        ({"taken_at": dt.datetime(2026, 3, 24, tzinfo=dt.UTC)}, "not come yet"),
        ({"taken_at": dt.datetime(2020, 3, 24, tzinfo=dt.UTC)}, "two years"),
    ],
)
def test_an_impossible_result_is_refused(
    watched: Cast, at: dt.datetime, said: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence):
        sampled(watched, at, **said)
    assert not TestResult.objects.exists()


def test_result_sent_twice_is_one_and_taken_back_no_longer_counts(watched: Cast, at: dt.datetime) -> None:
    key = uuid.uuid4()
    for _turn in range(2):
        test = sampled(watched, at, key=key)
    for _turn in range(2):
        take_back_test_result(by=watched.ana, at=at, test=test)
    assert not results_of_tests(watched.cleo).exists()
    assert not CourseFact.objects.filter(kind="test_result", withdrawn_at=None).exists()
    assert TestResult.objects.get().taken_back_by == watched.ana


def craving(cast: Cast, at: dt.datetime, **more: Any) -> Craving:
    said: dict[str, Any] = {"by": cast.ana, "key": uuid.uuid4(), "now": 3, "peak": None} | more
    return record_craving(at=at, client=cast.cleo, **said)


def test_latest_craving_leaves_open_what_was_not_told(watched: Cast, at: dt.datetime) -> None:
    assert latest_craving(watched.cleo) is None
    craving(watched, at, feeling="lonely")
    found = latest_craving(watched.cleo)
    assert found is not None
    assert (found.now, found.peak, found.strongest, found.feeling) == (3, None, 3, "lonely")


def test_strong_or_rising_craving_from_the_client_waits_for_a_look(watched: Cast, at: dt.datetime) -> None:
    craving(watched, at, now=9)
    craving(watched, at + dt.timedelta(minutes=1), by=watched.cleo_user, now=2)
    assert not RiskItem.objects.exists()
    craving(watched, at + dt.timedelta(hours=1), by=watched.cleo_user, now=6)
    item = RiskItem.objects.get()
    assert (item.reason, item.klass) == ("craving_strong", "ask_next_contact")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"now": None}, "at least one number"),
        ({"now": 11}, "0 to 10"),
        ({"peak": -1}, "0 to 10"),
        ({"company": "x"}, "whether somebody"),
        ({"feeling": "a\0"}, "invisible"),
        ({"with_people": [uuid.uuid4()]}, "own list"),
    ],
)
def test_an_impossible_craving_is_refused(
    watched: Cast, at: dt.datetime, said: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence):
        craving(watched, at, **said)
    assert not Craving.objects.exists()


def test_craving_names_people_of_the_clients_own_circle(
    watched: Cast, at: dt.datetime, jo: Relationship
) -> None:
    found = craving(watched, at, with_people=[jo.pk])
    assert (found.company, list(found.with_people.all())) == ("with", [jo])


def test_regular_use_begins_where_it_was_settled_for_this_client(watched: Cast, at: dt.datetime) -> None:
    assert lapse_rule(watched.cleo) == WorkflowRule(14, 4)
    set_lapse_rule(by=watched.ana, at=at, client=watched.cleo, window_days=7, regular_from=2)
    assert (lapse_rule(watched.cleo), lapse_rule(watched.eli)) == (WorkflowRule(7, 2), WorkflowRule(14, 4))
    with pytest.raises(DomainError, match="one day or more"):
        set_lapse_rule(by=watched.ana, at=at, client=watched.cleo, window_days=3, regular_from=9)


@pytest.mark.parametrize("how", Taking.How.values)
@pytest.mark.parametrize("name", ["Methadone", "Buprenorphine", "Naltrexone", "Acamprosate", "Disulfiram"])
def test_medication_never_creates_a_use_day(watched: Cast, at: dt.datetime, how: str, name: str) -> None:
    """Invariant 3, for every way of taking it: only a person telling of use makes a use day."""
    medication = add_medication(
        by=watched.ana,
        at=at,
        client=watched.cleo,
        key=uuid.uuid4(),
        kind="opioid",
        name=name,
        starts_on=BEGIN.date(),
    )
    last = BEGIN.date() + dt.timedelta(days=20)
    record_taking(by=watched.ana, at=at, medication=medication, starts_on=BEGIN.date(), ends_on=last, how=how)
    end_medication(by=watched.ana, at=at, medication=medication, ends_on=last)
    assert not UseDay.objects.exists()
    assert not CourseFact.objects.filter(kind="use_days").exists()
