"""Growth model: random intercept and slope by restricted maximum likelihood, from small per-client tables.

Model: ``y = X b + Z u + e``, u ~ N(0, sigma^2 L L'), e ~ N(0, sigma^2), one u for each client, Z = [1, time]. The
criterion is profiled over b and sigma, which leaves the three numbers of L; each evaluation needs only each client's
cross-products, so its cost does not grow with the number of observations. Source of the profiled criterion: Bates D,
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
        """One coefficient by its name."""
        return float(self.coefficients[self.names.index(name)])

    def spread(self, time: Column) -> Column:
        """Standard deviation of a new client's score around the expected course, at each time."""
        between = self.intercept_variance + 2 * self.covariance * time + self.slope_variance * time**2
        return np.sqrt(np.maximum(between, 0) + self.residual_variance)


@dataclass(frozen=True, slots=True, eq=False)
class _Products:
    """Cross-products by client (first axis) and over all."""

    zz: Column  # clients x 2 x 2
    zx: Column  # clients x 2 x p
    zy: Column  # clients x 2
    xx: Column  # p x p
    xy: Column  # p
    yy: float
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
    codes, place = np.unique(client[keep], return_inverse=True)
    if len(codes) < enough:
        raise NotEnoughCourses(
            f"There are not enough courses: {len(codes)} where at least {enough} are needed for an expected course."
        )
    found = _products(place, len(codes), time[keep], score[keep], design[keep])
    if np.linalg.matrix_rank(found.xx) < found.p:
        raise BadInput("The fixed part of the model says the same thing twice.")
    theta = _settle(found)
    return _report(found, theta, tuple(names), len(codes))


def _products(place: NDArray[np.int64], clients: int, time: Column, y: Column, x: Column) -> _Products:
    z = np.column_stack([np.ones_like(time), time])
    order = np.argsort(place, kind="stable")
    place, z, y, x = place[order], z[order], y[order], x[order]
    starts = np.flatnonzero(np.r_[True, np.diff(place) > 0])

    def summed(rows: Column) -> Column:
        return np.add.reduceat(rows, starts, axis=0)

    assert len(starts) == clients
    return _Products(
        zz=summed(z[:, :, None] * z[:, None, :]),
        zx=summed(z[:, :, None] * x[:, None, :]),
        zy=summed(z * y[:, None]),
        xx=x.T @ x,
        xy=x.T @ y,
        yy=float(y @ y),
        n=len(y),
        p=x.shape[1],
    )


def _solved(found: _Products, theta: Column) -> tuple[float, Column, Column, float]:
    """At one L: the criterion (minus twice the restricted log-likelihood), b, X'V^-1X, and the residual sum."""
    a, b, c = theta
    # M = I + L' Z'Z L for each client, two by two, inverted by hand for all of them at once.
    z11, z12, z22 = found.zz[:, 0, 0], found.zz[:, 0, 1], found.zz[:, 1, 1]
    m11 = 1 + a * a * z11 + 2 * a * b * z12 + b * b * z22
    m12 = c * (a * z12 + b * z22)
    m22 = 1 + c * c * z22
    determinant = m11 * m22 - m12 * m12
    lx1, lx2 = a * found.zx[:, 0] + b * found.zx[:, 1], c * found.zx[:, 1]  # L' Z'X, clients x p
    ly1, ly2 = a * found.zy[:, 0] + b * found.zy[:, 1], c * found.zy[:, 1]
    w11, w12, w22 = (m22 / determinant)[:, None], (-m12 / determinant)[:, None], (m11 / determinant)[:, None]
    hx1, hx2 = w11 * lx1 + w12 * lx2, w12 * lx1 + w22 * lx2
    xvx = found.xx - (lx1.T @ hx1 + lx2.T @ hx2)
    xvy = found.xy - (hx1.T @ ly1 + hx2.T @ ly2)
    hy1, hy2 = w11[:, 0] * ly1 + w12[:, 0] * ly2, w12[:, 0] * ly1 + w22[:, 0] * ly2
    yvy = found.yy - float(ly1 @ hy1 + ly2 @ hy2)
    beta = np.linalg.solve(xvx, xvy)
    rest = max(yvy - float(xvy @ beta), np.finfo(float).tiny)
    df = found.n - found.p
    _sign, logdet = np.linalg.slogdet(xvx)
    criterion = float(np.log(determinant).sum() + logdet + df * (1 + math.log(2 * math.pi * rest / df)))
    return criterion, beta, xvx, rest


def _settle(found: _Products) -> Column:
    """The L with the smallest criterion. Raises `DidNotConverge`.

    The way there is gone with some of the clients, and only the last steps with all of them.
    """
    clients = len(found.zz)
    if clients <= 2 * _SOME:
        return _descend(found, _start(found))
    some = _part(found, np.arange(0, clients, clients // _SOME))
    try:
        near = _descend(some, _start(some))
    except DidNotConverge:
        near = _start(found)
    return _descend(found, near)


def _part(found: _Products, chosen: NDArray[np.int64]) -> _Products:
    """The cross-products of some clients, with sums over all scaled to stand for them."""
    share = len(chosen) / len(found.zz)
    return _Products(
        found.zz[chosen],
        found.zx[chosen],
        found.zy[chosen],
        found.xx * share,
        found.xy * share,
        found.yy * share,
        max(int(found.n * share), found.p + 2),
        found.p,
    )


def _descend(found: _Products, theta: Column) -> Column:
    """Newton's steps held to a descent, until a step promises nothing more."""
    value = _solved(found, theta)[0]
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
            tried = _solved(found, theta + size * step)[0]
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
    return min(grid, key=lambda theta: _solved(found, theta)[0])


def _derivatives(found: _Products, theta: Column) -> tuple[Column, Column]:
    """Gradient and curvature of the criterion by central differences."""
    units = np.eye(3) * (_NUDGE * np.maximum(1.0, np.abs(theta)))
    here = _solved(found, theta)[0]
    up = [_solved(found, theta + unit)[0] for unit in units]
    down = [_solved(found, theta - unit)[0] for unit in units]
    width = units.diagonal()
    slope = (np.array(up) - np.array(down)) / (2 * width)
    curve = np.diag((np.array(up) - 2 * here + np.array(down)) / width**2)
    for i in range(3):
        for j in range(i):
            both = (
                _solved(found, theta + units[i] + units[j])[0]
                + _solved(found, theta - units[i] - units[j])[0]
            )
            mixed = (both - up[i] - down[i] - up[j] - down[j] + 2 * here) / (2 * width[i] * width[j])
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
    criterion, beta, xvx, rest = _solved(found, theta)
    variance = rest / (found.n - found.p)
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
        residual_variance=float(variance),
        log_likelihood=-criterion / 2,
        n_clients=clients,
        n_observations=found.n,
        is_singular=bool(min(abs(theta[0]), abs(theta[2])) < 1e-4),
    )
