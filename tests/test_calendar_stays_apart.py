"""What the calendar has to do with rooms above it: practice takes nobody's time, and a closed course gives its hours back."""

import datetime as dt

import pytest

from reknit.care.closure.actions import close_course
from reknit.care.encounters.actions import book_appointment
from reknit.care.encounters.feed.actions import renew_feed
from reknit.care.encounters.feed.reading import feed_of, read_feed
from reknit.care.encounters.jobs import write_reminders
from reknit.care.encounters.models import Appointment, Encounter
from reknit.care.encounters.tests.booking import rows, series
from reknit.care.learning.actions import open_sandbox
from tests.cast import ZONE, Cast

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_practice_takes_nobodys_time(cast: Cast, at: dt.datetime) -> None:
    practice = open_sandbox(by=cast.ana, at=at, name="Robin", protocol="ipt-16", version="1")
    series(cast, at, count=2)
    series(cast, at, count=2, episode=practice.episodes.get())
    assert Appointment.objects.count() == 4


def test_practice_is_not_in_a_calendar_address(cast: Cast, at: dt.datetime) -> None:
    secret = renew_feed(by=cast.ana, at=at)
    practice = open_sandbox(by=cast.ana, at=at, name="Robin", protocol="ipt-16", version="1")
    series(cast, at, count=2, episode=practice.episodes.get())
    feed = feed_of(secret)
    assert feed and b"VEVENT" not in read_feed(feed, zone=ZONE, at=at).body


def test_practice_and_sessions_too_near_or_too_far_get_none(cast: Cast, at: dt.datetime) -> None:
    given = {"by": cast.ana, "at": at, "clinician": cast.ana}
    practice = open_sandbox(by=cast.ana, at=at, name="Robin", protocol="ipt-16", version="1")
    book_appointment(**given, episode=practice.episodes.get(), starts_at=at + DAY)
    for ahead in (dt.timedelta(hours=3), 3 * DAY):
        book_appointment(**given, episode=cast.cleo_episode, starts_at=at + ahead)
    assert write_reminders(at=at) == 0


def test_course_that_closes_gives_its_hours_back(cast: Cast, at: dt.datetime) -> None:
    found = series(cast, at, count=3)
    close_course(by=cast.ana, at=at + 2 * DAY, episode=cast.cleo_episode, reason="Moved away.")
    assert [one.status for one in rows(found)] == ["booked", "cancelled", "cancelled"]
    assert not Encounter.objects.exists()
