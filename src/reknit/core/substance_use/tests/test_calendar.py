"""The calendar: unknown is never zero, and more use never looks like less."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.substance_use.catalogue import SUBSTANCES, substance
from reknit.core.substance_use.summaries import (
    abstinence,
    abstinence_by_client,
    by_substance,
    current_run,
    day_states,
    days_since_latest_use,
    longest_abstinence,
    windows,
)
from reknit.core.substance_use.timeline import Day, Grid, client_grids, grid, grid_from_columns

START = date(2026, 1, 1)


def calendar(*rows: str, substances: tuple[str, ...] = ("alcohol", "opioids", "cocaine")) -> Grid:
    """A grid from pictures, one row a substance: `x` used, `.` not used, `?` unknown."""
    codes = substances[: len(rows)]
    reports = [
        Day(START + timedelta(days=position), code, mark == "x")
        for code, row in zip(codes, rows, strict=True)
        for position, mark in enumerate(row)
        if mark != "?"
    ]
    return grid(reports, codes, START, START + timedelta(days=len(rows[0]) - 1))


pictures = st.integers(1, 40).flatmap(
    lambda n: st.lists(st.text("x.?", min_size=n, max_size=n), min_size=1, max_size=3)
)


def test_absent_row_is_unknown() -> None:
    empty = grid([], ["alcohol"], START, START + timedelta(days=6))
    result = abstinence(empty)
    assert (result.days, result.reported, result.abstinent) == (7, 0, 0)
    assert result.percent is None
    assert result.suppressed


def test_asked_but_not_known_is_unknown() -> None:
    asked = grid([Day(START, "alcohol", None)], ["alcohol"], START, START)
    assert abstinence(asked).reported == 0


def test_percent_days_abstinent_counts_reported_days_only() -> None:
    """Reference by hand: 10 days, 8 reported, 6 abstinent: 100 * 6 / 8 = 75, coverage .8."""
    result = abstinence(calendar("..x.?..x?."))
    assert (result.days, result.reported, result.abstinent, result.use_days) == (10, 8, 6, 2)
    assert (result.percent, result.coverage, result.suppressed) == (75.0, 0.8, False)


@pytest.mark.parametrize(("picture", "suppressed"), [("...?", False), ("..??", True)])
def test_low_coverage_suppresses_the_percentage(picture: str, suppressed: bool) -> None:
    result = abstinence(calendar(picture))
    assert result.suppressed is suppressed
    assert result.percent == 100.0


def test_day_of_several_substances_needs_all_known_to_be_abstinent() -> None:
    states = day_states(calendar("x.?.x", "?.?x."))
    assert states.tolist() == [[1, 0, -1, 1, 1]]
    assert day_states(calendar("x?", "??")).tolist() == [[1, -1]]
    assert day_states(calendar(".", "?")).tolist() == [[-1]]


def test_tobacco_and_caffeine_stay_out_of_any_substance() -> None:
    both = calendar("..", "xx", substances=("alcohol", "tobacco"))
    assert abstinence(both).percent == 100.0
    assert abstinence(both, ["tobacco"]).percent == 0.0
    assert [s.code for s in SUBSTANCES if not s.counts_in_any] == ["tobacco", "caffeine"]


def test_nothing_to_count_is_refused() -> None:
    with pytest.raises(BadInput, match="No monitored substance"):
        abstinence(calendar("..", substances=("tobacco",)))
    with pytest.raises(BadInput, match="not one of the substances"):
        abstinence(calendar(".."), ["opioids"])


def test_two_reports_of_a_day_are_merged_towards_use() -> None:
    reports = [Day(START, "alcohol", False), Day(START, "alcohol", True), Day(START, "alcohol", None)]
    for order in (reports, reports[::-1]):
        assert grid(order, ["alcohol"], START, START).cells.tolist() == [[[1]]]


def test_day_refuses_an_amount_without_use() -> None:
    for used in (False, None):
        with pytest.raises(BadInput, match="not marked as a use day"):
            Day(START, "alcohol", used, Decimal(2))
    with pytest.raises(BadInput, match="below zero"):
        Day(START, "alcohol", True, Decimal(-1))
    assert Day(START, "alcohol", False, Decimal(0)).used is False


def test_end_before_start_is_refused() -> None:
    with pytest.raises(BadInput, match="before the start"):
        grid([], ["alcohol"], START, START - timedelta(days=1))


def test_unknown_substance_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match="'tea'"):
        substance("tea")


@pytest.mark.parametrize(
    ("picture", "longest", "current", "since"),
    [
        ("....", 4, 4, None),
        ("..x.", 2, 1, 1),
        ("..?.", 2, 1, None),
        ("...x", 3, 0, 0),
        ("x..?", 2, None, 3),
        ("????", 0, None, None),
        ("x??.", 1, 1, 3),
    ],
)
def test_runs_end_at_use_and_at_unknown_days(
    picture: str, longest: int, current: int | None, since: int | None
) -> None:
    one = calendar(picture)
    assert (longest_abstinence(one), current_run(one), days_since_latest_use(one)) == (
        longest,
        current,
        since,
    )


def test_windows_give_a_full_baseline_and_cut_the_running_one() -> None:
    one = calendar("." * 70)
    anchor = START + timedelta(days=14)
    found = windows(one, anchor=anchor)
    assert [(w.number, w.is_complete) for w in found] == [(0, True), (1, True), (2, True)]
    assert (found[0].starts_on, found[0].ends_on) == (anchor - timedelta(28), anchor - timedelta(1))
    baseline = abstinence(found[0].grid)
    assert (baseline.days, baseline.reported, baseline.suppressed) == (28, 14, True)
    running = windows(calendar("." * 20), anchor=anchor)[1]
    assert (running.grid.days, running.is_complete) == (6, False)


def test_windows_of_a_course_that_has_not_started_hold_the_baseline_only() -> None:
    later = START + timedelta(days=60)
    assert [w.number for w in windows(calendar("...."), anchor=later)] == [0]
    with pytest.raises(BadInput):
        windows(calendar("..."), 0, anchor=START)


def test_many_clients_come_out_as_each_alone() -> None:
    ana = [Day(START, "alcohol", True)]
    ben = [Day(START, "alcohol", False), Day(START + timedelta(1), "alcohol", False)]
    both = client_grids({"a": ana, "b": ben}, ["alcohol"], START, START + timedelta(1))
    found = abstinence_by_client(both)
    assert (found["a"].percent, found["b"].percent) == (0.0, 100.0)
    with pytest.raises(BadInput, match="one client"):
        abstinence(both)


def test_columns_fill_the_same_grid_and_drop_days_outside() -> None:
    zero = np.zeros(3, dtype=np.int64)
    found = grid_from_columns(
        zero,
        zero,
        np.array([0, 1, 9]),
        np.array([1, 0, 1], dtype=np.int8),
        clients=["a"],
        substances=["alcohol"],
        start=START,
        end=START + timedelta(2),
    )
    assert found.cells.tolist() == calendar("x.?").cells.tolist()


@given(pictures, st.data())
def test_more_use_never_lowers_use_days(rows: list[str], data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(rows) - 1))
    day = data.draw(st.integers(0, len(rows[0]) - 1))
    more = list(rows)
    more[row] = rows[row][:day] + "x" + rows[row][day + 1 :]
    before, after = abstinence(calendar(*rows)), abstinence(calendar(*more))
    assert after.use_days >= before.use_days
    assert after.abstinent <= before.abstinent


@given(pictures)
def test_use_day_at_the_end_keeps_earlier_abstinent_days(rows: list[str]) -> None:
    before = abstinence(calendar(*rows))
    after = abstinence(calendar(*(row + "x" for row in rows)))
    assert after.abstinent == before.abstinent
    assert longest_abstinence(calendar(*(row + "x" for row in rows))) == longest_abstinence(calendar(*rows))


@given(pictures)
def test_unknown_days_are_never_counted(rows: list[str]) -> None:
    before = abstinence(calendar(*rows))
    after = abstinence(calendar(*(row + "???" for row in rows)))
    assert (after.reported, after.abstinent, after.percent) == (
        before.reported,
        before.abstinent,
        before.percent,
    )
    assert before.reported <= before.days


@given(pictures, st.integers(0, 60), st.integers(1, 30))
def test_windows_never_count_a_day_twice_or_make_one_up(rows: list[str], offset: int, days: int) -> None:
    whole = calendar(*rows)
    anchor = START + timedelta(days=offset - 10)
    parts = [abstinence(window.grid) for window in windows(whole, days, anchor=anchor)]
    assert sum(part.abstinent for part in parts) <= abstinence(whole).abstinent
    assert sum(part.use_days for part in parts) <= abstinence(whole).use_days
    after = [one for one in windows(whole, days, anchor=anchor) if not one.is_baseline]
    assert sum(one.grid.days for one in after) == max(0, (whole.end - anchor).days + 1)


def test_days_by_substance_by_hand() -> None:
    """Alcohol 2 of 5 known days, cocaine 2 of 4; both on day 0; day 4 may be one of both."""
    found = by_substance(calendar("x..?x.", "xx...?", substances=("alcohol", "cocaine")), primary="cocaine")
    assert (found.co_use_days, found.co_use_unknown) == (1, 0)
    assert (found.any.reported, found.any.abstinent) == (4, 1)
    assert (found.primary.reported, found.primary.abstinent, found.primary.percent) == (5, 3, 60.0)
    assert found.use_days_per_30 == {"alcohol": 12.0, "cocaine": 12.0}
    maybe = by_substance(calendar("x?", "??"), primary="alcohol")
    assert (maybe.co_use_days, maybe.co_use_unknown) == (0, 2)
    assert maybe.use_days_per_30 == {"alcohol": 30.0, "opioids": None}


def test_tobacco_is_no_co_use_unless_it_is_named() -> None:
    both = calendar("xx", "xx", substances=("alcohol", "tobacco"))
    assert by_substance(both, primary="alcohol").co_use_days == 0
    assert by_substance(both, primary="tobacco", substances=["alcohol", "tobacco"]).co_use_days == 2
    with pytest.raises(BadInput, match="'cocaine'"):
        by_substance(both, primary="cocaine")


@given(pictures, st.data())
def test_more_use_never_raises_the_percentage_of_a_substance_or_lowers_co_use(
    rows: list[str], data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, len(rows) - 1))
    day = data.draw(st.integers(0, len(rows[0]) - 1))
    more = list(rows)
    more[row] = rows[row][:day] + "x" + rows[row][day + 1 :]
    before, after = (by_substance(calendar(*one), primary="alcohol") for one in (rows, more))
    assert after.co_use_days >= before.co_use_days
    for old, new in ((before.any, after.any), (before.primary, after.primary)):
        assert old.percent is None or (new.percent is not None and new.percent <= old.percent + 1e-9)
