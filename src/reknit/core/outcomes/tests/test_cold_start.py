"""Not on track without an expected course: each sign on either side of its limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.outcomes.cold_start import cold_start_signs
from reknit.core.outcomes.rules import rule

PHQ9 = rule("phq-9")


@pytest.mark.parametrize(
    ("scores", "signs"),
    [
        ({1: 15, 2: 21}, ("reliable_deterioration",)),
        ({1: 15, 2: 20}, ()),
        ({1: 15, 5: 15}, ()),
        ({1: 15, 6: 13}, ("no_early_response",)),
        ({1: 15, 6: 12}, ()),
        ({1: 15, 4: 12, 8: 15}, ()),
        ({1: 15, 8: 21}, ("reliable_deterioration", "no_early_response")),
        ({6: 15}, ()),
        ({1: 0, 6: 0}, ()),
    ],
)
def test_each_sign_has_its_limit(scores: dict[int, float], signs: tuple[str, ...]) -> None:
    """Six points of the PHQ-9 by the English rule; a fifth of 15 is 3 points; one score has nothing to differ from."""
    assert cold_start_signs(scores, rule=PHQ9) == signs


def test_a_critical_answer_is_a_sign_by_itself() -> None:
    assert cold_start_signs({1: 3}, rule=PHQ9, critical=True) == ("critical_answer",)


def test_where_higher_is_better_the_signs_turn_round() -> None:
    worse, better = {1: 20.0, 6: 10.0}, {1: 20.0, 6: 30.0}
    assert "reliable_deterioration" in cold_start_signs(worse, rule=PHQ9, direction="higher_better")
    assert cold_start_signs(better, rule=PHQ9, direction="higher_better") == ()


@given(st.dictionaries(st.integers(1, 16), st.integers(0, 27), min_size=1))
def test_a_course_that_never_rises_never_deteriorates(scores: dict[int, int]) -> None:
    ordered = dict(zip(sorted(scores), sorted(scores.values(), reverse=True), strict=True))
    assert "reliable_deterioration" not in cold_start_signs(ordered, rule=PHQ9)
    assert set(cold_start_signs(scores, rule=PHQ9)) < set(cold_start_signs(scores, rule=PHQ9, critical=True))


def test_nothing_is_said_of_nothing() -> None:
    with pytest.raises(BadInput):
        cold_start_signs({}, rule=PHQ9)
    with pytest.raises(BadInput):
        cold_start_signs({1: 15}, rule=PHQ9, share=20)
