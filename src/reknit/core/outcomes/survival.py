"""Time to an event with people who are still without it: Kaplan-Meier, its limits, median, and restricted mean.

Sources: Kaplan EL, Meier P (1958), J Am Stat Assoc 53:457-481; Greenwood's variance; limits on the log(-log) scale,
Kalbfleisch JD, Prentice RL (1980); restricted mean, Royston P, Parmar MKB (2013), BMC Med Res Methodol 13:152.

Time zero must be said by whoever calls: the quit date and the intake give different curves. "First lapse" is only one
summary of a course.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput
from reknit.core.outcomes.effect import Z95

GAP_DAYS: Final = 7
"""An unknown stretch longer than this ends what is known of a calendar: a project rule."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the curve: at `time`, of `at_risk` people `events` had the event; `survival` from then on."""

    time: float
    at_risk: int
    events: int
    survival: float
    standard_error: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A survival curve with how many people it is made of, and up to when anybody was observed."""

    steps: tuple[Step, ...]
    n: int
    n_events: int
    observed_until: float

    def at(self, time: float) -> float:
        """The share without the event at a time.

        >>> kaplan_meier([2, 4, 6, 8], [True, False, True, True]).at(5)
        0.75
        """
        return next((step.survival for step in reversed(self.steps) if step.time <= time), 1.0)

    @property
    def median(self) -> float | None:
        """The first time at which half or fewer are without the event; nothing when that is not reached.

        >>> kaplan_meier([2, 4, 6, 8], [True, True, True, False]).median, kaplan_meier([2, 4], [False, False]).median
        (4, None)
        """
        return next((step.time for step in self.steps if step.survival <= 0.5 + 1e-12), None)


@dataclass(frozen=True, slots=True)
class RestrictedMean:
    """Mean time without the event up to a horizon, with its standard error."""

    value: float
    standard_error: float
    horizon: float


def kaplan_meier(times: Sequence[float], events: Sequence[bool]) -> Curve:
    """The Kaplan-Meier curve. `times` from time zero, `events` true where the event came then and false where observation ended.

    Formula: ``S(t) = prod (1 - d_i / n_i)``; Greenwood ``SE = S sqrt(sum d / (n (n - d)))``; 95 % limits
    ``S^exp(+-1.96 SE / (S |ln S|))``. At ties events come before the end of observation.

    >>> curve = kaplan_meier([6, 6, 6, 6, 7, 9, 10], [True, True, True, False, True, False, True])
    >>> [(step.time, step.at_risk, round(step.survival, 3)) for step in curve.steps]
    [(6, 7, 0.571), (7, 3, 0.381), (10, 1, 0.0)]
    """
    time, event = checked_times(times, events), np.asarray(events, dtype=bool)
    steps, survival, greenwood = [], 1.0, 0.0
    for moment in np.unique(time[event]):
        at_risk, happened = int((time >= moment).sum()), int((event & (time == moment)).sum())
        survival *= 1 - happened / at_risk
        greenwood += happened / (at_risk * (at_risk - happened)) if at_risk > happened else math.inf
        error = survival * math.sqrt(greenwood) if survival > 0 else 0.0
        low, high = log_log_limits(survival, error)
        whole = int(moment) if float(moment).is_integer() else float(moment)
        steps.append(Step(whole, at_risk, happened, survival, error, low, high))
    return Curve(tuple(steps), len(time), int(event.sum()), float(time.max()))


def restricted_mean(curve: Curve, horizon: float) -> RestrictedMean:
    """Mean time without the event up to `horizon`: the area under the curve, with Greenwood's variance.

    Formula: ``SE^2 = sum A_i^2 d_i / (n_i (n_i - d_i))``, A_i the area from the i-th step to the horizon. Raises
    `BadInput` for a horizon at which nobody was observed any more.

    >>> curve = kaplan_meier([6, 6, 6, 6, 7, 9, 10], [True, True, True, False, True, False, True])
    >>> round(restricted_mean(curve, 9).value, 4)
    7.3333
    """
    if not 0 < horizon <= curve.observed_until:
        raise BadInput("The horizon lies beyond the time for which anybody was observed.")
    inside = [step for step in curve.steps if step.time < horizon]
    edges = [0.0, *(float(step.time) for step in inside), float(horizon)]
    levels = [1.0, *(step.survival for step in inside)]
    areas = [level * (edges[n + 1] - edges[n]) for n, level in enumerate(levels)]
    variance = 0.0
    for n, step in enumerate(inside, start=1):
        if step.at_risk > step.events:
            variance += sum(areas[n:]) ** 2 * step.events / (step.at_risk * (step.at_risk - step.events))
    return RestrictedMean(sum(areas), math.sqrt(variance), float(horizon))


def calendar_time(states: NDArray[np.int8], *, gap_days: int = GAP_DAYS) -> tuple[int, bool]:
    """Time to the first use day of one calendar row (1 used, 0 not used, -1 unknown), and whether it came.

    Day 0 is time zero. Observation ends before the first unknown stretch longer than `gap_days`: a use day after it
    cannot be called the first. Without use before that, the time is that of the latest known day.

    >>> calendar_time(np.array([0, 0, -1, 0, 1], dtype=np.int8))
    (4, True)
    >>> calendar_time(np.array([0, 0, *[-1] * 8, 1], dtype=np.int8))
    (1, False)
    """
    known = np.flatnonzero(states >= 0)
    if not len(known) or known[0] > gap_days:
        return 0, False
    breaks = np.flatnonzero(np.diff(known) - 1 > gap_days)
    seen = known[: breaks[0] + 1] if len(breaks) else known
    used = seen[states[seen] == 1]
    return (int(used[0]), True) if len(used) else (int(seen[-1]), False)


def checked_times(times: Sequence[float], outcomes: Sequence[object]) -> NDArray[np.float64]:
    """Times from time zero, one for each outcome. Raises `BadInput` when there is none, or one is missing or negative.

    >>> checked_times([3, 8], [True, False]).tolist()
    [3.0, 8.0]
    """
    time = np.asarray(times, dtype=float)
    if len(time) != len(outcomes) or not len(time):
        raise BadInput("A curve needs a time and an outcome for each person.")
    if not (np.isfinite(time).all() and (time >= 0).all()):
        raise BadInput("A time is missing or lies before time zero.")
    return time


def log_log_limits(share: float, error: float) -> tuple[float, float]:
    """95 % limits of a share from its standard error, ``share^exp(+-1.96 SE / (share |ln share|))``: never outside 0 to 1.

    >>> [round(limit, 3) for limit in log_log_limits(0.75, 0.2165)]
    [0.128, 0.961]
    """
    if not 1e-12 < share < 1 - 1e-12:  # sums of shares miss 1 by rounding
        return share, share
    width = Z95 * error / (share * abs(math.log(share)))
    return share ** math.exp(width), share ** math.exp(-width)
