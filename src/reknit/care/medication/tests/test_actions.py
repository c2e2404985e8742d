"""The rules of medication. That it never makes a use day is tested where the calendar is, in `substance_use`."""

import datetime as dt
import uuid
from typing import Any

import pytest
from tests.cast import BEGIN, Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import DomainError
from reknit.care.medication.actions import add_medication, end_medication, record_taking, review_medication
from reknit.care.medication.models import Medication, MedicationReview, Taking
from reknit.care.medication.queries import current_medication, explained_substances, prescribed
from reknit.care.programme.models import CourseFact

FIRST = BEGIN.date()


def on(day: int) -> dt.date:
    return FIRST + dt.timedelta(days=day)


def added(cast: Cast, at: dt.datetime, **more: Any) -> Medication:
    said = {"key": uuid.uuid4(), "kind": "opioid", "name": "Methadone", "starts_on": FIRST} | more
    return add_medication(by=cast.ana, at=at, client=cast.cleo, **said)


def test_current_medication_says_what_is_prescribed_and_how_it_was_taken(cast: Cast, at: dt.datetime) -> None:
    mood = added(cast, at, kind="mood", name=" sertraline ", dose="50 mg", prescriber="Dr. K.")
    old = added(cast, at, kind="alcohol", name="Disulfiram")
    end_medication(by=cast.ana, at=at, medication=old, ends_on=on(5), reason="Did not suit")
    opioid = added(cast, at, starts_on=on(2))
    record_taking(by=cast.ana, at=at, medication=opioid, starts_on=on(2), ends_on=on(9), how="missed_some")
    first, second = current_medication(cast.cleo, on=on(20))
    assert (first.name, first.kind, second.name, second.dose) == (
        "Methadone",
        "opioid",
        "sertraline",
        "50 mg",
    )
    assert first.taking is not None and first.taking.how == "missed_some"
    assert second.taking is None
    assert [one.name for one in current_medication(cast.cleo, on=on(1))] == ["Disulfiram", "sertraline"]
    assert mood.client == cast.cleo


def test_what_is_prescribed_explains_only_its_own_days(cast: Cast, at: dt.datetime) -> None:
    medication = added(cast, at)
    end_medication(by=cast.ana, at=at, medication=medication, ends_on=on(5))
    spans = prescribed(cast.cleo)
    assert explained_substances(spans, start=on(5), end=on(8)) == ("opioids",)
    assert explained_substances(spans, start=on(6), end=on(8)) == ()


def test_review_is_a_fact_of_the_course(cast: Cast, at: dt.datetime) -> None:
    key = uuid.uuid4()
    for _turn in range(2):
        review_medication(
            by=cast.ana, at=at, client=cast.cleo, key=key, decision="refer", reviewed_on=on(21), note="canary"
        )
    fact = CourseFact.objects.get(kind="medication_review")
    assert (fact.value, fact.source_id) == ({"decision": "refer"}, key)
    assert MedicationReview.objects.get().note == "canary"
    assert "canary" not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"kind": "detox"}, "what the medication is for"),
        ({"name": "  "}, "name of the medication"),
        ({"name": "x" * 81}, "under 80"),
        ({"dose": "a\0"}, "invisible"),
        ({"starts_on": dt.date(2026, 3, 24)}, "not come yet"),
        ({"starts_on": dt.date(1900, 1, 1)}, "too long ago"),
    ],
)
def test_impossible_medication_is_refused(
    cast: Cast, at: dt.datetime, said: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence):
        added(cast, at, **said)
    assert not Medication.objects.exists()


def test_ending_and_taking_stay_within_the_prescription(cast: Cast, at: dt.datetime) -> None:
    medication = added(cast, at, starts_on=on(5))
    with pytest.raises(DomainError, match="before the first"):
        end_medication(by=cast.ana, at=at, medication=medication, ends_on=on(4))
    with pytest.raises(DomainError, match="was prescribed"):
        record_taking(
            by=cast.ana, at=at, medication=medication, starts_on=on(4), ends_on=on(6), how="not_taken"
        )
    with pytest.raises(DomainError, match="how it was taken"):
        record_taking(by=cast.ana, at=at, medication=medication, starts_on=on(5), ends_on=on(6), how="badly")
    for _turn in range(2):
        medication = end_medication(by=cast.ana, at=at, medication=medication, ends_on=on(9))
    with pytest.raises(DomainError, match="ended already"):
        end_medication(by=cast.ana, at=at, medication=medication, ends_on=on(10))


def test_taking_told_twice_is_one_row(cast: Cast, at: dt.datetime) -> None:
    medication = added(cast, at)
    for how in ("as_prescribed", "as_prescribed", "missed_some"):
        at += dt.timedelta(minutes=1)
        record_taking(by=cast.ana, at=at, medication=medication, starts_on=on(0), ends_on=on(6), how=how)
    assert [row.how for row in Taking.objects.order_by("entered_at")] == ["as_prescribed", "missed_some"]
    found = current_medication(cast.cleo, on=on(3))[0].taking
    assert found is not None and found.how == "missed_some"
