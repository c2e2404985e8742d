"""Which code an encounter gets: by its minutes, kind and day, from the clinic's own table, with a reason where none fits."""

import csv
import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import Cast, today

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, now
from reknit.base.errors import Conflict, DomainError
from reknit.care.billing import actions, queries
from reknit.care.billing.models import BillingCode, ProviderNumber, is_npi
from reknit.care.billing.month_file import month_csv
from reknit.care.billing.queries import Line
from reknit.care.billing.superbill import _said
from reknit.care.encounters.actions import start_encounter
from reknit.care.encounters.models import Encounter
from reknit.care.home.tests.factories import a_course
from reknit.care.learning.actions import forward_sandbox, open_sandbox
from reknit.care.programme.models import Episode

YEAR = dt.date(2026, 1, 1)


def take(cast: Cast, starts_on: dt.date | None = None) -> None:
    actions.take_proposed(by=cast.dara, at=now(), starts_on=starts_on or today() - dt.timedelta(days=300))


def add(cast: Cast, **said: Any) -> BillingCode:
    whole = {
        "key": uuid.uuid4(), "code": "H0004", "meeting": "individual", "minutes_from": 15, "minutes_to": None,
        "unit_minutes": 15, "starts_on": today() - dt.timedelta(days=300), "source": "Payer A, 2026", **said,
    }  # fmt: skip
    return actions.add_code(by=cast.dara, at=now(), **whole)


def met(cast: Cast, episode: Episode, minutes: int, **said: Any) -> Encounter:
    at = now()
    held = start_encounter(
        by=cast.ana, at=at, episode=episode, **{"outcome": "attended", "starts_at": at, **said}
    )
    Encounter.objects.filter(pk=held.pk).update(minutes=minutes)
    held.refresh_from_db()
    return held


def line(encounter: Encounter) -> Line:
    (found,) = queries.lines_of(
        [Encounter.objects.select_related("client", "clinician", "episode").get(pk=encounter.pk)]
    )
    return found


@pytest.mark.parametrize(
    ("minutes", "code"),
    [(15, ""), (16, "90832"), (37, "90832"), (38, "90834"), (52, "90834"), (53, "90837"), (120, "90837")],
)  # the bands: MPR 2013, as in proposed.py
def test_minutes_choose_the_code(cast: Cast, minutes: int, code: str) -> None:
    take(cast)
    found = line(met(cast, a_course(cast), minutes))
    assert found.code == code and (found.units == 1 if code else "No code of the table" in found.why)


def test_session_of_a_group_has_its_own_code_whatever_the_course(cast: Cast) -> None:
    take(cast)
    beside = met(cast, a_course(cast), 90, group_session=0)  # a group that goes on beside a course of its own
    alone = met(cast, a_course(cast, family="Amsel"), 45)
    assert beside.slot is None and (line(beside).code, line(alone).code) == ("90853", "90834")


def test_codes_hold_on_their_days_and_an_empty_table_gives_none(cast: Cast) -> None:
    held = met(cast, a_course(cast), 45)
    assert line(held).code == ""
    take(cast, starts_on=today() + dt.timedelta(days=1))
    assert line(held).code == ""
    BillingCode.objects.all().delete()
    take(cast)
    assert line(held).code == "90834"
    for one in BillingCode.objects.filter(code="90834"):
        actions.end_code(by=cast.dara, at=now(), code=one, ends_on=today() - dt.timedelta(days=1))
    assert line(held).code == ""


def test_units_are_whole_and_a_part_of_one_is_not_rounded_up(cast: Cast) -> None:
    add(cast)
    assert (line(met(cast, a_course(cast), 50)).code, line(met(cast, a_course(cast), 50)).units) == (
        "H0004",
        3,
    )


def test_two_lines_never_fit_one_meeting(cast: Cast) -> None:
    take(cast)
    with pytest.raises(DomainError, match="90832 holds for these minutes already"):
        add(cast)
    assert add(cast, meeting="before").meeting == "before"


