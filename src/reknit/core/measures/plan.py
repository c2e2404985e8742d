"""What scoring needs to know of a measure, worked out once: where its items stand and what each answer counts.

Answers travel as small codes, one byte each: the value itself, or `BLANK`, `ILLEGAL`, `NOT_APPLICABLE`. A table of
points is read with the code as its index, and the three negative codes fall on its last places, which hold zero.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from reknit.core.measures.definition import Band, Item, Measure

BLANK, ILLEGAL, NOT_APPLICABLE = -1, -2, -3
INCONSISTENT = "inconsistent"
_CODES = 103  # values 0 to 99, then the three negative codes, counted from the end

Codes = NDArray[np.int8]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What may stand in one item. `unknown` is what another value becomes: a lenient helper does not know it, any other
    item refuses it. `are_a_run` is true where every whole number from `lowest` to `highest` is an answer."""

    legal: NDArray[np.bool_]
    lowest: int
    highest: int
    are_a_run: bool
    unknown: int


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """One measure as arrays. `plain` is true where every answer counts its own value; `fits` where no sum of points can
    leave one byte; `tables` holds the place of the band of each whole total, the measure's own and then its sets'."""

    place: dict[str, int]
    answers: tuple[Answers, ...]
    scored: slice | Places
    points: NDArray[np.int16]
    plain: bool
    fits: bool
    tables: tuple[NDArray[np.int8], ...]
    flags: tuple[str, ...]
    bits: dict[str, np.uint32]


@lru_cache(maxsize=256)
def plan_of(measure: Measure) -> Plan:
    """The plan of a measure; measures are compared by identity, so each is planned once.

    >>> from reknit.core.measures.catalogue import measure
    >>> plan = plan_of(measure("phq-9"))
    >>> plan.place["phq9_9"], plan.plain, plan.flags
    (8, True, ('item-9', 'item-9-missing'))
    """
    items = measure.items
    points = np.zeros((len(items), _CODES), dtype=np.int16)
    for row, item in enumerate(items):
        for option in measure.options_for(item):
            points[row, option.value] = option.points
    flags = tuple(_flags(measure))
    return Plan(
        place={item.id: row for row, item in enumerate(items)},
        answers=tuple(_answers(measure, item) for item in items),
        scored=run_of(row for row, item in enumerate(items) if item.scored),
        points=points,
        plain=all(o.points == o.value for item in measure.scored_items for o in measure.options_for(item)),
        fits=int(points.max(axis=1).sum()) <= np.iinfo(np.int8).max and int(points.min()) >= 0,
        tables=tuple(_table(measure, bands) for bands in _band_sets(measure)),
        flags=flags,
        bits={name: np.uint32(1 << place) for place, name in enumerate(flags)},
    )


def _answers(measure: Measure, item: Item) -> Answers:
    values = sorted({option.value for option in measure.options_for(item)})
    legal = np.zeros(_CODES, dtype=np.bool_)
    legal[values] = True
    are_a_run = values == list(range(values[0], values[-1] + 1))
    return Answers(legal, values[0], values[-1], are_a_run, BLANK if item.lenient else ILLEGAL)


def _band_sets(measure: Measure) -> Iterable[tuple[Band, ...]]:
    return [one.bands for one in measure.band_sets] if measure.band_sets else [measure.bands]


def _table(measure: Measure, bands: tuple[Band, ...]) -> NDArray[np.int8]:
    if measure.band_rule != "rounded" or not bands:
        return np.zeros(0, dtype=np.int8)
    lows = [band.low for band in bands]
    return (np.searchsorted(lows, np.arange(measure.score_range[1] + 1), side="right") - 1).astype(np.int8)


def run_of(rows: Iterable[int]) -> slice | Places:
    """Neighbouring rows as a slice, which needs no copy; others as a list of places.

    >>> run_of([2, 3, 4]), run_of([2, 4]).tolist()
    (slice(2, 5, None), [2, 4])
    """
    places = list(rows)
    if places == list(range(places[0], places[0] + len(places))):
        return slice(places[0], places[0] + len(places))
    return np.array(places, dtype=np.intp)


def critical_flag(item: Item) -> str:
    """The name of the flag that a critical answer raises.

    >>> critical_flag(Item("epds_10", 10, "self-harm"))
    'item-10'
    """
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
