"""`reknit evidence`: grades and studies on the command line."""

import csv
import io
import json

import pytest

from reknit.cli.main import main


def test_a_question_is_graded_by_each_scheme(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "cocaine-use", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["scheme"], row["grade"]) for row in rows] == [
        ("task-force-1998", "experimental"),
        ("chambless-hollon-1998", "experimental"),
        ("tolin-2015", "insufficient"),
    ]
    assert all(row["against"] is True for row in rows)


def test_studies_include_the_negative_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "cocaine-use", "--studies"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["study"] for row in rows if row["verdict"] == "inferior"] == ["carroll-1991", "carroll-2004"]
    assert {row["verdict"] for row in rows} == {"inferior", "no_difference", "not_reported"}


def test_a_minimum_size_changes_the_grade(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "depression-with-sud", "--scheme", "task-force-1998", "--min-n", "25"]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (row["grade"], row["min_n"]) == ("experimental", "25")


def test_unknown_question_ends_with_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "sleep"]) == 2
    assert "there is no question called 'sleep'" in capsys.readouterr().err
