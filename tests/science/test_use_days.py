"""`reknit use-days`, as others build on it."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.cli.main import main


def run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: list[str], *options: str, code: int = 0
) -> list[dict[str, str]]:
    path = tmp_path / "days.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert main(["use-days", str(path), *options]) == code
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


WEEK = [
    "client,date,amount",
    *(f"a,2026-03-0{day},{amount}" for day, amount in enumerate([0, 5, "", 0, 0, 2], 1)),
]


def test_one_week_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Known: 0 5 . 0 0 2. PDA 3/5, heavy (4 or more) 1/5, per drinking day 7/2, per day 7/5, 19.6 g a day: low."""
    (row,) = run(tmp_path, capsys, WEEK)
    assert (row["n_days"], row["n_reported"], float(row["coverage"])) == ("6", "5", pytest.approx(5 / 6))
    assert (float(row["pda"]), float(row["phdd"]), float(row["dpdd"])) == (60.0, 20.0, 3.5)
    assert (float(row["drinks_per_day"]), float(row["total_drinks"])) == (1.4, 7.0)
    assert float(row["grams_per_day"]) == pytest.approx(19.6)
    assert (row["who_level"], row["no_heavy_days"]) == ("low", "False")
    assert (row["longest_abstinence"], row["current_abstinence"], row["days_since_last_use"]) == (
        "2",
        "0",
        "0",
    )
    assert (row["days_to_first_use"], row["days_to_first_heavy"], row["observed_until"]) == (
        "1",
        "1",
        "2026-03-06",
    )
    assert (row["n_unreadable"], row["flags"]) == ("0", "")


def test_worst_counts_an_unknown_day_at_the_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = run(tmp_path, capsys, WEEK, "--missing", "worst", "--heavy", "4")
    assert (row["n_reported"], float(row["pda"]), float(row["phdd"])) == (
        "5",
        50.0,
        pytest.approx(100 * 2 / 6),
    )
    assert float(row["total_drinks"]) == 11.0
    assert float(row["coverage"]) == pytest.approx(5 / 6)


