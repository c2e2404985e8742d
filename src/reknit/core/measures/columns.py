"""Scoring whole columns at once. One sheet is one row of this.

Four rules hold for every measure.

1. A score is complete, prorated, incomplete or invalid; only the first two carry a total.
2. A prorated total keeps two decimals and takes the band of its half-up rounded value.
3. A value that is not one of the item's answers makes the sheet invalid; one in an item that does not apply is ignored.
4. Critical items speak for themselves: whatever the state, even if another item is invalid. A critical item left blank
   is a finding of its own and never counts as zero.

All arithmetic on totals is on whole numbers, so that no rounding error can creep in. Rows are worked through some
thousands at a time, which keeps them in the fastest memory.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput
from reknit.core.measures.definition import Item, Measure
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
from reknit.core.measures.results import Column, Sheets, bands_of, subscale, two_decimals
from reknit.core.measures.special import SPECIAL

STATE_CODES = tuple(ScoreState)
"""State of each code in `ScoreColumns.states`: 0 complete, 1 prorated, 2 incomplete, 3 invalid."""

CodesOf = Callable[[Item, slice], Codes | None]

_COMPLETE, _PRORATED, _INCOMPLETE, _INVALID = range(4)
_ROWS = 1 << 14


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
    plan = plan_of(measure)

    def codes(item: Item, part: slice) -> Codes | None:
        found = arrays.get(item.id)
        return None if found is None else _read(item, plan, found[part])

    return _scored(measure, rows, codes)


def score_codes(measure: Measure, columns: Mapping[str, Codes]) -> ScoreColumns:
    """`score_columns` for answers that were read already: one byte each, -1 for blank and -2 for illegal.

    A value that is no answer of its item is illegal, as it is there. Raises `BadInput` in the same way.

    >>> from reknit.core.measures.catalogue import measure
    >>> score_codes(measure("phq-2"), {"phq2_1": np.array([3], np.int8), "phq2_2": np.array([1], np.int8)}).totals
    array([4.])
    """
    rows = _rows(measure, columns)
    plan = plan_of(measure)

    def codes(item: Item, part: slice) -> Codes | None:
        found = columns.get(item.id)
        if found is None:
            return None
        given = found[part]
        is_legal = plan.legal[plan.place[item.id]][np.where((given < -1) | (given > 99), ILLEGAL, given)]
        return np.where(is_legal | (given == BLANK), given, _unknown(item)).astype(np.int8)

    return _scored(measure, rows, codes)


def unanswered(measure: Measure, columns: Mapping[str, Codes]) -> tuple[str, ...]:
    """Scored items of one sheet that are blank, apart from those that were skipped or do not apply."""
    plan = plan_of(measure)
    codes = np.stack([columns[item.id] for item in measure.items])
    _set_not_applicable(measure, plan, codes)
    _skip(measure, plan, codes)
    return tuple(item.id for item in measure.scored_items if codes[plan.place[item.id], 0] == BLANK)


def _rows(measure: Measure, columns: Mapping[str, NDArray[np.generic]]) -> int:
    known = {item.id for item in measure.items}
    for name in columns:
        if name not in known:
            raise BadInput(f"The {measure.short_title} has no item called '{name}'.")
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        raise BadInput(f"The columns of the {measure.short_title} differ in length.")
    return lengths.pop() if lengths else 0


def _unknown(item: Item) -> int:
    """What a value that is no answer becomes: a lenient helper does not know it, any other item refuses it."""
    return BLANK if item.lenient else ILLEGAL


def _read(item: Item, plan: Plan, column: Column) -> Codes:
    """Answers as codes. What lies outside -1 to 100 cannot be an answer, so it may be cut off there."""
    is_blank = np.isnan(column)
    cut = np.where(is_blank, -1.0, np.clip(column, -1.0, 100.0))
    whole = cut.astype(np.int8)
    is_legal = plan.legal[plan.place[item.id]][np.where(whole < 0, ILLEGAL, whole)]
    codes = np.where(is_legal & (whole == cut), whole, np.int8(_unknown(item)))
    return np.where(is_blank, np.int8(BLANK), codes)


def _scored(measure: Measure, rows: int, codes: CodesOf) -> ScoreColumns:
    plan = plan_of(measure)
    out = ScoreColumns(
        measure_id=measure.id,
        definition_version=measure.version,
        states=np.zeros(rows, dtype=np.int8),
        totals=np.full(rows, np.nan),
        bands=np.full(rows, -1, dtype=np.int8),
        critical=np.zeros(rows, dtype=np.bool_),
        critical_blank=np.zeros(rows, dtype=np.bool_),
        answered=np.zeros(rows, dtype=np.int64),
        missing=np.zeros(rows, dtype=np.int64),
        results={name: np.full(rows, np.nan) for name in measure.results},
        flags=np.zeros(rows, dtype=np.uint32),
        flag_names=plan.flags,
    )
    for start in range(0, rows, _ROWS):
        part = slice(start, min(start + _ROWS, rows))
        matrix = np.full((len(measure.items), part.stop - start), BLANK, dtype=np.int8)
        for place, item in enumerate(measure.items):
            if (found := codes(item, part)) is not None:
                matrix[place] = found
        _score_part(measure, plan, matrix, out, part)
    return out


def _score_part(measure: Measure, plan: Plan, codes: Codes, out: ScoreColumns, part: slice) -> None:
    """Score some rows and write them into their part of the answer."""
    _set_not_applicable(measure, plan, codes)
    inconsistent = _skip(measure, plan, codes)
    points = np.maximum(codes, 0) if plan.plain else _points(plan, codes)
    scored = codes[plan.scored]
    answered = (scored >= 0).sum(axis=0, dtype=np.int64)
    applicable = len(measure.scored_items) - _not_applicable(measure, scored)
    is_invalid = (codes == ILLEGAL).any(axis=0)
    states = _states(measure, plan, codes, applicable - answered, is_invalid)
    summed = points[plan.scored].sum(axis=0, dtype=np.int64)
    sheets = Sheets(
        measure, plan, codes, points, out.totals[part], states <= _PRORATED, ~is_invalid, results={}
    )
    numerator, denominator = _total(measure, sheets, summed, applicable, answered)
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
        out.bands[part] = np.where(sheets.has_total, bands_of(sheets, numerator, denominator), -1)
    for name in measure.results:
        out.results[name][part] = sheets.results[name]
    out.states[part] = states
    out.answered[part] = answered
    out.missing[part] = (scored == BLANK).sum(axis=0, dtype=np.int64)
    _flag(measure, sheets, inconsistent, out, part)


def _set_not_applicable(measure: Measure, plan: Plan, codes: Codes) -> None:
    """What stands in an item that does not apply is ignored, readable or not."""
    for rule in measure.not_applicable:
        applies_not = np.isin(codes[plan.place[rule.when]], rule.values)
        for item in rule.items:
            codes[plan.place[item]][applies_not] = NOT_APPLICABLE


def _not_applicable(measure: Measure, scored: Codes) -> NDArray[np.int64] | int:
    return (scored == NOT_APPLICABLE).sum(axis=0, dtype=np.int64) if measure.not_applicable else 0


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
    measure: Measure, plan: Plan, codes: Codes, missing: NDArray[np.int64], is_invalid: NDArray[np.bool_]
) -> NDArray[np.int8]:
    allowed = measure.missing.max_missing if measure.missing.kind == "mean_substitution" else 0
    states = np.where(missing == 0, _COMPLETE, np.where(missing <= allowed, _PRORATED, _INCOMPLETE))
    for item in measure.items:
        if item.required:
            states[codes[plan.place[item.id]] == BLANK] = _INCOMPLETE
    states[is_invalid] = _INVALID
    return states.astype(np.int8)


def _total(
    measure: Measure,
    sheets: Sheets,
    summed: NDArray[np.int64],
    applicable: NDArray[np.int64] | int,
    answered: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64] | int]:
    """Write the totals; give each back as a fraction, for its band."""
    if measure.scoring == "none":
        return summed, 1
    if measure.scoring == "mean":
        numerator, denominator = summed, np.maximum(answered, 1)
        totals = two_decimals(numerator, denominator)
    else:
        is_whole = bool((answered == applicable)[sheets.has_total].all())
        if is_whole:  # nothing to prorate: the sum is the total
            sheets.totals[sheets.has_total] = summed[sheets.has_total]
            return np.where(sheets.has_total, summed, 0), 1
        numerator, denominator = summed * applicable, np.maximum(answered, 1)
        totals = two_decimals(numerator, denominator)
    sheets.totals[sheets.has_total] = totals[sheets.has_total]
    return numerator, denominator


def _flag(
    measure: Measure, sheets: Sheets, inconsistent: NDArray[np.bool_] | None, out: ScoreColumns, part: slice
) -> None:
    bits = {name: np.uint32(1 << place) for place, name in enumerate(sheets.plan.flags)}
    flags = out.flags[part]

    def raise_flag(name: str, where: NDArray[np.bool_]) -> None:
        flags[where] |= bits[name]

    for rule in measure.critical:
        place = sheets.plan.place[rule.item]
        item = measure.items[place]
        reached = (sheets.codes[place] >= 0) & (sheets.points[place] >= rule.at_least)
        raise_flag(rule.flag or critical_flag(item), reached)
        out.critical[part] |= reached
        if rule.blank_reason:
            blank = (sheets.codes[place] == BLANK) | (sheets.codes[place] == ILLEGAL)
            raise_flag(f"{critical_flag(item)}-missing", blank)
            out.critical_blank[part] |= blank
    for one in measure.sum_flags:
        _, points = sheets.of(one.items)
        raise_flag(one.flag, points.sum(axis=0, dtype=np.int64) >= one.at_least)
    if inconsistent is not None:
        raise_flag(INCONSISTENT, inconsistent)
