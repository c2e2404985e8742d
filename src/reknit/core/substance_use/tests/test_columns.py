"""Abstinence from long columns equals abstinence from the calendar, in any order of rows."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from reknit.core.errors import BadInput
from reknit.core.substance_use import columns, outcomes
from reknit.core.substance_use.columns import AbstinenceColumns, abstinence_columns
from reknit.core.substance_use.outcomes import calendar_outcomes

Rows = list[tuple[int, int, float | None]]
days = st.tuples(st.integers(3, 6), st.integers(-4, 30), st.none() | st.sampled_from([0.0, 0.0, 1.0, 5.0]))
tables = st.lists(days, min_size=1, max_size=60)


def answer(rows: Rows, *, apart: int = 1) -> AbstinenceColumns:
    """`apart` spreads clients and days far out, where no table of them could be laid out."""
    client, day, amount = zip(*rows, strict=True)
    return abstinence_columns(
        np.array(client) * apart,
        np.array(day),
        np.array([np.nan if one is None else one for one in amount]),
    )


def by_the_calendar(rows: Rows) -> dict[int, tuple[int, float, int]]:
    """The same through a dense table and `calendar_outcomes`, day by day."""
    told: dict[tuple[int, int], set[float]] = {}
    for client, day, amount in rows:
        told.setdefault((client, day), set()).update(set() if amount is None else {amount})
    clients = sorted({client for client, _day, _amount in rows})
    table = np.full((len(clients), 36), np.nan)
    for (client, day), amounts in told.items():
        if amounts and len({one > 0 for one in amounts}) == 1:
            table[clients.index(client), day + 4] = max(amounts)
    found = calendar_outcomes(table)
    longest: NDArray[np.int64] = np.maximum(found.longest_abstinence, 0)
    return {
        client: (int(found.n_reported[n]), float(found.pda[n]), int(longest[n]))
        for n, client in enumerate(clients)
    }


def shown(found: AbstinenceColumns, apart: int = 1) -> dict[int, tuple[int, float, int]]:
    columns = (found.n_reported, found.pda, found.longest_abstinence)
    return {
        int(client) // apart: (int(n), float(pda), int(longest))
        for client, n, pda, longest in zip(found.clients, *columns, strict=True)
    }


@given(tables)
def test_rows_in_any_order_give_what_the_calendar_gives(rows: Rows) -> None:
    expected = by_the_calendar(rows)
    for table in (rows, sorted(rows, key=lambda row: row[:2])):
        np.testing.assert_equal(shown(answer(table)), expected)
        np.testing.assert_equal(shown(answer(table, apart=1000), 1000), expected)


@given(st.lists(days, min_size=1, max_size=30))
def test_splitting_a_table_by_client_and_joining_changes_nothing(rows: Rows) -> None:
    whole = shown(answer(rows))
    joined: dict[int, tuple[int, float, int]] = {}
    for client in {row[0] for row in rows}:
        joined |= shown(answer([row for row in rows if row[0] == client]))
    np.testing.assert_equal(joined, whole)


def test_long_calendars_do_not_overflow() -> None:
    year = np.arange(1000)
    two = np.tile(year, 2)
    found = abstinence_columns(np.repeat([1, 2], 1000), two, np.zeros(2000))
    mixed = abstinence_columns(np.repeat([1, 2], 1000)[::-1], two[::-1], np.zeros(2000))
    for one in (found, mixed):
        assert one.longest_abstinence.tolist() == [1000, 1000]
        assert one.n_reported.tolist() == [1000, 1000]


def test_blocks_part_no_client(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    client, day = np.repeat(np.arange(40), 25), np.tile(np.arange(25), 40)
    amount = np.where(rng.random(1000) < 0.8, 0.0, 2.0)
    whole = abstinence_columns(client, day, amount)
    for block in (1, 7, 25, 60, 999):
        monkeypatch.setattr(columns, "_BLOCK", block)
        np.testing.assert_equal(shown(abstinence_columns(client, day, amount)), shown(whole))
        with_step_back = abstinence_columns(np.roll(client, 25), np.roll(day, 25), np.roll(amount, 25))
        np.testing.assert_equal(shown(with_step_back), shown(whole))


def test_nothing_in_nothing_out() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert len(abstinence_columns(none, none, np.zeros(0)).clients) == 0


def test_amounts_below_zero_and_uneven_columns_are_refused() -> None:
    one = np.array([1])
    with pytest.raises(BadInput, match="below zero"):
        abstinence_columns(one, one, np.array([-1.0]))
    with pytest.raises(BadInput, match="length"):
        abstinence_columns(one, one, np.zeros(2))


def test_calendars_in_blocks_give_what_they_give_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    amounts = np.where(rng.random((30, 20)) < 0.6, 0.0, rng.integers(1, 9, (30, 20)).astype(float))
    amounts[rng.random((30, 20)) < 0.2] = np.nan
    limits, men, inside = (
        rng.integers(4, 6, 30).astype(float),
        rng.random(30) < 0.5,
        rng.random((30, 20)) < 0.9,
    )
    whole = calendar_outcomes(amounts, heavy=limits, is_man=men, inside=inside, grams=14.0, missing="worst")
    monkeypatch.setattr(outcomes, "_BLOCK", 70)  # three clients at a time
    parted = calendar_outcomes(amounts, heavy=limits, is_man=men, inside=inside, grams=14.0, missing="worst")
    for field in fields(whole):
        np.testing.assert_array_equal(getattr(parted, field.name), getattr(whole, field.name), field.name)
