"""The parts of scoring: proration, subscales, bands. Each works on some thousands of rows at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reknit.core.measures.definition import Band, Measure, Subscale
from reknit.core.measures.plan import Codes, Plan, run_of

Column = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(slots=True, eq=False)
class Sheets:
    """Some rows while they are scored: codes and points by item, then what was worked out from them."""

    measure: Measure
    plan: Plan
    codes: Codes
    points: NDArray[np.int16] | Codes
    totals: Column
    has_total: NDArray[np.bool_]
    readable: NDArray[np.bool_]
    results: dict[str, Column]

    def code(self, item: str) -> Codes:
        """Answers of one item as codes."""
        found: Codes = self.codes[self.plan.place[item]]
        return found

    def of(self, items: tuple[str, ...]) -> tuple[Codes, NDArray[np.int16] | Codes]:
        """Codes and points of some items, one row each."""
        rows = run_of(self.plan.place[item] for item in items)
        return self.codes[rows], self.points[rows]


def half_up(numerator: Whole, denominator: Whole | int) -> Whole:
    """Fractions of whole numbers, zero or more, rounded to the nearest whole; a half goes up.

    Rounding to the even neighbour, as Python does, would put a prorated 9.5 on the PHQ-9 now in one band and now
    in the other. Whole-number arithmetic lets no rounding error creep in.

    >>> half_up(np.array([19, 21, 1]), np.array([2, 2, 3])).tolist()
    [10, 11, 0]
    """
    return (2 * numerator + denominator) // (2 * denominator)


def two_decimals(numerator: Whole, denominator: Whole | int) -> Column:
    """A fraction of whole numbers rounded half up to two decimals."""
    return np.asarray(half_up(100 * numerator, denominator) / 100, dtype=np.float64)


def subscale(sheets: Sheets, scale: Subscale) -> Column:
    """One subscale: a sum, or a mean with two decimals; NaN where too few of its items are answered."""
    codes, points = sheets.of(scale.items)
    answered = (codes >= 0).sum(axis=0, dtype=np.int64)
    summed = points.sum(axis=0, dtype=np.int64)
    given = sheets.readable & (answered >= scale.min_answered)
    if scale.within_missing_rule:
        given &= sheets.has_total
    divisor = np.maximum(answered, 1)
    if scale.scoring == "mean":
        found = two_decimals(summed, divisor)
    elif scale.min_answered < len(scale.items):
        found = two_decimals(summed * len(scale.items), divisor)
    else:
        found = summed.astype(np.float64)
    return np.where(given, found, np.nan)


def bands_of(sheets: Sheets, numerator: Whole, denominator: Whole | int) -> NDArray[np.int8]:
    """Places of the bands, -1 for none. Bands that hang on a helper need it, unless all sets agree."""
    measure = sheets.measure
    if not measure.band_sets:
        return _placed(measure, measure.bands, numerator, denominator)
    placed = [_placed(measure, one.bands, numerator, denominator) for one in measure.band_sets]
    agreed = np.logical_and.reduce([one == placed[0] for one in placed])
    found = np.where(agreed, placed[0], np.int8(-1))
    for one, places in zip(measure.band_sets, placed, strict=True):
        found = np.where(np.isin(sheets.code(one.item), one.values), places, found)
    return found.astype(np.int8)


def _placed(
    measure: Measure, bands: tuple[Band, ...], numerator: Whole, denominator: Whole | int
) -> NDArray[np.int8]:
    if measure.band_rule == "rounded":
        lows = np.array([band.low for band in bands])
        if isinstance(denominator, int) and denominator == 1:
            rounded = numerator
        else:
            rounded = half_up(numerator, denominator)
        table = np.searchsorted(lows, np.arange(measure.score_range[1] + 1), side="right") - 1
        return table.astype(np.int8)[np.clip(rounded, 0, measure.score_range[1])]
    found = np.zeros(len(numerator), dtype=np.int8)
    for place, band in enumerate(bands):
        limit = band.low * denominator
        found[(numerator > limit) if band.above else (numerator >= limit)] = place
    return found
