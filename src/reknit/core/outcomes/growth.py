"""Growth model: random intercept and slope by restricted maximum likelihood, from small per-client tables.

Model: ``y = X b + Z u + e``, u ~ N(0, sigma^2 L L'), e ~ N(0, sigma^2), one u for each client, Z = [1, time]. The
criterion is profiled over b and sigma, which leaves the three numbers of L; each evaluation needs only each client's
cross-products, so its cost does not grow with the number of observations, and clients seen at the same times are summed. Source of the profiled criterion: Bates D,
Maechler M, Bolker B, Walker S (2015), J Stat Softw 67(1):1-48, section 3; held to lme4 and to statsmodels in the tests.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput, CoreError

ENOUGH_COURSES: Final = 200
"""Below this many courses a fitted curve says more about these people than about the next one: a project rule."""
_STEPS, _CLOSE, _NUDGE = 60, 1e-7, 1e-4
_SOME = 500

Column = NDArray[np.float64]


class NotEnoughCourses(CoreError):
    """Too few courses to fit an expected course."""


class DidNotConverge(CoreError):
    """The fit did not settle, so no number of it is reported."""


@dataclass(frozen=True, slots=True, eq=False)
class GrowthFit:
    """A fitted growth model. Coefficients and their standard errors are in the order of `names`.

    `intercept_variance`, `slope_variance` and `covariance` are those of the random effects; `residual_variance` is
    within clients; `log_likelihood` is the restricted one. `is_singular`: the random effects lie on the border, as when
    clients do not differ in slope at all.
    """

    names: tuple[str, ...]
    coefficients: Column
    standard_errors: Column
    intercept_variance: float
    slope_variance: float
    covariance: float
    residual_variance: float
    log_likelihood: float
    n_clients: int
    n_observations: int
    is_singular: bool

    def coefficient(self, name: str) -> float:
        """One coefficient by its name.

        >>> rng = np.random.default_rng(1)
        >>> client = np.repeat(np.arange(300), 4)
        >>> time = np.tile(np.arange(4.0), 300)
        >>> score = 16 - 2 * time + np.repeat(rng.normal(0, 3, 300), 4) + np.repeat(rng.normal(0, 0.5, 300), 4) * time + rng.normal(0, 2, 1200)
        >>> fit = fit_growth(client, time, score, np.column_stack([np.ones(1200), time]), ("start", "time"))
        >>> round(fit.coefficient("time"))
        -2
        """
        return float(self.coefficients[self.names.index(name)])

    def spread(self, time: Column) -> Column:
        """Standard deviation of a new client's score around the expected course, at each time.

        >>> rng = np.random.default_rng(1)
        >>> client = np.repeat(np.arange(300), 4)
        >>> time = np.tile(np.arange(4.0), 300)
        >>> score = 16 - 2 * time + np.repeat(rng.normal(0, 3, 300), 4) + np.repeat(rng.normal(0, 0.5, 300), 4) * time + rng.normal(0, 2, 1200)
        >>> fit = fit_growth(client, time, score, np.column_stack([np.ones(1200), time]), ("start", "time"))
        >>> [round(one, 1) for one in fit.spread(np.array([0.0, 3.0])).tolist()]
        [3.5, 3.9]
        """
        between = self.intercept_variance + 2 * self.covariance * time + self.slope_variance * time**2
        return np.sqrt(np.maximum(between, 0) + self.residual_variance)


@dataclass(frozen=True, slots=True, eq=False)
class _Products:
    """Cross-products, summed over clients who were seen at the same times, since these share Z'Z.

    `w` of a client is Z'[X y]; a row of `outer` holds the sums of its outer products, as the upper triangle of a table of
    p + 1 by p + 1: first of row 1 with itself for every group, then of row 1 with row 2 both ways, then of row 2.
    """

    zz: Column  # 3 x groups: Z'Z as 11, 12, 22
    count: Column  # clients of each group
    outer: Column  # 3 groups x triangle
    whole: Column  # triangle of [X y]'[X y]
    n: int
    p: int


def fit_growth(
    client: NDArray[np.int64],
    time: Column,
    score: Column,
    design: Column,
    names: Sequence[str],
    *,
    enough: int = ENOUGH_COURSES,
) -> GrowthFit:
    """Fit ``score ~ design + (1 + time | client)`` by restricted maximum likelihood.

    `client` numbers the clients, `time` is the random slope's column, `design` the fixed part (observations x p) with its
    `names`. Rows with NaN are left out. Raises `NotEnoughCourses` with fewer than `enough` clients, `DidNotConverge` when
    the fit does not settle, `BadInput` when the columns do not fit together or the fixed part is not of full rank.

    >>> rng = np.random.default_rng(1)
    >>> client, time = np.repeat(np.arange(300), 6), np.tile(np.log(np.arange(1.0, 7)), 300)
    >>> score = 15 + rng.normal(0, 3, 300)[client] + (rng.normal(0, 1, 300)[client] - 2) * time + rng.normal(0, 2, 1800)
    >>> fit = fit_growth(client, time, score, np.column_stack([np.ones(1800), time]), ["start", "slope"])
    >>> bool(abs(fit.coefficient("slope") + 2) < 4 * fit.standard_errors[1]), fit.n_clients
    (True, 300)
    """
    keep = np.isfinite(time) & np.isfinite(score) & np.isfinite(design).all(axis=1)
    if not len(client) == len(time) == len(score) == len(design) or design.shape[1] != len(names):
        raise BadInput("The columns of the model differ in length.")
    client, time, score, design = client[keep], time[keep], score[keep], design[keep]
    codes = np.unique(client)
    if len(codes) < enough:
        raise NotEnoughCourses(
            f"There are not enough courses: {len(codes)} where at least {enough} are needed for an expected course."
        )
    found = _products(client, time, np.column_stack([design, score]))
    if np.linalg.matrix_rank(_square(found.whole, found.p + 1)[:-1, :-1]) < found.p:
        raise BadInput("The fixed part of the model says the same thing twice.")
    theta = _settle(found)
    return _report(found, theta, tuple(names), len(codes))


def _products(client: NDArray[np.int64], time: Column, table: Column) -> _Products:
    """From observations: `table` is the fixed part with the score as its last column."""
    if (client[1:] < client[:-1]).any():
        order = np.argsort(client, kind="stable")
        client, time, table = client[order], time[order], table[order]
    starts = np.flatnonzero(np.concatenate(([True], client[1:] != client[:-1])))
    seen = np.diff(np.append(starts, len(client))).astype(np.float64)
    zz = np.stack([seen, np.add.reduceat(time, starts), np.add.reduceat(time**2, starts)])
    first, second = (np.add.reduceat(rows, starts, axis=0) for rows in (table, table * time[:, None]))
    order = np.lexsort(zz)
    zz, first, second = zz[:, order], first[order], second[order]
    alike = np.flatnonzero(np.concatenate(([True], (zz[:, 1:] != zz[:, :-1]).any(axis=0))))
    width = table.shape[1]
    pairs = [(j, k) for j in range(width) for k in range(j, width)]

    def summed(one: Column, other: Column) -> list[Column]:
        return [np.add.reduceat(one[:, j] * other[:, k], alike) for j, k in pairs]

    crossed = np.stack(summed(first, second)) + np.stack(summed(second, first))
    outer = np.hstack([np.stack(summed(first, first)), crossed, np.stack(summed(second, second))])
    return _Products(
        zz=zz[:, alike],
        count=np.diff(np.append(alike, len(starts))).astype(np.float64),
        outer=np.ascontiguousarray(outer.T),
        whole=np.array([float(table[:, j] @ table[:, k]) for j, k in pairs]),
        n=len(client),
        p=width - 1,
    )


def _square(triangle: Column, size: int) -> Column:
    """A symmetric table from its upper triangle, along the last axis."""
    table = np.empty((*triangle.shape[:-1], size, size))
    rows, columns = np.triu_indices(size)
    table[..., rows, columns] = triangle
    table[..., columns, rows] = triangle
    return table


def _solved(found: _Products, thetas: Column) -> tuple[Column, Column, Column, Column]:
    """At many L (one a row of `thetas`): the criterion (minus twice the restricted log-likelihood), b, X'V^-1X, and the
    residual sum.
    """
    a, b, c = thetas.T[:, :, None]
    # M = I + L' Z'Z L of each group, two by two, inverted by hand; K = L M^-1 L'.
    z11, z12, z22 = found.zz
    m11 = 1 + a * a * z11 + 2 * a * b * z12 + b * b * z22
    m12 = c * (a * z12 + b * z22)
    m22 = 1 + c * c * z22
    determinant = m11 * m22 - m12 * m12
    w11, w12, w22 = m22 / determinant, -m12 / determinant, m11 / determinant
    k11, k12 = a * a * w11, a * (b * w11 + c * w12)
    k22 = b * b * w11 + 2 * b * c * w12 + c * c * w22
    left = _square(found.whole - np.hstack([k11, k12, k22]) @ found.outer, found.p + 1)
    xvx, xvy, yvy = left[:, :-1, :-1], left[:, :-1, -1], left[:, -1, -1]
    beta = np.asarray(np.linalg.solve(xvx, xvy[:, :, None])[:, :, 0], dtype=np.float64)
    rest: Column = np.maximum(yvy - (xvy * beta).sum(axis=1), np.finfo(float).tiny)
    df = found.n - found.p
    _sign, logdet = np.linalg.slogdet(xvx)
    spread: Column = df * (1 + np.log(2 * math.pi * rest / df))
    criterion: Column = np.log(determinant) @ found.count + logdet + spread
    return criterion, beta, xvx, rest


def _criterion(found: _Products, theta: Column) -> float:
    return float(_solved(found, theta[None, :])[0][0])


def _settle(found: _Products) -> Column:
    """The L with the smallest criterion. Raises `DidNotConverge`.

    Where many groups differ, the way there is gone with some of them, and only the last steps with all.
    """
    groups = len(found.count)
    if groups <= 2 * _SOME:
        return _descend(found, _start(found))
    some = _part(found, np.arange(0, groups, groups // _SOME))
    try:
        near = _descend(some, _start(some))
    except DidNotConverge:
        near = _start(found)
    return _descend(found, near)


def _part(found: _Products, chosen: NDArray[np.int64]) -> _Products:
    """The cross-products of some groups, with sums over all scaled to stand for them."""
    share = float(found.count[chosen].sum() / found.count.sum())
    groups = len(found.count)
    rows = np.concatenate([chosen, chosen + groups, chosen + 2 * groups])
    return _Products(
        found.zz[:, chosen],
        found.count[chosen],
        found.outer[rows],
        found.whole * share,
        max(int(found.n * share), found.p + 2),
        found.p,
    )


def _descend(found: _Products, theta: Column) -> Column:
    """Newton's steps held to a descent, until a step promises nothing more."""
    value = _criterion(found, theta)
    for _ in range(_STEPS):
        slope, curve = _derivatives(found, theta)
        step = _downhill(slope, curve)
        promised = float(-slope @ step)
        if promised < _CLOSE:
            if float(np.abs(slope).max()) > 1e-2 * max(1.0, abs(value) * 1e-4):
                break
            return theta
        size = 1.0
        while size > 1e-6:
            tried = _criterion(found, theta + size * step)
            if tried <= value - 1e-4 * size * promised:
                break
            size /= 2
        else:
            # No step goes lower: either this is the bottom to within rounding, or the fit is lost.
            if float(np.abs(slope).max()) < 1e-3 * max(1.0, abs(value) * 1e-4):
                return theta
            break
        theta, value = theta + size * step, tried
    raise DidNotConverge(
        "The growth model did not settle on these courses, so none of its numbers is reported."
    )


