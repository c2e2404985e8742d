"""Expected course: what people who started where this client did usually scored by now, and who is off it.

Model and limits: measures catalogue 4.3, after Lambert's work on expected response: score on baseline and the logarithm
of the session number, with the slope depending on the baseline; bands from the spread between and within clients, or
percentile bands that assume no shape. Percentile bands: Koenker R, Bassett G (1978), Econometrica 46:33-50.

A band sorts attention. It says "people who start here usually ..." with how many and where, never what will happen.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput
from reknit.core.outcomes.growth import (
    ENOUGH_COURSES,
    DidNotConverge,
    GrowthFit,
    NotEnoughCourses,
    fit_growth,
)

Column = NDArray[np.float64]
Place = Literal["on_track", "amber", "red"]

RED_Z: Final = 1.28
"""Above the upper limit of an 80 % band: the worst tenth (two-sided band, one side counted)."""
AMBER_Z: Final = 0.84
"""Above the upper limit of a 60 % band: the worst fifth. A band of 68 % has 0.99."""
QUANTILES: Final = (0.1, 0.2, 0.5, 0.8, 0.9)
EARLY_SHARE: Final = 0.2
"""Early response: at least this share of the baseline gone. Literature varies from 20 to 25 %: a parameter."""
NAMES: Final = ("start", "baseline", "log_session", "baseline_by_log_session")


@dataclass(frozen=True, slots=True)
class Expected:
    """One point of an expected course."""

    session: int
    expected: float
    spread: float


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedCourse:
    """An expected course fitted on courses of one setting. Higher scores are worse."""

    fit: GrowthFit

    def at(self, baseline: float, sessions: Sequence[int]) -> tuple[Expected, ...]:
        """The expected score and its spread for a client with this baseline.

        >>> rng = np.random.default_rng(1)
        >>> client, session = np.repeat(np.arange(300), 6), np.tile(np.arange(1.0, 7.0), 300)
        >>> baseline = np.repeat(rng.uniform(10, 22, 300), 6)
        >>> score = baseline - 3 * np.log(session) + np.repeat(rng.normal(0, 1.5, 300), 6) + rng.normal(0, 2, 1800)
        >>> course = expected_course(client, session, score, baseline)
        >>> [round(point.expected) for point in course.at(16, [1, 6])]
        [16, 11]
        """
        time = np.log(np.asarray(sessions, dtype=float))
        mean = _design(np.full(len(time), float(baseline)), time) @ self.fit.coefficients
        return tuple(
            Expected(int(n), float(m), float(s))
            for n, m, s in zip(sessions, mean, self.fit.spread(time), strict=True)
        )

    def place(self, baseline: float, session: int, score: float, *, amber: float = AMBER_Z) -> Place:
        """Where a score lies against the expected one: red over 1.28 spreads above it, over `amber` amber, or on track.

        >>> rng = np.random.default_rng(1)
        >>> client, session = np.repeat(np.arange(300), 6), np.tile(np.arange(1.0, 7.0), 300)
        >>> baseline = np.repeat(rng.uniform(10, 22, 300), 6)
        >>> score = baseline - 3 * np.log(session) + np.repeat(rng.normal(0, 1.5, 300), 6) + rng.normal(0, 2, 1800)
        >>> course = expected_course(client, session, score, baseline)
        >>> course.place(16, 6, 11), course.place(16, 6, 13), course.place(16, 6, 20)
        ('on_track', 'amber', 'red')
        """
        (point,) = self.at(baseline, [session])
        z = (score - point.expected) / point.spread
        return "red" if z > RED_Z else "amber" if z > amber else "on_track"


@dataclass(frozen=True, slots=True, eq=False)
class PercentileBands:
    """Percentile curves of the score by baseline and session; one row of `coefficients` for each quantile."""

    quantiles: tuple[float, ...]
    coefficients: Column

    def at(self, baseline: float, session: int) -> tuple[float, ...]:
        """The score at each quantile, in order, for a client with this baseline at this session.

        >>> rng = np.random.default_rng(1)
        >>> client, session = np.repeat(np.arange(300), 6), np.tile(np.arange(1.0, 7.0), 300)
        >>> baseline = np.repeat(rng.uniform(10, 22, 300), 6)
        >>> score = baseline - 3 * np.log(session) + np.repeat(rng.normal(0, 1.5, 300), 6) + rng.normal(0, 2, 1800)
        >>> bands = percentile_bands(client, session, score, baseline, quantiles=(0.1, 0.5, 0.9))
        >>> low, middle, high = bands.at(16, 6)
        >>> low < middle < high, round(middle)
        (True, 11)
        """
        row = _design(np.array([float(baseline)]), np.array([math.log(session)]))
        return tuple(np.sort(self.coefficients @ row[0]).tolist())


@dataclass(frozen=True, slots=True)
class Calibration:
    """Share of scores above a limit that a share of `expected` should pass, with how many were looked at."""

    expected: float
    observed: float
    n: int


def expected_course(
    client: NDArray[np.int64],
    session: Column,
    score: Column,
    baseline: Column,
    *,
    enough: int = ENOUGH_COURSES,
) -> ExpectedCourse:
    """Fit the expected course: ``score = b0 + b1 baseline + (b2 + b3 baseline) ln(session) + u0 + u1 ln(session) + e``.

    One row a score; `session` starts at 1; `baseline` is the client's first score, the same in each of their rows.
    Raises `NotEnoughCourses` with fewer than 200 clients and `DidNotConverge` when the fit does not settle.

    >>> rng = np.random.default_rng(1)
    >>> client, session = np.repeat(np.arange(300), 6), np.tile(np.arange(1.0, 7.0), 300)
    >>> baseline = np.repeat(rng.uniform(10, 22, 300), 6)
    >>> score = baseline - 3 * np.log(session) + np.repeat(rng.normal(0, 1.5, 300), 6) + rng.normal(0, 2, 1800)
    >>> course = expected_course(client, session, score, baseline)
    >>> round(course.fit.coefficient("baseline"), 1)
    1.0
    """
    if np.nanmin(session, initial=1.0) < 1:
        raise BadInput("Sessions are numbered from 1.")
    time = np.log(session)
    return ExpectedCourse(fit_growth(client, time, score, _design(baseline, time), NAMES, enough=enough))


def percentile_bands(
    client: NDArray[np.int64],
    session: Column,
    score: Column,
    baseline: Column,
    *,
    quantiles: Sequence[float] = QUANTILES,
    enough: int = ENOUGH_COURSES,
) -> PercentileBands:
    """Percentile curves by quantile regression on baseline and ln(session), without any shape assumed.

    Raises `NotEnoughCourses` with fewer than 200 clients. Curves that cross at a point are put in order there.

    >>> rng = np.random.default_rng(1)
    >>> client, session = np.repeat(np.arange(300), 6), np.tile(np.arange(1.0, 7.0), 300)
    >>> baseline = np.repeat(rng.uniform(10, 22, 300), 6)
    >>> score = baseline - 3 * np.log(session) + np.repeat(rng.normal(0, 1.5, 300), 6) + rng.normal(0, 2, 1800)
    >>> percentile_bands(client, session, score, baseline).quantiles
    (0.1, 0.2, 0.5, 0.8, 0.9)
    """
    keep = np.isfinite(session) & np.isfinite(score) & np.isfinite(baseline)
    clients = len(np.unique(client[keep]))
    if clients < enough:
        raise NotEnoughCourses(
            f"There are not enough courses: {clients} where at least {enough} are needed for bands."
        )
    design = _design(baseline[keep], np.log(session[keep]))
    return PercentileBands(
        tuple(quantiles), np.array([quantile_regression(design, score[keep], q) for q in quantiles])
    )


def quantile_regression(design: Column, y: Column, quantile: float) -> Column:
    """Coefficients that leave a share `quantile` of the observations below the fitted plane.

    Minimises ``sum rho(y - X b)``, ``rho(r) = r (q - [r < 0])``, as a linear programme, which has an exact answer.

    >>> design = np.column_stack([np.ones(5)])
    >>> quantile_regression(design, np.array([1.0, 2.0, 3.0, 4.0, 10.0]), 0.5).tolist()
    [3.0]
    """
    if not 0 < quantile < 1:
        raise BadInput("A quantile lies between 0 and 1.")
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix

    # The dual has one bounded number an observation and as many equations as coefficients, which solves fastest.
    n = len(y)
    result = linprog(
        -y,
        A_eq=csr_matrix(design.T),
        b_eq=(1 - quantile) * design.sum(axis=0),
        bounds=[(0, 1)] * n,
        method="highs",
    )
    if not result.success:
        raise DidNotConverge("The percentile bands did not settle on these courses.")
    return -np.asarray(result.eqlin.marginals, dtype=float)


def calibration(above: NDArray[np.bool_], *, expected: float) -> Calibration:
    """How many scores lie above a limit, beside how many should. Fit on another clinic's data, this shows whether it fits here.

    >>> calibration(np.array([True, False, False, False]), expected=0.1)
    Calibration(expected=0.1, observed=0.25, n=4)
    """
    if not len(above):
        raise BadInput("There is no score to look at.")
    return Calibration(expected, float(np.mean(above)), len(above))


def is_early_response(baseline: float, score: float, *, share: float = EARLY_SHARE) -> bool:
    """Whether at least `share` of the baseline is gone, on a measure where lower is better; asked at week 3 or 4.

    >>> is_early_response(20, 16), is_early_response(20, 17), is_early_response(0, 0)
    (True, False, False)
    """
    return baseline > 0 and baseline - score >= share * baseline


def _design(baseline: Column, time: Column) -> Column:
    return np.column_stack([np.ones_like(time), baseline, time, baseline * time])
