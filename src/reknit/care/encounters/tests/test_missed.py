"""After a missed session: contact, plan, safety sessions; and what the intention reports."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.cast import Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import DomainError
from reknit.care.encounters import actions
from reknit.care.encounters.models import ContactAfterMiss, Encounter, ProgressNote, ReEngagementPlan
from reknit.care.encounters.preparing import prepare
from reknit.care.encounters.queries import course_position
from reknit.care.programme.models import CourseFact


def meet(cast: Cast, at: dt.datetime, outcome: str, **more: Any) -> Encounter:
    return actions.start_encounter(
        by=cast.ana, at=at, episode=cast.cleo_episode, outcome=outcome, starts_at=at, **more
    )


def test_safety_session_has_a_note_and_uses_no_slot(cast: Cast, at: dt.datetime) -> None:
    meet(cast, at, "attended")
    safety = meet(cast, at + dt.timedelta(hours=1), "safety")
    assert (safety.slot, safety.attended_number) == (None, None)
    assert safety.note.state == ProgressNote.State.DRAFT
    position = course_position(cast.cleo_episode)
    assert (position.slot_next, position.attended, position.missed) == (2, 1, ())


def test_safety_session_asks_for_nothing_but_safety(cast: Cast, at: dt.datetime) -> None:
    prepared = prepare(meet(cast, at, "safety"))
    assert [row.code for row in prepared.tasks] == ["E06"]
    assert not any(row.expected for row in prepared.tasks)
    assert prepared.measures == [] and prepared.review is None


def test_safety_session_may_use_a_slot_when_somebody_says_so(cast: Cast, at: dt.datetime) -> None:
    safety = meet(cast, at, "safety", uses_slot=True)
    assert (safety.slot, safety.attended_number) == (1, None)
    assert course_position(cast.cleo_episode).missed == ()
    assert meet(cast, at + dt.timedelta(hours=2), "attended").slot == 2


def contact(cast: Cast, at: dt.datetime, missed: Encounter, **changes: Any) -> ContactAfterMiss:
    values = {"on": at.date(), "how": "phone", "answer": "reached", "what_happened": "A row with M."}
    return actions.record_contact(by=cast.ana, at=at, encounter=missed, **values | changes)


def test_contact_after_a_miss_is_written_once_and_stays(cast: Cast, at: dt.datetime) -> None:
    missed, key = meet(cast, at, "no_show"), uuid.uuid4()
    first = contact(cast, at, missed, key=key)
    assert contact(cast, at, missed, key=key) == first
    assert AuditEvent.objects.get(verb="contact after miss").detail == {"answer": "reached"}
    for change in (lambda: ContactAfterMiss.objects.update(how="letter"), first.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"on": dt.date(2026, 3, 24)}, "on"),
        ({"on": dt.date(2026, 3, 22)}, "on"),
        ({"how": "pigeon"}, "how"),
        ({"answer": ""}, "answer"),
        ({"what_happened": "x" * 2001}, "what_happened"),
        ({"what_happened": "a\x07"}, "what_happened"),
    ],
)
def test_contact_that_cannot_be_is_refused(
    cast: Cast, at: dt.datetime, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(DomainError) as told:
        contact(cast, at, meet(cast, at, "no_show"), **changes)
    assert told.value.field == field


def test_contact_belongs_to_a_session_that_was_missed(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(DomainError, match="took place"):
        contact(cast, at, meet(cast, at, "attended"))


def test_plan_to_come_back_reports_its_fact_and_stays(cast: Cast, at: dt.datetime) -> None:
    key = uuid.uuid4()

    def write(**changes: Any) -> ReEngagementPlan:
        values = {"in_the_way": "Shifts.", "steps": "Ring on Tuesday.", "who": "Ana", "next_on": at.date()}
        return actions.write_re_engagement_plan(
            by=cast.ana, at=at, episode=cast.cleo_episode, key=key, **values | changes
        )

    plan = write()
    assert write() == plan
    assert CourseFact.objects.get(kind="re_engagement_plan").source_id == plan.pk
    with pytest.raises(DatabaseError), transaction.atomic():
        ReEngagementPlan.objects.update(who="Ben")
    key = uuid.uuid4()
    with pytest.raises(DomainError, match="lies ahead"):
        write(next_on=at.date() - dt.timedelta(days=1))
    with pytest.raises(DomainError):
        write(who=" ")


def test_intention_reports_that_it_was_agreed_and_how_it_went(
    cast: Cast, at: dt.datetime, session: Encounter
) -> None:
    def standing() -> list[tuple[str, dict[str, object]]]:
        facts = CourseFact.objects.filter(kind__startswith="intention", withdrawn_at=None).order_by("kind")
        return [(fact.kind, fact.value) for fact in facts]

    tried = actions.set_intention(by=cast.ana, at=at, encounter=session, text="Call her.")
    actions.set_intention(by=cast.ana, at=at, encounter=session, text="Call her on Sunday.")
    assert tried and standing() == [("intention_agreed", {})]
    tried.refresh_from_db()
    for outcome in ("partly", "not_yet"):
        actions.record_intention(by=cast.ana, at=at, intention=tried, outcome=outcome)
    assert standing() == [("intention_agreed", {}), ("intention_reviewed", {"outcome": "not_yet"})]
    actions.set_intention(by=cast.ana, at=at, encounter=session, text="")
    assert standing() == []
