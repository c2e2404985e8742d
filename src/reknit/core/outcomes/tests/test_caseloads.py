"""Caseloads compared fairly: severity at intake, shrunken means, funnels, sessions attended."""

import math

import numpy as np
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from scipy.stats import binom

from reknit.core.errors import BadInput
from reknit.core.outcomes.funnel import funnel_of_means, funnel_of_shares, mean_limits, share_limits
from reknit.core.outcomes.good_enough import improvement_by_sessions, wilson_limits
from reknit.core.outcomes.severity import expected_after, residual_changes
from reknit.core.outcomes.shrinkage import shrunken_means

# --- Severity at intake


def test_line_equals_statsmodels_and_residuals_sum_to_nothing() -> None:
    """statsmodels.OLS(after, [1, before]).fit(): params, mse_resid, resid."""
    import statsmodels.api as sm

    rng = np.random.default_rng(4)
    before = rng.integers(10, 27, 80).astype(float)
    after = 2 + 0.5 * before + rng.normal(0, 4, 80)
    theirs = sm.OLS(after, sm.add_constant(before)).fit()
    line = expected_after(before.tolist(), after.tolist())
    assert (line.start, line.slope) == pytest.approx(tuple(theirs.params))
    assert line.residual_sd == pytest.approx(math.sqrt(theirs.mse_resid))
    np.testing.assert_allclose(residual_changes(line, before.tolist(), after.tolist()), theirs.resid)


def test_two_caseloads_that_differ_only_in_who_came_have_the_same_residuals() -> None:
    """The ones who start higher change more and end higher; given where they began, nothing is left."""
    mild, severe = np.arange(10.0, 16), np.arange(18.0, 24)
    before = np.concatenate([mild, severe])
    after = 1 + 0.6 * before
    line = expected_after(before.tolist(), after.tolist())
    for group in (mild, severe):
        assert residual_changes(line, group.tolist(), (1 + 0.6 * group).tolist()) == pytest.approx(0)


def test_nothing_is_expected_where_a_score_is_missing_or_outside_the_reference() -> None:
    line = expected_after([10, 14, 18, float("nan")], [7, 9, 10, 3])
    assert (line.n, line.n_left_out) == (3, 1)
    assert np.isnan(residual_changes(line, [9, 19, 12], [5, 5, float("nan")])).all()
    with pytest.raises(BadInput):
        line.after(19)


@pytest.mark.parametrize(("before", "after"), [([1, 2], [1, 2]), ([5, 5, 5], [1, 2, 3]), ([1, 2, 3], [1, 2])])
def test_too_little_gives_no_line(before: list[float], after: list[float]) -> None:
    with pytest.raises(BadInput):
        expected_after(before, after)


# --- Shrunken means


def test_shrunken_means_equal_r() -> None:
    """nlme 3.1-162 on these values with 17 digits: m <- lme(y ~ 1, d, random = ~ 1 | therapist); VarCorr(m);
    coef(m); fixef(m); sqrt(vcov(m)).
    """
    rng = np.random.default_rng(8)
    sizes = [3, 4, 6, 9, 12, 15, 20, 31]
    therapist = np.repeat(list("abcdefgh"), sizes)
    value = np.repeat(rng.normal(0, 2, 8), sizes) + rng.normal(1, 3, 100)
    found = shrunken_means(therapist.tolist(), value.tolist())
    assert (found.between, found.within) == pytest.approx((3.790835, 9.840522), abs=2e-6)
    assert (found.mean, found.mean_error) == pytest.approx((-0.258122708, 0.788373641), abs=1e-6)
    theirs = [
        0.22339236,
        -0.36192992,
        -0.85024082,
        -0.23613774,
        -3.71078891,
        0.02924828,
        0.44241145,
        2.39906364,
    ]
    assert [one.shrunken for one in found.caseloads] == pytest.approx(theirs, abs=1e-6)
    assert found.share_between == pytest.approx(3.790835 / (3.790835 + 9.840522), abs=1e-6)


def test_with_caseloads_of_one_size_the_variances_are_those_of_the_table() -> None:
    """Balanced: within is the mean square within, between (mean square between - within) / n (Searle and others 1992)."""
    rng = np.random.default_rng(2)
    table = rng.normal(0, 2, (6, 1)) + rng.normal(0, 1, (6, 10))
    found = shrunken_means(np.repeat(list("abcdef"), 10).tolist(), table.ravel().tolist())
    within = float(table.var(axis=1, ddof=1).mean())
    assert found.within == pytest.approx(within, rel=1e-6)
    assert found.between == pytest.approx(float(table.mean(axis=1).var(ddof=1)) - within / 10, rel=1e-6)


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(-9, 9)), min_size=12, max_size=60))
def test_a_shrunken_mean_lies_between_its_own_and_that_of_all(people: list[tuple[str, int]]) -> None:
    try:
        found = shrunken_means([name for name, _ in people], [value for _, value in people])
    except BadInput:
        reject()  # everybody with one therapist, or nobody differs within
    assert [one.name for one in found.caseloads] == sorted({name for name, _ in people})
    for one in found.caseloads:
        low, high = sorted((one.mean, found.mean))
        assert low - 1e-9 <= one.shrunken <= high + 1e-9
    pull = {
        one.n: abs(one.shrunken - found.mean) / abs(one.mean - found.mean)
        for one in found.caseloads
        if abs(one.mean - found.mean) > 1e-6
    }
    assert [pull[n] for n in sorted(pull)] == pytest.approx(sorted(pull.values()))


