"""The growth model equals lme4 and statsmodels, and says when it cannot be trusted."""

from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from numpy.typing import NDArray

from reknit.core.errors import BadInput
from reknit.core.outcomes.growth import DidNotConverge, GrowthFit, NotEnoughCourses, fit_growth
from reknit.core.outcomes.trajectory import (
    AMBER_Z,
    calibration,
    expected_course,
    is_early_response,
    percentile_bands,
    quantile_regression,
)

Columns = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]
NAMES = ("start", "baseline", "log_session", "both")


def courses(clients: int, *, seed: int = 1, slope_variance: float = 1.3, sessions: int = 12) -> Columns:
    """Invented courses: client, log session, score and the fixed part; a fifth of the scores missing."""
    rng = np.random.default_rng(seed)
    client = np.repeat(np.arange(clients), sessions)
    time = np.tile(np.log(np.arange(1.0, sessions + 1)), clients)
    baseline = rng.normal(15, 5, clients)[client]
    own = rng.multivariate_normal(np.zeros(2), np.array([[9, -1], [-1, max(slope_variance, 0.2)]]), clients)
    if not slope_variance:
        own[:, 1] = 0
    noise = rng.normal(0, 2.5, len(client))
    score = 2 + 0.8 * baseline + (-1 - 0.1 * baseline) * time + own[client, 0] + own[client, 1] * time + noise
    keep = rng.random(len(client)) > 0.2
    design = np.column_stack([np.ones_like(time), baseline, time, baseline * time])
    return client[keep], time[keep], score[keep], design[keep]


def fitted(columns: Columns, **more: Any) -> GrowthFit:
    client, time, score, design = columns
    return fit_growth(client, time, score, design, NAMES, **more)


def test_fit_equals_statsmodels() -> None:
    """statsmodels.MixedLM(y, X, groups, exog_re=[1, t]).fit(reml=True, method=["bfgs"])."""
    client, time, score, design = courses(250)
    ours = fitted((client, time, score, design))
    theirs = sm.MixedLM(score, design, groups=client, exog_re=np.column_stack([np.ones_like(time), time]))
    other = theirs.fit(reml=True, method=["bfgs"])
    np.testing.assert_allclose(ours.coefficients, other.fe_params, atol=1e-3)
    np.testing.assert_allclose(ours.standard_errors, other.bse_fe, atol=1e-3)
    assert ours.log_likelihood == pytest.approx(other.llf, abs=1e-3)
    assert ours.residual_variance == pytest.approx(other.scale, abs=1e-3)


def test_fit_equals_lme4() -> None:
    """lme4 1.1.31 on the same courses(250), written with 17 digits:

    m <- lmer(score ~ baseline * log_session + (1 + log_session | client), d, REML = TRUE)
    print(fixef(m), digits = 9); print(sqrt(diag(as.matrix(vcov(m)))), digits = 9); print(logLik(m), digits = 12)
    print(as.data.frame(VarCorr(m)), digits = 8)
    """
    fit = fitted(courses(250))
    np.testing.assert_allclose(
        fit.coefficients, [1.368898999, 0.858654120, -0.781530154, -0.112233635], atol=1e-3
    )
    np.testing.assert_allclose(fit.standard_errors, [0.7679833, 0.0504154, 0.3386465, 0.0222018], atol=1e-3)
    assert fit.log_likelihood == pytest.approx(-6121.82894162, abs=1e-3)
    spread = (fit.intercept_variance, fit.slope_variance, fit.covariance, fit.residual_variance)
    np.testing.assert_allclose(spread, [9.19390930, 1.30010148, -0.92901755, 6.34441678], atol=1e-3)


def test_fewer_than_two_hundred_courses_are_not_enough() -> None:
    with pytest.raises(NotEnoughCourses, match="199 where at least 200"):
        fitted(courses(199))


def test_courses_that_do_not_differ_in_slope_are_fitted_on_the_border() -> None:
    fit = fitted(courses(220, seed=5, slope_variance=0))
    assert fit.slope_variance < 0.1
    assert np.isfinite(fit.log_likelihood)


def test_shifting_and_scaling_scores_does_the_same_to_the_answer() -> None:
    client, time, score, design = courses(210, seed=3)
    fit, other = fitted((client, time, score, design)), fitted((client, time, 3 * score + 5, design))
    np.testing.assert_allclose(other.coefficients[1:], 3 * fit.coefficients[1:], atol=1e-4)
    assert other.coefficients[0] == pytest.approx(3 * fit.coefficients[0] + 5, abs=1e-3)
    assert other.residual_variance == pytest.approx(9 * fit.residual_variance, rel=1e-4)


