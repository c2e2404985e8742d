"""The private calendar address: another program reads back what is booked, and learns nothing else."""

import datetime as dt
import zoneinfo
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from icalendar import Calendar
from tests.cast import ZONE, Cast

from reknit.base.accounts.actions import deactivate
from reknit.base.clock import now
from reknit.care.encounters.actions import book_appointment
from reknit.care.encounters.booking.actions import cancel_appointment
from reknit.care.encounters.feed.actions import renew_feed, revoke_feed
from reknit.care.encounters.models import CalendarFeed
from reknit.core.encounters.series import Rule, from_rrule, instants

from .booking import THREE, move, rows, series

HERE = zoneinfo.ZoneInfo(ZONE)


@pytest.fixture
def secret(cast: Cast, at: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> str:
    """Ana's address; and the present is that of the tests."""
    monkeypatch.setattr("reknit.care.encounters.views.feed.now", lambda: at)
    return renew_feed(by=cast.ana, at=at)


def ask(secret: str, **headers: str) -> Any:
    return Browser().get(reverse("encounters:feed-read", args=[secret]), headers=headers)


def read(secret: str) -> Any:
    """The file as another program reads it; untyped, for its parts may be anything."""
    answer = ask(secret)
    assert answer.status_code == 200
    return Calendar.from_ical(answer.content)


def unrolled(calendar: Any) -> list[dt.datetime]:
    """When another program would show a session: the rule, without its exceptions, with what was moved."""
    found: dict[tuple[str, dt.datetime], dt.datetime] = {}
    for event in calendar.walk("VEVENT"):
        starts, uid = event["DTSTART"].dt, str(event["UID"])
        if "RECURRENCE-ID" in event:
            found[uid, event["RECURRENCE-ID"].dt.astimezone(dt.UTC)] = starts.astimezone(dt.UTC)
        elif "RRULE" in event:
            text = event["RRULE"].to_ical().decode()
            rule = from_rrule(text, starts_on=starts.date(), time=starts.time(), zone=str(starts.tzinfo))
            gone = event.get("EXDATE")
            out = {one.dt.astimezone(dt.UTC) for one in gone.dts} if gone else set()
            for moment in instants(rule):
                if moment not in out:
                    found.setdefault((uid, moment), moment)
        else:
            found[uid, starts] = starts.astimezone(dt.UTC)
    return sorted(found.values())


def test_another_program_finds_exactly_what_is_booked(cast: Cast, at: dt.datetime, secret: str) -> None:
    """A series over the change of the clocks, one moved, one cancelled, a following series, and one by itself."""
    found = series(cast, at, count=8)
    move(cast, at, rows(found)[1], dt.date(2026, 4, 1), dt.time(9))
    one = rows(found)[2]
    cancel_appointment(by=cast.ana, at=at, appointment=one, revision=one.revision, wish="client")
    move(cast, at, rows(found)[5], dt.date(2026, 4, 30), dt.time(11), scope="following")
    alone = dt.datetime(2026, 3, 27, 8, 0, tzinfo=dt.UTC)
    book_appointment(by=cast.ana, at=at, episode=cast.cleo_episode, clinician=cast.ana, starts_at=alone)
    walls = [moment.astimezone(HERE).strftime("%m-%d %H:%M") for moment in unrolled(read(secret))]
    assert walls == [
        "03-24 15:00", "03-27 09:00", "04-01 09:00", "04-14 15:00", "04-21 15:00",
        "04-30 11:00", "05-07 11:00", "05-14 11:00",
    ]  # fmt: skip


def test_it_names_nobody_and_nothing_but_the_time(cast: Cast, at: dt.datetime, secret: str) -> None:
    series(cast, at, count=2)
    calendar = read(secret)
    titles = {str(event["SUMMARY"]) for event in calendar.walk("VEVENT")}
    assert titles == {"Session 15:00"}
    text = ask(secret).content.decode().lower()
    for word in ("cleo", "case", "ana", "clinic", "addict", "recover", "ipt", "location", "description"):
        assert word not in text.replace("calendar", "")


def test_its_time_zone_is_told_with_both_changes_of_the_clocks(
    cast: Cast, at: dt.datetime, secret: str
) -> None:
    series(cast, at, count=2)
    zone = read(secret).walk("VTIMEZONE")[0]
    assert str(zone["TZID"]) == ZONE and zone.walk("STANDARD") and zone.walk("DAYLIGHT")


def test_empty_calendar_is_a_calendar(secret: str) -> None:
    assert not read(secret).walk("VEVENT")


def test_program_that_knows_the_file_gets_it_no_second_time(cast: Cast, at: dt.datetime, secret: str) -> None:
    series(cast, at, count=2)
    first = ask(secret)
    assert ask(secret, **{"If-None-Match": first["ETag"]}).status_code == 304
    assert ask(secret, **{"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    found = rows(series(cast, at, count=1, time=dt.time(9)))
    assert found
    assert ask(secret, **{"If-None-Match": first["ETag"]}).status_code == 200


def test_answer_carries_no_cookie_and_is_kept_by_nobody_else(secret: str) -> None:
    answer = ask(secret)
    assert not answer.cookies and "private" in answer["Cache-Control"]
    assert answer["Content-Type"].startswith("text/calendar")


def test_only_the_hash_is_kept(secret: str) -> None:
    assert secret not in str(list(CalendarFeed.objects.values()))


def test_renewed_and_revoked_addresses_answer_like_unknown_ones(
    cast: Cast, at: dt.datetime, secret: str
) -> None:
    fresh = renew_feed(by=cast.ana, at=at)
    revoked = renew_feed(by=cast.dov, at=at)
    revoke_feed(by=cast.dov, at=at, person=cast.dov)
    answers = [ask(one) for one in (secret, revoked, "never-there")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert ask(fresh).status_code == 200


def test_address_is_dead_as_soon_as_the_person_leaves_and_stays_dead(cast: Cast, secret: str) -> None:
    deactivate(by=cast.adi, at=now(), person=cast.ana)
    assert ask(secret).status_code == 404
    cast.ana.refresh_from_db()
    cast.ana.is_active = True
    cast.ana.save(update_fields=["is_active"])
    assert ask(secret).status_code == 404


def test_it_is_braked(secret: str) -> None:
    assert [ask(secret).status_code for _n in range(32)][-1] == 429
    assert [ask("never-there").status_code for _n in range(22)][-1] == 429


def test_number_of_queries_does_not_grow(
    cast: Cast, at: dt.datetime, secret: str, django_assert_max_num_queries: Any
) -> None:
    for hour in (9, 10, 11, 12):
        series(cast, at, count=10, time=dt.time(hour))
    with django_assert_max_num_queries(5):
        assert ask(secret).status_code == 200


def test_rule_in_the_file_is_the_rule_of_the_series(cast: Cast, at: dt.datetime, secret: str) -> None:
    found = series(cast, at, every="fortnight", count=4)
    event = read(secret).walk("VEVENT")[0]
    said = from_rrule(event["RRULE"].to_ical().decode(), starts_on=found.starts_on, time=THREE, zone=ZONE)
    assert said == Rule(found.starts_on, THREE, ZONE, found.rule.every, 4)


def test_page_shows_an_address_once(cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = reverse("encounters:feed-show")
    made = browser.post(page).content.decode()
    assert "/calendar/feed/" in made and "/calendar/feed/" not in browser.get(page).content.decode()
    browser.post(reverse("encounters:feed-revoke"))
    assert "You have no address" in browser.get(page).content.decode()
