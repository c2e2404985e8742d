"""A session of a group takes its facilitators' time: in the calendar, in bookings, and in calendar programs."""

import datetime as dt
import zoneinfo

import pytest
from django.test import Client as Browser
from icalendar import Calendar
from tests.cast import ZONE, Cast
from tests.test_every_address import browser_of

from reknit.base.errors import DomainError
from reknit.care.encounters.actions import book_appointment
from reknit.care.encounters.feed.actions import renew_feed
from reknit.care.encounters.feed.reading import feed_of, read_feed
from reknit.care.groups.actions import cancel_session

from .factories import a_run, session_of

pytestmark = pytest.mark.django_db
HERE = zoneinfo.ZoneInfo(ZONE)


def week_of(browser: Browser, starts_at: dt.datetime, **more: str) -> str:
    on = starts_at.astimezone(HERE).date()
    return browser.get("/calendar/", {"on": on.isoformat(), **more}).content.decode()


def test_both_facilitators_find_the_group_in_their_week_and_open_it(cast: Cast, at: dt.datetime) -> None:
    run = a_run(cast, at)
    first = session_of(run, 1)
    for person in (cast.fay, cast.dov):
        shown = week_of(browser_of(person), first.starts_at)
        assert f"/groups/{run.pk}/sessions/1/" in shown
        assert "Monday evening" in shown and "18:00" in shown and "Room 2" in shown
    assert "Monday evening" not in week_of(browser_of(cast.ana), first.starts_at)


def test_intake_sees_that_the_time_is_taken_and_nothing_else(cast: Cast, at: dt.datetime) -> None:
    run = a_run(cast, at)
    shown = week_of(browser_of(cast.ina), session_of(run, 1).starts_at, who=str(cast.dov.pk))
    assert "Taken" in shown and "18:00" in shown
    assert "Monday evening" not in shown and str(run.pk) not in shown


def test_a_cancelled_session_is_marked_and_takes_no_time(cast: Cast, at: dt.datetime) -> None:
    run = a_run(cast, at)
    first = session_of(run, 1)
    cancel_session(by=cast.fay, at=at, session=first, reason="The house has no heating.")
    assert "cancelled" in week_of(browser_of(cast.fay), first.starts_at)
    assert "Taken" not in week_of(browser_of(cast.ina), first.starts_at, who=str(cast.dov.pk))
    book_appointment(
        by=cast.dov, at=at, episode=cast.eli_episode, clinician=cast.dov, starts_at=first.starts_at
    )


def test_nobody_is_booked_while_they_hold_their_group(cast: Cast, at: dt.datetime) -> None:
    first = session_of(a_run(cast, at), 1)
    late = first.starts_at + dt.timedelta(minutes=80)
    with pytest.raises(DomainError, match="Dov Test has a session then: .*18:00 to 19:30"):
        book_appointment(by=cast.dov, at=at, episode=cast.eli_episode, clinician=cast.dov, starts_at=late)
    over = first.starts_at + dt.timedelta(minutes=90)
    book_appointment(by=cast.dov, at=at, episode=cast.eli_episode, clinician=cast.dov, starts_at=over)


def test_calendar_programs_read_the_time_and_no_name(cast: Cast, at: dt.datetime) -> None:
    run = a_run(cast, at)
    feed = feed_of(renew_feed(by=cast.fay, at=at))
    assert feed
    body = read_feed(feed, zone=ZONE, at=at).body
    events = Calendar.from_ical(body).walk("VEVENT")
    assert len(events) == run.planned_sessions
    assert {str(one["SUMMARY"]) for one in events} == {"Session 18:00"}
    assert b"Monday" not in body and b"Room 2" not in body
