"""`reknit score`: columns, rules, exit codes; the fast way and the careful way through a file give the same."""

import ast
import csv
import io
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from reknit.cli import blocks
from reknit.cli.main import main
from reknit.core.measures.catalogue import measures
from tests.architecture.rooms import ROOT

Table = list[dict[str, str]]


def table(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Table:
    assert main(["score", *arguments]) == code
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def written(tmp_path: Path, text: str | bytes, name: str = "in.csv") -> str:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def items(*numbers: int) -> str:
    return ",".join(f"q{n}" for n in numbers)


def test_phq9_rows_with_everything_that_can_happen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(
        tmp_path,
        f'id,{items(*range(1, 10))},total,note\r\na,1,1,1,1,1,1,1,1,1,9,"x, ""y"""\r\nb,2,2,2,2,2,1,1,,,,\r\n'
        "c,7,0,0,0,0,0,0,0,3,,\r\nd,1,1\r\n\r\ne,,,,,,,,,,,\r\nf,1.0, 2 ,0,0,0,0,0,0,0,,\r\n",
    )
    rows = table(capsys, "phq-9", path, code=1)
    assert list(rows[0]) == [
        "id", "in_total", "note", "status", "total", "band", "phq_8", "phq_2", "algorithm", "flags", "n_missing",
        "reason", "definition",
    ]  # fmt: skip
    assert [row["id"] for row in rows] == list("abcdef")
    assert [row["status"] for row in rows] == [
        "complete", "prorated", "invalid", "invalid", "incomplete", "complete",
    ]  # fmt: skip
    assert [row["total"] for row in rows] == ["9", "15.43", "", "", "", "3"]
    assert [row["band"] for row in rows] == ["mild", "moderately_severe", "", "", "", "minimal"]
    assert [row["flags"] for row in rows] == ["item-9", "item-9-missing", "item-9", "", "item-9-missing", ""]
    assert [row["n_missing"] for row in rows] == ["0", "2", "0", "", "9", "0"]
    assert rows[2]["reason"] == "q1 is '7', which is not one of its answers: 0, 1, 2, 3"
    assert rows[3]["reason"] == "this row has 3 cells where the first line names 12 columns"
    assert rows[4]["reason"] == "9 of 9 items are blank; at most 2 may be"
    assert (rows[0]["note"], rows[0]["in_total"]) == ('x, "y"', "9")
    assert {row["definition"] for row in rows} == {"phq-9@1"}


def test_json_lines_carry_numbers_and_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, f"who,{items(*range(1, 21))}\nx{',2' * 20}\ny{',' * 20}\n")
    assert main(["score", "pcl-5", path, "--json"]) == 0
    full, empty = map(json.loads, capsys.readouterr().out.splitlines())
    assert (full["who"], full["total"], full["cluster_d"], full["dsm5_provisional"]) == ("x", 40, 14, True)
    assert (empty["total"], empty["band"], empty["dsm5_provisional"], empty["n_missing"]) == (
        None,
        None,
        None,
        20,
    )


def test_columns_with_names_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bam = written(tmp_path, f"{items(*range(1, 7), *range(8, 18))}\n1,2,3,0,,2,1,2,3,4,1,2,4,3,2,0\n")
    assert table(capsys, "bam", bam)[0] | {"reason": ""} == {
        "status": "complete", "total": "", "band": "", "use": "2", "risk": "14", "protective": "14", "flags": "",
        "n_missing": "0", "reason": "", "definition": "bam@1",
    }  # fmt: skip
    dast = written(tmp_path, f"{items(*range(1, 11))}\nY,n,No,true,0,FALSE,1,yes,N,no\n")
    assert table(capsys, "dast-10-always-able", dast)[0]["total"] == "5"
    assert table(capsys, "dast-10-unable", dast)[0]["total"] == "4"
    wsas = written(tmp_path, "work_not_applicable,q1,q2,q3,q4,q5\nTRUE,x,5,4,4,4\n0,5,4,4,4,4\n,,1,1,1,1\n")
    rows = table(capsys, "wsas", wsas)
    assert [(row["total"], row["total_40"], row["band"], row["work_not_applicable"]) for row in rows] == [
        ("17", "21.25", "moderately_severe", "TRUE"), ("21", "21", "moderately_severe", "0"), ("", "", "", ""),
    ]  # fmt: skip
    assist = written(
        tmp_path,
        f"{items(*range(2, 8))},substance\n6,6,7,bad,6,6,Tobacco\n2,0,0,0,6,0,alcohol\n2,0,0,0,6,0,\n",
    )
    rows = table(capsys, "assist", assist)
    assert [(row["total"], row["band"], row["reason"]) for row in rows] == [
        ("31", "high", ""), ("8", "low", ""), ("", "", "substance is blank"),
    ]  # fmt: skip
    audit_c = written(tmp_path, "sex,q1,q2,q3\nM,1,1,1\nf,1,1,1\n,1,1,1\nX,0,,\n")
    assert [row["band"] for row in table(capsys, "audit-c", audit_c)] == [
        "negative",
        "positive",
        "",
        "negative",
    ]
    epds = written(tmp_path, f"{items(*range(1, 11))}\n1,1,1,1,1,1,1,1,1,4\n")
    assert [(r["total"], r["flags"]) for r in table(capsys, "epds", epds)] == [("18", "")]


