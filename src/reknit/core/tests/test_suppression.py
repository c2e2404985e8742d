"""Small numbers stay hidden, also from someone who knows the total."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.suppression import suppress

tables = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 30), max_size=6)


def test_one_hidden_cell_takes_the_smallest_shown_one_with_it() -> None:
    assert suppress({"a": 3, "b": 20, "c": 9, "d": 0}) == {"a": None, "b": 20, "c": None, "d": 0}


def test_two_hidden_cells_are_enough() -> None:
    assert suppress({"a": 3, "b": 2, "c": 9}) == {"a": None, "b": None, "c": 9}


@pytest.mark.parametrize("small", [1, 4])
def test_hidden_cells_at_a_limit_take_another_with_them(small: int) -> None:
    """1 + 1 = 2 and 4 + 4 = 8 have one answer between 1 and 4 each."""
    assert suppress({"a": small, "b": small, "c": 9, "d": 11}) == {"a": None, "b": None, "c": None, "d": 11}


def test_nothing_small_hides_nothing_and_zero_is_shown() -> None:
    assert suppress({"a": 5, "b": 0}) == {"a": 5, "b": 0}
    assert suppress({}) == {}


def test_empty_cells_are_hidden_when_nothing_else_can_be() -> None:
    assert suppress({"a": 3, "b": 0}) == {"a": None, "b": None}
    assert suppress({"a": 3}) == {"a": None}


def test_threshold_is_a_setting() -> None:
    assert suppress({"a": 8, "b": 9, "c": 30}, threshold=11) == {"a": None, "b": None, "c": 30}


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(BadInput):
        suppress({"a": -1})
    with pytest.raises(BadInput):
        suppress({"a": 1}, threshold=0)


@given(tables, st.integers(1, 12))
def test_no_small_count_is_ever_shown_or_left_alone(counts: dict[str, int], threshold: int) -> None:
    shown = suppress(counts, threshold)
    hidden = [name for name, count in shown.items() if count is None]
    assert list(shown) == list(counts)
    assert all(count == 0 or count >= threshold for count in shown.values() if count is not None)
    assert len(hidden) != 1 or len(counts) == 1
    assert all(shown[name] in (None, counts[name]) for name in counts)
