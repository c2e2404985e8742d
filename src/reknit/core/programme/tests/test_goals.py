"""Goal Attainment Scaling against values worked by hand, and what has to hold for every set of ratings.

T = 50 + 10 * sum(w x) / sqrt((1 - r) * sum(w^2) + r * sum(w)^2), r = .30 (Kiresuk and Sherman 1968).
"""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.programme.goals import LEVELS, t_score

LEVEL = st.sampled_from(LEVELS)


@pytest.mark.parametrize(
    ("levels", "weights", "by_hand"),
    [
        ([0], None, 50.0),
        ([1], None, 60.0),  # one goal: the root is 1
        ([-2], None, 30.0),
        ([1, 1, 1], None, 63.6931),  # 50 + 30 / sqrt(.7 * 3 + .3 * 9) = 50 + 30 / 2.19089
        ([-2, -2, -2], None, 22.6139),  # 50 - 60 / 2.19089
        ([2, 0, -1], None, 54.5644),  # 50 + 10 / 2.19089
        ([1, -1], [2, 1], 54.0161),  # 50 + 10 / sqrt(.7 * 5 + .3 * 9) = 50 + 10 / 2.48998
        ([2, 1], [3, 1], 70.3778),  # 50 + 70 / sqrt(.7 * 10 + .3 * 16) = 50 + 70 / 3.43511
    ],
)
def test_t_score_is_what_the_formula_gives_by_hand(
    levels: list[int], weights: list[float] | None, by_hand: float
) -> None:
    score = t_score(levels, weights)
    assert score.t is not None and isclose(score.t, by_hand, abs_tol=5e-4)


def test_goal_without_a_rating_is_left_out_and_said() -> None:
    score = t_score([1, None, None])
    assert (score.t, score.rated, score.missing) == (60.0, 1, 2)
    assert t_score([1, 0, 0]).t != score.t, "missing is not the same as reached as hoped for"


def test_no_rating_is_no_score() -> None:
    assert t_score([None, None]).t is None and t_score([]).t is None


@pytest.mark.parametrize(
    ("levels", "weights"), [([3], None), ([-3], None), ([0], [0.0]), ([0], [-1.0]), ([0, 1], [1.0])]
)
def test_what_is_no_rating_or_no_weight_is_refused(levels: list[int], weights: list[float] | None) -> None:
    with pytest.raises(BadInput):
        t_score(levels, weights)


@given(st.lists(st.one_of(st.none(), LEVEL), max_size=6))
def test_goals_not_rated_never_move_the_score(levels: list[int | None]) -> None:
    rated = [level for level in levels if level is not None]
    assert t_score(levels).t == t_score(rated).t
    assert t_score(levels).rated + t_score(levels).missing == len(levels)


@given(st.lists(LEVEL, min_size=1, max_size=6))
def test_order_of_goals_does_not_matter_and_fifty_is_the_middle(levels: list[int]) -> None:
    score = t_score(levels).t
    turned = t_score([-level for level in levels]).t
    shuffled = t_score(sorted(levels)).t
    assert score is not None and turned is not None and shuffled is not None
    assert isclose(score - 50, 50 - turned, abs_tol=1e-9) and isclose(score, shuffled, abs_tol=1e-9)


@given(st.lists(LEVEL, min_size=1, max_size=6), st.integers(0, 5))
def test_one_goal_going_better_never_lowers_the_score(levels: list[int], place: int) -> None:
    place %= len(levels)
    better = [min(2, level + 1) if n == place else level for n, level in enumerate(levels)]
    before, after = t_score(levels).t, t_score(better).t
    assert before is not None and after is not None and after >= before
