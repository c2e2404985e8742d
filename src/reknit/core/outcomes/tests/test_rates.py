"""Days and drinks by group equal statsmodels and scipy, and refuse what cannot settle."""

from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import betabinom

from reknit.core.errors import BadInput
from reknit.core.outcomes.growth import DidNotConverge
from reknit.core.outcomes.rates import compare_days, compare_drinks

RNG = np.random.default_rng(12)
N = 150
GROUP = RNG.choice(["usual", "ipt", "group"], N)
REPORTED = RNG.integers(5, 29, N)
DAYS = RNG.binomial(REPORTED, RNG.beta(1.2, 0.8, N) * (0.8 + 0.2 * (GROUP == "ipt")))
DRINKS = RNG.negative_binomial(0.8, 0.8 / (0.8 + 3 * REPORTED * (1 - 0.5 * (GROUP == "ipt"))))
DESIGN = np.column_stack([np.ones(N), GROUP == "group", GROUP == "ipt"]).astype(float)


def test_drinks_equal_statsmodels() -> None:
    """statsmodels.NegativeBinomial(drinks, design, offset=log(reported)).fit(): params, bse, llf."""
    model = sm.NegativeBinomial(DRINKS, DESIGN, offset=np.log(REPORTED))
    theirs = model.fit(disp=False, maxiter=500, gtol=1e-8)
    found = compare_drinks(GROUP.tolist(), DRINKS.tolist(), REPORTED.tolist(), reference="usual")
    assert [one.group for one in found.ratios] == ["group", "ipt"]
    assert [np.log(one.value) for one in found.ratios] == pytest.approx(theirs.params[1:3].tolist(), abs=1e-4)
    assert [one.log_error for one in found.ratios] == pytest.approx(theirs.bse[1:3].tolist(), abs=1e-4)
    assert found.spread == pytest.approx(float(theirs.params[3]), abs=1e-4)
    assert found.log_likelihood == pytest.approx(float(theirs.llf), abs=1e-6)
    limits = theirs.conf_int()[2]
    assert (found.ratios[1].low, found.ratios[1].high) == pytest.approx(tuple(np.exp(limits)), abs=1e-3)
    assert found.levels["usual"] == pytest.approx(float(np.exp(theirs.params[0])), abs=1e-3)


def likelihood(numbers: NDArray[np.float64]) -> float:
    """Of mean (logit), groups and log s, by scipy.stats.betabinom.logpmf."""
    mean, s = 1 / (1 + np.exp(-DESIGN @ numbers[:3])), np.exp(numbers[3])
    return float(betabinom.logpmf(DAYS, REPORTED, mean * s, (1 - mean) * s).sum())


def test_days_are_the_top_of_scipys_likelihood_with_its_curvature() -> None:
    """scipy.stats.betabinom.logpmf, climbed by scipy.optimize.minimize and turned by numerical differences."""
    from scipy.optimize import minimize

    found = compare_days(GROUP.tolist(), DAYS.tolist(), REPORTED.tolist(), reference="usual")
    top = minimize(lambda one: -likelihood(one), np.zeros(4), method="BFGS", options={"gtol": 1e-4}).x
    assert found.log_likelihood == pytest.approx(likelihood(top), abs=1e-6)
    assert [np.log(one.value) for one in found.ratios] == pytest.approx(top[1:3].tolist(), abs=1e-3)
    assert found.spread == pytest.approx(float(1 / (1 + np.exp(top[3]))), abs=1e-3)
    at, e = top, 1e-3 * np.eye(4)
    curve = [
        [
            (
                likelihood(at + a + b)
                - likelihood(at + a - b)
                - likelihood(at - a + b)
                + likelihood(at - a - b)
            )
            / 4e-6
            for b in e
        ]
        for a in e
    ]
    errors = np.sqrt(np.diag(np.linalg.inv(-np.array(curve))))
    assert [one.log_error for one in found.ratios] == pytest.approx(errors[1:3].tolist(), rel=1e-3)


def test_a_client_without_a_reported_day_is_in_neither_number() -> None:
    more = ([*GROUP.tolist(), "ipt"], [*DAYS.tolist(), 0], [*REPORTED.tolist(), 0])
    assert compare_days(*more, reference="usual") == compare_days(
        GROUP.tolist(), DAYS.tolist(), REPORTED.tolist(), reference="usual"
    )


@given(st.integers(0, 1000))
def test_counting_the_other_days_turns_the_odds_round(seed: int) -> None:
    rng = np.random.default_rng(seed)
    group, reported = ["a", "b"] * 20, rng.integers(10, 29, 40)
    days = rng.binomial(reported, rng.beta(1, 1, 40))
    one = compare_days(group, days.tolist(), reported.tolist(), reference="a")
    other = compare_days(group, (reported - days).tolist(), reported.tolist(), reference="a")
    assert one.ratios[0].value == pytest.approx(1 / other.ratios[0].value, rel=1e-4)
    assert one.spread == pytest.approx(other.spread, rel=1e-4)
    assert one.levels["a"] == pytest.approx(1 - other.levels["a"], abs=1e-5)


def test_twice_the_days_for_the_same_drinks_is_half_the_rate_and_the_same_ratio() -> None:
    one = compare_drinks(GROUP.tolist(), DRINKS.tolist(), REPORTED.tolist(), reference="usual")
    other = compare_drinks(GROUP.tolist(), DRINKS.tolist(), (2 * REPORTED).tolist(), reference="usual")
    assert other.ratios[1].value == pytest.approx(one.ratios[1].value, rel=1e-6)
    assert other.levels["usual"] == pytest.approx(one.levels["usual"] / 2, rel=1e-6)


@pytest.mark.parametrize(
    ("days", "compare"),
    [([28, 28, 28, 28, 3, 9, 20, 14], compare_days), ([0, 0, 0, 0, 3, 90, 20, 1], compare_drinks)],
)
def test_a_group_with_all_or_none_does_not_settle(days: list[int], compare: Any) -> None:
    with pytest.raises(DidNotConverge):
        compare(["a"] * 4 + ["b"] * 4, days, [28] * 8, reference="a")


def test_counts_that_spread_no_more_than_chance_do_not_settle() -> None:
    with pytest.raises(DidNotConverge):
        compare_days(["a", "b"] * 10, [14] * 20, [28] * 20, reference="a")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"days": [3, 29, 4, 5]}, "more such days"),
        ({"days": [3, 2.5, 4, 5]}, "whole numbers"),
        ({"days": [3, float("nan"), 4, 5]}, "whole numbers"),
        ({"reported": [28, 28]}, "differ in length"),
        ({"reference": "nobody"}, "needs the group"),
        ({"reported": [28, 0, 28, 28], "days": [3, 0, 4, 5]}, "two clients"),
    ],
)
def test_counts_that_cannot_be_are_refused(change: dict[str, Any], says: str) -> None:
    columns: dict[str, Any] = {
        "group": ["a", "b", "a", "b"],
        "days": [3, 2, 4, 5],
        "reported": [28] * 4,
        "reference": "a",
    }
    with pytest.raises(BadInput, match=says):
        compare_days(**columns | change)
