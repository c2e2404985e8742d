"""`reknit network`, as others build on it."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from reknit.cli.main import main

PEOPLE = """\
client,snapshot,alter,importance,contact,supports_recovery,alcohol,drugs
c,1,a,6,7,2,abstainer,abstainer
c,1,b,5,5,-1,heavy,
c,1,c,4,3,1,light,abstainer
c,1,d,3,4,-2,heavy,abstainer
c,1,cat,6,7,2,,
"""
FIVE = "client,snapshot,alter\n" + "".join(f"c,1,{one}\n" for one in "ABCDE")
TIES = "client,snapshot,one,other\nc,1,A,B\nc,1,B,C\nc,1,C,B\nc,1,D,E\n"


def table(tmp_path: Path, text: str, name: str = "people.csv") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def rows(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def flags(row: dict[str, str]) -> dict[str, str]:
    return dict(flag.split(":") for flag in row["flags"].split(";") if flag)


def test_worked_numbers_of_the_catalogue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Weights 42, 25, 12, 12; reactions 5, 2, 4, 1: 3.5165; drinking 0, 4, 1, 4 and half of them heavy."""
    people = PEOPLE.replace("c,1,cat,6,7,2,,\n", "")
    given = "abstainer=0,recovering=0,light=1,moderate=2,heavy=4"
    assert main(["network", table(tmp_path, people), "--drinking", given]) == 0
    (row,) = rows(capsys)
    assert float(row["support_for_abstinence"]) == pytest.approx(3.5165, abs=5e-5)
    assert float(row["weighted_drinking"]) == pytest.approx((42 * 0 + 25 * 4 + 12 * 1 + 12 * 4) / 91)
    assert (row["alcohol_heavy_share"], row["size"], row["mean_importance"]) == ("0.5", "4", "4.5")
    assert row["anchors"] == "recalled_unverified"  # reactions are