@pytest.mark.parametrize(
    "said",
    [{"code": "90"}, {"code": "=1+1A"}, {"minutes_from": 0}, {"minutes_to": 3}, {"minutes_to": 900},
     {"unit_minutes": 99}, {"source": " "}, {"meeting": "other"}],
)  # fmt: skip
def test_line_that_cannot_be_is_refused_and_changes_nothing(cast: Cast, said: dict[str, Any]) -> None:
    with pytest.raises(DomainError):
        add(cast, **said)
    assert not BillingCode.objects.exists()


def test_line_sent_twice_is_one(cast: Cast) -> None:
    key = uuid.uuid4()
    assert add(cast, key=key) == add(cast, key=key) and BillingCode.objects.count() == 1


def test_only_directors_change_the_table(cast: Cast) -> None:
    for person in (cast.ana, cast.ina, cast.adi, cast.rea):
        with pytest.raises(PermissionDenied):
            actions.take_proposed(by=person, at=now(), starts_on=YEAR)


def test_places_saved_by_two_at_once_lose_nothing(cast: Cast) -> None:
    said = {"here": "11", "phone": "", "video": "10"}
    actions.save_places(by=cast.dara, at=now(), site=cast.site, revision=0, places=said)
    with pytest.raises(Conflict) as told:
        actions.save_places(by=cast.dara, at=now(), site=cast.site, revision=0, places={**said, "here": "57"})
    assert told.value.theirs["here"] == "11"
    assert line(met(cast, a_course(cast), 45)).place == "11"


class TestDiagnosis:
    def record(self, cast: Cast, episode: Episode, **said: Any) -> Any:
        whole = {"code": "F10.20", "starts_on": today(), **said}
        return actions.record_diagnosis(by=cast.ana, at=now(), client=episode.client, **whole)

    def test_only_what_a_clinician_wrote_stands_on_the_line_from_its_day_on(self, cast: Cast) -> None:
        episode = a_course(cast)
        held = met(cast, episode, 45)
        assert line(held).diagnoses == ()
        self.record(cast, episode)
        assert line(held).diagnoses == ("F10.20",)

    @pytest.mark.parametrize("code", ["F32.1", "F20", "F9", "10.2", "F10.2; x", "F1\u0660", ""])
    def test_codes_outside_f10_to_f19_are_refused(self, cast: Cast, code: str) -> None:
        with pytest.raises(DomainError):
            self.record(cast, a_course(cast), code=code)

    def test_nobody_but_the_care_team_writes_one(self, cast: Cast) -> None:
        episode = a_course(cast)
        for person in (cast.ben, cast.ina, cast.dov, cast.dara):
            with pytest.raises(PermissionDenied):
                actions.record_diagnosis(
                    by=person, at=now(), client=episode.client, code="F10.20", starts_on=today()
                )

    def test_ended_one_stands_on_what_was_before(self, cast: Cast) -> None:
        episode = a_course(cast)
        held = met(cast, episode, 45)
        row = self.record(cast, episode)
        actions.end_diagnosis(by=cast.ana, at=now(), diagnosis=row)
        assert actions.end_diagnosis(by=cast.ana, at=now(), diagnosis=row).ends_on == today()
        assert line(held).diagnoses == ("F10.20",)


def test_missed_meetings_are_not_billed_and_practice_is_in_no_month(cast: Cast) -> None:
    take(cast)
    met(cast, a_course(cast), 45, outcome="no_show")
    made = open_sandbox(by=cast.ana, at=now(), name="Quill", protocol="ipt-16", version="1")
    forward_sandbox(by=cast.ana, at=now(), client=made, to=1)
    assert not queries.held_in(today().replace(day=1)).exists()


def test_supervisor_is_the_one_who_must_cosign(cast: Cast) -> None:
    episode = a_course(cast, clinician=cast.tess)
    held = start_encounter(by=cast.tess, at=now(), episode=episode, outcome="attended", starts_at=now())
    assert line(held).supervisor == cast.ben.name
    assert line(met(cast, a_course(cast), 45)).supervisor == ""


