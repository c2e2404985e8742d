"""A session of a group takes its facilitators' time: in the calendar, in bookings, and in calendar programs."""

import datetime as dt
import zoneinfo
from typing import Any

import pytest
from django.test import Client as Browser
from icalendar import Calendar
from tests.cast import ZONE, Cast
from tests.test_every_address import browser_of

from reknit.base.errors import DomainError
from reknit.care.encounters.actions import book_appointment
from reknit.care.encounters.booking.actions import Place, book_series
from reknit.care.encounters.engagements import engagements_in
from reknit.care.encounters.feed.actions import renew_feed
from reknit.care.encounters.feed.reading import feed_of, read_feed
from reknit.care.encounters.models import Room
from reknit.care.encounters.places.actions import give_up_room, save_room
from reknit.care.groups.actions import cancel_session, move_session

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


def a_room(cast: Cast, at: dt.datetime, name: str = "Long room", seats: int = 12) -> Room:
    return save_room(by=cast.adi, at=at, name=name, capacity=seats, has_video=False)


def test_room_of_a_group_is_taken_for_everybody(cast: Cast, at: dt.datetime) -> None:
    room = a_room(cast, at)
    first = session_of(a_run(cast, at, room=room, place=""), 1)
    with pytest.raises(DomainError, match="Long room is taken: Monday 30 March, 18:00 to 19:30"):
        book_series(
            by=cast.ana, at=at, episode=cast.cleo_episode, clinician=cast.ana, starts_on=dt.date(2026, 3, 30),
            time=dt.time(19), every="week", count=1, place=Place(room=room),
        )  # fmt: skip
    book_appointment(
        by=cast.ana, at=at, episode=cast.cleo_episode, clinician=cast.ana, starts_at=first.starts_at
    )
    with pytest.raises(DomainError, match="still booked in this room"):
        give_up_room(by=cast.adi, at=at, room=room)


def test_group_takes_no_room_that_is_taken_or_too_small(cast: Cast, at: dt.datetime) -> None:
    room = a_room(cast, at)
    book_series(
        by=cast.ana, at=at, episode=cast.cleo_episode, clinician=cast.ana, starts_on=dt.date(2026, 4, 6),
        time=dt.time(18, 30), every="week", count=1, place=Place(room=room),
    )  # fmt: skip
    with pytest.raises(DomainError, match="Long room is taken: Monday 6 April"):
        a_run(cast, at, room=room)
    with pytest.raises(DomainError, match="Corner has 9 seats; with both of you the group needs 10"):
        a_run(cast, at, room=a_room(cast, at, "Corner", 9))
    others = {"lead": cast.ana, "co_facilitator": cast.tess, "starts_time": dt.time(20)}
    assert a_run(cast, at, room=room, **others).where == "Long room"
    with pytest.raises(DomainError, match="Long room is taken: Monday 30 March, 20:00"):
        a_run(cast, at, room=room, starts_time=dt.time(21))


def test_one_session_elsewhere_frees_its_room_and_takes_the_other(cast: Cast, at: dt.datetime) -> None:
    room, other = a_room(cast, at), a_room(cast, at, "Garden room")
    run = a_run(cast, at, room=room)
    second = session_of(run, 2)
    said: dict[str, Any] = {
        "by": cast.fay, "at": at, "starts_on": dt.date(2026, 4, 6), "time": dt.time(18), "why": "Painters.",
    }  # fmt: skip
    moved = move_session(session=second, revision=0, room=other, **said)
    day = (moved.starts_at, moved.starts_at + dt.timedelta(hours=1))
    assert [len(engagements_in(one.pk, *day)) for one in (room, other)] == [0, 1]
    back = move_session(session=second, revision=1, room=room, **said)
    assert (back.room, back.where, len(engagements_in(room.pk, *day))) == (None, "Long room", 1)
    last = move_session(session=second, revision=2, place="The park", **said)
    assert last.where == "The park" and not engagements_in(room.pk, *day)


def test_calendar_programs_read_the_time_and_no_name(cast: Cast, at: dt.datetime) -> None:
    run = a_run(cast, at)
    feed = feed_of(renew_feed(by=cast.fay, at=at))
    assert feed
    body = read_feed(feed, zone=ZONE, at=at).body
    events = Calendar.from_ical(body).walk("VEVENT")
    assert len(events) == run.planned_sessions
    assert {str(one["SUMMARY"]) for one in events} == {"Session 18:00"}
    assert b"Monday" not in body and b"Room 2" not in body
