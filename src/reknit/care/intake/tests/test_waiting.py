"""The wait between a referral and a first session: stage, place, contacts, barriers, and who is chased when."""

import datetime as dt
import uuid
from typing import Any

import pytest
from tests.cast import Cast

from reknit.base.errors import Conflict, DomainError
from reknit.care.encounters.actions import book_appointment, start_encounter
from reknit.care.intake import actions
from reknit.care.intake.models import Barrier, InterimContact, OfferedSlot, Referral
from reknit.care.intake.queries.chasing import chase_list, standing_of
from reknit.care.intake.queries.waiting import Filters, row_of, wait_list, with_stage
from reknit.core.safety.triggers import PHONE_SAFETY

from .factories import a_referral, acceptance, safe_way

ALL_NO = {question.key: "no" for question in PHONE_SAFETY}
DAY = dt.timedelta(days=1)


def stage(referral: Referral) -> str:
    return str(with_stage(Referral.objects.all()).get(pk=referral.pk).stage)


def a_contact(cast: Cast, referral: Referral, at: dt.datetime, **changes: Any) -> InterimContact:
    told: dict[str, Any] = {"on": at.date(), "how": "text", "answer": "sent", **changes}
    return actions.log_contact(by=cast.ina, at=at, referral=referral, key=uuid.uuid4(), **told)