def test_numbers_of_clinician_and_supervisor_stand_on_the_line(cast: Cast) -> None:
    held = start_encounter(
        by=cast.tess,
        at=now(),
        episode=a_course(cast, clinician=cast.tess),
        outcome="attended",
        starts_at=now(),
    )
    number(cast, cast.ben, "1234567893")
    number(cast, cast.tess, "1245319599")
    (row,) = csv.DictReader(io.StringIO(month_csv([line(held)])))
    assert (row["clinician_npi"], row["supervisor"], row["supervisor_npi"]) == (
        "1245319599", cast.ben.name, "1234567893",
    )  # fmt: skip
    assert "Ben Test, NPI 1234567893" in [words for _label, words in _said(line(held))]
    number(cast, cast.ben, "", revision=1)
    assert line(held).supervisor_npi == ""


def number(cast: Cast, person: User, npi: str, revision: int = 0) -> ProviderNumber:
    return actions.save_number(by=cast.dara, at=now(), person=person, revision=revision, npi=npi)


@pytest.mark.parametrize(
    "npi", ["1234567890", "123456789", "12345678931", "1234S67893", "１２３４５６７８９３"]
)
def test_number_with_a_slip_is_refused(cast: Cast, npi: str) -> None:
    with pytest.raises(DomainError, match="ten digits"):
        number(cast, cast.ben, npi)


@given(st.integers(min_value=1_000_000_00, max_value=2_999_999_99), st.integers(0, 8), st.integers(1, 9))
def test_check_digit_finds_every_single_slip(nine: int, place: int, slip: int) -> None:
    """Nine digits have exactly one check digit, and one digit misread never passes."""
    passing = [digit for digit in range(10) if passes(f"{nine}{digit}")]
    assert len(passing) == 1
    right = f"{nine}{passing[0]}"
    wrong = str((int(right[place]) + slip) % 10)
    assert not passes(right[:place] + wrong + right[place + 1 :])


def passes(npi: str) -> bool:
    try:
        is_npi(npi)
    except ValidationError:
        return False
    return True


def test_number_saved_by_two_loses_nothing_and_belongs_to_one_person(cast: Cast) -> None:
    number(cast, cast.ben, "1234567893")
    assert number(cast, cast.ben, "1234567893").revision == 1  # sent twice
    with pytest.raises(Conflict) as told:
        number(cast, cast.ben, "1245319599")
    assert told.value.theirs.npi == "1234567893"
    with pytest.raises(DomainError, match="Another person"):
        number(cast, cast.tess, "1234567893")
    with pytest.raises(PermissionDenied):
        actions.save_number(by=cast.ina, at=now(), person=cast.ben, revision=1, npi="")


def test_table_holds_codes_and_no_formula(cast: Cast) -> None:
    take(cast)
    episode = a_course(cast, given="=HYPERLINK(1)", family="x")
    held = met(cast, episode, 45)
    (row,) = csv.DictReader(
        io.StringIO(month_csv(queries.lines_of(list(queries.held_in(today().replace(day=1))))))
    )
    assert row["client_name"].startswith("'=") and row["code"] == "90834" and row["note_signed"] == "no"
    assert row["encounter"] == str(held.pk) and row["date"] == str(local_date(held.starts_at, "Europe/Paris"))


def test_number_of_queries_is_the_same_for_few_and_for_many(cast: Cast) -> None:
    take(cast)
    counts = []
    for n in (1, 9):
        for number in range(n):
            met(cast, a_course(cast, family=f"N{number}"), 45)
        with CaptureQueriesContext(connection) as found:
            queries.lines_of(list(queries.held_in(today().replace(day=1))))
        counts.append(len(found))
    assert counts[0] == counts[1] <= 8


def test_month_that_cannot_be_read_or_lies_ahead_is_this_one() -> None:
    on = dt.date(2026, 11, 26)
    assert queries.month_asked_for("2026-02", today=on) == dt.date(2026, 2, 1)
    for written in ("", "x", "2026-13", "2030-01", "2026-1-1; --"):
        assert queries.month_asked_for(written, today=on) == dt.date(2026, 11, 1)
    assert queries.month_before(dt.date(2026, 1, 1)) == dt.date(2025, 12, 1)
    assert queries.month_after(dt.date(2026, 12, 1)) == dt.date(2027, 1, 1)
