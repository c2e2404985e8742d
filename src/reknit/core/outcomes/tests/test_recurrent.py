"""Lapses that come again: the mean cumulative function equals R's, with its robust error and with gaps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.outcomes.recurrent import Followed, calendar_lapses, mean_count
from reknit.core.outcomes.survival import calendar_time

ROWS = st.lists(st.lists(st.sampled_from([-1, 0, 1]), min_size=1, max_size=40), min_size=1, max_size=12)


def row(*days: int) -> np.ndarray:
    return np.array(days, dtype=np.int8)


def test_mean_and_robust_error_equal_r() -> None:
    """survival 3.5-3: f <- survfit(Surv(start, stop, event) ~ 1, d, id = id, robust = TRUE); f$cumhaz; f$std.chaz.

    One row of d for each stretch up to an event or to the end of a span; the second person is not seen from 4 to 6 and
    the fifth comes late.
    """
    people = [
        Followed(((0, 10),), (2, 8)),
        Followed(((0, 4), (6, 12)), (7,)),
        Followed(((0, 3),), ()),
        Followed(((0, 14),), (1, 2, 9, 13)),
        Followed(((2, 9),), (4, 9)),
        Followed(((0, 12),), ()),
    ]
    found = mean_count(people)
    assert [step.time for step in found.steps] == [1, 2, 4, 7, 8, 9, 13]
    assert [step.at_risk for step in found.steps] == [5, 5, 5, 5, 5, 5, 1]
    assert [step.mean for step in found.steps] == pytest.approx([0.2, 0.6, 0.8, 1.0, 1.2, 1.6, 2.6])
    assert [step.standard_error for step in found.steps] == pytest.approx(
        [0.1788854382, 0.3577708764, 0.3878143886, 0.3298484500, 0.3622154055, 0.5059644256, 0.5059644256]
    )
    assert (found.n, found.n_events, found.at(6), found.observed_until) == (6, 9, 0.8, 14)


@given(st.lists(st.lists(st.integers(1, 30), max_size=6), min_size=2, max_size=20))
def test_when_everybody_is_followed_to_the_end_it_is_the_mean_of_counts(people: list[list[int]]) -> None:
    found = mean_count([Followed(((0, 30),), tuple(events)) for events in people])
    for step in found.steps:
        counts = np.array([sum(event <= step.time for event in events) for events in people])
        assert step.mean == pytest.approx(counts.mean())
        assert step.standard_error == pytest.approx(counts.std() / len(people) ** 0.5)
        assert step.low <= step.mean <= step.high


def test_use_days_in_a_row_are_one_lapse_and_unknown_days_never_part_one() -> None:
    assert calendar_lapses(row(0, 1, 1, -1, 1, 0, 0, 1)).events == (1, 7)
    assert calendar_lapses(row(1, 0)) == Followed(((-1, 1),), (0,))


def test_what_began_in_a_long_gap_is_not_counted() -> None:
    gone = [-1] * 8
    assert calendar_lapses(row(0, *gone, 1, 1, 0, 1)) == Followed(((-1, 0), (8, 12)), (12,))
    assert calendar_lapses(row(0, *gone, 1), gap_days=8).events == (9,)
    assert calendar_lapses(row(*gone, 1, 0, 1)) == Followed(((7, 10),), (10,))
    assert calendar_lapses(row(*gone)) == Followed((), ())


@given(ROWS)
def test_the_first_lapse_is_that_of_the_first_event(rows: list[list[int]]) -> None:
    for days in rows:
        states = row(*days)
        time, came = calendar_time(states)
        found = calendar_lapses(states)
        if came:
            assert found.events[0] == time
        assert all(states[int(event)] == 1 for event in found.events)
        assert len(found.events) <= int((states == 1).sum())
    if any(calendar_lapses(row(*days)).spans for days in rows):
        counted = mean_count([calendar_lapses(row(*days)) for days in rows])
        assert [step.mean for step in counted.steps] == sorted(step.mean for step in counted.steps)


@given(ROWS)
def test_a_day_never_told_adds_no_lapse(rows: list[list[int]]) -> None:
    for days in rows:
        told = calendar_lapses(row(*days))
        for n, state in enumerate(days):
            if state == 0:
                untold = calendar_lapses(row(*days[:n], -1, *days[n + 1 :]))
                assert len(untold.events) <= len(told.events)


@pytest.mark.parametrize(
    "people",
    [
        [],
        [Followed(((5, 5),), ())],
        [Followed(((0, 5), (4, 9)), ())],
        [Followed(((0, 5),), (6,))],
        [Followed(((0, 5),), (0,))],
        [Followed(((0, float("nan")),), ())],
    ],
)
def test_spans_that_contradict_their_events_are_refused(people: list[Followed]) -> None:
    with pytest.raises(BadInput):
        mean_count(people)


def test_nothing_is_said_of_a_time_after_observation() -> None:
    with pytest.raises(BadInput, match="observed for so long"):
        mean_count([Followed(((0, 5),), (1,))]).at(6)
