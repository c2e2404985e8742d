"""Cumulative incidence where one ending keeps another from being seen: Aalen-Johansen.

A client who leaves treatment, moves or dies can no longer be seen to lapse there. Counting such an ending as a mere end
of observation, as Kaplan-Meier would, tells of a world without it and gives too many lapses.

Sources: Aalen OO, Johansen S (1978), Scand J Stat 5:141-150; the variance is the delta-method one in Marubini E,
Valsecchi MG (1995), Analysing Survival Data from Clinical Trials and Observational Studies, chapter 10; limits on the
log(-log) scale as for Kaplan-Meier.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput
from reknit.core.outcomes.survival import GAP_DAYS, calendar_time, checked_times, log_log_limits

Column = NDArray[np.float64]

LAPSE: Final = "lapse"
LEFT: Final = "left"


@dataclass(frozen=True, slots=True)
class IncidenceStep:
    """At `time` (days), of `at_risk` people `events` had the ending asked about and `others` another one.

    `incidence` is the share (0 to 1) that had it by then.
    """

    time: float
    at_risk: int
    events: int
    others: int
    incidence: float
    standard_error: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CumulativeIncidence:
    """The cumulative incidence of one ending among `n` people, a step at each time at which anybody had any ending."""

    ending: str
    steps: tuple[IncidenceStep, ...]
    n: int
    n_events: int
    n_others: int
    observed_until: float

    def at(self, time: float) -> float:
        """The share that had this ending by a time, 0 to 1. Raises `BadInput` after the latest time observed.

        >>> cumulative_incidence([2, 4, 6, 8], ["lapse", "left", "lapse", None], ending="lapse").at(5)
        0.25
        """
        if time > self.observed_until:
            raise BadInput("Nobody was observed for so long.")
        return next((step.incidence for step in reversed(self.steps) if step.time <= time), 0.0)


def cumulative_incidence(
    times: Sequence[float], endings: Sequence[str | None], *, ending: str
) -> CumulativeIncidence:
    """Share of people with one `ending` by each time, where others have another ending first.

    `times` from time zero in days, one a person; `endings` says what came then, None where observation ended with
    nothing. Formula: ``F(t) = sum over t_i <= t of S(t_i-) d_ki / n_i``, S the Kaplan-Meier curve of any ending; variance
    ``sum (F(t) - F_i)^2 d_i / (n_i (n_i - d_i)) + sum S_i-^2 d_ki (n_i - d_ki) / n_i^3 - 2 sum (F(t) - F_i) S_i- d_ki / n_i^2``.
    At ties endings come before the end of observation. Raises `BadInput` for columns that differ in length or a time
    that is missing or negative.

    >>> days, endings = [5, 9, 12, 20, 30], ["lapse", "left", None, "lapse", None]
    >>> lapses = cumulative_incidence(days, endings, ending="lapse")
    >>> [(step.time, step.at_risk, round(step.incidence, 2)) for step in lapses.steps]
    [(5.0, 5, 0.2), (9.0, 4, 0.2), (20.0, 2, 0.5)]
    >>> round(lapses.steps[0].standard_error, 4)
    0.1789
    """
    time = checked_times(times, endings)
    any_ending = np.array([one is not None for one in endings])
    this = np.array([one == ending for one in endings])
    moments = np.unique(time[any_ending])
    at_risk = len(time) - np.searchsorted(np.sort(time), moments, side="left")
    events, all_events = _counts(time[this], moments), _counts(time[any_ending], moments)
    before = np.concatenate(([1.0], np.cumprod(1 - all_events / at_risk)))[:-1]
    incidence = np.cumsum(before * events / at_risk)
    errors = np.sqrt(_variance(at_risk.astype(float), events, all_events, before, incidence))
    return CumulativeIncidence(
        ending=ending,
        steps=tuple(
            IncidenceStep(
                float(t),
                int(n),
                int(d),
                int(every - d),
                float(share),
                float(error),
                *log_log_limits(share, error),
            )
            for t, n, d, every, share, error in zip(
                moments, at_risk, events, all_events, incidence.tolist(), errors.tolist(), strict=True
            )
        ),
        n=len(time),
        n_events=int(this.sum()),
        n_others=int((any_ending & ~this).sum()),
        observed_until=float(time.max()),
    )


def calendar_ending(
    states: NDArray[np.int8], *, left_on: int | None, gap_days: int = GAP_DAYS
) -> tuple[int, str | None]:
    """Time and ending of one calendar row (1 used, 0 not used, -1 unknown): "lapse", "left", or None for neither seen.

    Day 0 is time zero; `left_on` is the day on which the client left treatment, None while they have not. Use on that day
    or before it is a lapse. Where the calendar breaks off for more than `gap_days` before it, nobody knows whether a lapse
    came first, and observation ends at the latest known day before.

    >>> calendar_ending(np.array([0, 0, 1, 0], dtype=np.int8), left_on=3)
    (2, 'lapse')
    >>> calendar_ending(np.array([0, 0, -1, 0], dtype=np.int8), left_on=5)
    (5, 'left')
    >>> calendar_ending(np.array([0, 0], dtype=np.int8), left_on=30), calendar_ending(np.array([0, 0], dtype=np.int8), left_on=None)
    ((1, None), (1, None))
    """
    if left_on is not None and left_on < 0:
        raise BadInput("The day of leaving lies before time zero.")
    until = states if left_on is None else states[: left_on + 1]
    time, came = calendar_time(until, gap_days=gap_days)
    if came:
        return time, LAPSE
    if left_on is None:
        return time, None
    is_known = (
        len(until) > time and until[time] >= 0
    )  # nobody told of day 0 where the calendar began too late
    return (left_on, LEFT) if left_on - time - is_known <= gap_days else (time, None)


def _counts(times: Column, moments: Column) -> Column:
    ordered = np.sort(times)
    upto, below = (np.searchsorted(ordered, moments, side=side) for side in ("right", "left"))
    return (upto - below).astype(np.float64)


def _variance(n: Column, events: Column, all_events: Column, before: Column, share: Column) -> Column:
    """At every step, from running sums: the squares of F(t) - F_i are multiplied out."""
    # Where everybody left has an ending, nothing can come after it, and its term is multiplied by zero.
    left = np.where(n > all_events, n * (n - all_events), np.inf)
    greenwood, crossed = all_events / left, before * events / n**2
    own = np.cumsum(before**2 * events * (n - events) / n**3)
    spread = share**2 * np.cumsum(greenwood) - 2 * share * np.cumsum(greenwood * share)
    spread += np.cumsum(greenwood * share**2)
    twice = 2 * (share * np.cumsum(crossed) - np.cumsum(crossed * share))
    return np.maximum(spread + own - twice, 0)
