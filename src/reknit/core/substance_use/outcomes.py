"""Everything a calendar of amounts adds up to, for many clients at once.

Input is a dense table of clients by days: amounts with NaN for a day nobody told about, in one unit. A day before a
client's window or after it, and a day in a controlled setting, is left out by `inside`. Formulas: measures catalogue 3.3,
after Sobell and Sobell's Timeline Followback; each function of a day that was told about, never of one that was not.
"""

from dataclasses import dataclass, fields
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput
from reknit.core.substance_use.drinks import risk_ranks
from reknit.core.substance_use.summaries import MINIMUM_COVERAGE

Missing = Literal["observed", "worst"]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

GAP_DAYS: Final = 7
"""Observation ends before the first unknown stretch longer than this: a project rule, named where it is used."""


_BLOCK: Final = 1 << 17
"""Days of clients taken at a time: their table stays near the processor, and memory does not grow with it."""


@dataclass(frozen=True, slots=True, eq=False)
class CalendarOutcomes:
    """One value a client in each column; NaN, or -1 in whole numbers, where it is undefined.

    `pda` and `phdd` are 0 to 100, `coverage` 0 to 1; amounts are in the unit handed in; `days_to_*` count from day 0 of the
    table and know nothing of gaps; `observed_until` is the latest day before the first gap longer than a week.
    """

    n_days: NDArray[np.int64]
    n_reported: NDArray[np.int64]
    coverage: Floats
    pda: Floats
    phdd: Floats
    dpdd: Floats
    per_day: Floats
    total: Floats
    grams_per_day: Floats
    who_rank: NDArray[np.int8]
    no_heavy_days: NDArray[np.int8]
    longest_abstinence: NDArray[np.int64]
    current_abstinence: NDArray[np.int64]
    days_since_last_use: NDArray[np.int64]
    days_to_first_use: NDArray[np.int64]
    days_to_first_heavy: NDArray[np.int64]
    observed_until: NDArray[np.int64]
    low_coverage: Bools


