"""The calendar: one's own with names, that of others as the one policy says, and the pages that change a booking."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast

from reknit.base.clock import now
from reknit.care import encounters
from reknit.care.encounters.actions import book_appointment, save_note, start_encounter
from reknit.care.encounters.models import Appointment, AppointmentSeries
from reknit.care.people.actions import join_care_team, leave_care_team

from .booking import a_room, rows, series

LATER = {"on": "2026-03-24", "view": "week"}


def browser(person: Any) -> Browser:
    found = Browser()
    found.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def page(cast: Cast, reader: str, **query: Any) -> str:
    answer = browser(getattr(cast, reader)).get(reverse("encounters:calendar-show"), {**LATER, **query})
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_own_week_shows_names_times_and_place(cast: Cast, at: dt.datetime) -> None:
    found = series(cast, at, count=2)
    Appointment.objects.filter(pk=rows(found)[0].pk).update(room=a_room(cast, at))
    said = page(cast, "ana")
    assert "Cleo Case" in said and "15:00" in said and "Garden" in said
    assert said.count("Cleo Case") == 1
    assert "Cleo Case" in page(cast, "ana", on="2026-03-31", view="day")
    assert "Cleo" not in page(cast, "ana", on="2026-03-30", view="day")


def test_supervisor_sees_the_line_they_answer_for_and_nobody_else(cast: Cast, at: dt.datetime) -> None:
    series(cast, at, count=1)
    assert "Cleo Case" in page(cast, "ben", who=cast.ana.pk)
    ben = browser(cast.ben)
    assert ben.get(reverse("encounters:calendar-show"), {"who": cast.dov.pk}).status_code == 404
    assert browser(cast.dov).get(reverse("encounters:calendar-show"), {"who": cast.ana.pk}).status_code == 404


def test_intake_sees_that_a_time_is_taken_and_no_name(cast: Cast, at: dt.datetime) -> None:
    series(cast, at, count=1)
    said = page(cast, "ina", who=cast.ana.pk)
    assert "Taken" in said and "15:00" in said
    assert "Cleo" not in said and str(cast.cleo.pk) not in said


def test_name_goes_when_the_clinician_leaves_the_team(cast: Cast, at: dt.datetime) -> None:
    series(cast, at, count=1)
    today = now().date()
    member = cast.cleo.care_team.get()
    join_care_team(
        by=cast.ina, at=at, client=cast.cleo, clinician=cast.dov, starts_on=at.date(), part="cover"
    )
    leave_care_team(by=cast.ina, at=at, member=member, ends_on=today - dt.timedelta(days=1))
    said = page(cast, "ana")
    assert "Taken" in said and "Cleo" not in said


def test_note_icon_and_report_tell_what_is_not_written(cast: Cast, at: dt.datetime) -> None:
    """Of three that are over: nothing written, an empty note, and a note with words."""
    found = rows(series(cast, at, count=3))
    notes = []
    for one in found[1:]:
        held = start_encounter(
            by=cast.ana, at=one.starts_at, episode=cast.cleo_episode, outcome="attended",
            starts_at=one.starts_at, appointment=one,
        )  # fmt: skip
        notes.append(held.note)
    save_note(by=cast.ana, at=at, note=notes[1], revision=0, words={"plan": "Go on."})
    assert "no note yet" in page(cast, "ana") and "no note yet" in page(cast, "ana", on="2026-03-31")
    assert "no note yet" not in page(cast, "ana", on="2026-04-07")
    report = browser(cast.ana).get(reverse("encounters:without-notes")).content.decode()
    for words in ("Nothing written about what came of it", "No note yet", "Note not signed"):
        assert words in report
    assert "Cleo Case" in browser(cast.ben).get(reverse("encounters:without-notes")).content.decode()
    assert "Cleo" not in browser(cast.dov).get(reverse("encounters:without-notes")).content.decode()


@pytest.mark.parametrize("query", [{"on": "yesterday"}, {"on": "0001-01-01"}, {"view": "year"}])
def test_odd_address_shows_a_calendar_all_the_same(cast: Cast, query: dict[str, str]) -> None:
    page(cast, "ana", **query)


def test_week_of_the_change_of_the_clocks_and_odd_hours_are_drawn(cast: Cast, at: dt.datetime) -> None:
    given = {"by": cast.ana, "at": at, "episode": cast.cleo_episode, "clinician": cast.ana}
    for starts_at in (
        dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC),  # half past one, and half an hour later it is three
        dt.datetime(2026, 3, 27, 22, 40, tzinfo=dt.UTC),  # past midnight
    ):
        book_appointment(**given, starts_at=starts_at)
    said = page(cast, "ana")
    assert "01:30" in said and "23:40" in said and "Sunday" in said


def test_each_quarter_of_an_hour_has_its_row_in_the_grid() -> None:
    style = Path(encounters.__file__).with_name("static") / "encounters" / "calendar.css"
    written = style.read_text(encoding="utf-8")
    rows = [f".r{n} {{ grid-row-start: {n} }}" for n in range(1, 97)]
    spans = [f".s{n} {{ grid-row-end: span {n} }}" for n in range(1, 33)]
    assert [rule for rule in rows + spans if rule not in written] == []


def test_page_keeps_its_number_of_queries(
    cast: Cast, at: dt.datetime, django_assert_max_num_queries: Any
) -> None:
    for hour in (9, 10, 11, 12, 14, 15):
        series(cast, at, count=1, time=dt.time(hour))
    ana = browser(cast.ana)
    ana.get(reverse("encounters:calendar-show"), LATER)
    with django_assert_max_num_queries(8):
        ana.get(reverse("encounters:calendar-show"), LATER)


def test_course_is_booked_from_the_page(cast: Cast) -> None:
    ana, address = browser(cast.ana), reverse("encounters:appointment-book", args=[cast.cleo.pk])
    cast.cleo_episode.__class__.objects.update(ends_on=None)
    on = (now() + dt.timedelta(days=7)).date().isoformat()
    form = {
        "on": on, "time": "15:00", "minutes": "50", "every": "week", "count": "16", "way": "here",
        "key": "5b0e2b1e-5f0a-4d6f-9c0e-1d2f3a4b5c6d",
    }  # fmt: skip
    assert ana.post(address, {**form, "count": ""}).status_code == 422
    for _twice in range(2):
        assert ana.post(address, form).status_code == 302
    assert AppointmentSeries.objects.get().count == 16 and Appointment.objects.count() == 16
    again = ana.post(address, {**form, "key": "5b0e2b1e-5f0a-4d6f-9c0e-1d2f3a4b5c6e"})
    assert again.status_code == 422 and "has a session then" in again.content.decode()


def test_move_and_cancel_from_the_page_and_a_stale_page_is_told(cast: Cast) -> None:
    ana = browser(cast.ana)
    starts_at = (now() + dt.timedelta(days=9)).replace(minute=0, second=0, microsecond=0)
    cast.cleo_episode.__class__.objects.update(ends_on=None)
    one = book_appointment(
        by=cast.ana, at=now(), episode=cast.cleo_episode, clinician=cast.ana, starts_at=starts_at
    )
    keys = [cast.cleo.pk, one.pk]
    on = (now() + dt.timedelta(days=10)).date().isoformat()
    form = {
        "on": on, "time": "11:00", "minutes": "50", "way": "video", "link": "https://meet.example/a",
        "wish": "client", "why": "", "revision": "1", "key": "5b0e2b1e-5f0a-4d6f-9c0e-1d2f3a4b5c6d",
    }  # fmt: skip
    move = reverse("encounters:appointment-move", args=keys)
    assert ana.post(move, form).status_code == 302
    stale = ana.post(move, {**form, "time": "12:00"})
    assert stale.status_code == 422 and "Somebody else changed this session" in stale.content.decode()
    shown = ana.get(reverse("encounters:appointment-show", args=keys)).content.decode()
    assert "By video" in shown and "https://meet.example/a" in shown and "Moved from" in shown
    cancel = reverse("encounters:appointment-cancel", args=keys)
    answer = ana.post(cancel, {"wish": "us", "late": "clock", "why": "", "revision": "2"})
    assert answer.status_code == 302
    one.refresh_from_db()
    assert one.status == "cancelled" and one.encounter.outcome == "clinician"


def test_client_sees_their_own_times_and_confirms(cast: Cast) -> None:
    cast.cleo_episode.__class__.objects.update(ends_on=None)
    starts_at = now() + dt.timedelta(days=3)
    one = book_appointment(
        by=cast.ana, at=now(), episode=cast.cleo_episode, clinician=cast.ana, starts_at=starts_at,
        way="video", link="https://meet.example/a",
    )  # fmt: skip
    cleo, address = browser(cast.cleo_user), reverse("encounters:client-times")
    said = cleo.get(address).content.decode()
    assert "I will come" in said and "https://meet.example/a" in said
    confirm = reverse("encounters:client-answer", args=[one.pk])
    assert browser(cast.eli_user).post(confirm, {"revision": "1"}).status_code == 404
    cleo.post(confirm, {"revision": "1"})
    assert "You said you will come" in cleo.get(address).content.decode()
    cleo.post(confirm, {"revision": "1", "will_come": "no"})
    assert "You said you cannot come" in cleo.get(address).content.decode()
    assert "Cannot come" in browser(cast.ana).get(reverse("home:today")).content.decode()
    assert "meet.example" not in browser(cast.eli_user).get(address).content.decode()
    cleo.post(reverse("encounters:client-reminders"), {"on": "no"})
    assert "We do not send you notes" in cleo.get(address).content.decode()


def test_administrator_keeps_rooms(cast: Cast) -> None:
    adi, address = browser(cast.adi), reverse("encounters:room-list")
    assert adi.post(address, {"name": "Garden", "capacity": "0"}).status_code == 422
    assert adi.post(address, {"name": "Garden", "capacity": "2", "has_video": "on"}).status_code == 302
    said = adi.get(address).content.decode()
    assert "Garden" in said and "set up for video" in said
