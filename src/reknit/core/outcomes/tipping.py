"""How far would missing scores have to lie from what is expected of them, to undo a difference between groups?

Comparisons take people without a score after to be like those with one who began alike. Nobody can see whether they are.
So shift what is expected of them by so many points, and look at when the difference is no longer sure.

Source: White IR, Carpenter J, Horton NJ (2018), Stat Sin 28:1985-2003 (mean score method): missing scores are set to what
the complete ones predict plus the shift, and the errors count both steps. Errors and degrees of freedom are those of the
people with a score, which is on the safe side.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput
from reknit.core.outcomes.ancova import Difference, comparison, difference

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tipping:
    """The difference as it is, and the `shift` in points of the missing scores of its group at which it is not sure.

    Not sure: a 95 % limit is zero. `shift` is 0 where it is not sure to begin with, None where no shift undoes it.
    """

    difference: Difference
    shift: float | None
    n_missing: int


def shifted_ancova(
    group: Sequence[str],
    before: Sequence[float],
    after: Sequence[float],
    *,
    reference: str,
    shift: Mapping[str, float],
    strata: Sequence[str] | None = None,
) -> tuple[Difference, ...]:
    """Groups compared with each missing score after taken as expected plus its group's `shift`, in points (0 where unsaid).

    NaN is a missing score; people without a score before are left out. At a shift of 0 it is the comparison of those with
    both scores (errors HC1). Raises `BadInput` as `ancova` does, and for a shift of a group that is not there.

    >>> group, before = ["usual"] * 4 + ["ipt"] * 5, [10, 14, 18, 22, 10, 14, 18, 22, 16]
    >>> after = [9, 12, 16, 18, 6, 8, 12, 15, float("nan")]
    >>> for points in (0, 5):
    ...     (found,) = shifted_ancova(group, before, after, reference="usual", shift={"ipt": points})
    ...     round(found.value, 2), round(found.standard_error, 2)
    (-3.5, 0.37)
    (-2.5, 1.19)
    """
    if unknown := [name for name in shift if name not in group]:
        raise BadInput(f"There is no group '{unknown[0]}' to shift.")
    return _compared(group, before, after, reference, strata, shift, as_reference=False)


def jump_to_reference(
    group: Sequence[str],
    before: Sequence[float],
    after: Sequence[float],
    *,
    reference: str,
    strata: Sequence[str] | None = None,
) -> tuple[Difference, ...]:
    """Groups compared with each missing score after taken as that of somebody of the reference group who began alike.

    As if whoever left a treatment got nothing out of it: a harsh assumption, made to see what is left of a difference. Its
    errors are those of repeated trials, and so smaller than those of multiple imputation under the same assumption
    (Cro S, Carpenter JR, Kenward MG (2019), J R Stat Soc A 182:623-645).

    >>> group, before = ["usual"] * 4 + ["ipt"] * 5, [10, 14, 18, 22, 10, 14, 18, 22, 16]
    >>> after = [9, 12, 16, 18, 6, 8, 12, 15, float("nan")]
    >>> (found,) = jump_to_reference(group, before, after, reference="usual")
    >>> round(found.value, 2)
    -2.8
    """
    return _compared(group, before, after, reference, strata, {}, as_reference=True)


def tipping_point(
    group: Sequence[str],
    before: Sequence[float],
    after: Sequence[float],
    *,
    reference: str,
    compared: str,
    strata: Sequence[str] | None = None,
) -> Tipping:
    """The smallest shift of the missing scores of the group `compared` at which its difference is no longer sure.

    The difference is a line in the shift and its squared error a parabola, so that the shift is the root of
    ``(a + b s)^2 = t_{.975}^2 (c + d s + e s^2)``. Say beside it how likely such a shift is: that is for people to judge.

    >>> group, before = ["usual"] * 4 + ["ipt"] * 5, [10, 14, 18, 22, 10, 14, 18, 22, 16]
    >>> after = [9, 12, 16, 18, 6, 8, 12, 15, float("nan")]
    >>> found = tipping_point(group, before, after, reference="usual", compared="ipt")
    >>> round(found.shift, 1), found.n_missing
    (4.2, 1)
    """

    def at(points: float) -> Difference:
        columns = shifted_ancova(
            group, before, after, reference=reference, shift={compared: points}, strata=strata
        )
        return next(one for one in columns if one.group == compared)

    if compared == reference:
        raise BadInput("The group compared must not be the reference.")
    here, up, down = at(0), at(1), at(-1)
    start, end = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    missing = np.isfinite(start) & ~np.isfinite(end) & (np.asarray(group, dtype=str) == compared)
    n_missing = int(missing.sum())
    if here.low <= 0 <= here.high:
        return Tipping(here, 0.0, n_missing)
    slope = (up.value - down.value) / 2
    square, plus, minus = (one.standard_error**2 for one in (here, up, down))
    t2 = ((here.high - here.value) / here.standard_error) ** 2
    curve = slope**2 - t2 * ((plus + minus) / 2 - square)
    tilt = 2 * here.value * slope - t2 * (plus - minus) / 2
    level = here.value**2 - t2 * square
    roots = np.roots([curve, tilt, level]) if n_missing else np.array([])
    real = [float(root.real) for root in roots if abs(root.imag) < 1e-9 * max(1.0, abs(root))]
    return Tipping(here, min(real, key=abs, default=None), n_missing)


def _compared(
    group: Sequence[str],
    before: Sequence[float],
    after: Sequence[float],
    reference: str,
    strata: Sequence[str] | None,
    shift: Mapping[str, float],
    *,
    as_reference: bool,
) -> tuple[Difference, ...]:
    if len({len(one) for one in (group, before, after, strata) if one is not None}) != 1:
        raise BadInput("The columns differ in length.")
    start, end = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    keep = np.isfinite(start)
    seen = np.isfinite(end[keep])
    design, others = comparison(group, start, keep, reference=reference, strata=strata)
    n, p = int(seen.sum()), design.shape[1]
    if n <= p or np.linalg.matrix_rank(design[seen]) < p:
        raise BadInput("There are too few people, or too little between them, for this comparison.")
    assumed = design.copy()
    if as_reference:
        assumed[:, 2 : 2 + len(others)] = 0
    points = np.array([shift.get(name, 0.0) for name, kept in zip(group, keep, strict=True) if kept])
    beta, spread = _mean_score(design, assumed, np.where(seen, end[keep], 0.0), seen, points)
    spread *= n / (n - p)
    return tuple(
        difference(one, float(beta[k]), math.sqrt(spread[k, k]), n - p) for k, one in enumerate(others, 2)
    )


def _mean_score(
    design: Column, assumed: Column, end: Column, seen: NDArray[np.bool_], points: Column
) -> tuple[Column, Column]:
    """Coefficients on the filled table, and their covariance from each person's part in both steps.

    A missing score is filled with what the complete ones predict for the row of `assumed`, plus its `points`.
    """
    there = design * seen[:, None]
    known = np.linalg.inv(there.T @ there)
    predicted = known @ there.T @ end
    filled = np.where(seen, end, assumed @ predicted + points)
    whole = np.linalg.inv(design.T @ design)
    beta = whole @ design.T @ filled
    first = there * (end - design @ predicted)[:, None] @ known
    crossed = (assumed * ~seen[:, None]).T @ design
    parts = (design * (filled - design @ beta)[:, None] + first @ crossed) @ whole
    return np.asarray(beta), np.asarray(parts.T @ parts)
