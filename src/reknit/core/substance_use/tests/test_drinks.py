"""Drinks, grams and responders, against the figures that the sources give."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.substance_use.drinks import (
    ethanol_grams,
    has_reduced,
    heavy_limit,
    in_grams,
    in_units,
    risk_level,
)
from reknit.core.substance_use.responders import abstinent_throughout, back_at_baseline, no_heavy_days

NAN = np.nan


def test_one_united_states_drink_in_other_units() -> None:
    """1 United States drink is 1.75 United Kingdom units and 1.4 drinks of ten grams."""
    grams = in_grams(1, "us")
    assert (grams, in_units(grams, "uk"), in_units(grams, "who"), in_units(grams, "grams")) == (
        14.0,
        1.75,
        1.4,
        14.0,
    )
    assert ethanol_grams(568, 4) == pytest.approx(17.93, abs=0.01)  # a pint at 4 %
    for convert in (in_grams, in_units):
        with pytest.raises(BadInput, match="no grams"):
            convert(1, "count")
    for volume, strength in ((-1, 5), (330, 101)):
        with pytest.raises(BadInput):
            ethanol_grams(volume, strength)


@given(st.floats(0, 1000), st.sampled_from(["us", "uk", "who", "grams"]))
def test_grams_and_units_are_each_other_the_other_way_round(amount: float, unit: str) -> None:
    assert in_units(in_grams(amount, unit), unit) == pytest.approx(amount)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("is_man", "age", "grams"),
    [(True, None, 70), (True, 65, 70), (True, 66, 56), (False, None, 56), (None, None, 56), (False, 30, 56)],
)
def test_limit_of_a_heavy_day(is_man: bool | None, age: int | None, grams: float) -> None:
    assert heavy_limit(is_man=is_man, age=age) == grams


def test_an_age_below_zero_is_refused() -> None:
    with pytest.raises(BadInput):
        heavy_limit(is_man=True, age=-1)


def test_risk_levels_have_no_gap_between_whole_grams() -> None:
    assert [risk_level(g, is_man=True) for g in (0, 0.5, 40, 40.5, 60, 60.5, 100, 100.5)] == [
        "abstinent", "low", "low", "moderate", "moderate", "high", "high", "very_high",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "levels", "plain", "or_abstinent"),
    [
        ("very_high", "moderate", 2, True, True),
        ("moderate", "abstinent", 2, True, True),
        ("low", "abstinent", 2, False, True),
        ("abstinent", "abstinent", 1, False, False),
        ("low", "high", 1, False, False),
    ],
)
def test_reductions(before: str, after: str, levels: int, plain: bool, or_abstinent: bool) -> None:
    assert has_reduced(before, after, levels=levels) is plain  # type: ignore[arg-type]
    assert has_reduced(before, after, levels=levels, or_abstinent=True) is or_abstinent  # type: ignore[arg-type]
    with pytest.raises(BadInput):
        has_reduced("high", "low", levels=0)


def test_responders_look_past_the_grace_period_and_never_over_a_gap() -> None:
    assert no_heavy_days(np.array([9.0, 0, 2]), 5, grace_days=1) is True
    assert (
        no_heavy_days(np.array([0.0, NAN, 9]), 5) is False
    )  # a heavy day is one, whatever else is not known
    assert no_heavy_days(np.array([0.0, NAN]), 5) is None
    assert no_heavy_days(np.array([9.0]), 5, grace_days=1) is None
    states = np.array([1, 0, 0, -1, 0], dtype=np.int8)
    assert abstinent_throughout(states) is False
    assert abstinent_throughout(states, grace_days=1) is None
    assert abstinent_throughout(states[:3], grace_days=1) is True
    assert abstinent_throughout(states[:1], grace_days=1) is None
    with pytest.raises(BadInput, match="grace"):
        no_heavy_days(np.zeros(2), 5, grace_days=-1)
    with pytest.raises(BadInput, match="grace"):
        abstinent_throughout(states, grace_days=-1)


@given(st.lists(st.sampled_from([0.0, 10.0, 40.0, NAN]), max_size=40), st.integers(0, 39))
def test_a_larger_amount_never_delays_the_return_to_the_baseline(days: list[float], at: int) -> None:
    if not days:
        return
    more = list(days)
    more[at % len(days)] = 50.0
    before, after = (back_at_baseline(np.array(one), 100) for one in (days, more))
    assert before is None or (after is not None and after <= before)


def test_a_baseline_of_nothing_is_refused() -> None:
    with pytest.raises(BadInput):
        back_at_baseline(np.zeros(7), 0)
