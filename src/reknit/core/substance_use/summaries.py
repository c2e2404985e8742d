"""What the calendar adds up to: percent days abstinent, four-week windows, runs.

A day is a use day if any monitored substance was used, even if another is unknown; abstinent only if
every monitored substance is known and none was used; unknown otherwise. Nothing here fills in a day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput
from reknit.core.substance_use.catalogue import counts_in_any
from reknit.core.substance_use.timeline import NOT_USED, UNKNOWN, USED, Cells, Grid

MINIMUM_COVERAGE: Final = 0.75
"""Project rule: below three reported days in four, a percentage says more than is known."""

WINDOW_DAYS: Final = 28
"""Project rule: four whole weeks, so that every window has the same weekdays."""


@dataclass(frozen=True, slots=True)
class Abstinence:
    """Days abstinent over a span.

    `days` is every day of the span, `reported` those known, `abstinent` those known to be without use.
    `percent` is 100 * abstinent / reported, or None when nothing was reported. When `suppressed` the
    counts may be shown and the percentage should not.
    """

    days: int
    reported: int
    abstinent: int
    percent: float | None
    coverage: float
    suppressed: bool

    @property
    def use_days(self) -> int:
        """Reported days with use.

        >>> Abstinence(days=28, reported=20, abstinent=15, percent=75.0, coverage=20 / 28, suppressed=True).use_days
        5
        """
        return self.reported - self.abstinent


@dataclass(frozen=True, slots=True)
class SubstanceDays:
    """Days by substance over a span.

    `any` counts a day as abstinent only where every substance is known and none was used; `primary` looks at the primary
    substance alone. `co_use_days` are days of two substances or more, `co_use_unknown` days that may be one.
    `use_days_per_30` has the days of use of each substance in 30 reported days, None where none was reported.
    """

    any: Abstinence
    primary: Abstinence
    co_use_days: int
    co_use_unknown: int
    use_days_per_30: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Window:
    """A span of whole weeks around an anchor. Number 0 is the one before it, 1 starts on it."""

    number: int
    starts_on: date
    ends_on: date
    grid: Grid
    is_complete: bool

    @property
    def is_baseline(self) -> bool:
        """Whether the window is the one before the anchor.

        >>> from reknit.core.substance_use.timeline import grid
        >>> before = date(2026, 1, 5)
        >>> Window(0, before, date(2026, 2, 1), grid([], ["alcohol"], before, before), is_complete=True).is_baseline
        True
        """
        return self.number == 0


def day_states(grid: Grid, substances: Sequence[str] | None = None) -> Cells:
    """State of each day, clients x days: 1 use day, 0 abstinent day, -1 unknown.

    Without `substances`, all that count in "any substance" (see `catalogue`). Raises `BadInput` when
    that leaves none, since every day would then be abstinent for want of a question.

    >>> from reknit.core.substance_use.timeline import Day, grid
    >>> reports = [Day(date(2026, 1, d), "alcohol", d == 2) for d in (1, 2)]
    >>> day_states(grid(reports, ["alcohol", "tobacco"], date(2026, 1, 1), date(2026, 1, 3))).tolist()
    [[0, 1, -1]]
    """
    codes = [c for c in grid.substances if counts_in_any(c)] if substances is None else list(substances)
    if not codes:
        raise BadInput("No monitored substance is left to count.")
    rows = grid.rows(codes)
    known_use = (rows == USED).any(axis=1)
    any_unknown = (rows == UNKNOWN).any(axis=1)
    states = np.where(known_use, USED, np.where(any_unknown, UNKNOWN, NOT_USED))
    return states.astype(np.int8)


def abstinence(grid: Grid, substances: Sequence[str] | None = None) -> Abstinence:
    """Percent days abstinent of one client over the grid.

    Formula: 100 * days with no use / days reported (the observed convention: a missing day stays
    missing). Raises `BadInput` when the grid holds more than one client.

    >>> from reknit.core.substance_use.timeline import Day, grid
    >>> reports = [Day(date(2026, 1, d), "alcohol", d == 2) for d in (1, 2, 3, 4)]
    >>> abstinence(grid(reports, ["alcohol"], date(2026, 1, 1), date(2026, 1, 5)))
    Abstinence(days=5, reported=4, abstinent=3, percent=75.0, coverage=0.8, suppressed=False)
    """
    return _abstinence(_only(grid, substances))


def abstinence_by_client(grid: Grid, substances: Sequence[str] | None = None) -> dict[str, Abstinence]:
    """Percent days abstinent of each client of the grid; see `abstinence`.

    >>> from reknit.core.substance_use.timeline import Day, client_grids
    >>> told = {"a": [Day(date(2026, 1, 1), "alcohol", True)], "b": [Day(date(2026, 1, 1), "alcohol", False)]}
    >>> found = abstinence_by_client(client_grids(told, ["alcohol"], date(2026, 1, 1), date(2026, 1, 1)))
    >>> found["a"].percent, found["b"].percent
    (0.0, 100.0)
    """
    states = day_states(grid, substances)
    return {client: _abstinence(row) for client, row in zip(grid.clients, states, strict=True)}


def by_substance(grid: Grid, *, primary: str, substances: Sequence[str] | None = None) -> SubstanceDays:
    """Days of one client by substance: of any, of the primary one, and of two or more on the same day.

    `primary` is the substance that brought the client here; `substances` are those that count in "any" and in co-use, all
    of `catalogue.counts_in_any` without it. Formulas: measures catalogue 3.3. Raises `BadInput` when the grid holds more
    than one client, or lacks a substance.

    >>> from reknit.core.substance_use.timeline import Day, grid
    >>> rows = {"alcohol": (True, True, False, False), "cocaine": (True, False, False, None)}
    >>> told = [Day(date(2026, 1, n + 1), code, used) for code, days in rows.items() for n, used in enumerate(days)]
    >>> found = by_substance(grid(told, list(rows), date(2026, 1, 1), date(2026, 1, 4)), primary="cocaine")
    >>> (found.any.abstinent, found.any.reported), (found.primary.abstinent, found.primary.reported)
    ((1, 3), (2, 3))
    >>> found.co_use_days, found.co_use_unknown
    (1, 0)
    >>> found.use_days_per_30
    {'alcohol': 15.0, 'cocaine': 10.0}
    """
    codes = [c for c in grid.substances if counts_in_any(c)] if substances is None else list(substances)
    found = {code: _abstinence(_only(grid, [code])) for code in codes}
    rows = grid.rows(codes)[0]
    used, unknown = (rows == USED).sum(axis=0), (rows == UNKNOWN).sum(axis=0)
    return SubstanceDays(
        any=abstinence(grid, codes),
        primary=_abstinence(_only(grid, [primary])),
        co_use_days=int((used >= 2).sum()),
        co_use_unknown=int(((used < 2) & (used + unknown >= 2)).sum()),
        use_days_per_30={
            code: 30 * one.use_days / one.reported if one.reported else None for code, one in found.items()
        },
    )


def windows(grid: Grid, days: int = WINDOW_DAYS, *, anchor: date) -> tuple[Window, ...]:
    """Cut the calendar into spans of `days` from `anchor`, with the span before it as number 0.

    The baseline is always there; days of it that nobody asked about are unknown. Days after the end of
    the grid have not happened: a span still running is cut short and marked as not complete.

    >>> from reknit.core.substance_use.timeline import grid
    >>> year = grid([], ["alcohol"], date(2026, 1, 1), date(2026, 3, 10))
    >>> [(w.number, w.grid.days) for w in windows(year, anchor=date(2026, 2, 1))]
    [(0, 28), (1, 28), (2, 10)]
    """
    if days < 1:
        raise BadInput("A window needs at least one day.")
    return tuple(_window(grid, number, days, anchor) for number in _numbers(grid, days, anchor))


def longest_abstinence(grid: Grid, substances: Sequence[str] | None = None) -> int:
    """Length in days of the longest run of abstinent days. An unknown day ends a run.

    >>> from reknit.core.substance_use.timeline import Day, grid
    >>> reports = [Day(date(2026, 1, d), "alcohol", False) for d in (1, 2, 4, 5, 6)]
    >>> longest_abstinence(grid(reports, ["alcohol"], date(2026, 1, 1), date(2026, 1, 7)))
    3
    """
    breaks = np.flatnonzero(_only(grid, substances) != NOT_USED)
    edges = np.concatenate(([-1], breaks, [grid.days]))
    return int(np.diff(edges).max()) - 1


def current_run(grid: Grid, substances: Sequence[str] | None = None) -> int | None:
    """Length in days of the run of abstinent days that ends on the grid's end.

    Zero after a use day; None when the end day is unknown, because then nobody knows.

    >>> from reknit.core.substance_use.timeline import Day, grid
    >>> reports = [Day(date(2026, 1, d), "alcohol", d == 1) for d in (1, 2, 3)]
    >>> current_run(grid(reports, ["alcohol"], date(2026, 1, 1), date(2026, 1, 3)))
    2
    """
    states = _only(grid, substances)
    if states[-1] == UNKNOWN:
        return None
    breaks = np.flatnonzero(states != NOT_USED)
    return int(len(states) - 1 - (breaks[-1] if len(breaks) else -1))


def days_since_latest_use(grid: Grid, substances: Sequence[str] | None = None) -> int | None:
    """Days from the latest known use day to the grid's end; None when no use day is known.

    Unknown days may lie between: show coverage beside it, and "no use reported" in place of None.

    >>> from reknit.core.substance_use.timeline import Day, grid
    >>> reports = [Day(date(2026, 1, 3), "alcohol", True)]
    >>> days_since_latest_use(grid(reports, ["alcohol"], date(2026, 1, 1), date(2026, 1, 10)))
    7
    """
    used = np.flatnonzero(_only(grid, substances) == USED)
    return int(grid.days - 1 - used[-1]) if len(used) else None


def _only(grid: Grid, substances: Sequence[str] | None) -> Cells:
    if len(grid.clients) != 1:
        raise BadInput("This number is about one client; the calendar holds several.")
    states: Cells = day_states(grid, substances)[0]
    return states


def _abstinence(states: NDArray[np.int8]) -> Abstinence:
    days = len(states)
    reported = int((states != UNKNOWN).sum())
    abstinent = int((states == NOT_USED).sum())
    coverage = reported / days
    return Abstinence(
        days=days,
        reported=reported,
        abstinent=abstinent,
        percent=100 * abstinent / reported if reported else None,
        coverage=coverage,
        suppressed=coverage < MINIMUM_COVERAGE,
    )


def _numbers(grid: Grid, days: int, anchor: date) -> range:
    return range(0, max(0, (grid.end - anchor).days // days + 1) + 1)


def _window(grid: Grid, number: int, days: int, anchor: date) -> Window:
    starts_on = anchor + timedelta(days=(number - 1) * days)
    ends_on = starts_on + timedelta(days=days - 1)
    until = ends_on if number == 0 else min(ends_on, grid.end)
    return Window(number, starts_on, ends_on, grid.between(starts_on, until), ends_on <= grid.end)
