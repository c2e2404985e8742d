"""Scoring whole columns at once, for imports, research extracts and programme reports.

The same rules as `scoring.score`, row by row; a property test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput
from reknit.core.measures.definition import Item, Measure
from reknit.core.measures.missing import ScoreState

STATE_CODES = tuple(ScoreState)
"""State of each code in `ScoreColumns.states`: 0 complete, 1 prorated, 2 incomplete, 3 invalid."""

_COMPLETE, _PRORATED, _INCOMPLETE, _INVALID = range(4)

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ScoreColumns:
    """Scores of many sheets of one measure, one row each.

    `states` holds indices into `STATE_CODES`; `totals` is NaN where there is no total; `bands` holds
    indices into the measure's bands, -1 for none; `critical` is true where a critical item reached its
    threshold, `critical_blank` where one was left blank or could not be read.
    """

    measure_id: str
    definition_version: str
    states: NDArray[np.int8]
    totals: Column
    bands: NDArray[np.int8]
    critical: NDArray[np.bool_]
    critical_blank: NDArray[np.bool_]
    answered: NDArray[np.int64]


def score_columns(measure: Measure, columns: Mapping[str, Column]) -> ScoreColumns:
    """Score many answer sheets, given as one column of numbers per item with NaN for blank.

    A column that is absent counts as blank in every row. Raises `BadInput` when a column name is no
    item of the measure or columns differ in length, because that is a mistake about all rows at once.

    >>> from reknit.core.measures.catalogue import measure
    >>> sheets = {f"gad7_{n}": np.array([1.0, 2.0]) for n in range(1, 7)}
    >>> result = score_columns(measure("gad-7"), sheets | {"gad7_7": np.array([1.0, np.nan])})
    >>> result.totals.tolist(), [str(STATE_CODES[code]) for code in result.states]
    ([7.0, 14.0], ['complete', 'prorated'])
    """
    rows = _rows(measure, columns)
    blank = np.full(rows, np.nan)
    read = {item.id: _read(measure, item, columns.get(item.id, blank)) for item in measure.items}
    scored = np.stack([read[item.id][0] for item in measure.scored_items])
    answered = (scored >= 0).sum(axis=0)
    summed = np.where(scored >= 0, scored, 0).sum(axis=0)
    is_invalid = np.logical_or.reduce([illegal for _, illegal in read.values()])
    states = _states(measure, answered, is_invalid)
    totals, bands = _totals(measure, states, summed, answered)
    critical, critical_blank = _critical(measure, {name: pair[0] for name, pair in read.items()}, rows)
    return ScoreColumns(
        measure.id, measure.version, states, totals, bands, critical, critical_blank, answered
    )


def _rows(measure: Measure, columns: Mapping[str, Column]) -> int:
    known = {item.id for item in measure.items}
    for name in columns:
        if name not in known:
            raise BadInput(f"The {measure.short_title} has no item called '{name}'.")
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        raise BadInput(f"The columns of the {measure.short_title} differ in length.")
    return lengths.pop() if lengths else 0


def _read(measure: Measure, item: Item, column: Column) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Whole-number answers with -1 for none, and where a value was given that is no option."""
    column = np.asarray(column, dtype=np.float64)
    options = np.array([option.value for option in measure.options_for(item)], dtype=np.float64)
    is_legal = np.isin(column, options)
    values = np.where(is_legal, column, -1.0).astype(np.int64)
    return values, ~is_legal & ~np.isnan(column)


def _states(measure: Measure, answered: NDArray[np.int64], is_invalid: NDArray[np.bool_]) -> NDArray[np.int8]:
    missing = len(measure.scored_items) - answered
    allowed = measure.missing.max_missing if measure.missing.kind == "mean_substitution" else 0
    states = np.where(missing == 0, _COMPLETE, np.where(missing <= allowed, _PRORATED, _INCOMPLETE))
    return np.where(is_invalid, _INVALID, states).astype(np.int8)


def _totals(
    measure: Measure, states: NDArray[np.int8], summed: NDArray[np.int64], answered: NDArray[np.int64]
) -> tuple[Column, NDArray[np.int8]]:
    has_total = states <= _PRORATED
    numerator = summed if measure.scoring == "mean" else summed * len(measure.scored_items)
    denominator = np.where(has_total, answered, 1)  # rows without a total must not divide by zero
    hundredths = _half_up(100 * numerator, denominator)
    totals = np.where(has_total, hundredths / 100, np.nan)
    if not measure.bands:
        return totals, np.full(len(states), -1, dtype=np.int8)
    lows = np.array([band.low for band in measure.bands])
    found = np.searchsorted(lows, _half_up(numerator, denominator), side="right") - 1
    return totals, np.where(has_total, found, -1).astype(np.int8)


def _half_up(numerator: NDArray[np.int64], denominator: NDArray[np.int64]) -> NDArray[np.int64]:
    """`missing.half_up` for columns: whole-number arithmetic, so no rounding error can creep in."""
    return (2 * numerator + denominator) // (2 * denominator)


def _critical(
    measure: Measure, values: Mapping[str, NDArray[np.int64]], rows: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    critical = np.zeros(rows, dtype=np.bool_)
    blank = np.zeros(rows, dtype=np.bool_)
    for rule in measure.critical:
        critical |= values[rule.item] >= rule.at_least
        blank |= values[rule.item] < 0
    return critical, blank
