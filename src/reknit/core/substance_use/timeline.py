"""The calendar: what was reported, laid out as a dense grid of client, substance and day.

A cell is 1 (used), 0 (did not use) or -1 (unknown). The grid starts out unknown everywhere, so an
absent row can never turn into a day without use.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput

USED: Final = 1
NOT_USED: Final = 0
UNKNOWN: Final = -1

Cells = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Day:
    """One report: did the client use this substance on this day, and if known how much.

    `used` is None when the person was asked and could not say. `amount` is in whatever unit the caller
    keeps; nothing here adds amounts up.
    """

    on: date
    substance: str
    used: bool | None
    amount: Decimal | None = None

    def __post_init__(self) -> None:
        if self.amount is None:
            return
        if self.amount < 0:
            raise BadInput(f"The amount on {self.on:%d %B %Y} is below zero.")
        if self.amount > 0 and self.used is not True:
            raise BadInput(f"An amount is given on {self.on:%d %B %Y}, which is not marked as a use day.")


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Dense calendar: `cells` has the shape clients x substances x days, first day `start`."""

    cells: Cells
    clients: tuple[str, ...]
    substances: tuple[str, ...]
    start: date

    @property
    def days(self) -> int:
        """Number of days, both ends counted.

        >>> Grid(np.zeros((1, 1, 3), dtype=np.int8), ("a",), ("alcohol",), date(2026, 1, 30)).days
        3
        """
        return int(self.cells.shape[2])

    @property
    def end(self) -> date:
        """The latest day of the grid, itself included.

        >>> Grid(np.zeros((1, 1, 3), dtype=np.int8), ("a",), ("alcohol",), date(2026, 1, 30)).end
        datetime.date(2026, 2, 1)
        """
        return self.start + timedelta(days=self.days - 1)

    def rows(self, substances: Sequence[str]) -> Cells:
        """The cells of these substances, clients x chosen x days. Raises `BadInput` for others.

        >>> cells = np.array([[[1, 0], [0, -1]]], dtype=np.int8)
        >>> Grid(cells, ("a",), ("alcohol", "cocaine"), date(2026, 1, 1)).rows(["cocaine"]).tolist()
        [[[0, -1]]]
        """
        for code in substances:
            if code not in self.substances:
                raise BadInput(f"'{code}' is not one of the substances monitored here.")
        return self.cells[:, [self.substances.index(code) for code in substances], :]

    def between(self, start: date, end: date) -> "Grid":
        """The same calendar over other days. Days outside this grid come out as unknown. Raises `BadInput`.

        >>> two = Grid(np.array([[[1, 0]]], dtype=np.int8), ("a",), ("alcohol",), date(2026, 1, 1))
        >>> two.between(date(2026, 1, 2), date(2026, 1, 4)).cells.tolist()
        [[[0, -1, -1]]]
        """
        days = _days_between(start, end)
        cells = np.full((*self.cells.shape[:2], days), UNKNOWN, dtype=np.int8)
        offset = (start - self.start).days
        first, after = max(offset, 0), min(offset + days, self.days)
        if first < after:
            cells[:, :, first - offset : after - offset] = self.cells[:, :, first:after]
        return Grid(cells, self.clients, self.substances, start)


def grid(days: Iterable[Day], substances: Sequence[str], start: date, end: date) -> Grid:
    """Lay the reports of one client out from `start` to `end`, both included.

    Reports of other substances or other days are left out. Two reports of the same day and substance
    are merged towards use: used beats not used, and both beat unknown. Raises `BadInput` if `end` is
    before `start`.

    >>> reports = [Day(date(2026, 1, 1), "alcohol", False), Day(date(2026, 1, 3), "alcohol", True)]
    >>> grid(reports, ["alcohol"], date(2026, 1, 1), date(2026, 1, 3)).cells.tolist()
    [[[0, -1, 1]]]
    """
    return client_grids({"": days}, substances, start, end)


def client_grids(
    days: Mapping[str, Iterable[Day]], substances: Sequence[str], start: date, end: date
) -> Grid:
    """Lay out the reports of many clients at once, one layer each in the order of the mapping.

    Raises `BadInput` if `end` is before `start`.

    >>> told = {"a": [Day(date(2026, 1, 1), "alcohol", True)], "b": []}
    >>> client_grids(told, ["alcohol"], date(2026, 1, 1), date(2026, 1, 2)).cells.tolist()
    [[[1, -1]], [[-1, -1]]]
    """
    row = {code: position for position, code in enumerate(substances)}
    shape = (len(days), len(row), _days_between(start, end))
    found = [
        (client, row[day.substance], (day.on - start).days, int(day.used))
        for client, reports in enumerate(days.values())
        for day in reports
        if day.used is not None and day.substance in row and start <= day.on <= end
    ]
    cells = _place(np.array(found, dtype=np.int64).reshape(-1, 4), shape)
    return Grid(cells, tuple(days), tuple(row), start)


def grid_from_columns(
    client: NDArray[np.int64],
    substance: NDArray[np.int64],
    day: NDArray[np.int64],
    used: NDArray[np.int8],
    *,
    clients: Sequence[str],
    substances: Sequence[str],
    start: date,
    end: date,
) -> Grid:
    """Lay out reports that already are columns: positions in `clients` and `substances`, days since
    `start`, and cell values. Rows that fall outside `start` to `end` are left out.

    >>> at = np.array([0, 0])
    >>> grid_from_columns(at, at, np.array([0, 2]), np.array([1, 0], dtype=np.int8), clients=["a"],
    ...     substances=["alcohol"], start=date(2026, 1, 1), end=date(2026, 1, 3)).cells.tolist()
    [[[1, -1, 0]]]
    """
    shape = (len(clients), len(substances), _days_between(start, end))
    rows = np.column_stack([client, substance, day, used]).astype(np.int64)
    inside = (rows[:, 2] >= 0) & (rows[:, 2] < shape[2])
    return Grid(_place(rows[inside], shape), tuple(clients), tuple(substances), start)


def _place(rows: NDArray[np.int64], shape: tuple[int, int, int]) -> Cells:
    """Put (client, substance, day, value) rows into unknown cells; the highest value of a cell stays."""
    cells = np.full(shape, UNKNOWN, dtype=np.int8)
    np.maximum.at(cells, (rows[:, 0], rows[:, 1], rows[:, 2]), rows[:, 3].astype(np.int8))
    return cells


def _days_between(start: date, end: date) -> int:
    if end < start:
        raise BadInput("The end date is before the start date.")
    return (end - start).days + 1
