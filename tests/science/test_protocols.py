"""`reknit protocols`: the list, the check of a file, and made-up courses, without Django and without a database."""

import csv
import io
import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from reknit.cli.main import main

FOLDERS = [Path(str(files("reknit.core.programme"))) / name for name in ("templates", "library")]
SHIPPED = sorted(path for folder in FOLDERS for path in folder.glob("*.toml"))
IPT12 = FOLDERS[0] / "ipt_12.toml"


def test_protocols_are_listed_alone_and_with_the_overlays_that_fit(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["protocols"]) == 0
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert (rows["ipt-p"]["sessions"], rows["ipt-p"]["window_days"]) == ("8", "168")
    assert rows["ipt-p+sud"]["title"].endswith("untested combination")
    assert rows["ipt-sr"]["areas"] == "THREE_AREA" and rows["ipt-g-20"]["format"] == "group"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_file_that_ships_passes(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["protocols", "validate", str(path)]) == 0
    assert capsys.readouterr().out.startswith(f"{path}: ")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('{ code = "M09", klass = "CORE"', '{ code = "M99", klass = "CORE"', "`M99` is not in the task library"),
        ('{ code = "G08", from_slot = 8 }', '{ code = "G98", from_slot = 8 }', "`title` must be text"),
        ('klass = "OPT", every = [1, 11]', 'klass = "FREE", every = [1, 11]', "`klass` must be one of"),
        ("cadence_days = 7", 'cadence_days = "weekly"', "`cadence_days` must be a whole number"),
        ("slots = [2, 6, 12]", "slots = [2, 6, 40]", "due outside the planned sessions"),
        ('title = "IPT, 12 sessions"', "title = IPT", "not valid TOML"),
    ],
)  # fmt: skip
def test_an_error_names_the_line_and_the_rule(
    old: str, new: str, rule: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = IPT12.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / "own.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    assert main(["protocols", "validate", str(path)]) == 1
    said = capsys.readouterr().err
    # A set is named by the line it begins on.
    near = range(line - 4, line + 1) if "[[sets]]" in text and "slots" in old else (line,)
    assert any(f"own.toml, line {n}: " in said for n in near) and rule in said, said


def test_a_file_that_cannot_be_read_ends_with_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    for name, words in (("none.toml", "no file"), ("bytes.toml", "read as text"), (".", "cannot be read")):
        for what in ("validate", "simulate"):
            assert main(["protocols", what, str(tmp_path / name)]) == 2
            assert words in capsys.readouterr().err


def test_made_up_courses_tell_where_they_stall_and_are_the_same_for_a_seed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def played(*more: str) -> list[dict[str, str]]:
        assert main(["protocols", "simulate", str(IPT12), "--courses", "60", "--json", *more]) == 0
        shown = capsys.readouterr()
        assert "Playing" in shown.err
        return [json.loads(line) for line in shown.out.splitlines()]

    rows = played()
    words = {row["code"]: row["courses"] for row in rows if row["where"] == "counts as"}
    assert sum(map(int, words.values())) == 60 and set(words) == {
        "completed",
        "partial_dose",
        "did_not_engage",
    }
    places = {row["where"] for row in rows}
    assert {"stopped after session", "held by gate", "task overdue at the end", "not completed for"} <= places
    assert rows == played() and rows != played("--seed", "2")


@pytest.mark.parametrize(
    "code", ["ipt-16+sud", "ipt-b", "ipt-p+sud", "ipt-sr", "sober-network", "ipt-m", "ipt-g-8"]
)
def test_every_form_can_be_completed(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Some course gets through each protocol as it ships: no gate and no task stands in everybody's way."""
    assert main(["protocols", "simulate", code, "--courses", "40", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert next(row["courses"] for row in rows if row["code"] == "completed") >= 4
    held = [row for row in rows if row["where"] == "held by gate"]
    assert all(row["courses"] < 40 for row in held)


def test_neither_django_nor_the_database_is_needed() -> None:
    code = (
        "import sys; from reknit.cli.main import main; main(['protocols', 'simulate', 'ipt-b', '--courses', '2']);"
        "sys.exit(any(name.split('.')[0] in ('django', 'sqlite3', 'psycopg') for name in sys.modules))"
    )
    where = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, env=where)  # noqa: S603
    assert done.returncode == 0, done.stderr
