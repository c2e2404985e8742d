"""What stood before what: only where the day is known, and as a question."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from reknit.core.formulation.adjacency import WITHIN_DAYS, DatedEvent, ScoreChange, questions, runs

MAY = dt.date(2026, 5, 1)


def day(number: int) -> dt.date:
    return MAY + dt.timedelta(days=number)


def test_run_is_asked_about_once_with_the_closest_event() -> None:
    events = [DatedEvent("a", "Row", day(0)), DatedEvent("b", "Call", day(1))]
    [one] = questions(events, [day(2), day(3), day(5)])
    assert (one.event.key, one.kind, one.on, one.days, one.length) == ("b", "use", day(2), 1, 3)


def test_event_after_or_long_before_is_no_question() -> None:
    use = [day(10)]
    assert questions([DatedEvent("a", "Row", day(11))], use) == ()
    assert questions([DatedEvent("a", "Row", day(10 - WITHIN_DAYS - 1))], use) == ()
    assert len(questions([DatedEvent("a", "Row", day(10 - WITHIN_DAYS))], use)) == 1


def test_clear_change_of_score_is_asked_about_too() -> None:
    [one] = questions([DatedEvent("a", "Row", day(0))], [], [ScoreChange(day(1), "PHQ-9", "worse")])
    assert (one.kind, one.measure, one.direction, one.days) == ("score", "PHQ-9", "worse", 1)


def test_nothing_told_gives_no_question() -> None:
    assert questions([], [day(1)]) == () and questions([DatedEvent("a", "Row", MAY)], []) == ()


@given(
    st.lists(st.integers(0, 90), max_size=12), st.lists(st.integers(0, 90), max_size=30), st.integers(0, 14)
)
def test_every_question_is_within_its_days_and_at_the_start_of_a_run(
    at: list[int], used: list[int], within: int
) -> None:
    events = [DatedEvent(str(place), "Something", day(number)) for place, number in enumerate(at)]
    starts = {run.first for run in runs(day(number) for number in used)}
    found = questions(events, [day(number) for number in used], within=within)
    assert all(0 <= one.days <= within and one.on in starts for one in found)
    assert len({one.on for one in found}) == len(found)


@given(st.lists(st.integers(0, 200), max_size=60))
def test_runs_hold_every_day_once(used: list[int]) -> None:
    assert sum(run.length for run in runs(day(number) for number in used)) == len(set(used))
