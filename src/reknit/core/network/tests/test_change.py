"""Change between two versions: who moved, came and left, and how much of the circle is the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.network.change import change, movement, shift_in_share

versions = st.dictionaries(st.integers(0, 15), st.none() | st.integers(1, 4), max_size=10)
answers = st.dictionaries(st.integers(0, 15), st.booleans(), min_size=1, max_size=10)


def test_worked_example() -> None:
    found = change(
        dict.fromkeys(["Ann", "Bob", "Cid", "Dee", "Eli"], 1), dict.fromkeys(["Ann", "Bob", "Fay", "Gus"], 1)
    )
    assert (found.kept, found.left, found.arrived) == (("Ann", "Bob"), ("Cid", "Dee", "Eli"), ("Fay", "Gus"))
    assert found.jaccard == pytest.approx(0.2857, abs=5e-5)
    assert found.retention == pytest.approx(0.40)
    assert found.turnover == pytest.approx(0.5556, abs=5e-5)


def test_nobody_then_and_nobody_now_has_no_figure() -> None:
    found = change({}, {})
    assert (found.jaccard, found.retention, found.turnover) == (None, None, None)


@given(versions, versions)
def test_everybody_is_kept_came_or_left(before: dict[int, int | None], after: dict[int, int | None]) -> None:
    found = change(before, after)
    assert {*found.kept, *found.arrived} == set(after)
    assert {*found.kept, *found.left} == set(before)
    assert {move.key for move in found.moves} <= set(found.kept)
    if before or after:
        assert found.jaccard is not None and 0 <= found.jaccard <= 1
        assert found.turnover is not None and 0 <= found.turnover <= 1


@given(versions, versions)
def test_looking_back_turns_arrivals_into_departures(
    before: dict[int, int | None], after: dict[int, int | None]
) -> None:
    there, back = change(before, after), change(after, before)
    assert set(there.arrived) == set(back.left) and there.jaccard == back.jaccard
    assert {(m.key, m.inward) for m in there.moves} == {(m.key, -m.inward) for m in back.moves}


def test_a_ring_that_was_not_told_is_no_move() -> None:
    assert change({"a": None}, {"a": 1}).moves == ()
    assert movement({"a": None}, {"a": 1}, among="a") is None


def test_movement_is_of_one_kind_only() -> None:
    then, now = {"for": 3, "uses": 1}, {"for": 1, "uses": 3}
    assert movement(then, now, among=["for"]) == 2
    assert movement(then, now, among=["uses"]) == -2


@given(answers, answers)
def test_parts_of_a_shift_add_up(before: dict[int, bool], after: dict[int, bool]) -> None:
    found = shift_in_share(before, after)
    assert found is not None
    assert found.within + found.replacement == pytest.approx(found.total)
    if not set(before) & set(after):
        assert found.within == 0
    if set(before) == set(after):
        assert found.replacement == pytest.approx(0)
