"""Imports merge what is equal, reject what contradicts, and can be repeated."""

import io
from pathlib import Path

import pytest
from tests.cast import Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import DomainError
from reknit.care.measures.models import Administration
from reknit.care.people.models import Client
from reknit.care.safety.models import RiskItem
from reknit.care.substance_use.models import UseDay
from reknit.exchange.imports.run import run

MAPPINGS = Path(__file__).resolve().parent.parent / "mappings"
SHEETS = """
[import]
system = "Old system"
programme = "Old programme"
format = "csv"
client_key = "id"
client_name = "Old {key}"
[measure]
id = "phq-9"
answered_on_column = "on"
no_answer = [7, 9]
[measure.items]
""" + "\n".join(f'phq9_{n} = "q{n}"' for n in range(1, 10))
HEADER = "id,on," + ",".join(f"q{n}" for n in range(1, 10))


def bring(
    tmp_path: Path,
    text: str,
    *,
    mapping: str | Path = SHEETS,
    dry_run: bool = False,
    by: str = "ana@clinic.example",
) -> str:
    if isinstance(mapping, str):
        (tmp_path / "m.toml").write_text(mapping)
        mapping = tmp_path / "m.toml"
    (tmp_path / "f.csv").write_text(text)
    out = io.StringIO()
    run(mapping_path=mapping, file_path=tmp_path / "f.csv", dry_run=dry_run, clinician_email=by, out=out)
    return out.getvalue()


def sheet(key: str, on: str, answers: str) -> str:
    return f"{key},{on},{','.join(answers)}"


@pytest.mark.django_db
def test_dry_run_tells_everything_and_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    rows = [HEADER, sheet("1", "2018-01-01", "000000000"), sheet("2", "2018-01-01", "5" * 9)]
    before = AuditEvent.objects.count(), Client.objects.count()
    told = bring(tmp_path, "\n".join(rows), dry_run=True)
    assert "Would make: 1 clients, 1 sheets (1 complete)" in told
    assert "row 3:" in told and "Item 9" in told
    assert (AuditEvent.objects.count(), Client.objects.count()) == before


@pytest.mark.django_db
def test_repeated_import_makes_nothing_twice(cast: Cast, tmp_path: Path) -> None:
    rows = "\n".join([HEADER, sheet("1", "2018-01-01", "111111111"), sheet("2", "2018-01-01", "012301230")])
    bring(tmp_path, rows)
    counts = Client.objects.count(), Administration.objects.count(), RiskItem.objects.count()
    told = bring(tmp_path, rows)
    assert "Made: 0 clients, 0 sheets" in told and "Here already: 2" in told
    assert (Client.objects.count(), Administration.objects.count(), RiskItem.objects.count()) == counts


@pytest.mark.django_db
def test_equal_rows_merge_and_contradicting_rows_are_named(cast: Cast, tmp_path: Path) -> None:
    rows = [
        HEADER,
        sheet("1", "2018-01-01", "000000000"),
        sheet("1", "2018-01-01", "000000000"),
        sheet("2", "2018-01-01", "000000000"),
        sheet("2", "2018-01-01", "100000000"),
    ]
    told = bring(tmp_path, "\n".join(rows))
    assert "Equal rows merged: 1" in told
    assert "row 4: it contradicts row 5" in told and "row 5: it contradicts row 4" in told
    assert Administration.objects.count() == 1


@pytest.mark.django_db
def test_changed_sheet_is_rejected_on_the_second_import(cast: Cast, tmp_path: Path) -> None:
    bring(tmp_path, "\n".join([HEADER, sheet("1", "2018-01-01", "000000000")]))
    told = bring(tmp_path, "\n".join([HEADER, sheet("1", "2018-01-01", "100000000")]))
    assert "it contradicts a sheet that was imported before" in told
    assert Administration.objects.get().total == 0


@pytest.mark.django_db
def test_refused_is_missing_and_not_a_number(cast: Cast, tmp_path: Path) -> None:
    bring(tmp_path, "\n".join([HEADER, sheet("1", "2018-01-01", "117111119")]))
    row = Administration.objects.get()
    assert row.answers["phq9_3"] is None and row.answers["phq9_9"] is None
    assert row.state == "prorated" and row.total == 9


