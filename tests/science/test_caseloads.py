"""`reknit compare`, `reknit caseloads` and `reknit reliability`, as others build on them."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from reknit.cli.main import main
from reknit.core.outcomes.omega import mcdonald_omega

Capture = pytest.CaptureFixture[str]


def run(
    tmp_path: Path, capsys: Capture, command: str, text: str, *options: str, code: int = 0
) -> list[dict[str, str]]:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    assert main([command, str(path), *options]) == code
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


TRIAL = "group,before,after\n" + "".join(
    f"{group},{before},{after}\n"
    for group, afters in {"usual": (9, 12, 16, 18), "ipt": (6, 8, 12, 15)}.items()
    for before, after in zip((10, 14, 18, 22), afters, strict=True)
)


def test_groups_of_the_worked_example(tmp_path: Path, capsys: Capture) -> None:
    """The worked example of `ancova`: -3.5 with an ordinary error of .37 on 5 degrees of freedom."""
    usual, ipt = run(tmp_path, capsys, "compare", TRIAL, "--reference", "usual", "--errors", "ordinary")
    assert (usual["group"], usual["n"], usual["difference"]) == ("usual", "4", "")
    assert (round(float(ipt["difference"]), 2), round(float(ipt["standard_error"]), 2), ipt["df"]) == (
        -3.5,
        0.37,
        "5",
    )
    assert round(float(usual["adjusted_mean"]), 2) == 13.75


def test_a_missing_score_is_said_and_counted_in_no_group(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "table.csv"
    path.write_text(TRIAL + "ipt,16,\nipt,x,4\n", encoding="utf-8")
    assert main(["compare", str(path), "--reference", "usual"]) == 1
    captured = capsys.readouterr()
    assert captured.err == (
        "line 11: before is 'x', which is not a number.\nreknit: 1 left out for a score that is missing.\n"
    )
    assert [row["n"] for row in csv.DictReader(io.StringIO(captured.out))] == ["4", "4"]


def test_an_unknown_reference_ends_with_a_sentence(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "table.csv"
    path.write_text(TRIAL, encoding="utf-8")
    assert main(["compare", str(path), "--reference", "waiting"]) == 2
    assert capsys.readouterr().err == "reknit: a comparison needs the group 'waiting' and another one.\n"


def test_errors_by_therapist_count_therapists(tmp_path: Path, capsys: Capture) -> None:
    lines = TRIAL.splitlines()
    text = (
        "\n".join([lines[0] + ",who", *(f"{line},{'abc'[n % 3]}" for n, line in enumerate(lines[1:]))]) + "\n"
    )
    _, ipt = run(tmp_path, capsys, "compare", text, "--reference", "usual", "--therapist-column", "who")
    assert ipt["df"] == "2"


def units() -> str:
    """Two units that differ only in who came, a small one, and one whose clients all end six points higher."""
    rng = np.random.default_rng(3)
    rows = ["unit,before,after"]
    for unit, n, level, more in (
        ("south", 40, 12, 0),
        ("north", 40, 20, 0),
        ("tiny", 4, 16, 0),
        ("west", 40, 16, 6),
    ):
        for before in rng.normal(level, 2, n):
            rows.append(f"{unit},{before!r},{2 + 0.6 * before + more + rng.normal(0, 2)!r}")
    return "\n".join(rows).replace("np.float64(", "").replace(")", "") + "\n"


def test_units_come_by_name_with_severity_taken_into_account(tmp_path: Path, capsys: Capture) -> None:
    found = {row["unit"]: row for row in run(tmp_path, capsys, "caseloads", units())}
    assert list(found) == ["north", "south", "tiny", "west"]
    raw = float(found["north"]["mean_after"]) - float(found["south"]["mean_after"])
    given = float(found["north"]["residual"]) - float(found["south"]["residual"])
    assert raw > 4 > abs(given) * 4
    assert found["west"]["place"] == "beyond_99_8"
    assert found["tiny"]["place"] == "too_few"
    for row in found.values():
        assert abs(float(row["shrunken"])) <= abs(float(row["residual"])) + 0.3


def test_a_unit_without_both_scores_has_nothing_but_its_name(tmp_path: Path, capsys: Capture) -> None:
    found = run(tmp_path, capsys, "caseloads", units() + "east,14,\n")
    assert (found[0]["unit"], found[0]["n"], found[0]["residual"], found[0]["place"]) == ("east", "0", "", "")


def test_alpha_and_omega_of_a_table(tmp_path: Path, capsys: Capture) -> None:
    rng = np.random.default_rng(6)
    rows = np.round(rng.normal(size=(60, 1)) * [2.0, 1.5, 1.0] + rng.normal(size=(60, 3)))
    lines = ["id,a,b,c", *(f"{n},{x},{y},{z}" for n, (x, y, z) in enumerate(rows)), "99,1,,2"]
    path = tmp_path / "table.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert main(["reliability", str(path), "--items", "a,b,c", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    alpha = 1.5 * (1 - rows.var(axis=0, ddof=1).sum() / rows.sum(axis=1).var(ddof=1))
    assert (found["n"], found["n_items"], found["omega"]) == (60, 3, mcdonald_omega(rows).value)
    assert found["alpha"] == pytest.approx(alpha)
    assert found["alpha"] < found["omega"]


def test_where_omega_cannot_be_had_alpha_stands_and_why_is_said(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n2,3\n3,5\n4,4\n", encoding="utf-8")
    assert main(["reliability", str(path)]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines()[1].startswith("4,2,0.888")
    assert "three items" in captured.err
