"""The rules of the calendar."""

import datetime as dt
from decimal import Decimal

import pytest
from tests.cast import BEGIN, Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import DomainError
from reknit.care.consent.actions import revoke_consent
from reknit.care.consent.models import Consent
from reknit.care.programme.models import CourseFact
from reknit.care.substance_use.actions import (
    choose_substances,
    monitor,
    record_imported_days,
    record_use_days,
)
from reknit.care.substance_use.days import DayEntry
from reknit.care.substance_use.models import MonitoredSubstance, UseDay
from reknit.care.substance_use.queries import any_substance, current_days, day_grid, ever_monitored, monitored

FIRST = BEGIN.date()


@pytest.fixture
def drinker(cast: Cast) -> Cast:
    monitor(by=cast.ana, at=BEGIN, client=cast.cleo, substance="alcohol", starts_on=FIRST, is_primary=True)
    return cast


def on(day: int) -> dt.date:
    return FIRST + dt.timedelta(days=day)


def told(cast: Cast, at: dt.datetime, *entries: DayEntry) -> int:
    return record_use_days(by=cast.ana, at=at, client=cast.cleo, days=entries, source="interview")


def test_a_day_not_told_has_no_row_and_stays_unknown(drinker: Cast, at: dt.datetime) -> None:
    told(drinker, at, DayEntry(on(0), "alcohol", False), DayEntry(on(1), "alcohol", None))
    assert UseDay.objects.count() == 1
    grid = day_grid(drinker.cleo, start=on(0), end=on(2))
    assert grid.cells.tolist() == [[[0, -1, -1]]]


def test_a_double_send_writes_nothing_twice(drinker: Cast, at: dt.datetime) -> None:
    entries = [DayEntry(on(0), "alcohol", True, Decimal("2.5"), "drinks"), DayEntry(on(1), "alcohol", False)]
    assert told(drinker, at, *entries) == 2
    events = AuditEvent.objects.count()
    assert told(drinker, at, *entries) == 0
    assert (UseDay.objects.count(), AuditEvent.objects.count()) == (2, events)


def test_a_changed_day_keeps_what_stood_before(drinker: Cast, at: dt.datetime) -> None:
    told(drinker, at, DayEntry(on(0), "alcohol", False))
    later = at + dt.timedelta(hours=1)
    told(drinker, later, DayEntry(on(0), "alcohol", True))
    before, now = UseDay.objects.order_by("entered_at")
    assert (before.used, before.superseded_at, before.superseded_by) == (False, later, drinker.ana)
    assert (now.used, now.superseded_at) == (True, None)


def test_a_day_put_back_to_unknown_leaves_only_history(drinker: Cast, at: dt.datetime) -> None:
    told(drinker, at, DayEntry(on(0), "alcohol", True))
    assert told(drinker, at, DayEntry(on(0), "alcohol", None)) == 1
    assert current_days(drinker.cleo) == []
    assert UseDay.objects.get().superseded_at == at


def test_recording_reports_a_fact_and_audits_counts_without_content(drinker: Cast, at: dt.datetime) -> None:
    told(drinker, at, DayEntry(on(0), "alcohol", True), DayEntry(on(2), "alcohol", False))
    fact = CourseFact.objects.get(kind="use_days")
    assert fact.value == {"from": on(0).isoformat(), "to": on(2).isoformat(), "count": 2}
    event = AuditEvent.objects.get(verb="record use days")
    assert event.detail == {"written": 2, "replaced": 0, "source": "interview"}


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (DayEntry(dt.date(2026, 3, 24), "alcohol", False), "has not come yet"),
        (DayEntry(dt.date(2025, 2, 1), "alcohol", False), "more than a year before the course"),
        (DayEntry(FIRST, "moonshine", True), "Choose a substance from the list"),
        (DayEntry(FIRST, "cocaine", True), "Add Cocaine to the substances"),
        (DayEntry(FIRST, "alcohol", False, Decimal(3)), "has an amount but no use"),
        (DayEntry(FIRST, "alcohol", None, Decimal(3)), "has an amount but is not known"),
        (DayEntry(FIRST, "alcohol", True, Decimal(0)), "must be 0.01 or more"),
        (DayEntry(FIRST, "alcohol", True, Decimal("NaN")), "must be 0.01 or more"),
        (DayEntry(FIRST, "alcohol", True, Decimal(10**7)), "must be 0.01 or more"),
        (DayEntry(FIRST, "alcohol", True, Decimal(1), "x\0"), "Choose a unit"),
    ],
)
def test_an_impossible_entry_is_refused_and_nothing_is_written(
    drinker: Cast, at: dt.datetime, entry: DayEntry, sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence):
        told(drinker, at, DayEntry(on(1), "alcohol", False), entry)
    assert not UseDay.objects.exists()


