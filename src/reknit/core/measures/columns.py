"""Scoring whole columns at once. One sheet is one row of this.

Four rules hold for every measure.

1. A score is complete, prorated, incomplete or invalid; only the first two carry a total.
2. A prorated total, sum or mean, keeps two decimals and takes the band of its half-up rounded whole number.
3. A value that is not one of the item's answers makes the sheet invalid; one in an item that does not apply is ignored.
4. Critical items speak for themselves: whatever the state, even if another item is invalid. A critical item left blank
   is a finding of its own and never counts as zero.

All arithmetic on totals is on whole numbers, so that no rounding error can creep in. Rows are worked through some
thousands at a time, which keeps them in the fastest memory.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput
from reknit.core.measures.definition import Measure
from reknit.core.measures.missing import ScoreState
from reknit.core.measures.plan import (
    BLANK,
    ILLEGAL,
    INCONSISTENT,
    NOT_APPLICABLE,
    Codes,
    Plan,
    critical_flag,
    plan_of,
)
from reknit.core.measures.reading import read_codes, read_numbers
from reknit.core.measures.results import (
    Column,
    Counts,
    Sheets,
    Whole,
    bands_of,
    counted,
    half_up,
    subscale,
    two_decimals,
)
from reknit.core.measures.special import SPECIAL

STATE_CODES = tuple(ScoreState)
"""State of each code in `ScoreColumns.states`: 0 complete, 1 prorated, 2 incomplete, 3 invalid."""

_COMPLETE, _PRORATED, _INCOMPLETE, _INVALID = range(4)
_ROWS = 1 << 15


@dataclass(frozen=True, slots=True, eq=False)
class ScoreColumns:
    """Scores of many sheets of one measure, one row each.

    `states` holds indices into `STATE_CODES`; `totals` is NaN where there is no total; `bands` holds
    indices into the measure's bands, -1 for none; `critical` is true where a critical item reached its
    threshold, `critical_blank` where one was left blank or could not be read. `answered` counts scored items
    with an answer, `missing` those without one. `results` holds subscales and computed results by name, NaN for
    undefined; a choice is an index into its values. `flags` has one bit for each of `flag_names`.
    """

    measure_id: str
    definition_version: str
    states: NDArray[np.int8]
    totals: Column
    bands: NDArray[np.int8]
    critical: NDArray[np.bool_]
    critical_blank: NDArray[np.bool_]
    answered: NDArray[np.int64]
    missing: NDArray[np.int64]
    results: Mapping[str, Column]
    flags: NDArray[np.uint32]
    flag_names: tuple[str, ...]


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
    arrays = {name: np.asarray(column, dtype=np.float64) for name, column in columns.items()}
    return _scored(measure, rows, partial(read_numbers, plan_of(measure), arrays))


def score_codes(measure: Measure, columns: Mapping[str, Codes]) -> ScoreColumns:
    """`score_columns` for answers that were read already: one byte each, -1 for blank and -2 for illegal.

    A value that is no answer of its item is illegal, as it is there. Raises `BadInput` in the same way.

    >>> from reknit.core.measures.catalogue import measure
    >>> score_codes(measure("phq-2"), {"phq2_1": np.array([3], np.int8), "phq2_2": np.array([1], np.int8)}).totals
    array([4.])
    """
    return _scored(measure, _rows(measure, columns), partial(read_codes, plan_of(measure), columns))


def bounds_columns(measure: Measure, columns: Mapping[str, Column]) -> tuple[Column, Column]:
    """The lowest and the highest total that each sheet could have, whatever its blanks would have been answered.

    For sheets that are incomplete and have no total: a sum from 3 to 5 says something, and no number is made up. Both are
    the total where nothing is blank, and NaN on a sheet that cannot be read, or that does not say what it is about. An item
    that was skipped or does not apply counts nothing. Raises `BadInput` as `score_columns` does, and for a measure whose total is no sum.

    >>> from reknit.core.measures.catalogue import measure
    >>> dast, yes = measure("dast-10-unable"), np.array([1.0, 1.0])
    >>> sheets = {f"dastu_{n}": yes for n in range(1, 9)} | {"dastu_9": np.array([np.nan, 0.0])}
    >>> [one.tolist() for one in bounds_columns(dast, sheets | {"dastu_10": np.array([np.nan, 3.0])})]
    [[8.0, nan], [10.0, nan]]
    """
    if measure.scoring != "sum":
        raise BadInput(f"The total of the {measure.short_title} is no sum, so blanks have no bounds.")
    rows, plan = _rows(measure, columns), plan_of(measure)
    arrays = {name: np.asarray(column, dtype=np.float64) for name, column in columns.items()}
    codes = np.empty((len(measure.items), rows), dtype=np.int8)
    read_numbers(plan, arrays, codes, slice(0, rows))
    _set_not_applicable(measure, plan, codes)
    _skip(measure, plan, codes)
    low, high = np.zeros(rows), np.zeros(rows)
    for row, item in enumerate(measure.items):
        if not item.scored:
            continue
        given, could_be = plan.points[row][codes[row]], [one.points for one in measure.options_for(item)]
        low += np.where(codes[row] == BLANK, min(could_be), given)
        high += np.where(codes[row] == BLANK, max(could_be), given)
    has_bounds = (codes != ILLEGAL).all(axis=0)
    for row, item in enumerate(measure.items):
        has_bounds &= (codes[row] != BLANK) | (not item.required)
    return np.where(has_bounds, low, np.nan), np.where(has_bounds, high, np.nan)


def score_sheet(measure: Measure, codes: Codes) -> tuple[ScoreColumns, tuple[str, ...]]:
    """`score_codes` for one sheet whose codes are legal, in the order of the items; and its blank scored items.

    Items that were skipped or do not apply are not blank. `codes` is one column and is filled in on the way.

    >>> from reknit.core.measures.catalogue import measure
    >>> found, blank = score_sheet(measure("gad-7"), np.array([[1], [1], [1], [1], [1], [1], [-1]], np.int8))
    >>> found.totals.tolist(), blank
    ([7.0], ('gad7_7',))
    """
    plan = plan_of(measure)
    out = _empty(measure, plan, 1)
    _score_part(measure, plan, codes, out, slice(0, 1))
    if not out.missing[0]:
        return out, ()
    blank = (item.id for item in measure.scored_items if codes[plan.place[item.id], 0] == BLANK)
    return out, tuple(blank)


def _rows(measure: Measure, columns: Mapping[str, NDArray[np.generic]]) -> int:
    place = plan_of(measure).place
    for name in columns:
        if name not in place:
            raise BadInput(f"The {measure.short_title} has no item called '{name}'.")
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        raise BadInput(f"The columns of the {measure.short_title} differ in length.")
    return lengths.pop() if lengths else 0


def _scored(measure: Measure, rows: int, read: Callable[[Codes, slice], None]) -> ScoreColumns:
    plan = plan_of(measure)
    out = _empty(measure, plan, rows)
    matrix = np.empty((len(measure.items), min(rows, _ROWS)), dtype=np.int8)
    for start in range(0, rows, _ROWS):
        part = slice(start, min(start + _ROWS, rows))
        codes = matrix[:, : part.stop - start]
        read(codes, part)
        _score_part(measure, plan, codes, out, part)
    return out


def _empty(measure: Measure, plan: Plan, rows: int) -> ScoreColumns:
    return ScoreColumns(
        measure_id=measure.id,
        definition_version=measure.version,
        states=np.empty(rows, dtype=np.int8),
        totals=np.full(rows, np.nan),
        bands=np.full(rows, -1, dtype=np.int8),
        critical=np.zeros(rows, dtype=np.bool_),
        critical_blank=np.zeros(rows, dtype=np.bool_),
        answered=np.empty(rows, dtype=np.int64),
        missing=np.empty(rows, dtype=np.int64),
        results={name: np.empty(rows) for name in measure.results},
        flags=np.zeros(rows, dtype=np.uint32),
        flag_names=plan.flags,
    )


def _score_part(measure: Measure, plan: Plan, codes: Codes, out: ScoreColumns, part: slice) -> None:
    """Score some rows and write them into their part of the answer."""
    _set_not_applicable(measure, plan, codes)
    inconsistent = _skip(measure, plan, codes)
    points = np.maximum(codes, 0) if plan.plain else _points(plan, codes)
    given = (codes >= 0).view(np.int8)
    scored = codes[plan.scored]
    answered = counted(given[plan.scored])
    missing = counted((scored == BLANK).view(np.int8))
    applicable = len(scored) - _not_applicable(measure, scored)
    is_readable = (
        codes.min(axis=0) != ILLEGAL if not measure.not_applicable else (codes != ILLEGAL).all(axis=0)
    )
    states = _states(measure, plan, codes, applicable - answered, is_readable)
    sheets = Sheets(
        measure, plan, codes, points, given, out.totals[part], states <= _PRORATED, is_readable, {}
    )
    numerator, denominator = _total(
        sheets, states == _PRORATED, sheets.sum(plan.scored), applicable, answered
    )
    for scale in measure.subscales:
        sheets.results[scale.id] = subscale(sheets, scale)
    special = SPECIAL[measure.special](sheets) if measure.special else {}
    bands = special.pop("band", None)
    sheets.results |= special
    if bands is not None:
        out.bands[part] = bands
    elif measure.bands:
        if measure.band_on != "total":
            on = np.where(sheets.has_total, sheets.results[measure.band_on], 0.0)
            numerator, denominator = np.rint(on * 100).astype(np.int64), 100
        np.copyto(out.bands[part], bands_of(sheets, numerator, denominator), where=sheets.has_total)
    for name in measure.results:
        out.results[name][part] = sheets.results[name]
    out.states[part] = states
    out.answered[part] = answered
    out.missing[part] = missing
    _flag(measure, sheets, inconsistent, out, part)


def _set_not_applicable(measure: Measure, plan: Plan, codes: Codes) -> None:
    """What stands in an item that does not apply is ignored, readable or not."""
    for rule in measure.not_applicable:
        applies_not = np.isin(codes[plan.place[rule.when]], rule.values)
        for item in rule.items:
            codes[plan.place[item]][applies_not] = NOT_APPLICABLE


def _not_applicable(measure: Measure, scored: Codes) -> Counts | int:
    return counted((scored == NOT_APPLICABLE).view(np.int8)) if measure.not_applicable else 0


def _skip(measure: Measure, plan: Plan, codes: Codes) -> NDArray[np.bool_] | None:
    """Fill the blanks of items that were not asked; tell where one was answered with points all the same."""
    if not measure.skips and not measure.checks:
        return None
    inconsistent = np.zeros(codes.shape[1], dtype=np.bool_)
    for rule in measure.skips:
        skipped = np.ones(codes.shape[1], dtype=np.bool_)
        for item in rule.when:
            given = codes[plan.place[item]]
            skipped &= (given >= 0) & (plan.points[plan.place[item]][given] == 0)
        for item in rule.items:
            row = codes[plan.place[item]]
            inconsistent |= skipped & (row > 0)
            row[skipped & (row == BLANK)] = 0
    for one in measure.checks:
        higher, than = codes[plan.place[one.higher]], codes[plan.place[one.than]]
        inconsistent |= (than >= 0) & (higher > than)
    return inconsistent


def _points(plan: Plan, codes: Codes) -> NDArray[np.int16]:
    return np.stack([plan.points[row][codes[row]] for row in range(len(codes))])


def _states(
    measure: Measure, plan: Plan, codes: Codes, missing: Counts, is_readable: NDArray[np.bool_]
) -> NDArray[np.int8]:
    allowed = measure.missing.max_missing if measure.missing.kind == "mean_substitution" else 0
    states = (missing > 0).view(np.int8) + (missing > allowed).view(np.int8)
    for item in measure.items:
        if item.required:
            states[codes[plan.place[item.id]] == BLANK] = _INCOMPLETE
    np.copyto(states, np.int8(_INVALID), where=~is_readable)
    return states


def _total(
    sheets: Sheets, is_prorated: NDArray[np.bool_], summed: Counts, applicable: Counts | int, answered: Counts
) -> tuple[Whole, Whole | int]:
    """Write the totals; give each back as a fraction, for its band: a prorated one half-up rounded, sum or mean."""
    measure = sheets.measure
    if measure.scoring == "none":
        return summed, 1
    if measure.scoring == "mean":
        numerator, denominator = summed.astype(np.int64), np.maximum(answered, 1).astype(np.int64)
        np.copyto(sheets.totals, two_decimals(numerator, denominator), where=sheets.has_total)
        whole = half_up(numerator, denominator)
        return np.where(is_prorated, whole, numerator), np.where(is_prorated, 1, denominator)
    np.copyto(sheets.totals, summed, where=sheets.has_total)
    few = np.flatnonzero(is_prorated)
    if not few.size:  # the sum is the total
        return summed, 1
    counts = np.broadcast_to(np.asarray(applicable, dtype=np.int64), summed.shape)[few]
    numerator, denominator = summed[few] * counts, np.maximum(answered[few], 1).astype(np.int64)
    sheets.totals[few] = two_decimals(numerator, denominator)
    whole = summed.copy()
    whole[few] = half_up(numerator, denominator)
    return whole, 1


def _flag(
    measure: Measure, sheets: Sheets, inconsistent: NDArray[np.bool_] | None, out: ScoreColumns, part: slice
) -> None:
    plan, flags = sheets.plan, out.flags[part]

    def raise_flag(name: str, where: NDArray[np.bool_]) -> None:
        flags[:] |= np.multiply(where.view(np.uint8), plan.bits[name], dtype=np.uint32)

    for rule in measure.critical:
        place = plan.place[rule.item]
        item = measure.items[place]
        reached = (sheets.codes[place] >= 0) & (sheets.points[place] >= rule.at_least)
        raise_flag(rule.flag or critical_flag(item), reached)
        out.critical[part] |= reached
        if rule.blank_reason:
            blank = (sheets.codes[place] == BLANK) | (sheets.codes[place] == ILLEGAL)
            if blank.any():
                raise_flag(f"{critical_flag(item)}-missing", blank)
                out.critical_blank[part] |= blank
    for one in measure.sum_flags:
        raise_flag(one.flag, sheets.sum(sheets.rows(one.items)) >= one.at_least)
    if inconsistent is not None:
        raise_flag(INCONSISTENT, inconsistent)
