"""A week or a day of one clinician, as the page draws it: by day, each session on a grid of quarter hours."""

import datetime as dt
import zoneinfo
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reknit.base.accounts.models import Role, User
from reknit.base.clock import local_date, start_of
from reknit.care.encounters.engagements import Engagement, engagements, opened_by
from reknit.care.encounters.models import Appointment, Encounter, ProgressNote
from reknit.care.people.models import Client, SupervisoryLine, current
from reknit.care.people.queries import clinicians

DAY, WEEK = "day", "week"
FIRST_HOUR, LAST_HOUR = 8, 18  # the hours always shown; earlier and later ones join where something is booked
QUARTER = 15
SATURDAY = 5
MOST = 400


@dataclass(frozen=True, slots=True)
class Entry:
    """One session of the page, alone or of a group. Whoever may not see whose it is sees that the time is taken."""

    appointment: Appointment | None
    engagement: Engagement | None
    starts_at: dt.datetime
    ends_at: dt.datetime
    row: int
    rows: int
    name: str
    may_open: bool
    needs_note: bool

    @property
    def is_off(self) -> bool:
        """Whether it does not take place."""
        if self.appointment is None:
            return self.engagement is not None and self.engagement.is_off
        return self.appointment.status in {Appointment.Status.CANCELLED, Appointment.Status.MISSED}

    @property
    def is_booked(self) -> bool:
        """Whether nothing is written down about it yet."""
        return self.appointment is not None and self.appointment.status == Appointment.Status.BOOKED


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the page."""

    on: dt.date
    is_today: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The calendar page of one clinician."""

    whose: User
    view: str
    days: tuple[Day, ...]
    hours: tuple[tuple[int, int], ...]  # hour, and the grid row it begins in
    before: dt.date
    after: dt.date

    @property
    def n(self) -> int:
        """How many sessions there are."""
        return sum(not one.is_off for day in self.days for one in day.entries)

    @property
    def rows(self) -> int:
        """How many quarter hours the grid has."""
        return len(self.hours) * 4


def page_of(
    user: User, whose: User, *, view: str, on: dt.date, zone: str, at: dt.datetime, today: dt.date
) -> Page:
    """The page. Two queries, and two for each room that has times of its own."""
    days = _days(view, on)
    start, end = start_of(days[0], zone), start_of(days[-1] + dt.timedelta(days=1), zone)
    booked = list(_booked(whose, start, end))
    seen = _seen(user, booked, on=today)
    here = zoneinfo.ZoneInfo(zone)
    others = engagements(whose, start, end)
    opened = opened_by(others, user, on=today)
    hours = _hours([*booked, *others], here)
    by_day: dict[dt.date, list[Entry]] = defaultdict(list)
    for one in booked:
        if one.client_id not in seen and one.status not in {
            Appointment.Status.BOOKED,
            Appointment.Status.KEPT,
        }:
            continue  # what did not take place takes no time, and is nobody else's business
        by_day[local_date(one.starts_at, zone)].append(
            _entry(one, here, hours[0], is_seen=one.client_id in seen, at=at)
        )
    for other in others:
        if other.is_off and other.key not in opened:
            continue
        by_day[local_date(other.starts_at, zone)].append(
            _drawn(other, here, hours[0], may_open=other.key in opened)
        )
    for entries in by_day.values():
        entries.sort(key=lambda entry: entry.starts_at)
    if view == WEEK:
        days = [day for day in days if day.weekday() < SATURDAY or by_day[day]]
    step = dt.timedelta(days=7 if view == WEEK else 1)
    return Page(
        whose=whose,
        view=view,
        days=tuple(Day(day, day == today, tuple(by_day[day])) for day in days),
        hours=tuple((hour, (hour - hours[0]) * 4 + 1) for hour in range(hours[0], hours[1])),
        before=on - step,
        after=on + step,
    )


def colleagues_seen(user: User, *, on: dt.date) -> list[User]:
    """Whose calendars this person may choose from, their own first. One query."""
    if user.has(Role.INTAKE):
        others = clinicians()
    elif user.has(Role.SUPERVISOR):
        lines = SupervisoryLine.objects.filter(current(on), supervisor=user).select_related("supervisee")
        others = [line.supervisee for line in lines.order_by("supervisee__name", "id")]
    else:
        others = []
    own = [user] if user.reads_charts else []
    return own + [one for one in others if one.pk != user.pk]


