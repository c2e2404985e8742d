"""How far numbers can be trusted: internal consistency, agreement of raters, standard error of a score.

Sources: Cronbach LJ (1951), Psychometrika 16:297-334, for alpha; Shrout PE, Fleiss JL (1979), Psychol Bull 86:420-428,
for the six intraclass correlations; Cohen J (1960), Educ Psychol Meas 20:37-46, and (1968), Psychol Bull 70:213-220,
for kappa.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reknit.core.errors import BadInput

Weights = Literal["none", "linear", "quadratic"]


@dataclass(frozen=True, slots=True)
class Intraclass:
    """The six intraclass correlations of Shrout and Fleiss. `n` targets were each rated by `k` raters."""

    icc_1_1: float
    icc_2_1: float
    icc_3_1: float
    icc_1_k: float
    icc_2_k: float
    icc_3_k: float
    n: int
    k: int


def cronbach_alpha(answers: ArrayLike) -> float:
    """Internal consistency of items, from people x items without blanks.

    Formula: ``k / (k - 1) (1 - sum of item variances / variance of the total)``. Rows with a blank (NaN) are left out.
    Raises `BadInput` with fewer than two items or people left, or when totals do not vary.

    >>> round(cronbach_alpha([[1, 2], [2, 3], [3, 5], [4, 4]]), 4)
    0.8889
    """
    rows = np.asarray(answers, dtype=float)
    if rows.ndim != 2:
        raise BadInput("Alpha needs a table of people by items.")
    rows = rows[~np.isnan(rows).any(axis=1)]
    people, items = rows.shape
    if people < 2 or items < 2:
        raise BadInput("Alpha needs at least two people with every item answered, and two items.")
    whole = rows.sum(axis=1).var(ddof=1)
    if whole == 0:
        raise BadInput("Everybody has the same total, so alpha cannot be worked out.")
    return float(items / (items - 1) * (1 - rows.var(axis=0, ddof=1).sum() / whole))


def intraclass(ratings: ArrayLike) -> Intraclass:
    """Intraclass correlations from targets x raters, each target rated by each rater.

    From the mean squares of a two-way table: between targets (BMS), raters (JMS), residual (EMS), and within targets
    (WMS). ICC(2,1), absolute agreement of single ratings, is the one to report for raters and retests.

    >>> table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> found = intraclass(table)
    >>> [round(one, 2) for one in (found.icc_1_1, found.icc_2_1, found.icc_3_1, found.icc_1_k, found.icc_2_k, found.icc_3_k)]
    [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]
    """
    table = np.asarray(ratings, dtype=float)
    if table.ndim != 2 or min(table.shape) < 2:
        raise BadInput("Agreement needs at least two targets and two raters.")
    if np.isnan(table).any():
        raise BadInput("A rating is missing. Leave targets out that not everybody rated.")
    n, k = table.shape
    grand = table.mean()
    targets = k * ((table.mean(axis=1) - grand) ** 2).sum()
    raters = n * ((table.mean(axis=0) - grand) ** 2).sum()
    whole = ((table - grand) ** 2).sum()
    bms, jms = targets / (n - 1), raters / (k - 1)
    ems = (whole - targets - raters) / ((n - 1) * (k - 1))
    wms = (whole - targets) / (n * (k - 1))
    if bms == 0 and wms == 0:
        raise BadInput("All ratings are the same, so agreement cannot be worked out.")
    return Intraclass(
        icc_1_1=_ratio(bms - wms, bms + (k - 1) * wms),
        icc_2_1=_ratio(bms - ems, bms + (k - 1) * ems + k * (jms - ems) / n),
        icc_3_1=_ratio(bms - ems, bms + (k - 1) * ems),
        icc_1_k=_ratio(bms - wms, bms),
        icc_2_k=_ratio(bms - ems, bms + (jms - ems) / n),
        icc_3_k=_ratio(bms - ems, bms),
        n=n,
        k=k,
    )


def cohen_kappa(
    first: Sequence[object],
    second: Sequence[object],
    *,
    categories: Sequence[object] | None = None,
    weights: Weights = "none",
) -> float:
    """Agreement of two raters beyond chance. `weights` are for ordered categories, named in order.

    Formula: ``1 - sum(w O) / sum(w E)`` with w 0 on the diagonal, 1 off it (none), the distance of categories (linear)
    or its square (quadratic).

    >>> first = ["yes"] * 25 + ["no"] * 25
    >>> second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    >>> round(cohen_kappa(first, second), 2)
    0.4
    """
    if len(first) != len(second) or not first:
        raise BadInput("Kappa needs the same targets rated by both.")
    known = list(categories) if categories is not None else sorted({*first, *second}, key=str)
    place = {category: n for n, category in enumerate(known)}
    if unknown := [one for one in (*first, *second) if one not in place]:
        raise BadInput(f"'{unknown[0]}' is not one of the categories.")
    observed = np.zeros((len(known), len(known)))
    for one, other in zip(first, second, strict=True):
        observed[place[one], place[other]] += 1
    observed /= len(first)
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0))
    weight = _weights(len(known), weights)
    by_chance = float((weight * expected).sum())
    if by_chance == 0:
        raise BadInput("Both raters used one category only, so kappa cannot be worked out.")
    return 1 - float((weight * observed).sum()) / by_chance


def standard_error(*, sd: float, r: float) -> float:
    """Standard error of one person's score, ``SD sqrt(1 - r)``; 1.96 of it on each side is a 95 % range.

    >>> round(standard_error(sd=5.5, r=0.84), 2)
    2.2
    """
    if not sd >= 0 or not 0 <= r <= 1:
        raise BadInput("The standard deviation must be zero or more, and the reliability between 0 and 1.")
    return sd * math.sqrt(1 - r)


def _ratio(numerator: float, denominator: float) -> float:
    if denominator == 0:
        raise BadInput("The ratings do not differ enough to work out agreement.")
    return float(numerator / denominator)


def _weights(size: int, kind: Weights) -> NDArray[np.float64]:
    distance = np.abs(np.subtract.outer(np.arange(size), np.arange(size))).astype(np.float64)
    if kind == "none":
        return (distance > 0).astype(np.float64)
    return distance if kind == "linear" else distance**2