def test_order_of_rows_makes_no_difference() -> None:
    client, time, score, design = courses(210, seed=4)
    order = np.random.default_rng(0).permutation(len(client))
    one = fitted((client, time, score, design))
    other = fitted((client[order], time[order], score[order], design[order]))
    np.testing.assert_allclose(one.coefficients, other.coefficients, atol=1e-6)


def test_clients_seen_at_the_same_times_count_as_many() -> None:
    """Complete courses all fall into one group; taken one client at a time they give the same fit."""
    client, time, score, design = courses(210, seed=6)
    last = np.flatnonzero(np.diff(client, append=-1))
    whole = fitted((client, time, score, design))
    # A client's times moved by less than anybody could tell: no two clients are alike any more.
    apart = time + 1e-9 * np.repeat(np.arange(len(last)), np.diff(np.append(-1, last)))
    alone = fitted((client, apart, score, design))
    np.testing.assert_allclose(alone.coefficients, whole.coefficients, atol=1e-6)
    np.testing.assert_allclose(alone.standard_errors, whole.standard_errors, atol=1e-6)
    assert alone.log_likelihood == pytest.approx(whole.log_likelihood, abs=1e-4)


def test_many_groups_are_begun_with_some_of_them() -> None:
    """1,500 clients, each at times of their own: more groups than are taken at first. Against statsmodels."""
    client, time, score, design = courses(1500, seed=9, sessions=6)
    own = time + np.random.default_rng(1).normal(0, 0.01, 1500)[client]
    ours = fitted((client, own, score, design))
    random_part = np.column_stack([np.ones_like(own), own])
    theirs = sm.MixedLM(score, design, groups=client, exog_re=random_part).fit(reml=True, method=["bfgs"])
    np.testing.assert_allclose(ours.coefficients, theirs.fe_params, atol=1e-3)
    assert ours.log_likelihood == pytest.approx(theirs.llf, abs=1e-3)


def test_a_fixed_part_that_says_the_same_twice_is_refused() -> None:
    client, time, score, design = courses(210)
    design[:, 3] = 2 * design[:, 1]
    with pytest.raises(BadInput, match="the same thing twice"):
        fitted((client, time, score, design))


def test_scores_without_any_noise_do_not_pretend_to_a_fit() -> None:
    client, time, _score, design = courses(210)
    try:
        fit = fitted((client, time, design @ np.array([1.0, 0.5, -1.0, 0.0]), design))
    except DidNotConverge:
        return
    assert fit.residual_variance == pytest.approx(0, abs=1e-6)


def test_expected_course_flags_about_as_many_as_it_should() -> None:
    client, time, score, design = courses(400, seed=7)
    course = expected_course(client, np.exp(time), score, design[:, 1])
    above = np.array(
        [
            (y - point.expected) / point.spread > AMBER_Z
            for y, b, t in zip(score[:3000], design[:3000, 1], np.exp(time[:3000]), strict=True)
            for point in course.at(b, [round(t)])
        ]
    )
    found = calibration(above, expected=0.2)
    assert found.observed == pytest.approx(0.2, abs=0.04)
    (usual,) = course.at(20.0, [6])
    assert course.place(20.0, 6, usual.expected) == "on_track"
    assert course.place(20.0, 6, usual.expected + 2 * usual.spread) == "red"
    between = usual.expected + 0.9 * usual.spread
    assert course.place(20.0, 6, between) == "amber"
    assert course.place(20.0, 6, between, amber=0.99) == "on_track"


def test_quantile_regression_equals_statsmodels() -> None:
    """statsmodels.QuantReg(y, X).fit(q=q), which goes by weighted least squares and stops near the same answer."""
    _client, _time, score, design = courses(40, seed=2)
    for q in (0.1, 0.5, 0.9):
        theirs = sm.QuantReg(score, design).fit(q=q, max_iter=5000, p_tol=1e-9)
        ours = quantile_regression(design, score, q)

        def loss(coefficients: NDArray[np.float64], q: float = q) -> float:
            rest = score - design @ coefficients
            return float((rest * (q - (rest < 0))).sum())

        assert loss(ours) <= loss(theirs.params) + 1e-6
        np.testing.assert_allclose(ours, theirs.params, atol=0.05)


def test_percentile_bands_part_scores_as_they_say() -> None:
    client, time, score, design = courses(220, seed=8)
    bands = percentile_bands(client, np.exp(time), score, design[:, 1])
    below = [y <= bands.at(b, round(t))[3] for y, b, t in zip(score, design[:, 1], np.exp(time), strict=True)]
    assert np.mean(below) == pytest.approx(0.8, abs=0.02)
    with pytest.raises(NotEnoughCourses):
        percentile_bands(client[:100], np.exp(time[:100]), score[:100], design[:100, 1])


def test_early_response_is_a_share_of_the_start() -> None:
    assert is_early_response(20, 15, share=0.25)
    assert not is_early_response(20, 15.1, share=0.25)
