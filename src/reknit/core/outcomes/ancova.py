"""Groups compared after treatment, given where each person began: analysis of covariance by least squares.

Model: ``after = start + slope (before - mean before) + group + strata + e``. Sources: MacKinnon JG, White H (1985),
J Econom 29:305-325, for errors that hold where groups spread differently; Liang KY, Zeger SL (1986), Biometrika
73:13-22, for those of people who share a therapist, with the usual correction for few therapists.

A difference of groups that nobody drew lots for is a difference, and no effect of treatment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput

Column = NDArray[np.float64]
Errors = Literal["hc3", "hc2", "ordinary"]


@dataclass(frozen=True, slots=True)
class Difference:
    """Adjusted mean of `group` minus that of the reference, in points, with 95 % limits on Student's t with `df`."""

    group: str
    value: float
    standard_error: float
    low: float
    high: float
    df: float


@dataclass(frozen=True, slots=True)
class Ancova:
    """Groups compared at the same score before.

    `adjusted_means` holds each group's, at the mean before of everybody. `slope` is points after for one point before.
    `n_left_out` people had a score missing and are in none of the numbers.
    """

    reference: str
    differences: tuple[Difference, ...]
    adjusted_means: dict[str, float]
    slope: float
    residual_sd: float
    n: int
    n_left_out: int


def ancova(
    group: Sequence[str],
    before: Sequence[float],
    after: Sequence[float],
    *,
    reference: str,
    strata: Sequence[str] | None = None,
    errors: Errors = "hc3",
    therapist: Sequence[str] | None = None,
) -> Ancova:
    """Compare scores after by group, given the score before. One entry a person; NaN is a missing score.

    `strata` are those in which lots were drawn. `errors`: ``hc3`` and ``hc2`` hold where groups spread differently,
    ``ordinary`` where they do not. With `therapist` the errors are instead those of clusters of clients, with as many
    degrees of freedom as therapists less one; under 20 to 50 therapists they are too small (Cameron AC, Miller DL (2015),
    J Hum Resour 50:317-372). Raises `BadInput` for columns that differ in length, a group of one, an unknown reference, too
    few people, or a person who alone decides a number.

    >>> group, before = ["usual"] * 4 + ["ipt"] * 4, [10, 14, 18, 22] * 2
    >>> found = ancova(group, before, [9, 12, 16, 18, 6, 8, 12, 15], reference="usual", errors="ordinary")
    >>> [(one.group, round(one.value, 2), round(one.standard_error, 2)) for one in found.differences]
    [('ipt', -3.5, 0.37)]
    >>> {one: round(mean, 2) for one, mean in found.adjusted_means.items()}, round(found.slope, 4)
    ({'usual': 13.75, 'ipt': 10.25}, 0.775)
    """
    if len({len(one) for one in (group, before, after, strata, therapist) if one is not None}) != 1:
        raise BadInput("The columns differ in length.")
    start, end = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    keep = np.isfinite(start) & np.isfinite(end)
    end = end[keep]
    design, others = comparison(group, start, keep, reference=reference, strata=strata)
    n, p = design.shape
    if n <= p or np.linalg.matrix_rank(design) < p:
        raise BadInput("There are too few people, or too little between them, for this comparison.")
    beta: Column = np.linalg.lstsq(design, end, rcond=None)[0]
    rest = end - design @ beta
    if therapist is None:
        spread, df = _spread(design, rest, errors), n - p
    else:
        spread, df = _clustered(design, rest, _kept(therapist, keep))
    first = 2 + len(others)
    level = float(beta[0] + design[:, first:].mean(axis=0) @ beta[first:])
    return Ancova(
        reference=reference,
        differences=tuple(
            difference(one, float(beta[k]), float(np.sqrt(spread[k, k])), df)
            for k, one in enumerate(others, 2)
        ),
        adjusted_means={reference: level} | {one: level + float(beta[k]) for k, one in enumerate(others, 2)},
        slope=float(beta[1]),
        residual_sd=float(np.sqrt(rest @ rest / (n - p))),
        n=n,
        n_left_out=len(keep) - n,
    )


