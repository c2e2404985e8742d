"""Control charts of one client's own entries: when they leave their own usual range upwards.

The usual range is taken from the first weeks, by median and median absolute deviation, which one bad day does not move.
Sources: Roberts SW (1959), Technometrics 1:239-250, for EWMA; Page ES (1954), Biometrika 41:100-115, for CUSUM. Entries of
days in a row resemble each other, which raises false alarms: widen `width`, or chart `residuals`. A signal says that the
client's entries have changed; it is a reason to talk, no prediction, and a missing entry is no entry.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Literal

from reknit.core.errors import BadInput

Rhythm = Literal["daily", "weekly"]
Entries = Sequence[float | None]

ENOUGH: Final[dict[Rhythm, int]] = {"daily": 14, "weekly": 6}
FLOOR: Final = 0.5
"""Least sigma, in points of the scale: a project rule, so that somebody who always says 2 gives no alarm at 3."""
CONSISTENT: Final = 1.4826
"""The median absolute deviation times this is the standard deviation, where entries are normal."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A client's usual level and spread, and how many entries it was taken from."""

    centre: float
    sigma: float
    n: int


@dataclass(frozen=True, slots=True)
class Point:
    """One entry on a chart. `at` counts from 1, missing entries included; `value` is the chart's, not the entry's."""

    at: int
    value: float
    limit: float
    signals: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """The points of a chart, one for each entry that was made."""

    points: tuple[Point, ...]

    @property
    def first_signal(self) -> int | None:
        """The place of the first signal, counted from 1; None where there is none."""
        return next((point.at for point in self.points if point.signals), None)


def baseline(entries: Entries, *, rhythm: Rhythm, floor: float = FLOOR) -> Baseline | None:
    """Median, and 1.4826 times the median absolute deviation but at least `floor`, of the first 14 daily or 6 weekly
    entries; None while there are fewer.

    >>> baseline([3, 2, 4, 3, 9, 3], rhythm="weekly")
    Baseline(centre=3.0, sigma=0.7413, n=6)
    >>> baseline([3, 2, None, 3, 9, 3], rhythm="weekly") is None
    True
    """
    if not floor > 0:
        raise BadInput("The least spread must be above zero.")
    made = [one for one in entries if one is not None][: ENOUGH[rhythm]]
    if len(made) < ENOUGH[rhythm]:
        return None
    centre = float(median(made))
    spread = CONSISTENT * median(abs(one - centre) for one in made)
    return Baseline(centre, max(spread, floor), len(made))


def ewma(entries: Entries, usual: Baseline, *, weight: float = 0.2, width: float = 3.0) -> Chart:
    """Exponentially weighted moving average against an upper limit.

    Formula: ``z_t = weight x_t + (1 - weight) z_(t-1)``, z_0 the centre; limit ``centre + width sigma
    sqrt(weight / (2 - weight) (1 - (1 - weight)^(2t)))``. A missing entry is passed over.

    >>> ewma([3, 2, 4, 3, 5, 6, 6, 7, 7, 8], Baseline(3, 1.5, 14)).first_signal
    8
    """
    if not 0 < weight <= 1 or not width > 0:
        raise BadInput("The weight lies above 0 and up to 1, and the width above 0.")
    _check(usual)
    level, made, points = usual.centre, 0, []
    for at, entry in enumerate(entries, start=1):
        if entry is None:
            continue
        made += 1
        level = weight * entry + (1 - weight) * level
        spread = math.sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * made)))
        limit = usual.centre + width * usual.sigma * spread
        points.append(Point(at, level, limit, level > limit))
    return Chart(tuple(points))


def cusum(entries: Entries, usual: Baseline, *, slack: float = 0.5, limit: float = 5.0) -> Chart:
    """Upper cumulative sum, in sigmas.

    Formula: ``C_t = max(0, C_(t-1) + (x_t - centre) / sigma - slack)``; a signal above `limit`, usually 4 to 5. A missing
    entry is passed over.

    >>> cusum([3, 2, 4, 3, 5, 6, 6, 7, 7, 8], Baseline(3, 1.5, 14)).first_signal
    8
    """
    if slack < 0 or not limit > 0:
        raise BadInput("The slack must not be below 0, and the limit lies above 0.")
    _check(usual)
    total, points = 0.0, []
    for at, entry in enumerate(entries, start=1):
        if entry is not None:
            total = max(0.0, total + (entry - usual.centre) / usual.sigma - slack)
            points.append(Point(at, total, limit, total > limit))
    return Chart(tuple(points))


def likeness(entries: Entries, usual: Baseline) -> float | None:
    """How much an entry resembles the one before, from -1 to 1: the lag-one autocorrelation about the centre.

    Formula: ``sum (x_t - c)(x_(t-1) - c) / sum (x_t - c)^2`` over entries that follow each other. None where entries do not
    vary or too few follow each other.

    >>> round(likeness([3, 4, 4, 3, 2, 2, 3], Baseline(3, 1, 7)), 2)
    0.5
    """
    gaps = [None if one is None else one - usual.centre for one in entries]
    pairs = [
        (one, other)
        for one, other in zip(gaps, gaps[1:], strict=False)
        if one is not None and other is not None
    ]
    spread = sum(gap**2 for gap in gaps if gap is not None)
    if len(pairs) < 2 or spread == 0:
        return None
    return max(-1.0, min(1.0, sum(one * other for one, other in pairs) / spread))


def residuals(entries: Entries, usual: Baseline, phi: float) -> tuple[list[float | None], Baseline]:
    """Entries less what the one before them leads to expect, and the usual range of those: chart these where entries of
    days in a row resemble each other (`phi`, see `likeness`).

    Formula: ``e_t = (x_t - c) - phi (x_(t-1) - c)``, ``sigma_e = sigma sqrt(1 - phi^2)``. After a gap there is no entry
    before, and ``e_t`` is missing.

    >>> residuals([3, 4, None, 5], Baseline(3, 1, 14), 0.5)[0]
    [None, 1.0, None, None]
    """
    if not -1 < phi < 1:
        raise BadInput("The likeness lies between -1 and 1.")
    found: list[float | None] = [None]
    for before, now in zip(entries, entries[1:], strict=False):
        known = before is not None and now is not None
        found.append((now - usual.centre) - phi * (before - usual.centre) if known else None)  # type: ignore[operator]
    return found[: len(entries)], Baseline(0.0, usual.sigma * math.sqrt(1 - phi**2), usual.n)


def _check(usual: Baseline) -> None:
    if not usual.sigma > 0:
        raise BadInput("The spread must be above zero.")
