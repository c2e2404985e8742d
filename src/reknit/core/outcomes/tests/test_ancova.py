"""Analysis of covariance equals statsmodels, with each kind of error."""

from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.outcomes.ancova import ancova

RNG = np.random.default_rng(11)
N = 90
GROUP = RNG.choice(["usual", "ipt", "group"], N)
SITE = RNG.choice(["north", "south"], N)
THERAPIST = RNG.choice(list("abcdefgh"), N)
BEFORE = RNG.normal(16, 4, N)
AFTER = 3 + 0.6 * BEFORE - 3 * (GROUP == "ipt") + RNG.normal(0, 2 + (GROUP == "ipt"), N)


def theirs(**how: Any) -> Any:
    design = [np.ones(N), BEFORE, GROUP == "group", GROUP == "ipt", SITE == "south"]
    return sm.OLS(AFTER, np.column_stack(design).astype(float)).fit(use_t=True, **how)


@pytest.mark.parametrize(
    ("how", "more"),
    [
        ({"cov_type": "HC3"}, {}),
        ({"cov_type": "HC2"}, {"errors": "hc2"}),
        ({"cov_type": "nonrobust"}, {"errors": "ordinary"}),
        (
            {"cov_type": "cluster", "cov_kwds": {"groups": np.unique(THERAPIST, return_inverse=True)[1]}},
            {"therapist": THERAPIST.tolist()},
        ),
    ],
)
def test_differences_and_limits_equal_statsmodels(how: dict[str, Any], more: dict[str, Any]) -> None:
    """statsmodels.OLS(after, [1, before, groups, site]).fit(cov_type=..., use_t=True): params, bse, conf_int()."""
    expected = theirs(**how)
    found = ancova(
        GROUP.tolist(), BEFORE.tolist(), AFTER.tolist(), reference="usual", strata=SITE.tolist(), **more
    )
    assert [one.group for one in found.differences] == ["group", "ipt"]
    for one, k in zip(found.differences, (2, 3), strict=True):
        assert one.value == pytest.approx(expected.params[k])
        assert one.standard_error == pytest.approx(expected.bse[k])
        assert (one.low, one.high) == pytest.approx(tuple(expected.conf_int()[k]))
    assert found.slope == pytest.approx(expected.params[1])
    assert found.residual_sd == pytest.approx(float(np.sqrt(expected.mse_resid)))
    at = [1, BEFORE.mean(), 0, 0, (SITE == "south").mean()]
    assert found.adjusted_means["usual"] == pytest.approx(float(expected.params @ at))


def test_a_missing_score_is_left_out_and_told() -> None:
    before, after = BEFORE.copy(), AFTER.copy()
    before[0], after[5] = np.nan, np.nan
    some = ancova(GROUP.tolist(), before.tolist(), after.tolist(), reference="usual")
    kept = np.isfinite(before) & np.isfinite(after)
    without = ancova(GROUP[kept].tolist(), before[kept].tolist(), after[kept].tolist(), reference="usual")
    assert (some.n, some.n_left_out) == (N - 2, 2)
    assert some.differences == without.differences


@given(st.floats(-20, 20), st.floats(0.1, 10))
def test_shifting_and_scaling_scores_does_the_same_to_the_answer(shift: float, scale: float) -> None:
    one = ancova(GROUP.tolist(), BEFORE.tolist(), AFTER.tolist(), reference="usual")
    other = ancova(
        GROUP.tolist(), (BEFORE + shift).tolist(), (scale * AFTER + shift).tolist(), reference="usual"
    )
    for mine, theirs in zip(one.differences, other.differences, strict=True):
        assert theirs.value == pytest.approx(scale * mine.value, rel=1e-6, abs=1e-9)
        assert theirs.standard_error == pytest.approx(scale * mine.standard_error, rel=1e-6)


def test_turning_the_comparison_round_turns_its_sign() -> None:
    two = GROUP != "group"
    columns = (GROUP[two].tolist(), BEFORE[two].tolist(), AFTER[two].tolist())
    (one,), (other,) = (ancova(*columns, reference=name).differences for name in ("usual", "ipt"))
    assert one.value == pytest.approx(-other.value)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"reference": "nobody"}, "needs the group"),
        ({"before": [1.0]}, "differ in length"),
        ({"group": ["usual"] * 5 + ["ipt"]}, "two people"),
        ({"group": ["usual"] * 6}, "another one"),
        ({"before": [3.0] * 6}, "too little"),
        ({"strata": ["a"] * 5 + ["b"]}, "One person alone"),
        ({"therapist": ["a"] * 6}, "two therapists"),
    ],
)
def test_what_cannot_be_compared_is_refused(change: dict[str, Any], says: str) -> None:
    columns: dict[str, Any] = {
        "group": ["usual", "ipt"] * 3,
        "before": [1.0, 2.0, 4.0, 3.0, 6.0, 9.0],
        "after": [1.0, 1.0, 2.0, 3.0, 3.0, 5.0],
        "reference": "usual",
    }
    with pytest.raises(BadInput, match=says):
        ancova(**columns | change)
