"""A clinician's sessions as an iCalendar file: a series once, with its rule, and what differs from it."""

import datetime as dt
import uuid
import zoneinfo
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vRecur

from reknit.base.accounts.models import User
from reknit.care.encounters.booking.series import exceptions_of, short_rule
from reknit.care.encounters.engagements import Engagement, engagements
from reknit.care.encounters.models import Appointment, AppointmentSeries, CalendarFeed
from reknit.core.encounters.series import instants, to_rrule

from .actions import digest_of

BACK = dt.timedelta(days=120)
AHEAD = dt.timedelta(days=2 * 366)
YEARS = 4
Status = Appointment.Status
SHOWN = (Status.BOOKED, Status.KEPT, Status.MISSED)


@dataclass(frozen=True, slots=True)
class Feed:
    """The file, and when anything in it changed last."""

    body: bytes
    changed_at: dt.datetime


def feed_of(secret: str) -> CalendarFeed | None:
    """The address that stands under a secret. One query."""
    found = CalendarFeed.objects.filter(digest=digest_of(secret), revoked_at=None)
    return found.select_related("person").first()


def read_feed(feed: CalendarFeed, *, zone: str, at: dt.datetime) -> Feed:
    """What a calendar program reads, sessions of groups too. Four queries, however many sessions."""
    rows = list(_rows(feed.person, at=at))
    by_series: dict[uuid.UUID, list[Appointment]] = defaultdict(list)
    alone = []
    for row in rows:
        if row.series_id and row.number is not None:
            by_series[row.series_id].append(row)
        elif row.status in SHOWN:
            alone.append(row)
    events = [_event(row, row.pk, row.starts_at, zone) for row in alone]
    zones, first = {zone}, min([at.date(), *(row.starts_at.date() for row in rows)])
    for series in AppointmentSeries.objects.filter(pk__in=by_series).order_by("made_at", "pk"):
        events += _events_of(series, by_series[series.pk])
        zones.add(series.zone)
        first = min(first, series.starts_on)
    others = [one for one in engagements(feed.person, at - BACK, at + AHEAD) if not one.is_off]
    events += [_other(one, zone) for one in others]
    first = min([first, *(one.starts_at.date() for one in others)])
    changed_at = max(
        [feed.made_at, *(row.changed_at or row.made_at for row in rows), *(one.changed_at for one in others)]
    )
    return Feed(_file(events, zones, first=first.year), changed_at)


def _rows(person: User, *, at: dt.datetime) -> Iterable[Appointment]:
    """Every appointment of the series that reach into the time shown, and single ones of that time."""
    near = Appointment.objects.filter(
        clinician=person, client__sandbox_of=None, starts_at__gte=at - BACK, starts_at__lt=at + AHEAD
    )
    whole = near.exclude(series=None).values("series")
    mine = Appointment.objects.filter(clinician=person, client__sandbox_of=None)
    return (near.filter(series=None) | mine.filter(series__in=whole)).order_by("starts_at", "pk")


def _events_of(series: AppointmentSeries, rows: Iterable[Appointment]) -> list[Event]:
    """One event with the rule, and one for each session that was moved. Days without a session are left out of the rule."""
    rule = short_rule(series)
    rows = list(rows)
    if rule is None:
        return []
    exceptions, by_rule = exceptions_of(series, rows), instants(rule)
    here = zoneinfo.ZoneInfo(rule.zone)
    there = {row.number for row in rows if row.status in SHOWN}
    changed = max(row.changed_at or row.made_at for row in rows)
    master = _event(None, series.pk, by_rule[0], rule.zone, minutes=series.minutes, changed=changed)
    master["SEQUENCE"] = sum(row.revision - 1 for row in rows)
    master.add("rrule", vRecur.from_ical(to_rrule(rule)))
    gone = [moment for number, moment in enumerate(by_rule, start=1) if number not in there]
    if gone:
        master.add("exdate", [moment.astimezone(here) for moment in gone])
    events = [master]
    for row in rows:
        if row.number in exceptions.moved or (row.status in SHOWN and row.minutes != series.minutes):
            assert row.number is not None
            event = _event(row, series.pk, row.starts_at, rule.zone)
            event.add("recurrence-id", by_rule[row.number - 1].astimezone(here))
            events.append(event)
    return events


def _event(
    row: Appointment | None,
    uid: object,
    starts_at: dt.datetime,
    zone: str,
    *,
    minutes: int = 50,
    changed: dt.datetime | None = None,
) -> Event:
    """One session alone, or the first of a series."""
    minutes = row.minutes if row else minutes
    stamp = (row.changed_at or row.made_at) if row else changed
    ends_at = starts_at + dt.timedelta(minutes=minutes)
    return _named_by_time(
        f"{uid}@calendar", starts_at, ends_at, zone, stamp=stamp, sequence=row.revision - 1 if row else 0
    )


def _other(one: Engagement, zone: str) -> Event:
    """One session of a group."""
    return _named_by_time(
        f"{one.key}@calendar", one.starts_at, one.ends_at, zone, stamp=one.changed_at, sequence=0
    )


def _named_by_time(
    uid: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    zone: str,
    *,
    stamp: dt.datetime | None,
    sequence: int,
) -> Event:
    """A span whose title is the time and nothing else."""
    starts = starts_at.astimezone(zoneinfo.ZoneInfo(zone))
    event = Event()
    event.add("uid", uid)
    event.add("summary", _("Session %(time)s") % {"time": date_format(starts, "H:i")})
    event.add("dtstart", starts)
    event.add("dtend", ends_at.astimezone(zoneinfo.ZoneInfo(zone)))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", sequence)
    event.add("class", "PRIVATE")
    return event


def _file(events: list[Event], zones: set[str], *, first: int) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", _("Sessions"))
    for zone in sorted(zones - {"UTC"}):
        calendar.add_component(_zone(zone, first))
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


@lru_cache(maxsize=32)
def _zone(zone: str, first: int) -> Timezone:
    """The changes of the clocks around the time shown, for programs that know no zones. Kept: it takes a while."""
    return Timezone.from_tzid(
        zone, first_date=dt.date(first - 1, 1, 1), last_date=dt.date(first + YEARS, 1, 1)
    )
