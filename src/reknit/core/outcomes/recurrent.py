"""Lapses that come again: how many a person has had on average by each day, and how sure that is.

The first lapse is one summary of a course and often the least telling. The mean cumulative function counts them all,
makes no assumption that they are independent in one person, and counts a person only while somebody was looking.

Sources: Nelson W (1988), J Qual Technol 20:24-35; Lawless JF, Nadeau C (1995), Technometrics 37:158-168, for the
estimate and its robust variance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput
from reknit.core.outcomes.effect import Z95
from reknit.core.outcomes.survival import GAP_DAYS


@dataclass(frozen=True, slots=True)
class Followed:
    """One person's events, and the spans in which they would have been seen, each after its first and up to its last day."""

    spans: tuple[tuple[float, float], ...]
    events: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CountStep:
    """By `time` (days) a person has had `mean` events; `at_risk` people were under observation, `events` came that day."""

    time: float
    at_risk: int
    events: int
    mean: float
    standard_error: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class MeanCount:
    """The mean cumulative function of `n` people, a step at each time at which anybody had an event."""

    steps: tuple[CountStep, ...]
    n: int
    n_events: int
    observed_until: float

    def at(self, time: float) -> float:
        """Mean number of events a person by a time. Raises `BadInput` after the latest time observed.

        >>> mean_count([Followed(((0, 9),), (2, 5)), Followed(((0, 9),), ())]).at(4)
        0.5
        """
        if time > self.observed_until:
            raise BadInput("Nobody was observed for so long.")
        return next((step.mean for step in reversed(self.steps) if step.time <= time), 0.0)


def mean_count(people: Sequence[Followed]) -> MeanCount:
    """Mean number of events a person by each time, over people seen for different spans, with gaps.

    Formula: ``M(t) = sum over t_j <= t of d_j / Y_j``, Y the people under observation; robust variance
    ``sum over people (sum over t_j <= t of (d_ij - Y_ij d_j / Y_j) / Y_j)^2``; 95 % limits ``M exp(+-1.96 SE / M)``. It takes
    for granted that people stop being observed for reasons apart from how many events are to come. Raises `BadInput`
    without anybody, for a span that ends before it starts or overlaps another, or for an event outside the spans.

    >>> people = [Followed(((0, 10),), (2, 8)), Followed(((0, 4), (6, 10)), (7,)), Followed(((0, 3),), ())]
    >>> [(step.time, step.at_risk, round(step.mean, 3)) for step in mean_count(people).steps]
    [(2.0, 3, 0.333), (7.0, 2, 0.833), (8.0, 2, 1.333)]
    """
    if not people:
        raise BadInput("A mean number of events needs at least one person.")
    for one in people:
        _check(one)
    moments = np.unique(np.array([event for one in people for event in one.events], dtype=float))
    seen = np.zeros((len(people), len(moments)))
    had = np.zeros((len(people), len(moments)))
    for row, one in enumerate(people):
        for after, upto in one.spans:
            seen[row] += (moments > after) & (moments <= upto)
        np.add.at(had[row], np.searchsorted(moments, np.asarray(one.events, dtype=float)), 1)
    at_risk, events = seen.sum(axis=0), had.sum(axis=0)
    mean = np.cumsum(events / at_risk)
    errors = np.sqrt((np.cumsum((had - seen * (events / at_risk)) / at_risk, axis=1) ** 2).sum(axis=0))
    return MeanCount(
        steps=tuple(
            CountStep(t, int(n), int(d), m, error, *_limits(m, error))
            for t, n, d, m, error in zip(
                moments.tolist(), at_risk, events, mean.tolist(), errors.tolist(), strict=True
            )
        ),
        n=len(people),
        n_events=int(events.sum()),
        observed_until=max((upto for one in people for _, upto in one.spans), default=0.0),
    )


def calendar_lapses(states: NDArray[np.int8], *, gap_days: int = GAP_DAYS) -> Followed:
    """The lapses of one calendar row (1 used, 0 not used, -1 unknown) and the days on which one would have been seen.

    Day 0 is time zero. Use days in a row are one lapse, dated by the first; the next needs a day known to be without use
    in between, so that unknown days never part one lapse into two. An unknown stretch longer than `gap_days` is not
    observed: a use that is under way when the calendar resumes began unseen, and is not counted.

    >>> calendar_lapses(np.array([0, 1, 1, -1, 1, 0, 1, 0], dtype=np.int8))
    Followed(spans=((-1.0, 7.0),), events=(1.0, 6.0))
    >>> calendar_lapses(np.array([0, 1, 0, *[-1] * 8, 1, 0, 1], dtype=np.int8))
    Followed(spans=((-1.0, 2.0), (10.0, 13.0)), events=(1.0, 13.0))
    """
    known = np.flatnonzero(np.asarray(states) >= 0)
    if not len(known):
        return Followed((), ())
    # Day -1 stands for the day before time zero, so that a long unknown start is a gap like any other.
    days = np.concatenate(([-1], known))
    starts = np.flatnonzero(np.diff(days) - 1 > gap_days) + 1
    spans, events = [], []
    for n, stretch in enumerate(np.split(days, starts)):
        used = [False if day < 0 else bool(states[day] == 1) for day in stretch]
        spans.append((float(stretch[0] - (n > 0)), float(stretch[-1])))
        events += [
            float(day)
            for day, before, now in zip(stretch[1:], used, used[1:], strict=False)
            if now and not before
        ]
    return Followed(tuple(span for span in spans if span[0] < span[1]), tuple(events))


def _check(one: Followed) -> None:
    edges = [edge for span in one.spans for edge in span]
    if any(math.isnan(edge) for edge in (*edges, *one.events)):
        raise BadInput("A time is missing.")
    if any(after >= upto for after, upto in one.spans) or edges != sorted(edges):
        raise BadInput("Each span must end after it starts, and before the next one.")
    if any(not any(after < event <= upto for after, upto in one.spans) for event in one.events):
        raise BadInput("An event lies outside the time for which the person was observed.")


def _limits(mean: float, error: float) -> tuple[float, float]:
    return mean * math.exp(-Z95 * error / mean), mean * math.exp(Z95 * error / mean)
