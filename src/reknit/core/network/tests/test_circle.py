"""Places on the circle: one way there and back, and nobody stands on anybody."""

import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.network.circle import MARK, MIDDLES, Spot, free_angle, nearest, room, settled

spots = st.builds(Spot, st.sampled_from(list(MIDDLES)), st.integers(0, 359), st.integers(0, 100))


@given(spots)
def test_a_place_is_found_again_from_its_point(spot: Spot) -> None:
    assert nearest(*spot.point) == spot


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_every_point_belongs_to_one_ring(x: float, y: float) -> None:
    found = nearest(x, y)
    distance = math.hypot(x, y)
    assert (found.ring == 1) == (distance <= 0.357) and (found.ring == 4) == (distance > 1)


@pytest.mark.parametrize(("ring", "angle"), [(0, 0), (5, 0), (1, 360), (2, -1)])
def test_a_place_off_the_circle_is_not_taken(ring: int, angle: int) -> None:
    with pytest.raises(BadInput):
        Spot(ring, angle)


def test_a_point_without_numbers_is_not_taken() -> None:
    with pytest.raises(BadInput):
        nearest(math.nan, 0)


@given(st.dictionaries(st.integers(0, 40), spots, max_size=30))
def test_settled_marks_keep_ring_and_do_not_touch(marks: dict[int, Spot]) -> None:
    found = settled(marks)
    assert list(found) == list(marks)
    for ring in MIDDLES:
        points = [spot.point for spot in found.values() if spot.ring == ring]
        assert len(points) == sum(spot.ring == ring for spot in marks.values())
        if len(points) * math.ceil(room(ring)) < 360:
            assert all(math.dist(one, other) > 0.99 * MARK for one, other in combinations(points, 2))


@given(st.dictionaries(st.integers(0, 40), spots, max_size=30))
def test_settling_is_the_same_each_time_and_rests(marks: dict[int, Spot]) -> None:
    once = settled(marks)
    assert settled(marks) == once
    crowded = any(
        sum(s.ring == ring for s in marks.values()) * math.ceil(room(ring)) >= 360 for ring in MIDDLES
    )
    assert crowded or settled(once) == once


def test_a_mark_stays_as_far_out_as_it_was_put() -> None:
    marks = {"a": Spot(3, 10, 0), "b": Spot(3, 10, 100), "c": Spot(3, 40, 80)}
    assert settled({key: marks[key] for key in "bc"}) == {key: marks[key] for key in "bc"}
    assert settled(marks) == marks  # two on one line out, far enough from each other


def test_marks_that_fit_already_are_not_moved() -> None:
    marks = {"a": Spot(2, 10), "b": Spot(2, 40), "c": Spot(1, 12)}
    assert settled(marks) == marks


@given(st.lists(st.integers(0, 359), min_size=1, max_size=8))
def test_somebody_new_stands_in_the_widest_gap(taken: list[int]) -> None:
    angle = free_angle(taken)
    angles = sorted(set(taken))
    widest = max(b - a for a, b in zip(angles, [*angles[1:], angles[0] + 360], strict=True))
    nearest_one = min(min((angle - one) % 360, (one - angle) % 360) for one in angles)
    assert nearest_one >= widest // 2