@pytest.mark.django_db
def test_history_opens_one_triage_item_and_no_clock_for_a_person(cast: Cast, tmp_path: Path) -> None:
    rows = [HEADER, *(sheet(str(n), "2018-01-01", "000000003") for n in range(5))]
    bring(tmp_path, "\n".join(rows))
    item = RiskItem.objects.get()
    assert item.client is None and item.klass == "triage" and item.owner and item.due_at
    assert item.facts["people"] == 5


@pytest.mark.django_db
def test_calendar_days_keep_unknown_apart_from_zero(cast: Cast, tmp_path: Path) -> None:
    rows = "id,date,amount\n1,2017-07-15,20\n1,2017-07-17,0\n2,2017-07-15,x\n2,not a day,3\n2,2099-01-01,3\n"
    told = bring(tmp_path, rows, mapping=MAPPINGS / "tlfb_csv.toml")
    days = {day.on.day: day for day in UseDay.objects.all()}
    assert set(days) == {15, 17}
    assert days[15].used and days[15].amount == 20 and not days[17].used
    assert "row 4:" in told and "row 5:" in told and "row 6: the date" in told


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no column amount"),
        ("id,date\n1,2017-01-01\n", "no column amount"),
        ("id,date,amount\n", "holds no rows"),
        ('id,date,amount\n1,"2017\n', "cannot be read"),
        ("\x00PNG", "no column amount"),
    ],
)
def test_file_that_is_not_what_it_says_gets_one_sentence(
    cast: Cast, tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(DomainError, match=words):
        bring(tmp_path, text, mapping=MAPPINGS / "tlfb_csv.toml")


@pytest.mark.django_db
def test_text_file_is_not_a_transport_file(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="not a SAS transport file"):
        bring(tmp_path, "id\n1\n", mapping=MAPPINGS / "nhanes_phq9.toml")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ("x = ", "cannot be read"),
        ("[import]\nsystem = 'a'", "import.format"),
        (SHEETS.replace("phq-9", "phq-99"), "phq-99"),
        (SHEETS.replace('phq9_9 = "q9"', ""), "phq9_9"),
        (SHEETS.replace("phq9_9 =", "phq9_10 ="), "phq9_10"),
    ],
)
def test_wrong_mapping_names_the_place(cast: Cast, tmp_path: Path, mapping: str, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        bring(tmp_path, HEADER, mapping=mapping)


@pytest.mark.django_db
@pytest.mark.parametrize("by", ["nobody@clinic.example", "adi@clinic.example", "ina@clinic.example"])
def test_only_a_clinician_can_receive_imported_clients(cast: Cast, tmp_path: Path, by: str) -> None:
    with pytest.raises(DomainError, match="No clinician"):
        bring(tmp_path, HEADER, by=by)


@pytest.mark.django_db
@pytest.mark.real_data
def test_nhanes_comes_in_whole(cast: Cast, real_data: Path) -> None:
    """DPQ_J.xpt, 5,533 rows: 440 without any answer; two are compared with the file by hand."""
    out = io.StringIO()
    run(
        mapping_path=MAPPINGS / "nhanes_phq9.toml",
        file_path=real_data / "nhanes_2017_2018_dpq" / "DPQ_J.xpt",
        dry_run=False,
        clinician_email="ana@clinic.example",
        out=out,
    )
    told = out.getvalue()
    assert "5533 rows read" in told
    made = Administration.objects.count()
    rejected = told.count("\nrow ")
    assert made + rejected == 5533
    assert Administration.objects.filter(state="complete").count() == 5068
    assert Administration.objects.filter(state="prorated").count() == 18
    assert RiskItem.objects.count() == 1
    person = Administration.objects.get(client__family_name="NHANES 93705")
    assert person.total == 0 and person.answers["phq9_1"] == 0  # zeros in the file, not 5.4e-79


@pytest.mark.django_db
@pytest.mark.real_data
def test_followback_comes_in_whole(cast: Cast, real_data: Path) -> None:
    """test_tlfb.csv: 5,543 days of 50 people, 1,279 of them without use."""
    out = io.StringIO()
    run(
        mapping_path=MAPPINGS / "tlfb_csv.toml",
        file_path=real_data / "abstcal_tlfb" / "test_tlfb.csv",
        dry_run=False,
        clinician_email="ana@clinic.example",
        out=out,
    )
    assert UseDay.objects.count() == 5543 and UseDay.objects.filter(used=False).count() == 1279
    assert Client.objects.filter(status="imported").count() == 50
