"""The evidence pack: denominators, what is missing, small numbers hidden, and a file that can be checked."""

import csv
import datetime as dt
import hashlib
import io
import zipfile

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reknit.base.clock import now
from reknit.care.home.tests.factories import a_course, sessions
from reknit.care.outcomes.pack import ProgrammePack, Row, pack_of, row
from reknit.care.outcomes.pack_file import pack_zip, safe
from reknit.care.outcomes.quarters import Quarter, asked_for, quarter_of
from reknit.care.programme.actions import record_fact
from reknit.care.programme.models import Episode
from tests.cast import Cast, today

pytestmark = pytest.mark.django_db


def many(cast: Cast, count: int, scores: list[int | None]) -> list[Episode]:
    """So many courses, each with one session today."""
    made = []
    for number in range(count):
        episode = a_course(cast, family=f"Number{number}")
        sessions(episode, cast.ana, scores=scores)
        made.append(episode)
    return made


def this() -> ProgrammePack:
    return pack_of(quarter_of(today())).programmes[0]


def cells(row_: Row) -> dict[str, int | None]:
    return {cell.label: cell.n for cell in row_.cells}


def test_courses_without_a_sheet_are_counted_and_never_left_out(cast: Cast) -> None:
    many(cast, 6, [12])
    many(cast, 7, [None])
    tools = {one.title: one for one in this().tools}
    followed = tools["PHQ-9: courses with a session in the quarter"]
    assert followed.whole == 13
    assert cells(followed) == {"filled in twice or more": 0, "once": 6, "never": 7}
    assert cells(tools["PHQ-9: sessions held"]) == {"with it": 6, "without it": 7}


def test_few_people_are_not_shown_at_all(cast: Cast) -> None:
    many(cast, 4, [12])
    found = this()
    assert all(one.whole is None and set(cells(one).values()) == {None} for one in found.tools)


@pytest.mark.parametrize(
    ("counts", "whole", "shown"),
    [
        ({"a": 40, "b": 3, "c": 12}, 55, {"a": 40, "b": None, "c": None}),
        ({"a": 4, "b": 0}, None, {"a": None, "b": None}),
        ({"a": 0, "b": 0}, 0, {"a": 0, "b": 0}),
        ({"a": 9, "b": 6}, 15, {"a": 9, "b": 6}),
    ],
)
def test_row_hides_what_would_point_at_somebody(
    counts: dict[str, int], whole: int | None, shown: dict[str, int | None]
) -> None:
    found = row("x", counts)
    assert (found.whole, cells(found)) == (whole, shown)


def test_planning_counts_reviews_and_changes_of_the_plan(cast: Cast) -> None:
    made = many(cast, 12, [12])
    for place, episode in enumerate(made):
        said = {"by": cast.ana, "at": now(), "episode": episode, "source": "test"}
        if place < 6:
            record_fact(**said, kind="midcourse_review", value={"adequate": place >= 5}, slot=1)
        if place < 5:
            record_fact(**said, kind="plan_b", value={"choice": ["stay"]}, slot=1)
    planning = {one.title: cells(one) for one in this().planning}
    assert planning["Courses whose scores were gone through in a mid-course review"] == {"yes": 6, "no": 6}
    assert planning["Courses whose plan was changed"] == {"yes": 5, "no": 7}
    asked = "Reviews that found too little change: the plan was changed in the quarter"
    assert planning[asked] == {"yes": 5, "no": 0}


def test_outcomes_name_their_rule_and_count_those_without_a_second_score(cast: Cast) -> None:
    many(cast, 5, [12])
    many(cast, 5, [None])
    found = this().outcomes[0]
    assert found.whole == 10 and "PHQ-9, first to latest:" in found.title
    assert cells(found)["one score, no second"] == 5 and cells(found)["no score"] == 5


def test_number_of_queries_is_the_same_for_few_and_for_many(cast: Cast) -> None:
    counts = []
    for n in (1, 12):
        many(cast, n, [12])
        with CaptureQueriesContext(connection) as found:
            pack_of(quarter_of(today()))
        counts.append(len(found))
    assert counts[0] == counts[1] <= 8


def test_quarter_that_cannot_be_read_or_lies_ahead_is_this_one() -> None:
    on = dt.date(2026, 11, 26)
    assert asked_for("2025-2", today=on) == Quarter(2025, 2)
    for written in ("", "2026-5", "2027-1", "x", "2026-4'; --"):
        assert asked_for(written, today=on) == Quarter(2026, 4)
    assert Quarter(2026, 1).before == Quarter(2025, 4) and Quarter(2026, 4).end == dt.date(2026, 12, 31)


def test_file_holds_what_its_checksums_say_and_hides_what_the_page_hides(cast: Cast, client: Browser) -> None:
    many(cast, 3, [12])
    client.force_login(cast.dara, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(reverse("outcomes:pack-zip"))
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as found:
        files = {name: found.read(name) for name in found.namelist()}
    for line in files["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(files[name]).hexdigest() == digest
    rows = list(csv.DictReader(io.StringIO(files["measures.csv"].decode())))
    this_quarter = [one for one in rows if one["quarter"] == quarter_of(today()).code]
    assert len({one["quarter"] for one in rows}) == 4
    assert {one["part"] for one in rows} == {"EP1", "EP2", "EP3"}
    assert {one["of"] for one in this_quarter if one["part"] == "EP1"} == {"hidden"}
    assert b"Number0" not in answer.content and b"does not claim it" in files["README.txt"]


def test_same_record_gives_the_same_bytes_and_no_cell_is_a_formula(cast: Cast) -> None:
    packs = [pack_of(quarter_of(today()))]
    assert pack_zip(packs, on=today(), clinic="C") == pack_zip(packs, on=today(), clinic="C")
    assert safe("=1+1") == "'=1+1" and safe("Outpatient") == "Outpatient"


def test_page_names_nobody(cast: Cast, client: Browser) -> None:
    many(cast, 6, [12])
    client.force_login(cast.dara, backend="allauth.account.auth_backends.AuthenticationBackend")
    shown = client.get(reverse("outcomes:pack-show")).content.decode()
    assert "Number0" not in shown and "Measures in use" in shown and "surveyor" in shown