def test_structure_of_the_catalogue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A-B, B-C, D-E: density .30, components 2, effective size 3.8, efficiency .76, constraint .4822."""
    people, ties = table(tmp_path, FIVE), table(tmp_path, TIES, "ties.csv")
    assert main(["network", people, "--ties", ties]) == 0
    (row,) = rows(capsys)
    assert (row["density"], row["components"], row["isolates"], row["brokers"]) == ("0.3", "2", "0", "1")
    assert (row["effective_size"], row["efficiency"]) == ("3.8", "0.76")
    assert float(row["constraint"]) == pytest.approx(0.4822, abs=5e-5)
    assert flags(row)["using_contact"] == "not_known"
    assert row["using_contact"] == ""


def test_pairs_nobody_asked_about_are_not_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = table(tmp_path, FIVE)
    assert main(["network", people]) == 0
    (row,) = rows(capsys)
    assert (row["density"], flags(row)["density"]) == ("", "not_asked")
    none = table(tmp_path, "client,snapshot,one,other\nc,1,,\n", "ties.csv")
    assert main(["network", people, "--ties", none]) == 0
    (row,) = rows(capsys)
    assert (row["density"], row["isolates"], flags(row)["ties_e_i"]) == ("0.0", "5", "no_ties")


def test_pets_and_the_dead_do_not_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "client,snapshot,alter,relation,status,not_a_person\nc,1,a,friend,current,no\nc,1,b,pet,,\nc,1,c,mother,died,\nc,1,d,,,Y\n"
    assert main(["network", table(tmp_path, text), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["size"] == 1


def test_words_stand_for_numbers_and_known_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "client,snapshot,alter,contact,uses_with_client,supplies,supports_recovery\nc,1,a,daily,often,,strong\nc,1,b,7,0,0,\nc,1,c,,,,\n"
    assert main(["network", table(tmp_path, text), "--known"]) == 0
    (row,) = rows(capsys)
    assert (row["daily"], row["daily_known"]) == ("2", "2")
    assert (row["exposure"], row["exposure_known"]) == ("1", "2")
    assert row["size_known"] == "3"


def test_unreadable_rows_are_named_counted_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "client,snapshot,alter,contact,supplies\nc,1,a,9,\nc,1,b,7,maybe\nc,1,d,7,\nc,1,d,7,\nc,1,e,7,\nc,1,e,6,\n,1,f,,\nc,,f,,\nc,1,,,\nc,1\n"
    assert main(["network", table(tmp_path, text)]) == 1
    said = capsys.readouterr()
    (row,) = csv.DictReader(io.StringIO(said.out))
    assert (row["size"], row["daily"], row["n_unreadable"]) == ("1", "1", "5")
    lines = [line.split(":")[0] for line in said.err.splitlines()]
    assert sorted(lines) == sorted(f"line {n}" for n in (2, 3, 6, 7, 8, 9, 10, 11))
    assert "contact is '9', and runs from 0 to 7" in said.err


def test_unreadable_ties_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ties = table(tmp_path, "client,snapshot,one,other\nc,1,A,Z\nc,1,A,A\nx,1,A,B\nc,1,A,B\n", "ties.csv")
    assert main(["network", table(tmp_path, FIVE), "--ties", ties]) == 1
    said = capsys.readouterr()
    (row,) = csv.DictReader(io.StringIO(said.out))
    assert row["density"] == "0.1"
    assert [line.split(": ")[0] for line in said.err.splitlines()] == ["line 2", "line 3", "line 4"]


def test_change_of_the_catalogue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """{Ann, Bob, Cid, Dee, Eli} to {Ann, Bob, Fay, Gus}: Jaccard .2857, retention .40, turnover .5556."""
    then = [f"c,before,{one},3,2" for one in ("Ann", "Bob", "Cid", "Dee", "Eli")]
    now = [f"c,after,{one},1,2" for one in ("Ann", "Bob", "Fay", "Gus")]
    lone = ["d,before,Ann,1,1", "e,other,Ann,1,1"]
    lines = ["client,snapshot,alter,ring,supports_recovery", *then, *now, *lone]
    assert main(["network", table(tmp_path, "\n".join(lines)), "--compare", "before", "after"]) == 0
    said = capsys.readouterr().out
    header = said.splitlines()[0].split(",")
    assert len(header) == len(set(header))
    found, other = csv.DictReader(io.StringIO(said))
    assert [round(float(found[name]), 4) for name in ("jaccard", "retention", "turnover")] == [
        0.2857, 0.4, 0.5556,
    ]  # fmt: skip
    assert (found["kept"], found["lost"], found["gained"]) == ("2", "3", "2")
    assert (found["size_change"], found["movement_supporting"], found["movement_using"]) == ("-1", "2.0", "")
    assert flags(found)["using_share_change"] == "undefined"
    assert (other["client"], other["flags"], other["jaccard"]) == ("d", "no_snapshot_after", "")


def test_two_clients_never_mix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = "client,snapshot,alter,contact\nx,1,a,7\ny,1,a,0\nx,1,b,7\n"
    assert main(["network", table(tmp_path, whole)]) == 0
    assert [(row["client"], row["size"], row["daily"]) for row in rows(capsys)] == [
        ("x", "2", "2"),
        ("y", "1", "0"),
    ]


@pytest.mark.parametrize(
    "options",
    [
        ["--drinking", "heavy=5"],
        ["--compare", "1", "2"],
        ["--compare", "1", "1", "--known"],
        ["--ties", "nowhere.csv"],
    ],
)
def test_bad_options_end_with_one_sentence(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["network", table(tmp_path, FIVE), *options]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("reknit: ") and said.err.strip().count("\n") == 0
    assert said.out == ""


def test_table_without_alters_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["network", table(tmp_path, "client,snapshot\nc,1\n")]) == 2
    assert "no column called alter" in capsys.readouterr().err


def test_program_loads_no_framework_and_no_database() -> None:
    script = "import sys; from reknit.cli.main import main; main(sys.argv[1:]); print(sorted({'django','sqlite3','psycopg','scipy'} & set(sys.modules)), file=sys.stderr)"
    answer = subprocess.run(
        [sys.executable, "-c", script, "network", "-"],
        input="\ufeff" + FIVE.replace("\n", "\r\n"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.splitlines()[0].startswith("client,snapshot,size,daily,")
    assert answer.stderr.strip().endswith("[]")
