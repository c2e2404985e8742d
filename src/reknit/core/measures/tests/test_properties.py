"""What holds for every measure: one sheet is a row, a table may be split, and the order of items is nothing."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from reknit.core.measures.catalogue import measures
from reknit.core.measures.columns import ScoreColumns, bounds_columns
from reknit.core.measures.definition import Measure
from reknit.core.measures.scoring import STATE_CODES, result_of, score, score_codes, score_columns

Rows = list[dict[str, int | None]]


@st.composite
def tables(draw: st.DrawFn) -> tuple[Measure, Rows]:
    """Some sheets of one measure, with blanks and with values that are no answers."""
    chosen = draw(st.sampled_from(measures()))
    choices: dict[str, list[int | None]] = {
        item.id: [*(option.value for option in chosen.options_for(item)), None] for item in chosen.items
    }
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    share = draw(st.sampled_from([0.0, 0.05, 0.4]))
    rows: Rows = []
    for _ in range(draw(st.integers(1, 6))):
        row = {
            key: values[random.integers(len(values) - (random.random() > share))]
            for key, values in choices.items()
        }
        if random.random() < share:
            row[chosen.items[0].id] = 77
        rows.append(row)
    return chosen, rows


def columns_of(chosen: Measure, rows: Rows) -> dict[str, NDArray[np.float64]]:
    return {
        item.id: np.array([np.nan if (v := row[item.id]) is None else float(v) for row in rows])
        for item in chosen.items
    }


def arrays(result: ScoreColumns) -> Mapping[str, NDArray[np.generic]]:
    return {
        "states": result.states, "totals": result.totals, "bands": result.bands, "critical": result.critical,
        "blank": result.critical_blank, "answered": result.answered, "missing": result.missing, "flags": result.flags,
        **result.results,
    }  # fmt: skip


@given(tables())
def test_one_sheet_is_its_row(case: tuple[Measure, Rows]) -> None:
    chosen, rows = case
    many = score_columns(chosen, columns_of(chosen, rows))
    for place, row in enumerate(rows):
        one = score(chosen, row)
        assert STATE_CODES[many.states[place]] is one.state
        total = many.totals[place]
        assert (None if np.isnan(total) else round(float(total), 2)) == (
            None if one.total is None else float(one.total)
        )
        assert (chosen.bands[many.bands[place]].key if many.bands[place] >= 0 else None) == one.band
        assert {
            name: result_of(chosen, name, many.results[name][place]) for name in many.results
        } == one.results
        assert len(one.missing) == many.missing[place]


@given(tables(), st.integers(0, 6))
def test_splitting_a_table_changes_nothing(case: tuple[Measure, Rows], cut: int) -> None:
    chosen, rows = case
    columns = columns_of(chosen, rows)
    whole = arrays(score_columns(chosen, columns))
    parts = [
        arrays(score_columns(chosen, {name: column[part] for name, column in columns.items()}))
        for part in (slice(0, cut), slice(cut, None))
    ]
    for name, expected in whole.items():
        np.testing.assert_array_equal(np.concatenate([part[name] for part in parts]), expected)


@given(tables())
def test_order_of_columns_changes_nothing(case: tuple[Measure, Rows]) -> None:
    chosen, rows = case
    columns = columns_of(chosen, rows)
    turned = dict(reversed(columns.items()))
    for (_, one), (_, other) in zip(
        arrays(score_columns(chosen, columns)).items(),
        arrays(score_columns(chosen, turned)).items(),
        strict=True,
    ):
        np.testing.assert_array_equal(one, other)


@given(tables())
def test_codes_and_numbers_agree(case: tuple[Measure, Rows]) -> None:
    chosen, rows = case
    codes = {
        item.id: np.array([-1 if (v := row[item.id]) is None else v for row in rows], dtype=np.int8)
        for item in chosen.items
    }
    numbers = arrays(score_columns(chosen, columns_of(chosen, rows)))
    for name, found in arrays(score_codes(chosen, codes)).items():
        np.testing.assert_array_equal(found, numbers[name])


@given(tables())
def test_results_lie_within_their_items(case: tuple[Measure, Rows]) -> None:
    chosen, rows = case
    found = score_columns(chosen, columns_of(chosen, rows))
    for scale in chosen.subscales:
        points = [
            [option.points for option in chosen.options_for(item)]
            for item in chosen.items
            if item.id in scale.items
        ]
        by = len(points) if scale.scoring == "mean" else 1
        values = found.results[scale.id]
        values = values[~np.isnan(values)]
        assert (values >= sum(map(min, points)) / by - 0.005).all()
        assert (values <= sum(map(max, points)) / by + 0.005).all()


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1.5, -2.0, 1e300, 128.0, 101.0, -1.0])
def test_strange_numbers_are_illegal_and_never_wrapped(value: float) -> None:
    for chosen in measures():
        column = {chosen.scored_items[0].id: np.array([value])}
        rule = chosen.not_applicable
        assert rule or score_columns(chosen, column).states[0] == 3


def test_long_tables_are_worked_through_in_pieces() -> None:
    """40,000 rows go over the edge of a piece: row 16,384 is scored as any other."""
    chosen = next(one for one in measures() if one.id == "gad-7")
    columns = {item.id: np.arange(40_000.0) % 4 for item in chosen.items}
    found = score_columns(chosen, columns)
    np.testing.assert_array_equal(found.totals, 7 * (np.arange(40_000) % 4))


@given(tables().filter(lambda case: case[0].scoring == "sum"), st.integers(0, 2**32 - 1))
def test_whatever_the_blanks_would_have_been_the_total_lies_within_its_bounds(
    case: tuple[Measure, Rows], seed: int
) -> None:
    chosen, rows = case
    low, high = bounds_columns(chosen, columns_of(chosen, rows))
    scored = score_columns(chosen, columns_of(chosen, rows))
    random = np.random.default_rng(seed)
    skipped = {item for rule in chosen.skips for item in rule.items}
    for place, row in enumerate(rows):
        assert np.isnan(low[place]) == np.isnan(high[place])
        if STATE_CODES[scored.states[place]] == "complete":
            assert low[place] == high[place] == scored.totals[place]
        if np.isnan(low[place]) or any(row[item] is None for item in skipped):
            continue  # a blank that a skip fills is no blank
        filled = dict(row)
        for item in chosen.scored_items:
            if row[item.id] is None:
                values = [option.value for option in chosen.options_for(item)]
                filled[item.id] = values[random.integers(len(values))]
        total = score_columns(chosen, columns_of(chosen, [filled])).totals[0]
        assert low[place] <= total <= high[place]