def difference(group: str, value: float, standard_error: float, df: float) -> Difference:
    """A difference with its 95 % limits, ``value +- t_{.975; df} SE``.

    >>> found = difference("ipt", -3.5, 0.5, 5)
    >>> round(found.low, 2), round(found.high, 2)
    (-4.79, -2.21)
    """
    from scipy.special import stdtrit  # a lighter import than scipy.stats

    width = float(stdtrit(df, 0.975)) * standard_error
    return Difference(group, value, standard_error, value - width, value + width, df)


def comparison(
    group: Sequence[str],
    before: Column,
    keep: NDArray[np.bool_],
    *,
    reference: str,
    strata: Sequence[str] | None = None,
) -> tuple[Column, list[str]]:
    """The columns of a comparison for the people kept, and the groups set against the reference, in the order of columns.

    Columns: 1, score before less its mean, a group each, a stratum each but the first. Raises `BadInput` as `ancova` does.

    >>> keep = np.ones(4, dtype=bool)
    >>> design, others = comparison(["a", "b", "a", "b"], np.array([1.0, 2, 3, 4]), keep, reference="a")
    >>> design.tolist(), others
    ([[1.0, -1.5, 0.0], [1.0, -0.5, 1.0], [1.0, 0.5, 0.0], [1.0, 1.5, 1.0]], ['b'])
    """
    member, start = _kept(group, keep), before[keep]
    others = _others(member, reference)
    layers = [] if strata is None else _layers(_kept(strata, keep))
    columns = [np.ones(len(start)), start - start.mean(), *(member == one for one in others), *layers]
    return np.column_stack(columns).astype(np.float64), others


def _kept(names: Sequence[str], keep: NDArray[np.bool_]) -> NDArray[np.str_]:
    return np.asarray(names, dtype=str)[keep]


def _others(member: NDArray[np.str_], reference: str) -> list[str]:
    names, counts = np.unique(member, return_counts=True)
    if reference not in names or len(names) < 2:
        raise BadInput(f"A comparison needs the group '{reference}' and another one.")
    if counts.min() < 2:
        raise BadInput("Each group needs at least two people with both scores.")
    return [str(one) for one in names if one != reference]


def _layers(stratum: NDArray[np.str_]) -> list[NDArray[np.bool_]]:
    return [stratum == one for one in np.unique(stratum)[1:]]


def _spread(design: Column, rest: Column, errors: Errors) -> Column:
    """Covariance of the coefficients of people who have nothing to do with each other."""
    inverse = np.asarray(np.linalg.inv(design.T @ design), dtype=np.float64)
    if errors == "ordinary":
        return np.asarray(inverse * (rest @ rest) / (len(design) - design.shape[1]))
    leverage = ((design @ inverse) * design).sum(axis=1)
    if leverage.max() > 1 - 1e-9:
        raise BadInput("One person alone decides a number of this comparison, so its error is not known.")
    weight = rest**2 / (1 - leverage) ** (2 if errors == "hc3" else 1)
    return np.asarray(inverse @ (design.T * weight) @ design @ inverse)


def _clustered(design: Column, rest: Column, therapist: NDArray[np.str_]) -> tuple[Column, int]:
    """Covariance of the coefficients where clients of one therapist are alike, and its degrees of freedom."""
    names, place = np.unique(therapist, return_inverse=True)
    n, p = design.shape
    clusters = len(names)
    if clusters < 2:
        raise BadInput("Errors by therapist need at least two therapists.")
    scores = np.zeros((clusters, p))
    np.add.at(scores, place, design * rest[:, None])
    inverse = np.linalg.inv(design.T @ design)
    correction = clusters / (clusters - 1) * (n - 1) / (n - p)
    return np.asarray(correction * inverse @ scores.T @ scores @ inverse), clusters - 1
