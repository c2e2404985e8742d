"""`reknit evidence`: grades and studies on the command line."""

import csv
import io
import json

import pytest

from reknit.cli.main import main
from reknit.core.evidence.library import studies


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


def test_without_a_question_every_study_of_the_library_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "--studies"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["study"] for row in rows} == {one.id for one in studies()}
    near = {row["study"] for row in rows if not row["question"]}
    assert {"litt-2009", "luthar-2000", "holzhauer-2017"} <= near
    assert [row["found"] for row in rows if row["checked"] == "memory"] == [
        "Nobody has read it here, so no finding is given"
    ]


def test_reviews_are_listed_with_what_they_give(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "maintenance", "--reviews", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["review"].split("-")[0] for row in rows] == ["cuijpers", "clarke", "cuijpers"]
    assert {row["certainty"] for row in rows} == {"not_rated"} and "not for IPT" in rows[1]["found"]


def test_wording_says_which_claim_is_not_to_be_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "--wording"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["claim"] for row in rows if not row["wording"]] == ["IPT lowers relapse rates considerably."]
    assert main(["evidence", "cocaine-use", "--wording"]) == 2
    assert "no single question" in capsys.readouterr().err


def test_a_grade_says_of_which_outcome_and_time_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "alcohol-use", "--scheme", "tolin-2015"]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (row["outcomes"], row["times"]) == ("alcohol_use", "end;follow_up")


def test_a_minimum_size_changes_the_grade(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "depression-with-sud", "--scheme", "task-force-1998", "--min-n", "25"]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (row["grade"], row["min_n"]) == ("experimental", "25")


def test_unknown_question_ends_with_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "sleep"]) == 2
    assert "there is no question called 'sleep'" in capsys.readouterr().err