def calendar_outcomes(
    amounts: Floats,
    *,
    inside: Bools | None = None,
    used: NDArray[np.int8] | None = None,
    heavy: Floats | None = None,
    grams: float | None = None,
    is_man: Bools | None = None,
    missing: Missing = "observed",
) -> CalendarOutcomes:
    """Outcomes of many calendars, clients x days.

    `heavy` is the amount from which a day is heavy, one a client, in the same unit; without it nothing is said of heavy
    days. `grams` is what one unit holds; without it nothing is said of grams and risk levels. `used` (1, 0, -1) says
    whether anything at all was used, where several substances stand behind one amount. `missing` is "observed" (a day
    nobody told about stays out) or "worst" (it counts as one at exactly the heavy limit, while `n_reported` and `coverage`
    count real days). Raises `BadInput` when "worst" has no limit to go by.

    >>> found = calendar_outcomes(np.array([[0, 5, np.nan, 0, 0]]), heavy=np.array([4.0]), grams=14.0)
    >>> [float(one[0]) for one in (found.pda, found.phdd, found.dpdd, found.coverage, found.longest_abstinence)]
    [75.0, 25.0, 5.0, 0.8, 2.0]
    """
    if missing == "worst" and heavy is None:
        raise BadInput("Counting unknown days as heavy needs to know from which amount a day is heavy.")
    step = max(1, _BLOCK // max(1, amounts.shape[1]))
    parts = [
        _outcomes(
            amounts[rows],
            inside=None if inside is None else inside[rows],
            used=None if used is None else used[rows],
            heavy=None if heavy is None else heavy[rows],
            grams=grams,
            is_man=None if is_man is None else is_man[rows],
            missing=missing,
        )
        for rows in (slice(start, start + step) for start in range(0, max(len(amounts), 1), step))
    ]
    return parts[0] if len(parts) == 1 else _joined(parts)


def controlled_in_and_out(
    amounts: Floats,
    controlled: Bools,
    *,
    inside: Bools | None = None,
    used: NDArray[np.int8] | None = None,
    heavy: Floats | None = None,
    grams: float | None = None,
    is_man: Bools | None = None,
    missing: Missing = "observed",
) -> tuple[CalendarOutcomes, CalendarOutcomes]:
    """Outcomes with the days in a controlled setting (hospital, prison) counted like any other, and with them left out.

    `controlled` is clients x days; all else is as in `calendar_outcomes`. Both belong in a report, since days without
    use behind a locked door say little about days outside it (measures catalogue 3.1).

    >>> days, locked = np.array([[5.0, 0, 0, 0, 5]]), np.array([[False, True, True, True, False]])
    >>> [one.pda.tolist() for one in controlled_in_and_out(days, locked)]
    [[60.0], [0.0]]
    """
    window = np.ones(amounts.shape, dtype=bool) if inside is None else inside
    counted_in, counted_out = (
        calendar_outcomes(
            amounts, inside=days, used=used, heavy=heavy, grams=grams, is_man=is_man, missing=missing
        )
        for days in (window, window & ~controlled)
    )
    return counted_in, counted_out


def _joined(parts: list[CalendarOutcomes]) -> CalendarOutcomes:
    return CalendarOutcomes(
        *(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(CalendarOutcomes))
    )


def _outcomes(
    amounts: Floats,
    *,
    inside: Bools | None,
    used: NDArray[np.int8] | None,
    heavy: Floats | None,
    grams: float | None,
    is_man: Bools | None,
    missing: Missing,
) -> CalendarOutcomes:
    """The outcomes of as many calendars as stay near the processor."""
    window = np.ones(amounts.shape, dtype=bool) if inside is None else inside
    state = used if used is not None else np.where(np.isnan(amounts), -1, (amounts > 0).astype(np.int8))
    told = window & (state >= 0)
    n_days, n_reported = window.sum(axis=1), told.sum(axis=1)
    usable = n_reported > 0
    worst = window & ~told & usable[:, None] if missing == "worst" else np.zeros_like(window)
    limit = np.full(len(amounts), np.nan) if heavy is None else np.asarray(heavy, dtype=float)
    filled = np.where(worst, limit[:, None], amounts)
    known = told | worst
    use = known & (worst | (state == 1))
    sober = known & ~use
    base = known.sum(axis=1)
    # An amount may be missing on a day that is known to be one of use: it leaves the amounts, not the days.
    measured = known & ~np.isnan(filled)
    total = np.where(measured, filled, 0.0).sum(axis=1)
    n_measured = measured.sum(axis=1)
    drinking = (measured & (filled > 0)).sum(axis=1)
    is_heavy = measured & (filled >= limit[:, None] - 1e-9)
    n_heavy = is_heavy.sum(axis=1)
    per_day = _ratio(total, n_measured)
    per_gram = per_day * grams if grams is not None else np.full(len(amounts), np.nan)
    men = np.zeros(len(amounts), dtype=bool) if is_man is None else is_man
    has_limit = heavy is not None
    return CalendarOutcomes(
        n_days=n_days,
        n_reported=n_reported,
        coverage=_ratio(n_reported, n_days),
        pda=100 * _ratio(sober.sum(axis=1), base),
        phdd=100 * _ratio(n_heavy, n_measured) if has_limit else np.full(len(amounts), np.nan),
        dpdd=_ratio(total, drinking),
        per_day=per_day,
        total=np.where(n_measured > 0, total, np.nan),
        grams_per_day=per_gram,
        who_rank=risk_ranks(per_gram, men),
        no_heavy_days=np.where(
            usable & has_limit & (n_measured > 0), (n_heavy == 0).astype(np.int8), -1
        ).astype(np.int8),
        longest_abstinence=np.where(usable, longest_run(sober, inside=inside), -1),
        current_abstinence=_current(sober, known, window, usable),
        days_since_last_use=_since_last(use, window),
        days_to_first_use=first_day(use),
        days_to_first_heavy=first_day(is_heavy) if has_limit else np.full(len(amounts), -1),
        observed_until=observed_until(told, window),
        low_coverage=usable & (_ratio(n_reported, n_days) < MINIMUM_COVERAGE),
    )


def longest_run(days: Bools, *, inside: Bools | None = None) -> NDArray[np.int64]:
    """Length of the longest run of true days in each row. A false day ends a run.

    Days that are not `inside` the window neither lengthen a run nor end it.

    >>> longest_run(np.array([[True, True, False, True], [False, False, False, False]])).tolist()
    [2, 0]
    >>> longest_run(np.array([[True, False, True]]), inside=np.array([[True, False, True]])).tolist()
    [2]
    """
    if not days.shape[1]:
        return np.zeros(len(days), dtype=np.int64)
    best = np.zeros(len(days), dtype=np.int32)
    run = np.zeros(len(days), dtype=np.int32)
    for n, day in enumerate(np.ascontiguousarray(days.T)):  # a calendar has many more clients than days
        longer = (run + 1) * day
        run = longer if inside is None else np.where(inside[:, n], longer, run)
        np.maximum(best, run, out=best)
    return best.astype(np.int64)


def first_day(days: Bools) -> NDArray[np.int64]:
    """Position of the first true day in each row, -1 where there is none.

    >>> first_day(np.array([[False, True], [False, False]])).tolist()
    [1, -1]
    """
    if not days.shape[1]:
        return np.full(len(days), -1)
    return np.where(days.any(axis=1), days.argmax(axis=1), -1)


def observed_until(told: Bools, window: Bools, *, gap_days: int = GAP_DAYS) -> NDArray[np.int64]:
    """The latest day told about before the first unknown stretch longer than `gap_days`; -1 where that is none.

    Days outside the window are no gap.

    >>> told = np.array([[True, True, *[False] * 8, True]])
    >>> observed_until(told, np.ones_like(told)).tolist()
    [1]
    """
    latest = np.full(len(told), -1, dtype=np.int64)
    gap = np.zeros(len(told), dtype=np.int64)
    ended = np.zeros(len(told), dtype=bool)
    for day in range(told.shape[1]):
        gap = np.where(told[:, day], 0, gap + window[:, day])
        ended |= gap > gap_days
        latest = np.where(told[:, day] & ~ended, day, latest)
    return latest


def _ratio(above: NDArray[np.float64] | NDArray[np.int64], below: NDArray[np.int64]) -> Floats:
    """A quotient, NaN over nothing."""
    quotient: Floats = np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0)
    return quotient


def _current(sober: Bools, known: Bools, window: Bools, usable: Bools) -> NDArray[np.int64]:
    """Length of the run without use that ends on the last day of the window; -1 when that day is not known."""
    if not sober.shape[1]:
        return np.full(len(sober), -1)
    last = sober.shape[1] - 1 - window[:, ::-1].argmax(axis=1)
    at = np.arange(len(sober))
    place = np.arange(sober.shape[1])[None, :]
    breaks = np.where(window & ~sober & (place <= last[:, None]), place, -1).max(axis=1)
    # Days that are left out of the window neither lengthen a run nor end it.
    run = (window & (place > breaks[:, None]) & (place <= last[:, None])).sum(axis=1)
    return np.where(usable & known[at, last], run, -1)


def _since_last(use: Bools, window: Bools) -> NDArray[np.int64]:
    if not use.shape[1]:
        return np.full(len(use), -1)
    size = use.shape[1]
    last_use = size - 1 - use[:, ::-1].argmax(axis=1)
    end = size - 1 - window[:, ::-1].argmax(axis=1)
    return np.where(use.any(axis=1), end - last_use, -1)
