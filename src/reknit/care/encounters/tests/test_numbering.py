"""Slots and attended numbers: whatever happens in whatever order, they stay unique, rising and gapless."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import Cast

from reknit.base.errors import DomainError
from reknit.care.encounters import actions
from reknit.care.encounters.models import Encounter
from reknit.care.encounters.numbering import MISSES, Numbers, Row, next_numbers
from reknit.care.encounters.queries import course_position

OUTCOMES = st.lists(st.sampled_from(Encounter.Outcome.values), max_size=30)


def numbered(outcomes: list[str]) -> list[tuple[str, Numbers]]:
    rows: list[Row] = []
    found = []
    for outcome in outcomes:
        numbers = next_numbers(rows, outcome)
        rows.append(Row(outcome, numbers.slot, numbers.attended))
        found.append((outcome, numbers))
    return found


@given(OUTCOMES)
def test_slots_are_gapless_and_rise(outcomes: list[str]) -> None:
    slots = [numbers.slot for _outcome, numbers in numbered(outcomes) if numbers.slot]
    assert slots == list(range(1, len(slots) + 1))


@given(OUTCOMES)
def test_attended_numbers_count_meetings_and_nothing_else(outcomes: list[str]) -> None:
    attended = [numbers.attended for outcome, numbers in numbered(outcomes) if outcome == "attended"]
    assert attended == list(range(1, len(attended) + 1))
    assert all(n.attended is None for outcome, n in numbered(outcomes) if outcome != "attended")


@given(OUTCOMES)
def test_two_misses_roll_and_cancelling_in_time_never_counts(outcomes: list[str]) -> None:
    found = numbered(outcomes)
    missed = [numbers.slot for outcome, numbers in found if outcome in MISSES]
    assert missed[:2] == [None] * len(missed[:2])
    assert all(missed[2:])
    assert not any(n.slot for outcome, n in found if outcome in ("cancelled", "clinician"))


def test_third_miss_uses_a_session_up(cast: Cast, at: dt.datetime) -> None:
    for day, outcome in enumerate(["attended", "no_show", "late_cancel", "cancelled", "no_show", "attended"]):
        actions.start_encounter(
            by=cast.ana,
            at=at,
            episode=cast.cleo_episode,
            outcome=outcome,
            starts_at=at - dt.timedelta(days=10 - day),
        )
    rows = Encounter.objects.order_by("starts_at").values_list("slot", "attended_number")
    assert list(rows) == [(1, 1), (None, None), (None, None), (None, None), (2, None), (3, 2)]
    where = course_position(cast.cleo_episode)
    assert (where.slot_next, where.attended, where.missed, where.left) == (4, 2, (2,), 13)
    assert where.phase.code == "middle"


def test_meeting_before_session_1_comes_once_and_uses_no_session(cast: Cast, at: dt.datetime) -> None:
    def meets(outcome: str, days_ago: int) -> Encounter:
        begun = at - dt.timedelta(days=days_ago)
        return actions.start_encounter(
            by=cast.ana, at=at, episode=cast.cleo_episode, outcome=outcome, starts_at=begun
        )

    assert meets("before", 9).slot == 0
    with pytest.raises(DomainError, match="written down"):
        meets("before", 8)
    assert (meets("attended", 7).slot, meets("attended", 1).attended_number) == (1, 2)
    assert course_position(cast.cleo_episode).missed == ()


@pytest.mark.parametrize("outcome", Encounter.Outcome.values)
def test_course_learns_of_every_meeting(cast: Cast, at: dt.datetime, outcome: str) -> None:
    actions.start_encounter(by=cast.ana, at=at, episode=cast.cleo_episode, outcome=outcome, starts_at=at)
    fact = cast.cleo_episode.facts.get(kind="session")
    assert fact.value == {
        "slot": {"attended": 1, "before": 0}.get(outcome),
        "outcome": outcome,
        "on": "2026-03-23",
    }
    assert fact.slot == fact.value["slot"]
