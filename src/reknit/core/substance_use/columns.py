"""Abstinence of many clients at once, from long columns of client, day and amount: for studies and registers.

The same rules as `outcomes.calendar_outcomes`, and a property test holds the two together: a day without a row, or with a
blank amount, is not known; days told twice alike are one day, and told in two ways (used and not used) are not known.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_UNKNOWN, _USED, _SOBER = 0, 1, 2
_ROOMY: Final = 8
"""A table of days by clients is laid out only where it has no more than so many cells for each row."""
_BLOCK: Final = 1 << 17
"""Rows in order are taken in blocks of about so many, which stay near the processor."""


@dataclass(frozen=True, slots=True, eq=False)
class AbstinenceColumns:
    """One row a client, clients in ascending order. `pda` is 0 to 100, NaN where no day is known; runs are in days."""

    clients: Whole
    n_reported: Whole
    n_abstinent: Whole
    pda: Floats
    longest_abstinence: Whole


def abstinence_columns(client: Whole, day: Whole, amount: Floats) -> AbstinenceColumns:
    """Percent days abstinent and the longest run without use of every client.

    Formula: ``pda = 100 * days with amount 0 / days known`` and the most consecutive days with amount 0, each known
    (Timeline Followback; measures catalogue 3.3). `client` and `day` are whole numbers, days counted from any day; rows may
    come in any order, and fastest sorted by client and day. Raises `BadInput` for columns of different length or an amount
    below zero.

    >>> found = abstinence_columns(np.array([7, 7, 7, 7, 9]), np.array([1, 2, 4, 5, 1]), np.array([0, 0, 0, 3, np.nan]))
    >>> found.clients.tolist(), found.pda.tolist(), found.longest_abstinence.tolist()
    ([7, 9], [75.0, nan], [2, 0])
    """
    if not len(client) == len(day) == len(amount):
        raise BadInput("The columns of the calendar differ in length.")
    if not len(client):
        none = np.zeros(0, dtype=np.int64)
        return AbstinenceColumns(none, none, none, np.zeros(0), none)
    if np.fmin.reduce(amount) < 0:
        raise BadInput("An amount is below zero.")
    if (found := _in_blocks(client, day, amount)) is not None:
        return found
    width, height = int(client.max()) - int(client.min()) + 1, int(day.max()) - int(day.min()) + 1
    if width * height <= _ROOMY * len(client):
        return _laid_out(client, day, amount, width, height)
    return _sorted(*_one_row_a_day(client, day, amount))


def _in_blocks(client: Whole, day: Whole, amount: Floats) -> AbstinenceColumns | None:
    """From rows in order of client and day, each day once; nothing where they are not."""
    parts: list[AbstinenceColumns] = []
    start = 0
    while start < len(client):
        end = min(start + _BLOCK, len(client))
        if end < len(client):  # a client stays whole
            end += int(np.searchsorted(client[end:], client[end - 1], side="right"))
        who, when = client[start:end], day[start:end]
        same, step = who[1:] == who[:-1], when[1:] - when[:-1]
        if not (same & (step > 0) | (who[1:] > who[:-1])).all() or (start and who[0] <= client[start - 1]):
            return None
        parts.append(_sorted(who, amount[start:end], same & (step == 1)))
        start = end
    return parts[0] if len(parts) == 1 else _joined(parts)


def _joined(parts: list[AbstinenceColumns]) -> AbstinenceColumns:
    names = ("clients", "n_reported", "n_abstinent", "pda", "longest_abstinence")
    return AbstinenceColumns(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _sorted(client: Whole, amount: Floats, follows: Bools) -> AbstinenceColumns:
    """From rows in order, each day once; `follows` says of each row but the first whether it is the day after."""
    sober = amount == 0
    starts = np.flatnonzero(np.concatenate(([True], client[1:] != client[:-1])))
    n_sober = np.add.reduceat(sober, starts, dtype=np.int64)
    blank = np.isnan(amount)
    known = np.diff(np.append(starts, len(client)))
    if blank.any():
        known = known - np.add.reduceat(blank, starts, dtype=np.int64)
    # A run starts at every row that does not carry one on; a row of use or not known is a run of none.
    carries_on = follows & sober[1:] & sober[:-1]
    heads = np.flatnonzero(np.concatenate(([True], ~carries_on)))
    lengths = np.diff(np.append(heads, len(client))) * sober[heads]
    longest = np.maximum.reduceat(lengths, np.searchsorted(heads, starts))
    return _answer(client[starts], known, n_sober, longest)


def _laid_out(client: Whole, day: Whole, amount: Floats, width: int, height: int) -> AbstinenceColumns:
    """From rows in any order, through a table of days by clients."""
    index = np.int32 if width * height < 2**31 else np.int64
    place = (day - day.min()).astype(index)
    place *= width
    place += (client - client.min()).astype(index)
    state = (amount == 0).view(np.int8) + np.int8(1)
    blank = np.isnan(amount)
    if blank.any():
        place, state = place[~blank], state[~blank]
    cells = np.zeros(width * height, dtype=np.int8)
    cells[place] = state
    clash = cells[place] != state
    if clash.any():
        cells[place[clash]] = _UNKNOWN
    table = cells.reshape(height, width)
    sober = (table == _SOBER).view(np.int8)
    known, n_sober = _summed((table != _UNKNOWN).view(np.int8)), _summed(sober)
    longest, run = np.zeros(width, dtype=np.int32), np.zeros(width, dtype=np.int32)
    for one in sober:  # a calendar has many more clients than days
        run += 1
        run *= one
        np.maximum(longest, run, out=longest)
    here = np.zeros(width, dtype=bool)
    here[client - client.min()] = True
    clients = np.flatnonzero(here)
    return _answer(
        clients + client.min(), known[clients], n_sober[clients], longest[clients].astype(np.int64)
    )


def _summed(table: NDArray[np.int8]) -> Whole:
    """Sums down the columns, by hundreds so that small whole numbers do not overflow."""
    total = np.zeros(table.shape[1], dtype=np.int64)
    for start in range(0, len(table), 100):
        total += table[start : start + 100].sum(axis=0, dtype=np.int8)
    return total


def _one_row_a_day(client: Whole, day: Whole, amount: Floats) -> tuple[Whole, Floats, Bools]:
    """Rows in order with each day once: those told alike merged, those told in two ways not known."""
    order = np.lexsort(
        (np.isnan(amount), day, client)
    )  # blanks last, so that the first row of a day says what is known
    client, day, amount = client[order], day[order], amount[order]
    fresh = np.concatenate(([True], (client[1:] != client[:-1]) | (day[1:] != day[:-1])))
    heads = np.flatnonzero(fresh)
    used = np.where(np.isnan(amount), np.nan, amount > 0)
    differ = np.fmax.reduceat(used, heads) != np.fmin.reduceat(used, heads)
    client, day, amount = client[heads], day[heads], np.where(differ, np.nan, amount[heads])
    return client, amount, (client[1:] == client[:-1]) & (day[1:] - day[:-1] == 1)


def _answer(clients: Whole, known: Whole, sober: Whole, longest: Whole) -> AbstinenceColumns:
    share = np.divide(sober, known, out=np.full(len(known), np.nan), where=known > 0)
    return AbstinenceColumns(clients, known, sober, 100 * share, longest)
