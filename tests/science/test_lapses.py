"""`reknit incidence` and `reknit lapses`, as others build on them."""

import csv
import io
from pathlib import Path

import pytest

from reknit.cli.main import main

Capture = pytest.CaptureFixture[str]


def run(
    tmp_path: Path, capsys: Capture, command: str, text: str, *options: str, code: int = 0
) -> list[dict[str, str]]:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    assert main([command, str(path), *options]) == code
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


PEOPLE = "id,time,ending\na,5,lapse\nb,9,left\nc,12,\nd,20,lapse\ne,30,\n"


def test_incidence_by_hand(tmp_path: Path, capsys: Capture) -> None:
    """Day 5: 1/5. On day 20 three fifths (4/5 of 3/4) have no ending yet, and one of the two still observed lapses."""
    found = run(tmp_path, capsys, "incidence", PEOPLE, "--ending", "lapse")
    assert [(row["time"], row["at_risk"], round(float(row["incidence"]), 3)) for row in found] == [
        ("5.0", "5", 0.2),
        ("9.0", "4", 0.2),
        ("20.0", "2", 0.5),
    ]


def test_each_ending_has_its_rows(tmp_path: Path, capsys: Capture) -> None:
    found = run(tmp_path, capsys, "incidence", PEOPLE)
    assert [row["ending"] for row in found] == ["lapse"] * 3 + ["left"] * 3
    assert float(found[-1]["incidence"]) == pytest.approx(0.2)


def test_an_unreadable_person_is_named_and_left_out(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "table.csv"
    path.write_text(PEOPLE + "f,,lapse\ng,-1,lapse\nh,soon,\n", encoding="utf-8")
    assert main(["incidence", str(path), "--ending", "lapse"]) == 1
    captured = capsys.readouterr()
    assert [line.split(":")[0] for line in captured.err.splitlines()] == ["line 7", "line 8", "line 9"]
    assert captured.out.splitlines()[1].startswith("lapse,5.0,5,1,0,0.2,")


def test_an_ending_nobody_had_ends_with_a_sentence(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "table.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    assert main(["incidence", str(path), "--ending", "death"]) == 2
    assert "nobody had the ending 'death'" in capsys.readouterr().err


CALENDAR = "client,day,used\n" + "".join(
    f"{client},{day},{used}\n"
    for client, states in {"a": "0110", "b": "0001", "c": "00"}.items()
    for day, used in enumerate(states)
)


def test_lapses_by_hand(tmp_path: Path, capsys: Capture) -> None:
    """Day 1: one of three; day 3: one of the two still observed. Use on day 2 goes on from day 1."""
    found = run(tmp_path, capsys, "lapses", CALENDAR)
    assert [(row["time"], row["at_risk"], row["events"], round(float(row["mean"]), 4)) for row in found] == [
        ("1.0", "3", "1", 0.3333),
        ("3.0", "2", "1", 0.8333),
    ]


def test_a_day_told_in_two_ways_is_named_and_unknown(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "table.csv"
    path.write_text("client,day,used\na,0,no\na,1,no\na,2,yes\na,2,no\na,3,no\n", encoding="utf-8")
    assert main(["lapses", str(path)]) == 1
    captured = capsys.readouterr()
    assert captured.err == "line 5: day 2 is there twice with different answers; it counts as not known.\n"
    assert captured.out.splitlines() == ["time,at_risk,events,mean,standard_error,low,high"]


def test_a_longer_gap_is_a_choice(tmp_path: Path, capsys: Capture) -> None:
    text = "client,day,used\na,0,no\na,9,yes\n"
    assert run(tmp_path, capsys, "lapses", text) == []
    assert [row["time"] for row in run(tmp_path, capsys, "lapses", text, "--gap", "8")] == ["9.0"]