def _start(found: _Products) -> Column:
    """The best of a few rough guesses, so that the steps begin in the right valley."""
    grid = [np.array([a, b, c]) for a in (0.3, 1.0, 2.0) for b in (-0.3, 0.0) for c in (0.1, 0.5, 1.0)]
    return grid[int(np.argmin(_solved(found, np.array(grid))[0]))]


def _derivatives(found: _Products, theta: Column) -> tuple[Column, Column]:
    """Gradient and curvature of the criterion by central differences."""
    width = _NUDGE * np.maximum(1.0, np.abs(theta))
    units = np.eye(3) * width
    corners = [(i, j) for i in range(3) for j in range(i)]
    both = [units[i] + units[j] for i, j in corners]
    steps = np.array([np.zeros(3), *units, *-units, *both, *(-one for one in both)])
    values = _solved(found, theta + steps)[0]
    here, up, down = values[0], values[1:4], values[4:7]
    slope = (up - down) / (2 * width)
    curve = np.diag((up - 2 * here + down) / width**2)
    for n, (i, j) in enumerate(corners):
        around = values[7 + n] + values[10 + n]
        mixed = (around - up[i] - down[i] - up[j] - down[j] + 2 * here) / (2 * width[i] * width[j])
        curve[i, j] = curve[j, i] = mixed
    return slope, curve