def test_screener_without_the_question_on_three_months(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A screen that never asked how long ago it was is unfinished after a yes, and complete after a no."""
    path = written(tmp_path, f"{items(*range(1, 7))}\nN,N,,,,N\nN,N,,,,Y\n")
    rows = table(capsys, "c-ssrs-screener", path)
    assert [(row["status"], row["band"], row["flags"]) for row in rows] == [
        ("complete", "none", ""), ("incomplete", "", "item-6;item-7-missing"),
    ]  # fmt: skip
    named = written(tmp_path, f"{items(*range(1, 7))},q6_past_3_months\nN,N,,,,Y,yes\n")
    assert table(capsys, "c-ssrs-screener", named)[0]["band"] == "high"


def test_skips_fill_blanks_and_flag_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, f"{items(*range(1, 11))}\n0,,,,,,,,0,0\n0,3,,,,,,,4,0\n1,0,0,,2,,,,0,0\n")
    rows = table(capsys, "audit", path)
    assert [(row["status"], row["total"], row["flags"]) for row in rows] == [
        ("complete", "0", ""), ("complete", "7", "item-9;inconsistent"), ("complete", "3", "inconsistent"),
    ]  # fmt: skip


def test_standard_input_with_a_mark_and_no_end_of_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = b"\xef\xbb\xbf q1 ,q2\r\n1,2"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert table(capsys, "phq-2")[0]["total"] == "3"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty: its first line must name the columns."),
        (b"q1\n1\n", "has no column called q2."),
        (b"q1,q1,q2\n1,1,1\n", "names the column q1 twice."),
        (b"q1,q2,x\n1,1,\xff\n", "is not a table in UTF-8."),
        (b"q1,q2,\xff\n1,1,1\n", "is not a table in UTF-8."),
    ],
)
def test_unreadable_file_ends_with_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, sentence: str
) -> None:
    assert main(["score", "phq-2", written(tmp_path, content)]) == 2
    assert capsys.readouterr().err.strip().endswith(sentence)


def test_unknown_measure_and_absent_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "phq9", "x.csv"]) == 2
    assert "there is no measure called 'phq9'" in capsys.readouterr().err
    assert main(["score", "phq-9", str(tmp_path / "none.csv")]) == 2
    assert "there is no file called" in capsys.readouterr().err


def test_table_without_rows_gives_its_header(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "gad-2", written(tmp_path, "q1,q2\n")]) == 0
    assert capsys.readouterr().out == "status,total,band,flags,n_missing,reason,definition\n"


NOTES = ("", "plain", "a, b", 'say "so"', "two\nlines", " spaced ", "it's", "ünï", "=1+1", '"', "a,\r\nb")


def _rows(seed: int, count: int = 120) -> list[list[str]]:
    pick = random.Random(seed)
    rows = []
    for n in range(count):
        answers = [
            pick.choice(["0", "1", "2", "3", "3", "", "2.0", " 1", "9" if pick.random() < 0.1 else "0"])
            for _ in range(7)
        ]
        rows.append([str(n), *answers, pick.choice(NOTES)])
    return rows


@pytest.mark.parametrize("seed", range(6))
def test_fast_and_careful_reading_agree(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Small blocks, so that quotes and ragged rows fall on every kind of edge; then all through Python's reader."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=["\n", "\r\n"][seed % 2])
    writer.writerow(["id", *(f"q{n}" for n in range(1, 8)), "note"])
    rows = _rows(seed)
    if seed % 3 == 1:
        rows[40] = ["only", "three", "cells"]
    writer.writerows(rows)
    raw = text.getvalue().encode()
    if seed % 3 == 2:
        raw += b'x,1,1,1,1,1,1,1,stray " quote\nlast,1,1,1,1,1,1,1,\n'
    path = written(tmp_path, raw)
    whole = main(["score", "gad-7", path])
    expected = capsysbinary.readouterr().out
    for size in (64, 200, 1000):
        monkeypatch.setattr(blocks, "BLOCK", size)
        assert main(["score", "gad-7", path]) == whole
        assert capsysbinary.readouterr().out == expected
    monkeypatch.setattr(blocks, "_fast", lambda piece, header, coded: None)
    assert main(["score", "gad-7", path]) == whole
    assert capsysbinary.readouterr().out == expected
    back = list(csv.DictReader(io.StringIO(expected.decode(), newline="")))
    assert [row["id"] for row in back][:120] == [row[0] for row in rows]
    if seed % 3 == 0:
        assert [row["note"] for row in back] == [row[-1] for row in rows]


def test_splitting_a_file_and_joining_the_answers_changes_nothing(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    head = "id," + items(*range(1, 8)) + ",note"
    lines = [",".join(row[:8]) + ",n" for row in _rows(9)]
    outputs = []
    for part in (lines, lines[:50], lines[50:]):
        main(["score", "gad-7", written(tmp_path, "\n".join([head, *part]) + "\n")])
        outputs.append(capsysbinary.readouterr().out.splitlines())
    assert outputs[0] == outputs[1] + outputs[2][1:]


@pytest.mark.parametrize("measure_id", [one.id for one in measures()])
def test_every_measure_takes_a_table_of_its_columns(
    measure_id: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = next(one for one in measures() if one.id == measure_id)
    asked = [item for item in chosen.items if item.column]
    cells = [
        options[0].written[0] if (options := chosen.options_for(item))[0].written else str(options[0].value)
        for item in asked
    ]
    path = written(tmp_path, ",".join(str(item.column) for item in asked) + "\n" + ",".join(cells) + "\n")
    row = table(capsys, measure_id, path)[0]
    assert row["status"] == "complete"
    assert (row["total"] == "") == (chosen.scoring == "none")


def test_real_program_loads_nothing_that_it_does_not_need() -> None:
    """What a start costs is what it loads; in seconds it is measured by `bench science`."""
    code = "import sys; from reknit.cli.main import leave, main; code = main(['score', 'phq-2', '-']); "
    code += "print(sorted({name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names)), file=sys.stderr); "
    code += "leave(code)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=b"q1,q2\n1,5\n",
        capture_output=True,
        env={"PYTHONPATH": str(ROOT / "src")},
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout.splitlines()[1].startswith(b"invalid,")
    loaded = set(ast.literal_eval(done.stderr.decode().splitlines()[-1]))
    assert {name for name in loaded if not name.startswith("_")} == {
        "cython_runtime", "numpy", "pyarrow", "reknit",
    }  # fmt: skip


def test_list_of_measures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measures"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert list(rows[0]) == ["id", "title", "items", "licence", "wording", "definition"]
    assert [row["id"] for row in rows] == [one.id for one in measures()]
    by_id = {row["id"]: row for row in rows}
    assert (by_id["audit"]["licence"], by_id["audit"]["wording"]) == ("own_terms", "off")
    assert (by_id["wsas"]["wording"], by_id["pacs"]["wording"]) == ("needs_permission", "not_in_hand")
    assert by_id["phq-9"]["definition"] == "phq-9@1"


def test_one_measure_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measures", "show", "wsas"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Work and Social Adjustment Scale (WSAS)\n")
    assert "Mundt, Marks, Shear, Greist 2002" in said
    assert "words shown only with the site's own permission" in said
    capsys.readouterr()
    assert main(["measures", "show", "wsas", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["id"], len(shown["items"])) == ("wsas", 6)  # five, and whether work applies
    assert main(["measures", "show", "nope"]) == 2
    with pytest.raises(SystemExit, match="2"):
        main(["measures", "show"])
