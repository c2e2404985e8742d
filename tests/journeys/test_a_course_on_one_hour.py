"""A course is booked on one hour over the change of the clocks; one is moved, one cancelled late, and the client says yes."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar as File
from playwright.sync_api import expect

from reknit.care.encounters.models import Appointment, Encounter
from tests.cast import ZONE, Cast

from .calendar import Calendar
from .people import PHONE, Person

MONDAY, CHANGED = dt.date(2026, 3, 23), dt.date(2026, 4, 6)  # the clocks go forward on 29 March


def test_course_is_booked_moved_cancelled_late_read_back_and_confirmed(
    person: Callable[..., Person], clinic: Cast, at_rest: Any, calendar: Calendar
) -> None:
    calendar.turns_to(MONDAY, "10:20")
    with person() as ana:
        ana.signs_in("ana@clinic.example")
        books_sixteen_mondays(ana, clinic)
        moves_the_second(ana)
        address = makes_an_address(ana)
    calendar.turns_to(CHANGED, "12:00")
    with person(script=False) as ana:
        ana.signs_in("ana@clinic.example")
        cancels_todays(ana)
        reads_back(ana.context.request.get(address).body())
    with person(width=PHONE) as cleo:
        cleo.signs_in("cleo@clinic.example")
        cleo.follows("See all my times")
        cleo.sees("Monday 13 April", "15:00", "We meet at our place.")
        cleo.presses("I will come", nth=0)
        cleo.sees("You said you will come")
    with person(width=PHONE) as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens("/calendar/?on=2026-04-13")
        ana.sees("Cleo Case", "confirmed", "15:00")
    with at_rest:
        what_was_kept()


def books_sixteen_mondays(ana: Person, clinic: Cast) -> None:
    """The hour of the whole course on one form."""
    ana.opens(f"/clients/{clinic.cleo.pk}/sessions/")
    ana.follows("Book sessions")
    ana.writes("Day", MONDAY.isoformat())
    ana.writes("Time", "15:00")
    ana.picks("How often", "Every week")
    ana.writes("How many sessions", "16")
    ana.presses("Book")
    ana.sees("16 sessions are booked. None lies after the ending date.")


def moves_the_second(ana: Person) -> None:
    ana.follows("Monday 30 March, 15:00", nth=0)
    ana.follows("Move")
    ana.writes("Day", "2026-03-31")
    ana.writes("Time", "09:00")
    ana.presses("Move")
    ana.sees("Tuesday 31 March 2026", "Moved from 30 March, 15:00 to 31 March, 09:00")


def makes_an_address(ana: Person) -> str:
    """From the calendar, where the week is drawn by day."""
    ana.follows("Calendar", nth=0)
    ana.sees_heading("Calendar")
    ana.follows("Week after")
    ana.sees("Cleo Case", "09:00")
    ana.follows("In my own calendar")
    ana.presses("Make an address")
    return ana.page.get_by_label("Copy it now").input_value()


def cancels_todays(ana: Person) -> None:
    """Three hours ahead, by the client: the clock says late, and nobody has to reckon."""
    ana.opens("/calendar/")
    ana.follows("Cleo Case")
    ana.follows("Cancel it")
    ana.sees("It is less than 24 hours away")
    ana.presses("Cancel the session")
    ana.sees("Written down. It does not use up a session.")
    expect(ana.page.get_by_text("Cancelled late").first).to_be_visible()


def reads_back(file: bytes) -> None:
    """Another program: the rule at three all through, the moved one, and today's left out. It names nobody."""
    events: Any = File.from_ical(file).walk("VEVENT")
    master = next(event for event in events if "RRULE" in event)
    moved = next(event for event in events if "RECURRENCE-ID" in event)
    assert master["DTSTART"].dt == dt.datetime(2026, 3, 23, 15, 0, tzinfo=ZoneInfo(ZONE))
    assert master["RRULE"].to_ical() == b"FREQ=WEEKLY;COUNT=16"
    assert [one.dt.date() for one in master["EXDATE"].dts] == [CHANGED]
    assert moved["DTSTART"].dt.date() == dt.date(2026, 3, 31)
    assert b"Cleo" not in file and b"SUMMARY:Session 15:00" in file


def what_was_kept() -> None:
    """Sixteen rows on one wall hour; only the late one has an outcome, and one is confirmed."""
    rows = Appointment.objects.order_by("number")
    hours = {row.starts_at.astimezone(ZoneInfo(ZONE)).hour for row in rows if row.number != 2}
    assert hours == {15} and rows.count() == 16
    assert [row.number for row in rows if row.status == "cancelled"] == [3]
    assert [row.number for row in rows if row.confirmed_at] == [4]
    assert Encounter.objects.get().outcome == "late_cancel"