def _downhill(slope: Column, curve: Column) -> Column:
    """Newton's step, with the curvature bent upwards where it points down."""
    values, vectors = np.linalg.eigh(curve)
    safe = np.maximum(np.abs(values), 1e-6 * max(1.0, float(np.abs(values).max())))
    step: Column = -vectors @ ((vectors.T @ slope) / safe)
    length = float(np.abs(step).max())
    return step if length <= 1 else step / length


def _report(found: _Products, theta: Column, names: tuple[str, ...], clients: int) -> GrowthFit:
    criterion, beta, xvx, rest = (one[0] for one in _solved(found, theta[None, :]))
    variance = float(rest) / (found.n - found.p)
    lower = np.array([[theta[0], 0.0], [theta[1], theta[2]]])
    spread = variance * lower @ lower.T
    if not (np.isfinite(criterion) and np.isfinite(beta).all() and (np.linalg.eigvalsh(xvx) > 0).all()):
        raise DidNotConverge(
            "The growth model did not settle on these courses, so none of its numbers is reported."
        )
    return GrowthFit(
        names=names,
        coefficients=beta,
        standard_errors=np.sqrt(np.diag(np.linalg.inv(xvx)) * variance),
        intercept_variance=float(spread[0, 0]),
        slope_variance=float(spread[1, 1]),
        covariance=float(spread[0, 1]),
        residual_variance=variance,
        log_likelihood=-float(criterion) / 2,
        n_clients=clients,
        n_observations=found.n,
        is_singular=bool(min(abs(theta[0]), abs(theta[2])) < 1e-4),
    )
