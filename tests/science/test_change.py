"""`reknit change` and `reknit sudden-gains`, as others build on them."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from reknit.cli.main import main


def table(tmp_path: Path, text: str) -> str:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def rows(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_phq9_of_the_catalogue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """18 to 6 with SD 5.5, r .84, cut-off 10: Sdiff 3.111, RCI -3.86, recovered; 15 to 9: -1.93, unchanged."""
    path = table(tmp_path, "id,pre,post\na,18,6\nb,15,9\nc,6,18\n")
    assert main(["change", path, "--measure", "phq-9", "--cutoff", "10"]) == 0
    found = rows(capsys)
    assert [(row["id"], round(float(row["rci"]), 2), row["category"]) for row in found] == [
        ("a", -3.86, "recovered"),
        ("b", -1.93, "unchanged"),
        ("c", 3.86, "deteriorated"),
    ]
    assert round(float(found[0]["sdiff"]), 3) == 3.111
    assert round(float(found[0]["rc_points"]), 2) == 6.10


def test_jacobson_and_truax_own_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """32.5 to 47.5, SD 7.5, r .80, higher better: SEM 3.354, Sdiff 4.743, RCI 3.16; c is 50, so improved."""
    path = table(tmp_path, "pre,post\n32.5,47.5\n")
    options = ["--sd", "7.5", "--reliability", ".8", "--direction", "higher", "--cutoff", "50"]
    assert main(["change", path, *options]) == 0
    (row,) = rows(capsys)
    assert [round(float(row[name]), 3) for name in ("sem", "sdiff", "rci")] == [3.354, 4.743, 3.162]
    assert row["category"] == "improved"


def test_without_a_cutoff_nobody_is_recovered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["change", table(tmp_path, "pre,post\n20,1\n"), "--measure", "phq-9"]) == 0
    assert rows(capsys)[0]["category"] == "improved"


def test_z_is_a_choice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path, "pre,post\n15,9\n")
    assert main(["change", path, "--measure", "phq-9", "--z", "1.645"]) == 0
    assert rows(capsys)[0]["category"] == "improved"


def test_blank_stays_undefined_and_nonsense_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = table(tmp_path, "pre,post,rci\n,6,mine\nx,6,mine\n18,6,mine\n")
    assert main(["change", path, "--measure", "phq-9"]) == 1
    said = capsys.readouterr()
    found = list(csv.DictReader(io.StringIO(said.out)))
    assert [row["category"] for row in found] == ["", "", "improved"]
    assert [row["in_rci"] for row in found] == ["mine"] * 3
    assert "line 3: pre is 'x'" in said.err


@pytest.mark.parametrize(
    "options",
    [
        ["--measure", "phq9"],
        ["--sd", "5"],
        ["--sd", "0", "--reliability", "0.8"],
        ["--sd", "5", "--reliability", "1"],
        ["--measure", "phq-9", "--sd", "5", "--reliability", "0.8"],
        ["--measure", "phq-9", "--z", "0"],
    ],
)
def test_bad_options_end_with_one_sentence(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["change", table(tmp_path, "pre,post\n1,2\n"), *options]) == 2
    said = capsys.readouterr()
    assert not said.out
    assert said.err.startswith("reknit: ")
    assert said.err.strip().count("\n") == 0


@pytest.mark.parametrize("text", ["", "pre\n1\n", "pre,pre,post\n1,2,3\n"])
def test_unreadable_table_ends_with_one_sentence(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["change", table(tmp_path, text), "--sd", "5", "--reliability", "0.8"]) == 2
    assert capsys.readouterr().err.startswith("reknit: ")


def test_sudden_gains_from_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        "client,session,score",
        *(f"a,{n},{s}" for n, s in enumerate([25, 26, 24, 12, 11, 12, 20], 1)),
        "b,1,9",
    ]
    path = table(tmp_path, "\ufeff" + "\r\n".join(lines) + "\r\n")
    assert main(["sudden-gains", path, "--criterion-1", "7", "--json"]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"client": "a", "pregain_session": 3, "size": 12.0, "reversed": True}
    ]


@pytest.mark.parametrize(
    ("scores", "points", "size"),
    [(("9.2", "9.2", "6.9", "6.9"), "2", 2.3), (("16.88", "16.88", "10.88", "10.88"), "6", 6.0)],
)
def test_a_drop_of_exactly_so_much_is_enough_in_decimals_too(
    scores: tuple[str, ...],
    points: str,
    size: float,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """9.2 to 6.9 is a quarter, and 16.88 to 10.88 six points, although not so in binary fractions."""
    lines = ["client,session,score", *(f"a,{n},{score}" for n, score in enumerate(scores, 1))]
    path = table(tmp_path, "\n".join(lines))
    assert main(["sudden-gains", path, "--criterion-1", points, "--json"]) == 0
    gain = {"client": "a", "pregain_session": 2, "size": size, "reversed": False}
    assert json.loads(capsys.readouterr().out) == gain


def test_a_row_of_nobody_is_unreadable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sudden-gains", table(tmp_path, "client,session,score\n,1,9\n"), "--criterion-1", "7"]) == 1
    assert "line 2: the client is blank." in capsys.readouterr().err


def test_contradicting_sessions_become_a_gap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scores = [(1, 25), (2, 26), (3, 24), (3, 24), (4, 12), (5, 11), (6, 12), (3, 20)]
    path = table(tmp_path, "client,session,score\n" + "".join(f"a,{n},{s}\n" for n, s in scores))
    assert main(["sudden-gains", path, "--criterion-1", "7"]) == 1
    said = capsys.readouterr()
    assert said.out == "client,pregain_session,size,reversed\n"
    assert "line 9: session 3 is there twice with different scores." in said.err


def test_science_commands_load_no_framework_and_no_database() -> None:
    script = "import sys; from reknit.cli.main import main; main(sys.argv[1:]); print(sorted({'django','sqlite3','psycopg'} & set(sys.modules)), file=sys.stderr)"
    answer = subprocess.run(
        [sys.executable, "-c", script, "change", "-", "--sd", "5", "--reliability", "0.8"],
        input="pre,post\n10,2\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.splitlines()[0] == "pre,post,sem,sdiff,rci,rc_points,category"
    assert answer.stderr.strip().endswith("[]")


def test_losses_are_the_mirror_image(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    course = "client,session,score\n" + "".join(
        f"a,{n},{score}\n" for n, score in enumerate([10, 11, 12, 24, 26, 25, 17], 1)
    )
    path = table(tmp_path, course)
    assert main(["sudden-gains", path, "--criterion-1", "7", "--losses"]) == 0
    assert capsys.readouterr().out == "client,preloss_session,size,reversed\na,3,12.0,True\n"
