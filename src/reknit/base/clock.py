"""The one place that reads the clock. Views and commands read it once and pass `at` down."""

import datetime as dt
import functools
import zoneinfo


def now() -> dt.datetime:
    """The present instant, in UTC."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251 - this is the edge


@functools.cache
def known_zones() -> frozenset[str]:
    """The names of all time zones. Finding them walks a folder of six hundred files, so it is done once."""
    return frozenset(zoneinfo.available_timezones())


def local_date(at: dt.datetime, zone: str) -> dt.date:
    """The calendar date of an instant in a clinic's zone.

    >>> local_date(dt.datetime(2026, 6, 10, 23, 30, tzinfo=dt.UTC), "Europe/Paris")
    datetime.date(2026, 6, 11)
    """
    return at.astimezone(zoneinfo.ZoneInfo(zone)).date()


def instant_on(on: dt.date, *, at: dt.datetime, zone: str) -> dt.datetime:
    """When something was that is known by its day alone: of today it was by now, of another day at its noon.

    >>> instant_on(dt.date(2026, 6, 9), at=dt.datetime(2026, 6, 10, 8, tzinfo=dt.UTC), zone="Europe/Paris").hour
    10
    """
    noon = dt.datetime.combine(on, dt.time(12), zoneinfo.ZoneInfo(zone)).astimezone(dt.UTC)
    return at if on == local_date(at, zone) else noon


def start_of(on: dt.date, zone: str) -> dt.datetime:
    """The first instant of a calendar date in a clinic's zone, in UTC."""
    return dt.datetime.combine(on, dt.time.min, zoneinfo.ZoneInfo(zone)).astimezone(dt.UTC)