@pytest.mark.parametrize(
    ("unit", "amount", "sex", "heavy"),
    [
        ("us", 4, "F", True),
        ("us", 4, "M", False),
        ("us", 5, "M", True),
        ("uk", 7, "", True),
        ("uk", 6.9, "x", False),
        ("who", 7, "m", True),
    ],
)
def test_heavy_days_are_compared_in_grams(
    unit: str, amount: float, sex: str, heavy: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["client,date,amount,sex", f"a,2026-03-01,{amount},{sex}"]
    (row,) = run(tmp_path, capsys, lines, "--unit", unit, "--sex-column", "sex")
    assert (float(row["phdd"]) == 100) is heavy


@pytest.mark.parametrize(("grams", "sex", "level"), [(20, "F", "low"), (21, "F", "moderate"), (61, "F", "very_high"), (40, "M", "low"), (101, "M", "very_high"), (0, "M", "abstinent")])  # fmt: skip
def test_risk_levels(
    grams: float, sex: str, level: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["client,date,amount,sex", f"a,2026-03-01,{grams},{sex}"]
    (row,) = run(tmp_path, capsys, lines, "--unit", "grams", "--sex-column", "sex")
    assert row["who_level"] == level


def test_equal_rows_merge_and_contradicting_ones_make_the_day_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        "client,date,amount",
        "a,2026-03-01,0",
        "a,2026-03-01,0",
        "a,2026-03-02,1",
        "a,2026-03-02,2",
        "a,2026-03-03,0",
    ]
    (row,) = run(tmp_path, capsys, lines, code=1)
    assert (row["n_days"], row["n_reported"], row["n_unreadable"], row["pda"]) == ("3", "2", "2", "100.0")


def test_nothing_usable_leaves_all_but_the_first_three_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (row,) = run(tmp_path, capsys, ["client,date,amount", "a,2026-03-01,", "a,2026-03-02,"])
    assert (row["n_days"], row["n_reported"], row["coverage"]) == ("2", "0", "0.0")
    assert {row[name] for name in set(row) - {"client", "n_days", "n_reported", "coverage"}} == {""}
    (row,) = run(tmp_path, capsys, ["client,date,amount", "a,2026-03-01,3", "a,2026-03-01,4"], code=1)
    assert (row["n_days"], row["n_reported"], row["coverage"]) == ("1", "0", "0.0")
    assert {row[name] for name in set(row) - {"client", "n_days", "n_reported", "coverage"}} == {""}


def test_drinks_per_drinking_day_is_undefined_without_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (row,) = run(tmp_path, capsys, ["client,date,amount", "a,2026-03-01,0"])
    assert (row["dpdd"], row["days_since_last_use"], row["days_to_first_use"]) == ("", "", "")
    assert row["no_heavy_days"] == "True"


def test_controlled_days_leave_the_window(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        "client,date,amount,controlled",
        "a,2026-03-01,1,no",
        "a,2026-03-02,0,YES",
        "a,2026-03-03,0,0",
        "a,2026-03-04,1,",
    ]
    (row,) = run(tmp_path, capsys, lines)
    assert (row["n_days"], row["n_reported"], float(row["pda"])) == ("3", "3", pytest.approx(100 / 3))


def test_controlled_days_are_counted_where_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["client,date,amount,controlled", "a,2026-03-01,1,no", "a,2026-03-02,0,yes", "a,2026-03-03,0,no"]
    (left_out,), (counted,) = (run(tmp_path, capsys, lines, "--controlled", one) for one in ("out", "in"))
    assert (left_out["n_days"], float(left_out["pda"]), left_out["longest_abstinence"]) == ("2", 50.0, "1")
    assert (counted["n_days"], float(counted["pda"])) == ("3", pytest.approx(200 / 3))
    assert counted["longest_abstinence"] == "2"
    assert list(left_out) == list(counted)


def test_a_run_goes_on_after_a_stay_in_hospital(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The stay itself adds no day to it; the run up to today is never longer than the longest."""
    lines = ["client,date,amount,controlled", *(f"a,2026-03-0{day},0,{day in (3, 4)}" for day in range(1, 7))]
    (row,) = run(tmp_path, capsys, lines)
    assert (row["n_days"], row["longest_abstinence"], row["current_abstinence"]) == ("4", "4", "4")


def test_one_substance_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["client,date,substance,amount", "a,2026-03-01,cocaine,1", "a,2026-03-02,Alcohol,0"]
    lines += ["a,2026-03-02,cocaine,1", "a,2026-03-03,alcohol,6", "b,2026-03-01,cocaine,0"]
    first, second = run(tmp_path, capsys, lines, "--substance", "alcohol")
    assert (first["n_days"], first["n_reported"], first["pda"]) == ("3", "2", "50.0")
    assert (first["phdd"], second["n_days"], second["n_reported"], second["pda"]) == ("50.0", "1", "0", "")
    (cocaine, _second) = run(tmp_path, capsys, lines, "--substance", "cocaine")
    assert (cocaine["pda"], cocaine["phdd"], cocaine["who_level"]) == ("0.0", "", "")
    assert run(tmp_path, capsys, WEEK, "--substance", "alcohol", code=2) == []


def test_a_day_is_without_use_only_if_every_substance_was_told_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        "client,date,substance,amount",
        *("a,2026-03-01,alcohol,0", "a,2026-03-01,cannabis,0"),
        *("a,2026-03-02,alcohol,0",),
        *("a,2026-03-03,alcohol,0", "a,2026-03-03,cannabis,1"),
        *("a,2026-03-04,cannabis,2",),
    ]
    (row,) = run(tmp_path, capsys, lines)
    assert (row["n_days"], row["n_reported"], float(row["pda"])) == ("4", "3", pytest.approx(100 / 3))
    assert float(row["total_drinks"]) == 0.0


@pytest.mark.parametrize("missing", ["observed", "worst"])
def test_other_substances_have_no_drinks_grams_or_heavy_days(
    missing: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["client,date,substance,amount", "a,2026-03-01,cocaine,3", "a,2026-03-03,cannabis,20"]
    lines += ["a,2026-03-03,cocaine,0"]
    (row,) = run(tmp_path, capsys, lines, "--missing", missing)
    assert (row["n_days"], row["pda"], row["days_to_first_use"]) == ("3", "0.0", "0")
    amounts = ("phdd", "dpdd", "drinks_per_day", "total_drinks", "grams_per_day", "who_level")
    assert {row[name] for name in (*amounts, "no_heavy_days", "days_to_first_heavy")} == {""}
    (counted,) = run(tmp_path, capsys, [*lines[:2], "a,2026-03-03,cocaine,20"], "--unit", "count")
    assert (counted["total_drinks"], counted["grams_per_day"], counted["who_level"]) == ("23.0", "", "")


@pytest.mark.parametrize("word", ["tobacco", "nicotine", "Cigarettes", "caffeine", "coffee"])
def test_tobacco_and_caffeine_are_not_any_substance_by_whatever_word(
    word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["client,date,substance,amount", "a,2026-03-01,alcohol,0", f"a,2026-03-01,{word},5"]
    (row,) = run(tmp_path, capsys, lines)
    assert (row["pda"], row["days_to_first_use"]) == ("100.0", "")


def test_one_day_told_as_controlled_and_not_is_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["client,date,amount,controlled", "a,2026-03-01,0,no", "a,2026-03-01,0,yes", "a,2026-03-02,0,"]
    (row,) = run(tmp_path, capsys, lines, code=1)
    assert (row["n_days"], row["n_reported"], row["n_unreadable"]) == ("2", "1", "2")
    merged = [*lines[:1], "a,2026-03-01,0,yes", "a,2026-03-01,0,", "a,2026-03-02,0,"]
    (row,) = run(tmp_path, capsys, merged)
    assert (row["n_days"], row["n_reported"], row["n_unreadable"]) == ("1", "1", "0")


def test_a_row_that_cannot_be_read_makes_no_window_longer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["client,date,amount,controlled", "a,2026-03-01,0,no", "a,2026-03-20,0,maybe"]
    (row,) = run(tmp_path, capsys, lines, code=1)
    assert (row["n_days"], row["n_unreadable"]) == ("1", "1")


def test_window_options_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "days.csv"
    path.write_text("\n".join(WEEK), encoding="utf-8")
    assert main(["use-days", str(path), "--start", "2026-03-03", "--end", "2026-03-12", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["n_days"], row["n_reported"], row["flags"]) == (10, 3, "low_coverage")
    assert (row["days_to_first_use"], row["current_abstinence"], row["days_since_last_use"]) == (3, None, 6)


def test_unreadable_rows_are_named_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "days.csv"
    path.write_text(
        "client,date,amount\na,2026-02-30,0\na,2026-03-01,-1\na,2026-03-02,0\n,2026-03-02,0\n",
        encoding="utf-8",
    )
    assert main(["use-days", str(path)]) == 1
    said = capsys.readouterr()
    (row,) = csv.DictReader(io.StringIO(said.out))
    assert row["n_unreadable"] == "2"
    assert [line.split(":")[0] for line in said.err.splitlines()] == ["line 2", "line 3", "line 5"]


@pytest.mark.parametrize(
    "options",
    [
        ["--heavy", "0"],
        ["--unit", "count", "--missing", "worst"],
        ["--unit", "count", "--sex-column", "sex"],
        ["--start", "2026-03-02", "--end", "2026-03-01"],
    ],
)
def test_bad_options_end_with_one_sentence(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, capsys, [*WEEK[:1], "a,2026-03-01,0"], *options, code=2) == []


amounts = st.lists(st.one_of(st.none(), st.integers(0, 12)), min_size=1, max_size=40)


@given(amounts, st.integers(0, 39))
def test_more_use_never_raises_days_abstinent_and_unknown_is_never_abstinent(
    days: list[int | None], at: int
) -> None:
    import numpy as np

    from reknit.core.substance_use.outcomes import calendar_outcomes

    row = np.array([[np.nan if one is None else float(one) for one in days]])
    before = calendar_outcomes(row, heavy=np.array([5.0]), grams=14.0)
    known = sum(one is not None for one in days)
    assert int(before.n_reported[0]) == known
    if known:
        assert 0 <= before.pda[0] <= 100
        assert before.longest_abstinence[0] <= sum(one == 0 for one in days)
        worst = calendar_outcomes(row, heavy=np.array([5.0]), grams=14.0, missing="worst")
        assert worst.pda[0] <= before.pda[0] + 1e-9
        more = row.copy()
        more[0, at % len(days)] = np.nan if days[at % len(days)] is None else more[0, at % len(days)] + 1
        assert calendar_outcomes(more, heavy=np.array([5.0])).pda[0] <= before.pda[0] + 1e-9
