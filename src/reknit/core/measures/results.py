"""The parts of scoring: proration, subscales, bands. Each works on some thousands of rows at once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reknit.core.measures.definition import Band, Measure, Subscale
from reknit.core.measures.plan import Codes, Places, Plan, run_of

Column = NDArray[np.float64]
Whole = NDArray[np.integer[Any]]
Counts = NDArray[np.integer[Any]]
"""Small whole numbers, one a row: how many items, or how many points."""


@dataclass(slots=True, eq=False)
class Sheets:
    """Some rows while they are scored: codes, points and 1 for an answer, by item; then what was worked out from them."""

    measure: Measure
    plan: Plan
    codes: Codes
    points: NDArray[np.int16] | Codes
    given: Codes
    totals: Column
    has_total: NDArray[np.bool_]
    readable: NDArray[np.bool_]
    results: dict[str, Column]

    def code(self, item: str) -> Codes:
        """Answers of one item as codes.

        >>> from reknit.core.measures.catalogue import measure
        >>> from reknit.core.measures.plan import plan_of
        >>> audit, codes = measure("audit"), np.array([[4, 3, 2, 1, 0, 0, 0, 0, 2, 4]], dtype=np.int8).T
        >>> yes = np.ones(1, dtype=bool)
        >>> one = Sheets(audit, plan_of(audit), codes, codes, codes.clip(0, 1), np.zeros(1), yes, yes, {})
        >>> one.code("audit_10").tolist()
        [4]
        """
        found: Codes = self.codes[self.plan.place[item]]
        return found

    def rows(self, items: tuple[str, ...]) -> slice | Places:
        """Where some items stand.

        >>> from reknit.core.measures.catalogue import measure
        >>> from reknit.core.measures.plan import plan_of
        >>> audit, codes = measure("audit"), np.array([[4, 3, 2, 1, 0, 0, 0, 0, 2, 4]], dtype=np.int8).T
        >>> yes = np.ones(1, dtype=bool)
        >>> one = Sheets(audit, plan_of(audit), codes, codes, codes.clip(0, 1), np.zeros(1), yes, yes, {})
        >>> one.rows(("audit_4", "audit_5", "audit_6")), one.rows(("audit_1", "audit_9")).tolist()
        (slice(3, 6, None), [0, 8])
        """
        return run_of(self.plan.place[item] for item in items)

    def of(self, items: tuple[str, ...]) -> tuple[Codes, NDArray[np.int16] | Codes]:
        """Codes and points of some items, one row each.

        >>> from reknit.core.measures.catalogue import measure
        >>> from reknit.core.measures.plan import plan_of
        >>> audit, codes = measure("audit"), np.array([[4, 3, 2, 1, 0, 0, 0, 0, 2, 4]], dtype=np.int8).T
        >>> yes = np.ones(1, dtype=bool)
        >>> one = Sheets(audit, plan_of(audit), codes, codes, codes.clip(0, 1), np.zeros(1), yes, yes, {})
        >>> [part.tolist() for part in one.of(("audit_9", "audit_10"))]
        [[[2], [4]], [[2], [4]]]
        """
        rows = self.rows(items)
        return self.codes[rows], self.points[rows]

    def sum(self, rows: slice | Places) -> Counts:
        """Points of some items added up, kept as 16 bits so that what is made of a sum has room.

        >>> from reknit.core.measures.catalogue import measure
        >>> from reknit.core.measures.plan import plan_of
        >>> audit, codes = measure("audit"), np.array([[4, 3, 2, 1, 0, 0, 0, 0, 2, 4]], dtype=np.int8).T
        >>> yes = np.ones(1, dtype=bool)
        >>> one = Sheets(audit, plan_of(audit), codes, codes, codes.clip(0, 1), np.zeros(1), yes, yes, {})
        >>> one.sum(one.rows(("audit_1", "audit_2", "audit_3"))).tolist()
        [9]
        """
        points = self.points[rows]
        narrow = np.int8 if self.plan.fits else np.int64
        return np.asarray(points.sum(axis=0, dtype=narrow), dtype=np.int16)


def counted(ones: Codes) -> Counts:
    """How many ones in each column. A measure has far fewer items than a byte can count.

    >>> counted(np.array([[1, 0], [1, 1]], dtype=np.int8)).tolist()
    [2, 1]
    """
    return np.asarray(ones.sum(axis=0, dtype=np.int8), dtype=np.int16)


def half_up(numerator: Whole, denominator: Whole | int) -> Whole:
    """Fractions of whole numbers, zero or more, rounded to the nearest whole; a half goes up.

    Rounding to the even neighbour, as Python does, would put a prorated 9.5 on the PHQ-9 now in one band and now
    in the other. Whole-number arithmetic lets no rounding error creep in.

    >>> half_up(np.array([19, 21, 1]), np.array([2, 2, 3])).tolist()
    [10, 11, 0]
    """
    return (2 * numerator + denominator) // (2 * denominator)


def two_decimals(numerator: Whole, denominator: Whole | int) -> Column:
    """A fraction of whole numbers rounded half up to two decimals.

    >>> two_decimals(np.array([35, 41, 5]), np.array([12, 10, 1])).tolist()
    [2.92, 4.1, 5.0]
    """
    return np.asarray(half_up(100 * numerator, denominator) / 100, dtype=np.float64)


def subscale(sheets: Sheets, scale: Subscale) -> Column:
    """One subscale: a sum, or a mean with two decimals; NaN where too few of its items are answered.

    >>> from reknit.core.measures.catalogue import measure
    >>> from reknit.core.measures.plan import plan_of
    >>> audit, codes = measure("audit"), np.array([[4, 3, 2, 1, 0, 0, 0, 0, 2, 4]], dtype=np.int8).T
    >>> yes = np.ones(1, dtype=bool)
    >>> one = Sheets(audit, plan_of(audit), codes, codes, codes.clip(0, 1), np.zeros(1), yes, yes, {})
    >>> from reknit.core.measures.definition import Subscale
    >>> use = ("audit_1", "audit_2", "audit_3")
    >>> [subscale(one, Subscale("use", "Use", use, how, 3)).tolist() for how in ("sum", "mean")]
    [[9.0], [3.0]]
    """
    rows = sheets.rows(scale.items)
    answered, summed = counted(sheets.given[rows]), sheets.sum(rows)
    known = sheets.readable & (answered >= scale.min_answered)
    if scale.within_missing_rule:
        known &= sheets.has_total
    if scale.scoring == "mean":
        found = two_decimals(summed.astype(np.int64), np.maximum(answered, 1))
    elif scale.min_answered < len(scale.items):
        found = two_decimals(summed.astype(np.int64) * len(scale.items), np.maximum(answered, 1))
    else:
        found = summed.astype(np.float64)
    return np.where(known, found, np.nan)


def bands_of(sheets: Sheets, numerator: Whole, denominator: Whole | int) -> NDArray[np.int8]:
    """Places of the bands, -1 for none. Bands that hang on a helper need it, unless all sets agree.

    >>> from reknit.core.measures.catalogue import measure
    >>> from reknit.core.measures.plan import plan_of
    >>> audit, codes = measure("audit"), np.array([[4, 3, 2, 1, 0, 0, 0, 0, 2, 4]], dtype=np.int8).T
    >>> yes = np.ones(1, dtype=bool)
    >>> one = Sheets(audit, plan_of(audit), codes, codes, codes.clip(0, 1), np.zeros(1), yes, yes, {})
    >>> [audit.bands[place].key for place in bands_of(one, np.array([16]), 1)]
    ['zone_iii']
    """
    measure, tables = sheets.measure, sheets.plan.tables
    if not measure.band_sets:
        return _placed(measure, measure.bands, tables[0], numerator, denominator)
    sets = zip(measure.band_sets, tables, strict=True)
    placed = [_placed(measure, one.bands, table, numerator, denominator) for one, table in sets]
    agreed = np.logical_and.reduce([one == placed[0] for one in placed])
    found = np.where(agreed, placed[0], np.int8(-1))
    for one, places in zip(measure.band_sets, placed, strict=True):
        found = np.where(np.isin(sheets.code(one.item), one.values), places, found)
    return found.astype(np.int8)


def _placed(
    measure: Measure,
    bands: tuple[Band, ...],
    table: NDArray[np.int8],
    numerator: Whole,
    denominator: Whole | int,
) -> NDArray[np.int8]:
    if measure.band_rule == "rounded":
        is_whole = isinstance(denominator, int) and denominator == 1
        rounded = numerator if is_whole else half_up(numerator, denominator)
        return table[np.clip(rounded, 0, len(table) - 1)]
    found = np.zeros(len(numerator), dtype=np.int8)
    for place, band in enumerate(bands):
        limit = band.low * denominator
        found[(numerator > limit) if band.above else (numerator >= limit)] = place
    return found
