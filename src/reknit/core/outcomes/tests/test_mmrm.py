"""The mixed model for repeated measures equals least squares where nobody is missing, and R's gls where somebody is."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from reknit.core.errors import BadInput
from reknit.core.outcomes.ancova import ancova
from reknit.core.outcomes.mmrm import Mmrm, mmrm

Trial = tuple[list[str], NDArray[np.float64], NDArray[np.float64]]
WITHIN = np.array([[9.0, 5, 3, 2], [5, 12, 7, 5], [3, 7, 14, 9], [2, 5, 9, 16]])


def trial(n: int = 60, *, visits: int = 4, missing: bool = True, seed: int = 5) -> Trial:
    """An invented trial: group, score before, scores after; some leave, some miss one visit."""
    rng = np.random.default_rng(seed)
    group = ["usual", "ipt"] * (n // 2)
    before = rng.normal(16, 4, n)
    noise = rng.normal(size=(n, 4)) @ np.linalg.cholesky(WITHIN).T
    ipt = np.array([one == "ipt" for one in group])
    after = 2 + 0.6 * before[:, None] + np.outer(ipt, [-1, -2, -3, -3.5]) + noise
    for row in range(n if missing else 0):
        if rng.random() < 0.4:
            after[row, rng.integers(1, 4) :] = np.nan
        elif rng.random() < 0.2:
            after[row, rng.integers(0, 3)] = np.nan
    return group, before, after[:, :visits]


def fitted(columns: Trial, reference: str = "usual") -> Mmrm:
    group, before, after = columns
    return mmrm(group, before.tolist(), after, visits="abcd"[: after.shape[1]], reference=reference)


def test_with_nobody_missing_each_visit_is_least_squares_to_the_last_digit() -> None:
    """Estimates, errors and degrees of freedom (n - 3) of `ancova(..., errors="ordinary")`, itself held to statsmodels."""
    group, before, after = trial(missing=False)
    for v, found in enumerate(fitted((group, before, after)).visits):
        expected = ancova(group, before.tolist(), after[:, v].tolist(), reference="usual", errors="ordinary")
        (one,), (other,) = found.differences, expected.differences
        assert (one.value, one.standard_error) == pytest.approx((other.value, other.standard_error))
        assert (one.df, one.low, one.high) == pytest.approx((57, other.low, other.high))
        assert found.adjusted_means == pytest.approx(expected.adjusted_means)


def test_fit_equals_r() -> None:
    """nlme 3.1-162 on trial(), one row of d a score, b the score before less its mean, t the visit from 1:

    m <- gls(y ~ vf + vf:b + vf:g - 1, d, correlation = corSymm(form = ~ t | id), weights = varIdent(form = ~ 1 | vf),
             method = "REML", control = glsControl(tolerance = 1e-12, msTol = 1e-14, maxIter = 500, msMaxIter = 1000))
    logLik(m); coef(m)[9:12]; (m$sigma * c(1, coef(m$modelStruct$varStruct, uncons = FALSE)))^2
    """
    found = fitted(trial())
    assert found.log_likelihood == pytest.approx(-440.229784342, abs=1e-7)
    values = [one.differences[0].value for one in found.visits]
    assert values == pytest.approx([-1.930065787, -1.576838379, -0.801619819, -3.536553169], abs=5e-5)
    assert np.diag(found.covariance)[1:] == pytest.approx([11.80782, 15.51345, 15.72903], abs=2e-4)
    assert (found.n, found.n_scores, [one.n for one in found.visits]) == (60, 179, [56, 52, 39, 32])


def test_fit_is_the_top_of_the_restricted_likelihood_written_out() -> None:
    """The likelihood of the whole table with one dense covariance: no turn of any number of it is better."""
    columns = trial(n=30, visits=3)
    found = fitted(columns)
    likelihood, _ = written_out(columns)
    best = likelihood(found.covariance)
    assert found.log_likelihood == pytest.approx(best)
    for unit in units(3):
        for step in (1e-3, -1e-3):
            assert likelihood(found.covariance + step * unit) < best


def test_errors_and_degrees_of_freedom_are_those_of_kenward_and_roger_written_out() -> None:
    """Kenward and Roger 1997 with dense tables, P by numerical differences, W from the information expected."""
    columns = trial(n=30, visits=3, seed=8)
    found = fitted(columns)
    _, pieces = written_out(columns)
    x, dense = pieces
    v = dense(found.covariance)
    inverse = np.linalg.inv(v)
    phi = np.linalg.inv(x.T @ inverse @ x)
    turns = [dense(unit) for unit in units(3)]

    def slope(unit: NDArray[np.float64]) -> NDArray[np.float64]:
        up, down = (x.T @ np.linalg.inv(dense(found.covariance + s * unit)) @ x for s in (1e-4, -1e-4))
        return np.asarray((up - down) / 2e-4)

    p = [slope(unit) for unit in units(3)]
    q = [[x.T @ inverse @ a @ inverse @ b @ inverse @ x for b in turns] for a in turns]
    many = range(len(turns))
    information = np.array(
        [
            [
                np.trace(inverse @ turns[h] @ inverse @ turns[k]) / 2
                - np.trace(phi @ q[h][k])
                + np.trace(phi @ p[h] @ phi @ p[k]) / 2
                for k in many
            ]
            for h in many
        ]
    )
    w = np.linalg.inv(information)
    added = sum(w[h, k] * (q[h][k] - p[h] @ phi @ p[k]) for h in many for k in many)
    adjusted = phi + 2 * phi @ added @ phi
    for visit, at in enumerate((2, 5, 8)):
        a1 = sum(
            w[h, k] * (phi @ p[h] @ phi)[at, at] * (phi @ p[k] @ phi)[at, at] / phi[at, at] ** 2
            for h in many
            for k in many
        )
        one = found.visits[visit].differences[0]
        assert one.standard_error == pytest.approx(float(np.sqrt(adjusted[at, at])), rel=1e-5)
        assert one.df == pytest.approx(float(2 / a1), rel=1e-5)
        assert one.standard_error > float(np.sqrt(phi[at, at]))


def units(size: int) -> list[NDArray[np.float64]]:
    found = []
    for j in range(size):
        for k in range(j, size):
            unit = np.zeros((size, size))
            unit[j, k] = unit[k, j] = 1
            found.append(unit)
    return found


def written_out(columns: Trial) -> tuple[Callable[[NDArray[np.float64]], float], Any]:
    """The restricted likelihood of all scores at once, its X, and the dense table of a covariance of visits."""
    group, before, after = columns
    n, size = after.shape
    seen = np.isfinite(after).ravel()
    ipt = np.array([one == "ipt" for one in group], dtype=float)
    row = np.column_stack([np.ones(n), before - before.mean(), ipt])
    x = np.vstack([np.kron(np.eye(size)[v], row[i]) for i in range(n) for v in range(size)])[seen]
    y = after.ravel()[seen]

    def dense(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.kron(np.eye(n), covariance)[np.ix_(seen, seen)])

    def likelihood(covariance: NDArray[np.float64]) -> float:
        v = dense(covariance)
        inverse = np.linalg.inv(v)
        left = x.T @ inverse @ x
        rest = y - x @ np.linalg.solve(left, x.T @ inverse @ y)
        logs = np.linalg.slogdet(v)[1] + np.linalg.slogdet(left)[1]
        return float(-0.5 * ((len(y) - x.shape[1]) * np.log(2 * np.pi) + logs + rest @ inverse @ rest))

    return likelihood, (x, dense)


@given(st.floats(-20, 20), st.floats(0.05, 50))
@settings(max_examples=10, deadline=None)
def test_shifting_and_scaling_scores_does_the_same_to_the_answer(shift: float, scale: float) -> None:
    group, before, after = trial(n=40, visits=3)
    one, other = fitted((group, before, after)), fitted((group, before - shift, scale * after + shift))
    for mine, theirs in zip(one.visits, other.visits, strict=True):
        (a,), (b,) = mine.differences, theirs.differences
        assert b.value == pytest.approx(scale * a.value, rel=1e-4)
        assert b.standard_error == pytest.approx(scale * a.standard_error, rel=1e-4)
        assert b.df == pytest.approx(a.df, rel=1e-4)


def test_turning_the_comparison_round_turns_its_sign() -> None:
    columns = trial(n=40)
    for mine, theirs in zip(fitted(columns).visits, fitted(columns, "ipt").visits, strict=True):
        (a,), (b,) = mine.differences, theirs.differences
        assert (a.value, a.standard_error, a.df) == pytest.approx(
            (-b.value, b.standard_error, b.df), rel=1e-5
        )


def test_who_has_no_score_before_or_none_after_is_told() -> None:
    group, before, after = trial()
    before[0] = np.nan
    after[1] = np.nan
    found = fitted((group, before, after))
    assert (found.n, found.n_left_out) == (58, 2)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"reference": "nobody"}, "needs the group"),
        ({"before": [1.0]}, "differ in length"),
        ({"visits": ("a", "b")}, "clients by visits"),
        ({"group": ["usual"] * 60}, "another one"),
        ({"group": ["usual"] * 59 + ["ipt"]}, "two clients at each visit"),
        ({"before": [3.0] * 60}, "too little"),
    ],
)
def test_what_cannot_be_compared_is_refused(change: dict[str, Any], says: str) -> None:
    group, before, after = trial(missing=False)
    columns: dict[str, Any] = {
        "group": group,
        "before": before.tolist(),
        "after": after,
        "visits": "abcd",
        "reference": "usual",
    }
    with pytest.raises(BadInput, match=says):
        mmrm(**columns | change)


def test_visits_that_nobody_shares_are_refused() -> None:
    group, before, after = trial(missing=False)
    after[::2, 0], after[1::2, 0] = np.nan, np.nan
    after[:30, 0], after[:30, 1] = 5 + np.arange(30), np.nan
    with pytest.raises(BadInput, match="both of two visits"):
        fitted((group, before, after))
