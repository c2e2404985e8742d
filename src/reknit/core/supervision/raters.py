"""How far two raters agree, and how one therapist's ratings move over a year.

ICC(2,1) and kappa are those of `core/outcomes/agreement.py`. The interval of ICC(2,1) follows McGraw KO, Wong SP (1996),
Psychol Methods 1:30-46, table 7 (two-way random, absolute agreement, single rating).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from reknit.core.errors import BadInput
from reknit.core.outcomes.agreement import cohen_kappa, intraclass

FEWEST_PAIRS: Final = 5
"""Our default: below this, agreement is not worked out; an interval would span nearly everything."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of two raters over `n` sessions that both rated. What cannot be worked out is None, with why."""

    n: int
    icc: float | None
    low: float | None
    high: float | None
    kappa: float | None
    both_pass: int
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Quarter:
    """Ratings of three months: how many, and their mean; no mean where there are none."""

    starts_on: dt.date
    n: int
    mean: float | None


def agreement(first: Sequence[float], second: Sequence[float], *, adherent: float) -> Agreement:
    """ICC(2,1) of the means with its 95 % interval, and kappa on whether each reached `adherent`.

    >>> agreement([3.0, 4.0], [3.1, 4.2], adherent=3.0).why_not
    'too_few'
    """
    if len(first) != len(second):
        raise BadInput("Agreement needs the same sessions rated by both.")
    passed = [(one >= adherent, other >= adherent) for one, other in zip(first, second, strict=True)]
    both = sum(one and other for one, other in passed)
    n = len(first)
    if n < FEWEST_PAIRS:
        return Agreement(n, None, None, None, None, both, "too_few")
    try:
        icc, low, high = icc_with_interval(np.column_stack([first, second]).tolist())
    except BadInput:
        return Agreement(n, None, None, None, None, both, "no_spread")
    try:
        kappa = cohen_kappa([one for one, _ in passed], [other for _, other in passed])
    except BadInput:
        kappa = None
    return Agreement(n, icc, low, high, kappa, both)


def icc_with_interval(ratings: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """ICC(2,1) with its 95 % interval, from targets x raters.

    >>> table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> [round(one, 3) for one in icc_with_interval(table)]
    [0.29, 0.019, 0.761]
    """
    from scipy.stats import f

    icc = intraclass(ratings).icc_2_1
    table = np.asarray(ratings, dtype=float)
    n, k = table.shape
    grand = table.mean()
    rows = k * float(((table.mean(axis=1) - grand) ** 2).sum())
    columns = n * float(((table.mean(axis=0) - grand) ** 2).sum())
    rest = float(((table - grand) ** 2).sum()) - rows - columns
    msr, msc, mse = rows / (n - 1), columns / (k - 1), max(rest, 0.0) / ((n - 1) * (k - 1))
    if icc >= 1:
        return icc, icc, icc
    a, b = k * icc / (n * (1 - icc)), 1 + k * icc * (n - 1) / (n * (1 - icc))
    spread = (a * msc) ** 2 / (k - 1) + (b * mse) ** 2 / ((n - 1) * (k - 1))
    if spread <= 0:
        raise BadInput("The ratings do not differ enough to work out an interval.")
    v = (a * msc + b * mse) ** 2 / spread
    between = k * msc + (k * n - k - n) * mse
    lower, upper = float(f.ppf(0.975, n - 1, v)), float(f.ppf(0.975, v, n - 1))
    low = n * (msr - lower * mse) / (lower * between + n * msr)
    high = n * (upper * msr - mse) / (between + n * upper * msr)
    return icc, low, high


def quarters(
    rated: Sequence[tuple[dt.date, float]], *, today: dt.date, count: int = 4
) -> tuple[Quarter, ...]:
    """The latest four quarters of the calendar, the oldest first, today's among them.

    >>> rows = quarters([(dt.date(2026, 2, 3), 3.0), (dt.date(2026, 3, 1), 4.0)], today=dt.date(2026, 5, 1))
    >>> [(one.starts_on.isoformat(), one.n, one.mean) for one in rows][-2:]
    [('2026-01-01', 2, 3.5), ('2026-04-01', 0, None)]
    """
    starts = []
    year, month = today.year, today.month - (today.month - 1) % 3
    for _n in range(count + 1):
        starts.append(dt.date(year, month, 1))
        year, month = (year, month - 3) if month > 3 else (year - 1, 10)
    found = []
    ends = [dt.date.max, *starts[:-1]]
    for start, end in list(zip(starts, ends, strict=True))[:count]:
        inside = [mean for on, mean in rated if start <= on < end]
        found.append(Quarter(start, len(inside), sum(inside) / len(inside) if inside else None))
    return tuple(reversed(found))
