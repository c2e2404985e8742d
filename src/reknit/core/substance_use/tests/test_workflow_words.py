"""Lapse and return to regular use: words of the work, by the rule agreed with the client."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.substance_use.workflow_words import WordRule, reading


@pytest.mark.parametrize(
    ("states", "word"),
    [
        ([0] * 14, "no_use_known"),
        ([1, 1, 1] + [0] * 11, "lapse"),
        ([1, 1, 1, 1] + [0] * 10, "regular"),
        ([1, 1, 1, -1] + [0] * 10, "cannot_tell"),
        ([1, 1, 1, 1] + [-1] * 10, "regular"),  # what is not known cannot take it back
        ([-1] * 14, "cannot_tell"),
        ([], "cannot_tell"),
        ([1, 1] + [0] * 13 + [1, 1], "lapse"),  # four days, and never four in fourteen
    ],
)
def test_word_follows_the_rule_and_what_is_known(states: list[int], word: str) -> None:
    assert reading(states).word == word


def test_rule_is_the_clients_own() -> None:
    assert reading([1, 1, 0, 0, 0, 0, 0], WordRule(most_days=1, window=7)).word == "regular"
    with pytest.raises(BadInput):
        reading([1], WordRule(most_days=0))


@given(st.lists(st.sampled_from([-1, 0, 1]), min_size=1, max_size=60))
def test_learning_a_day_of_use_never_makes_the_word_lighter(states: list[int]) -> None:
    order = ["no_use_known", "lapse", "cannot_tell", "regular"]
    before = reading(states)
    assert before.used <= before.known <= before.days <= 14
    for place, state in enumerate(states):
        if state == 0:
            after = reading([*states[:place], 1, *states[place + 1 :]])
            assert order.index(after.word) >= order.index(before.word) or before.word == "cannot_tell"
    if -1 not in states:
        assert before.word != "cannot_tell"