def test_stage_follows_what_happened(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    assert stage(referral) == "referred"
    actions.record_phone_safety(by=cast.ina, at=at, referral=referral, answers=ALL_NO)
    assert stage(referral) == "screened"
    slot = actions.offers.Slot(cast.ana, at + DAY)
    actions.offer_slots(by=cast.ina, at=at, referral=referral, slots=[slot])
    assert stage(referral) == "offered"
    episode = actions.accept_referral(referral=referral, **acceptance(cast, at))
    appointment = book_appointment(
        by=cast.ina, at=at, episode=episode, clinician=cast.ana, starts_at=at + DAY
    )
    assert stage(referral) == "booked"
    start_encounter(
        by=cast.ana,
        at=at + DAY,
        episode=episode,
        outcome="attended",
        starts_at=at + DAY,
        appointment=appointment,
    )
    assert stage(referral) == "seen"


def test_missed_first_session_puts_the_person_back_among_those_who_wait(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    actions.record_phone_safety(by=cast.ina, at=at, referral=referral, answers=ALL_NO)
    episode = actions.accept_referral(referral=referral, **acceptance(cast, at))
    appointment = book_appointment(
        by=cast.ina, at=at, episode=episode, clinician=cast.ana, starts_at=at + DAY
    )
    start_encounter(
        by=cast.ana,
        at=at + DAY,
        episode=episode,
        outcome="no_show",
        starts_at=at + DAY,
        appointment=appointment,
    )
    assert stage(referral) == "accepted"
    (_key, due, missed_on), *_rest = chase_list(today=(at + 2 * DAY).date())
    assert (due.step, missed_on) == (1, (at + DAY).date())


def test_close_says_closed_and_lets_offers_and_barriers_go(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    slot = actions.offers.Slot(cast.ana, at + DAY)
    actions.offer_slots(by=cast.ina, at=at, referral=referral, slots=[slot])
    actions.open_barrier(
        by=cast.ina, at=at, referral=referral, kind="money", owner=cast.ina, due_on=at.date() + DAY
    )
    actions.close_referral(by=cast.ina, at=at, referral=referral, reason="Moved", kind="moved")
    assert stage(referral) == "closed"
    assert OfferedSlot.objects.get().state == "withdrawn" and Barrier.objects.get().state == "dropped"
    with pytest.raises(DomainError, match="is closed"):
        a_contact(cast, referral, at)


def test_list_puts_the_urgent_first_then_the_longest_wait(cast: Cast, at: dt.datetime) -> None:
    old = a_referral(cast, at, received_at=at - 9 * DAY)
    new = a_referral(cast, at, received_at=at - 1 * DAY)
    urgent = a_referral(cast, at)
    actions.set_waiting_place(
        by=cast.ina, at=at, referral=urgent, revision=0, priority="urgent", priority_reason="Pregnant"
    )
    found = list(wait_list(Filters(), over_since=at))
    assert found == [urgent, old, new]
    row = row_of(found[1], today=at.date(), target=7)
    assert (row.days, row.over, row.is_waiting) == (9, 2, True)
    assert list(wait_list(Filters(over_target=True), over_since=at - 5 * DAY)) == [old]
    assert list(wait_list(Filters(priority="urgent"), over_since=at)) == [urgent]


def test_priority_before_others_needs_its_reason(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(DomainError, match="why this person"):
        actions.set_waiting_place(
            by=cast.ina, at=at, referral=a_referral(cast, at), revision=0, priority="soon"
        )


def test_place_written_over_a_newer_one_is_refused(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    for revision, kind in ((0, "place"), (1, "answer")):
        actions.set_waiting_place(by=cast.ina, at=at, referral=referral, revision=revision, waits_for=kind)
    with pytest.raises(Conflict):
        actions.set_waiting_place(by=cast.ina, at=at, referral=referral, revision=1, waits_for="later")


@pytest.mark.parametrize(
    ("way", "how", "answer", "words"),
    [
        ({}, "email", "sent", "not the safe way"),
        ({"channel": "phone", "may_leave_message": False}, "call", "sent", "No message may be left"),
        ({"channel": "none", "value": ""}, "text", "sent", "not the safe way"),
        ({}, "text", "maybe", "Choose from the list"),
    ],
)
def test_contact_keeps_to_the_safe_way(
    cast: Cast, at: dt.datetime, way: dict[str, Any], how: str, answer: str, words: str
) -> None:
    referral = a_referral(cast, at)
    safe_way(cast, referral, at, **way)
    with pytest.raises(DomainError, match=words):
        a_contact(cast, referral, at, how=how, answer=answer)
    assert not InterimContact.objects.exists()


def test_contact_without_a_safe_way_or_in_the_future_is_refused(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    with pytest.raises(DomainError, match="No safe way"):
        a_contact(cast, referral, at)
    a_contact(cast, referral, at, how="in_person", answer="spoke")
    safe_way(cast, referral, at)
    with pytest.raises(DomainError, match="future"):
        a_contact(cast, referral, at, on=at.date() + DAY)


def test_chase_asks_on_days_one_three_and_seven_and_then_for_a_decision(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    safe_way(cast, referral, at)
    assert chase_list(today=at.date()) == []
    for day, due, then in ((1, 1, 3), (3, 3, 7), (8, 7, None)):
        now = at + day * DAY
        standing = standing_of(referral, today=now.date())
        assert standing and standing.is_due and standing.step == due
        a_contact(cast, referral, now)
        standing = standing_of(referral, today=now.date())
        assert standing and standing.step == then
    assert Referral.objects.get(pk=referral.pk).status == "open"  # nothing closes by itself
    assert len(chase_list(today=(at + 60 * DAY).date())) == 1


def test_barrier_is_open_once_with_an_owner_and_is_settled_once(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    told: dict[str, Any] = {"by": cast.ina, "at": at, "referral": referral, "kind": "transport"}
    barrier = actions.open_barrier(**told, owner=cast.ina, due_on=at.date() + DAY)
    with pytest.raises(DomainError, match="open already"):
        actions.open_barrier(**told, owner=cast.ina, due_on=at.date())
    with pytest.raises(DomainError, match="somebody of intake"):
        actions.open_barrier(**{**told, "kind": "fear"}, owner=cast.ana, due_on=at.date())
    stale = Barrier.objects.get(pk=barrier.pk)
    actions.settle_barrier(by=cast.ina, at=at, barrier=barrier, state="solved", outcome="Bus pass")
    with pytest.raises(DomainError, match="settled this already"):
        actions.settle_barrier(by=cast.ina, at=at, barrier=stale, state="dropped", outcome="x")
