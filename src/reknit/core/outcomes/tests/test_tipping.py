"""Shifting missing scores: equal to complete cases at no shift, to filled tables at any, and each person's part counted out."""

from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.outcomes.ancova import Difference
from reknit.core.outcomes.tipping import jump_to_reference, shifted_ancova, tipping_point

RNG = np.random.default_rng(21)
N = 80
GROUP = np.array(["usual", "ipt"] * (N // 2))
IPT = (GROUP == "ipt").astype(float)
BEFORE = RNG.normal(16, 4, N)
AFTER = 3 + 0.6 * BEFORE - 3 * IPT + RNG.normal(0, 3, N)
AFTER[RNG.random(N) < 0.25] = np.nan
SEEN = np.isfinite(AFTER)
DESIGN = np.column_stack([np.ones(N), BEFORE - BEFORE.mean(), IPT])


def shifted(shift: dict[str, float], after: Any = AFTER) -> Difference:
    (found,) = shifted_ancova(GROUP.tolist(), BEFORE.tolist(), after.tolist(), reference="usual", shift=shift)
    return found


def test_no_shift_is_the_comparison_of_those_with_a_score() -> None:
    """statsmodels.OLS on complete cases, fit(cov_type="HC1", use_t=True)."""
    theirs = sm.OLS(AFTER[SEEN], DESIGN[SEEN]).fit(cov_type="HC1", use_t=True)
    found = shifted({})
    assert (found.value, found.standard_error) == pytest.approx((theirs.params[2], theirs.bse[2]))
    assert (found.low, found.high) == pytest.approx(tuple(theirs.conf_int()[2]))


def test_with_nobody_missing_a_shift_moves_nothing() -> None:
    whole = np.where(SEEN, AFTER, 9.0)
    assert shifted({"ipt": 5}, whole) == shifted({}, whole)


def estimate(weight: Any, points: Any, assumed: Any = DESIGN) -> float:
    """Weighted in both steps by statsmodels: predict the missing from the complete, shift, compare."""
    first = sm.WLS(AFTER[SEEN], DESIGN[SEEN], weights=weight[SEEN]).fit()
    filled = np.where(SEEN, AFTER, assumed @ first.params + points)
    return float(sm.WLS(filled, DESIGN, weights=weight).fit().params[2])


AS_REFERENCE = DESIGN * [1, 1, 0]


@pytest.mark.parametrize("as_reference", [False, True])
def test_filled_scores_equal_a_filled_table_and_their_error_each_persons_part(as_reference: bool) -> None:
    """statsmodels.WLS in both steps; the part of a person is how the estimate turns with their weight."""
    points: Any
    if as_reference:
        columns = (GROUP.tolist(), BEFORE.tolist(), AFTER.tolist())
        (found,) = jump_to_reference(*columns, reference="usual")
        points, assumed = 0.0, AS_REFERENCE
    else:
        found = shifted({"ipt": 4.0, "usual": -1.0})
        points, assumed = np.where(GROUP == "ipt", 4.0, -1.0), DESIGN
    ones = np.ones(N)
    assert found.value == pytest.approx(estimate(ones, points, assumed))
    parts = [
        (estimate(ones + 1e-4 * unit, points, assumed) - estimate(ones - 1e-4 * unit, points, assumed)) / 2e-4
        for unit in np.eye(N)
    ]
    n = SEEN.sum()
    assert found.standard_error == pytest.approx(
        float(np.sqrt(np.sum(np.square(parts)) * n / (n - 3))), rel=1e-6
    )


def test_jumping_to_the_reference_draws_a_difference_towards_nothing() -> None:
    columns = (GROUP.tolist(), BEFORE.tolist(), AFTER.tolist())
    (found,) = jump_to_reference(*columns, reference="usual")
    assert shifted({}).value < found.value < 0


def test_at_the_tipping_point_a_limit_is_zero_and_before_it_none() -> None:
    columns = (GROUP.tolist(), BEFORE.tolist(), AFTER.tolist())
    found = tipping_point(*columns, reference="usual", compared="ipt")
    assert found.shift is not None
    assert found.shift > 0
    assert shifted({"ipt": found.shift}).high == pytest.approx(0, abs=1e-8)
    assert shifted({"ipt": 0.99 * found.shift}).high < 0
    assert found.n_missing == int((~SEEN & (GROUP == "ipt")).sum())
    assert found.difference == shifted({})


def test_what_was_never_sure_tips_at_once_and_what_nobody_misses_never_does() -> None:
    blank = np.where(SEEN, 0.6 * BEFORE + 3 * (np.arange(N) % 5), np.nan)
    columns = (GROUP.tolist(), BEFORE.tolist(), blank.tolist())
    assert tipping_point(*columns, reference="usual", compared="ipt").shift == 0
    whole = np.where(SEEN, AFTER, 3 + 0.6 * BEFORE - 3 * IPT)
    found = tipping_point(GROUP.tolist(), BEFORE.tolist(), whole.tolist(), reference="usual", compared="ipt")
    assert (found.shift, found.n_missing) == (None, 0)


@given(st.floats(-10, 10), st.floats(-10, 10))
def test_the_difference_is_a_line_in_the_shift(one: float, other: float) -> None:
    middle = shifted({"ipt": (one + other) / 2}).value
    assert middle == pytest.approx((shifted({"ipt": one}).value + shifted({"ipt": other}).value) / 2)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"shift": {"nobody": 1}}, "no group 'nobody'"),
        ({"before": [1.0]}, "differ in length"),
        ({"after": [np.nan] * (N - 2) + [1.0, 2.0]}, "too few"),
    ],
)
def test_what_cannot_be_compared_is_refused(change: dict[str, Any], says: str) -> None:
    columns: dict[str, Any] = {
        "group": GROUP.tolist(),
        "before": BEFORE.tolist(),
        "after": AFTER.tolist(),
        "reference": "usual",
        "shift": {},
    }
    with pytest.raises(BadInput, match=says):
        shifted_ancova(**columns | change)


def test_a_group_is_not_compared_with_itself() -> None:
    with pytest.raises(BadInput, match="must not be the reference"):
        tipping_point(GROUP.tolist(), BEFORE.tolist(), AFTER.tolist(), reference="usual", compared="usual")
