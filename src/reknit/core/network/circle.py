"""Where a mark stands on the closeness circle, and which ring a point belongs to.

The circle is drawn round (0, 0) with the outer edge of ring 3 at distance 1. Angles are degrees from the top, clockwise, so
that 90 is to the right. y grows downwards, as on a screen. Three rings are the usual closeness circle; the widths are ours.
"""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, TypeVar

from reknit.core.errors import BadInput

RINGS: Final = (1, 2, 3)
OUTSIDE: Final = 4
EDGES: Final = {1: 0.357, 2: 0.679, 3: 1.0}
"""Outer edge of each ring, of the circle's radius."""
MIDDLES: Final = {1: 0.235, 2: 0.52, 3: 0.84, OUTSIDE: 1.12}
"""The line in each ring on which marks stand."""
REACH: Final = {1: 0.05, 2: 0.085, 3: 0.085, OUTSIDE: 0.045}
"""How far inside or outside that line a mark may stand and still lie in its ring."""
ON_THE_LINE: Final = 50
MARK: Final = 0.15
"""Room that a mark takes along its line, of the circle's radius: a little more than its width."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the circle: a ring, an angle in whole degrees from 0 to 359, and how far out in the ring, 0 to 100.

    The ring is what is counted and compared; the depth only keeps a mark where it was put by hand.
    """

    ring: int
    angle: int
    depth: int = ON_THE_LINE

    def __post_init__(self) -> None:
        if self.ring not in MIDDLES or not 0 <= self.angle < 360 or not 0 <= self.depth <= 100:
            raise BadInput(
                "A place has a ring from 1 to 4, an angle from 0 to 359 and a depth from 0 to 100."
            )

    @property
    def point(self) -> tuple[float, float]:
        """Where the mark stands.

        >>> Spot(3, 90).point, Spot(3, 90, 100).point
        ((0.84, 0.0), (0.925, 0.0))
        """
        turn = math.radians(self.angle)
        radius = MIDDLES[self.ring] + REACH[self.ring] * (self.depth / ON_THE_LINE - 1)
        return round(radius * math.sin(turn), 4), round(-radius * math.cos(turn), 4) + 0.0


def nearest(x: float, y: float) -> Spot:
    """The place that a point belongs to, by the band it lies in, its direction from the middle and how far out it lies.

    A point in the very middle has no direction and stands at the top.

    >>> nearest(0.52, 0.0), nearest(0.0, 1.3)
    (Spot(ring=2, angle=90, depth=50), Spot(ring=4, angle=180, depth=100))
    """
    if not (math.isfinite(x) and math.isfinite(y)):
        raise BadInput("A point has two numbers.")
    distance = math.hypot(x, y)
    ring = next((ring for ring, edge in EDGES.items() if distance <= edge), OUTSIDE)
    depth = round(ON_THE_LINE * (1 + (distance - MIDDLES[ring]) / REACH[ring]))
    return Spot(ring, round(math.degrees(math.atan2(x, -y))) % 360, min(100, max(0, depth)))


def room(ring: int) -> float:
    """Degrees that one mark takes in a ring, so that its neighbour does not touch it.

    >>> [round(room(ring)) for ring in (1, 2, 3)]
    [37, 17, 10]
    """
    return math.degrees(2 * math.asin(min(1.0, MARK / (2 * MIDDLES[ring]))))


def free_angle(taken: Iterable[int]) -> int:
    """An angle for somebody new: the middle of the widest gap between those taken, the first one clockwise from the top.

    >>> free_angle([]), free_angle([60]), free_angle([0, 90])
    (60, 240, 225)
    """
    angles = sorted(set(taken))
    if not angles:
        return 60
    following = [*angles[1:], angles[0] + 360]
    widest, start = max((after - at, -at) for at, after in zip(angles, following, strict=True))
    return round(-start + widest / 2) % 360


def settled(spots: Mapping[Key, Spot]) -> dict[Key, Spot]:
    """The same marks with none on top of another: those too near are moved on clockwise, as little as needed.

    Only the drawing moves; the place as it was told stays what is kept. Marks keep their ring and their order. A ring
    in which none touches another is left as it was told; one with more marks than fit is spread evenly.

    >>> settled({"a": Spot(2, 10), "b": Spot(2, 12)})
    {'a': Spot(ring=2, angle=10, depth=50), 'b': Spot(ring=2, angle=27, depth=50)}
    """
    placed: dict[Key, Spot] = {}
    for ring in MIDDLES:
        keys = sorted(
            (key for key in spots if spots[key].ring == ring), key=lambda k: (spots[k].angle, str(k))
        )
        if _all_apart([spots[key].point for key in keys]):
            placed.update({key: spots[key] for key in keys})
            continue
        angles = _spread([spots[key].angle for key in keys], math.ceil(room(ring)))
        placed.update({key: Spot(ring, angle) for key, angle in zip(keys, angles, strict=True)})
    return {key: placed[key] for key in spots}


def _all_apart(points: Sequence[tuple[float, float]]) -> bool:
    return all(math.dist(one, other) >= MARK for one, other in combinations(points, 2))


def _spread(angles: Sequence[int], gap: int) -> list[int]:
    """Angles in order, each at least `gap` after the one before, round the whole circle."""
    count = len(angles)
    if count < 2:
        return list(angles)
    if count * gap >= 360:
        return [(angles[0] + place * 360 // count) % 360 for place in range(count)]
    # Begin after the widest gap, where pushing on is least likely to come round to the start.
    gaps = [(angles[place] - angles[place - 1]) % 360 for place in range(count)]
    first = max(range(count), key=lambda place: gaps[place])
    turned = [(angles[(first + step) % count] - angles[first]) % 360 for step in range(count)]
    for step in range(1, count):
        turned[step] = max(turned[step], turned[step - 1] + gap)
    for step in range(count - 1, 0, -1):  # and back again, where it did
        turned[step] = min(turned[step], 360 - gap * (count - step))
    spread = [(angles[first] + turn) % 360 for turn in turned]
    return [spread[(place - first) % count] for place in range(count)]