def test_one_day_with_two_answers_is_refused(drinker: Cast, at: dt.datetime) -> None:
    with pytest.raises(DomainError, match="entered twice"):
        told(drinker, at, DayEntry(on(0), "alcohol", False), DayEntry(on(0), "alcohol", True))


def test_nothing_is_written_without_consent(drinker: Cast, at: dt.datetime) -> None:
    revoke_consent(by=drinker.ina, at=at, consent=Consent.objects.get(client=drinker.cleo))
    with pytest.raises(DomainError, match="Consent"):
        told(drinker, at, DayEntry(on(0), "alcohol", False))


def test_choosing_substances_keeps_one_primary_and_never_drops_days(drinker: Cast, at: dt.datetime) -> None:
    told(drinker, at, DayEntry(on(0), "alcohol", True))
    choose_substances(
        by=drinker.ana, at=at, client=drinker.cleo, substances=["cannabis", "opioids"], primary="opioids"
    )
    assert [(one.substance, one.is_primary) for one in monitored(drinker.cleo)] == [
        ("opioids", True),
        ("cannabis", False),
    ]
    assert MonitoredSubstance.objects.get(substance="alcohol").ends_on == at.date()
    assert UseDay.objects.filter(substance="alcohol", superseded_at=None).count() == 1


def test_a_substance_taken_off_the_list_counts_up_to_its_last_day(drinker: Cast, at: dt.datetime) -> None:
    monitor(by=drinker.ana, at=BEGIN, client=drinker.cleo, substance="cannabis", starts_on=FIRST)
    days = [DayEntry(on(day), "alcohol", False) for day in range(22)]
    told(drinker, at, *days, DayEntry(on(0), "cannabis", True), DayEntry(on(1), "cannabis", False))
    MonitoredSubstance.objects.filter(substance="cannabis").update(ends_on=on(2))
    asked = ever_monitored(drinker.cleo)
    line = any_substance(current_days(drinker.cleo), asked, start=on(0), end=on(4))
    assert line is not None
    assert line.cells.tolist() == [[[1, 0, -1, 0, 0]]]


def test_tobacco_alone_is_counted_and_beside_others_is_not(cast: Cast, at: dt.datetime) -> None:
    monitor(by=cast.ana, at=at, client=cast.cleo, substance="tobacco", starts_on=FIRST)
    told(cast, at, DayEntry(on(0), "tobacco", True))
    rows = current_days(cast.cleo)
    alone = any_substance(rows, ever_monitored(cast.cleo), start=on(0), end=on(0))
    monitor(by=cast.ana, at=at, client=cast.cleo, substance="alcohol", starts_on=FIRST)
    beside = any_substance(rows, ever_monitored(cast.cleo), start=on(0), end=on(0))
    assert alone is not None and beside is not None
    assert (alone.cells.item(), beside.cells.item()) == (1, -1)


def test_importing_again_adds_nothing_and_a_contradiction_is_refused(cast: Cast, at: dt.datetime) -> None:
    def row(used: bool) -> UseDay:
        return UseDay(
            client=cast.cleo, substance="tobacco", on=FIRST, used=used, source="import", entered_at=at
        )

    assert record_imported_days(by=None, at=at, days=[row(True), row(True)]) == 1
    assert record_imported_days(by=None, at=at, days=[row(True)]) == 0
    with pytest.raises(DomainError, match="another answer"):
        record_imported_days(by=None, at=at, days=[row(False)])
    assert UseDay.objects.get().used


@pytest.mark.parametrize("used", [True, False, None])
@pytest.mark.parametrize("amount", ["sNaN", "NaN", "Infinity", "0.001", "1E+9"])
def test_amount_that_no_row_can_hold_is_refused(
    cast: Cast, at: dt.datetime, used: bool | None, amount: str
) -> None:
    monitor(by=cast.ana, at=at, client=cast.cleo, substance="alcohol", starts_on=at.date())
    day = DayEntry(at.date(), "alcohol", used, Decimal(amount))
    with pytest.raises(DomainError):
        record_use_days(by=cast.ana, at=at, client=cast.cleo, days=[day], source="interview")
    assert not UseDay.objects.exists()
