"""McDonald's omega equals what R's and statsmodels' factors give, and the formula where the model holds exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from reknit.core.errors import BadInput
from reknit.core.outcomes.agreement import cronbach_alpha
from reknit.core.outcomes.growth import DidNotConverge
from reknit.core.outcomes.omega import mcdonald_omega


def answers(n: int = 300, seed: int = 7) -> NDArray[np.float64]:
    """Six invented items from 0 to 3 of one state, which they show to different degrees."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=(n, 6)) * [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    return np.clip(np.round(1.3 + rng.normal(size=(n, 1)) * [0.9, 0.8, 0.7, 0.6, 0.5, 0.4] + noise), 0, 3)


def exactly(covariance: NDArray[np.float64], n: int = 60) -> NDArray[np.float64]:
    """People whose covariance is this one to the last digit."""
    noise = np.random.default_rng(1).normal(size=(n, len(covariance)))
    noise -= noise.mean(axis=0)
    white = noise @ np.linalg.inv(np.linalg.cholesky(np.cov(noise, rowvar=False))).T
    return white @ np.linalg.cholesky(covariance).T


def test_factor_equals_statsmodels() -> None:
    """statsmodels.multivariate.factor.Factor(answers, n_factor=1, method="ml").fit(): loadings, uniqueness."""
    from statsmodels.multivariate.factor import Factor

    rows = answers()
    theirs = Factor(rows, n_factor=1, method="ml").fit()
    ours, spread = mcdonald_omega(rows), rows.std(axis=0, ddof=1)
    np.testing.assert_allclose(ours.loadings / spread, np.abs(theirs.loadings[:, 0]), atol=1e-4)
    np.testing.assert_allclose(ours.uniquenesses / spread**2, theirs.uniqueness, atol=1e-4)


def test_factor_and_omega_equal_r() -> None:
    """R 4.2.2 on answers(): f <- factanal(d, 1, control = list(opt = list(factr = 1e2)));
    l <- f$loadings[, 1] * apply(d, 2, sd); u <- f$uniquenesses * apply(d, 2, var); sum(l)^2 / (sum(l)^2 + sum(u))
    """
    found = mcdonald_omega(answers())
    assert found.value == pytest.approx(0.793984618, abs=1e-7)
    np.testing.assert_allclose(
        found.loadings,
        [0.819672041, 0.740302108, 0.638847815, 0.540764630, 0.466442349, 0.305605895],
        atol=1e-6,
    )


@given(
    st.lists(st.tuples(st.floats(0.3, 2), st.floats(0.3, 2)), min_size=3, max_size=8),
    st.floats(0.1, 9),
)
@settings(max_examples=40)
def test_where_one_factor_holds_exactly_omega_is_the_formula(
    items: list[tuple[float, float]], scale: float
) -> None:
    loadings, own = (np.array(one) for one in zip(*items, strict=True))
    rows = exactly(np.outer(loadings, loadings) + np.diag(own))
    found = mcdonald_omega(rows)
    assert found.value == pytest.approx(loadings.sum() ** 2 / (loadings.sum() ** 2 + own.sum()), abs=1e-4)
    assert cronbach_alpha(rows) <= found.value + 1e-4
    assert mcdonald_omega(scale * rows).value == pytest.approx(found.value, abs=1e-6)


def test_items_that_measure_alike_have_alpha_for_omega() -> None:
    rows = exactly(np.full((5, 5), 0.49) + np.diag([0.3, 0.5, 0.7, 0.9, 1.1]))
    assert mcdonald_omega(rows).value == pytest.approx(cronbach_alpha(rows), abs=1e-6)


def test_blanks_are_left_out() -> None:
    rows = answers()
    blank = rows.copy()
    blank[0, 2] = np.nan
    found = mcdonald_omega(blank)
    assert found.n == 299
    assert found.value == mcdonald_omega(rows[1:]).value


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (answers()[:, :2], "three items"),
        (answers()[:6], "more people"),
        (np.column_stack([answers(), np.ones(300)]), "same answer"),
        (np.column_stack([answers(), answers()[:, 0]]), "made up of others"),
    ],
)
def test_tables_that_hold_no_answer_are_refused(rows: NDArray[np.float64], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        mcdonald_omega(rows)


def test_items_of_two_states_that_one_factor_does_not_describe_have_no_omega() -> None:
    """Two items that agree far more with each other than with the third: an item without variance of its own."""
    covariance = np.array([[1, 0.9, 0.6], [0.9, 1, 0.2], [0.6, 0.2, 1]])
    with pytest.raises(DidNotConverge):
        mcdonald_omega(exactly(covariance))