@pytest.mark.parametrize(
    ("therapist", "value"),
    [(["a", "a"], [1, 2]), (["a", "b"], [1, 2]), (["a", "a", "b"], [1, 1, 2]), (["a"], [1, 2])],
)
def test_means_that_nothing_can_weigh_are_refused(therapist: list[str], value: list[float]) -> None:
    with pytest.raises(BadInput):
        shrunken_means(therapist, value)


# --- Funnels


@given(st.floats(0.02, 0.98), st.integers(1, 300))
def test_chance_never_puts_more_units_beyond_a_limit_than_the_limit_says(target: float, n: int) -> None:
    """Counted out with scipy.stats.binom.pmf over every possible count."""
    limits = share_limits(target, n=n)
    counts = np.arange(n + 1)
    chance = binom.pmf(counts, n, target)
    for low, high, most in (
        (limits.low_95, limits.high_95, 0.025),
        (limits.low_99_8, limits.high_99_8, 0.001),
    ):
        assert chance[counts / n < low - 1e-12].sum() <= most + 1e-9
        assert chance[counts / n > high + 1e-12].sum() <= most + 1e-9
    assert 0 <= limits.low_99_8 <= limits.low_95 <= target <= limits.high_95 <= limits.high_99_8 <= 1
    mirrored = share_limits(1 - target, n=n)
    assert mirrored.low_95 == pytest.approx(1 - limits.high_95, abs=1e-6)


def test_lower_limit_is_that_of_the_binomial_table() -> None:
    """Binomial table for n 20, .5: P(R <= 5) .0207, P(R = 6) .0370, so .025 is met at (6 - (.0577 - .025) / .0370) / 20."""
    assert share_limits(0.5, n=20).low_95 == pytest.approx((6 - (0.0577 - 0.025) / 0.0370) / 20, abs=2e-4)


def test_limits_of_means_are_those_of_the_normal_curve() -> None:
    limits = mean_limits(2, sd=6, n=36)
    assert (limits.low_95, limits.high_95) == pytest.approx((2 - 1.959964, 2 + 1.959964), abs=1e-6)
    assert (limits.low_99_8, limits.high_99_8) == pytest.approx((2 - 3.090232, 2 + 3.090232), abs=1e-6)
    assert mean_limits(2, sd=6, n=144).high_95 - 2 == pytest.approx((limits.high_95 - 2) / 2)


def test_points_come_by_name_and_small_units_have_no_place() -> None:
    shares = funnel_of_shares({"b": (0, 9), "c": (2, 40), "a": (20, 40)}, target=0.5)
    assert [(one.name, one.place) for one in shares] == [
        ("a", "inside"),
        ("b", "too_few"),
        ("c", "beyond_99_8"),
    ]
    means = funnel_of_means({"b": (2.3, 36), "a": (9.0, 3)}, target=0, sd=6)
    assert [(one.name, one.place) for one in means] == [("a", "too_few"), ("b", "beyond_95")]


def test_limits_of_nobody_and_impossible_counts_are_refused() -> None:
    for bad in (
        lambda: share_limits(0.5, n=0),
        lambda: share_limits(1, n=5),
        lambda: mean_limits(0, sd=0, n=5),
        lambda: funnel_of_shares({"a": (6, 5)}, target=0.5),
    ):
        with pytest.raises(BadInput):
            bad()


# --- Sessions attended


@given(st.integers(1, 200), st.data())
def test_limits_of_a_share_equal_statsmodels(n: int, data: st.DataObject) -> None:
    """statsmodels.stats.proportion.proportion_confint(count, n, method="wilson")."""
    from statsmodels.stats.proportion import proportion_confint

    count = data.draw(st.integers(0, n))
    assert wilson_limits(count, n) == pytest.approx(proportion_confint(count, n, method="wilson"), abs=1e-9)


@given(st.lists(st.tuples(st.integers(1, 16), st.booleans()), min_size=1, max_size=60))
def test_every_client_is_counted_once(courses: list[tuple[int, bool]]) -> None:
    found = improvement_by_sessions([n for n, _ in courses], [better for _, better in courses])
    assert sum(one.n for one in found) == len(courses)
    assert sum(one.improved for one in found) == sum(better for _, better in courses)
    assert [one.sessions for one in found] == sorted({n for n, _ in courses})


def test_a_course_without_a_session_is_refused() -> None:
    with pytest.raises(BadInput):
        improvement_by_sessions([0], [True])
    with pytest.raises(BadInput):
        wilson_limits(3, 2)