def _booked(whose: User, start: dt.datetime, end: dt.datetime) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(
        clinician=whose, client__sandbox_of=None, starts_at__gte=start, starts_at__lt=end
    )
    return rows.select_related("client", "room", "encounter__note").order_by("starts_at", "made_at")[:MOST]


def _seen(user: User, booked: Sequence[Appointment], *, on: dt.date) -> set[object]:
    """Clients whose names this person may read, by the one policy."""
    if not booked:
        return set()
    clients = Client.objects.visible_to(user, on=on).filter(pk__in={one.client_id for one in booked})
    return set(clients.values_list("pk", flat=True))


def _days(view: str, on: dt.date) -> list[dt.date]:
    if view == DAY:
        return [on]
    monday = on - dt.timedelta(days=on.weekday())
    return [monday + dt.timedelta(days=n) for n in range(7)]


def _hours(booked: Sequence[Appointment | Engagement], here: zoneinfo.ZoneInfo) -> tuple[int, int]:
    starts = [one.starts_at.astimezone(here).hour for one in booked]
    ends = [_last_hour(one, here) for one in booked]
    return min([FIRST_HOUR, *starts]), max([LAST_HOUR, *ends])


def _last_hour(one: Appointment | Engagement, here: zoneinfo.ZoneInfo) -> int:
    """The hour by which it is over; one that goes on past midnight is drawn to the end of its day."""
    starts, ends = one.starts_at.astimezone(here), one.ends_at.astimezone(here)
    if ends.date() > starts.date():
        return 24
    return ends.hour + bool(ends.minute)


def _entry(
    one: Appointment, here: zoneinfo.ZoneInfo, first_hour: int, *, is_seen: bool, at: dt.datetime
) -> Entry:
    row, rows = _place(one, here, first_hour)
    return Entry(
        appointment=one,
        engagement=None,
        starts_at=one.starts_at.astimezone(here),
        ends_at=one.ends_at.astimezone(here),
        row=row,
        rows=rows,
        name=one.client.name if is_seen else _("Taken"),
        may_open=is_seen,
        needs_note=is_seen and needs_note(one, at=at),
    )


def _drawn(one: Engagement, here: zoneinfo.ZoneInfo, first_hour: int, *, may_open: bool) -> Entry:
    row, rows = _place(one, here, first_hour)
    return Entry(
        appointment=None,
        engagement=one,
        starts_at=one.starts_at.astimezone(here),
        ends_at=one.ends_at.astimezone(here),
        row=row,
        rows=rows,
        name=one.title if may_open else _("Taken"),
        may_open=may_open,
        needs_note=False,
    )


def _place(one: Appointment | Engagement, here: zoneinfo.ZoneInfo, first_hour: int) -> tuple[int, int]:
    """The row of the grid it begins in, and how many it takes, at least one."""
    starts, ends = one.starts_at.astimezone(here), one.ends_at.astimezone(here)
    quarter = (starts.hour - first_hour) * 4 + starts.minute // QUARTER
    last = 24 if ends.date() > starts.date() else ends.hour + ends.minute / 60
    return quarter + 1, max(round((last - starts.hour) * 4 - starts.minute // QUARTER), 1)


def needs_note(one: Appointment, *, at: dt.datetime) -> bool:
    """Whether its time is over and nothing is written yet: no outcome, or an empty note."""
    if one.status == Appointment.Status.BOOKED:
        return one.ends_at < at
    encounter: Encounter | None = getattr(one, "encounter", None)
    note: ProgressNote | None = getattr(encounter, "note", None) if encounter else None
    return note is not None and note.state == ProgressNote.State.DRAFT and not note.words


def without_notes(user: User, *, at: dt.datetime, on: dt.date) -> QuerySet[Appointment]:
    """Sessions whose time is over without an outcome or with a note that is not signed, oldest first.

    One's own, and for a supervisor those of the people they answer for; of clients whose charts are open to them.
    """
    whose = [user.pk]
    if user.has(Role.SUPERVISOR):
        lines = SupervisoryLine.objects.filter(current(on), supervisor=user)
        whose += list(lines.values_list("supervisee", flat=True))
    past = Appointment.objects.filter(
        clinician__in=whose,
        client__in=Client.objects.visible_to(user, on=on),
        client__sandbox_of=None,
        starts_at__lt=at,
    )
    nothing = past.filter(status=Appointment.Status.BOOKED, encounter=None)
    unsigned = past.filter(encounter__note__state=ProgressNote.State.DRAFT)
    found = nothing | unsigned
    return found.select_related("client", "clinician", "encounter__note").order_by("starts_at", "pk")
