"""What scoring needs to know of a measure, worked out once: where its items stand and what each answer counts.

Answers travel as small codes, one byte each: the value itself, or `BLANK`, `ILLEGAL`, `NOT_APPLICABLE`. A table of
points is read with the code as its index, and the three negative codes fall on its last places, which hold zero.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from reknit.core.measures.definition import Item, Measure

BLANK, ILLEGAL, NOT_APPLICABLE = -1, -2, -3
INCONSISTENT = "inconsistent"
_CODES = 103  # values 0 to 99, then the three negative codes, counted from the end

Codes = NDArray[np.int8]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """One measure as arrays. `plain` is true where every answer counts its own value."""

    place: dict[str, int]
    scored: slice | Places
    points: NDArray[np.int16]
    legal: NDArray[np.bool_]
    plain: bool
    flags: tuple[str, ...]


@lru_cache(maxsize=256)
def plan_of(measure: Measure) -> Plan:
    """The plan of a measure; measures are compared by identity, so each is planned once."""
    items = measure.items
    points = np.zeros((len(items), _CODES), dtype=np.int16)
    legal = np.zeros((len(items), _CODES), dtype=np.bool_)
    for row, item in enumerate(items):
        for option in measure.options_for(item):
            points[row, option.value] = option.points
            legal[row, option.value] = True
    plain = all(o.points == o.value for item in measure.scored_items for o in measure.options_for(item))
    return Plan(
        place={item.id: row for row, item in enumerate(items)},
        scored=run_of(row for row, item in enumerate(items) if item.scored),
        points=points,
        legal=legal,
        plain=plain,
        flags=tuple(_flags(measure)),
    )


def run_of(rows: Iterable[int]) -> slice | Places:
    """Neighbouring rows as a slice, which needs no copy; others as a list of places."""
    places = list(rows)
    if places == list(range(places[0], places[0] + len(places))):
        return slice(places[0], places[0] + len(places))
    return np.array(places, dtype=np.intp)


def critical_flag(item: Item) -> str:
    """The name of the flag that a critical answer raises."""
    return f"item-{item.number}"


def _flags(measure: Measure) -> Iterable[str]:
    """Every flag a sheet of this measure can carry, in the order in which they are written."""
    numbers = {item.id: critical_flag(item) for item in measure.items}
    for rule in measure.critical:
        yield rule.flag or numbers[rule.item]
        if rule.blank_reason:
            yield f"{numbers[rule.item]}-missing"
    for one in measure.sum_flags:
        yield one.flag
    if measure.skips or measure.checks:
        yield INCONSISTENT
