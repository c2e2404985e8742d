"""A clinician's day: what needs them first, whom they see, and what is left to do.

Each list is cut to what fits on a page and says of how many; asked for everything, nothing is cut.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Max

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, start_of
from reknit.care.closure.queries import DueFollowUp, follow_ups_due
from reknit.care.encounters.models import Appointment, Encounter, ProgressNote
from reknit.care.encounters.queries import CoursePosition, next_appointments, position_of, unsigned_notes
from reknit.care.groups.models import GroupSession
from reknit.care.groups.queries.owed import ContactOwed, contacts_owed_by
from reknit.care.groups.queries.runs import sessions_between
from reknit.care.measures.models import Administration, FormLink
from reknit.care.people.models import CareTeamMember, Client, current
from reknit.care.people.queries import names_at, zone
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import courses_of, this_site
from reknit.care.safety.models import RiskItem
from reknit.care.safety.queries import open_items_for
from reknit.care.safety.readings import Reading, is_unread, readings_of
from reknit.core.measures.catalogue import measure
from reknit.core.programme.sets import measures_due
from reknit.core.programme.template import template
from reknit.core.safety.triggers import RiskReason
from reknit.core.safety.triggers import reason as risk_reason

from .ending import Ending, Unreviewed, consents_ending, medical_views_due
from .owed import Owed, owed
from .reasons import Reason, reasons
from .standing import Standing, standings

Row = TypeVar("Row")
AHEAD = dt.timedelta(days=7)
SHOWN = 8
MOST_COURSES = 300  # far above any caseload; a bound for a clinic that keeps everybody under one name
GRACE = dt.timedelta(days=6)  # a sheet filled in the week before its session counts for it


@dataclass(frozen=True, slots=True)
class Meeting:
    """One booked session with what stands beside the name. `position` is where the course stands if all before it are kept."""

    appointment: Appointment
    position: CoursePosition
    standing: Standing
    reasons: tuple[Reason, ...]

    @property
    def client(self) -> Client:
        return self.appointment.client

    @property
    def is_off_track(self) -> bool:
        return any(reason.is_off_track for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open risk item with its reason in words, and who has opened it so far."""

    item: RiskItem
    why: RiskReason
    readers: tuple[Reading, ...]

    @property
    def is_unread(self) -> bool:
        return is_unread(self.item, self.readers)


@dataclass(frozen=True, slots=True)
class Overdue:
    """A measure that was due at a session and has no sheet."""

    client: Client
    measure: str
    title: str
    slot: int
    days: int


@dataclass(frozen=True, slots=True)
class ToSign:
    """A note that waits for its author's signature, and for how many days."""

    note: ProgressNote
    days: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What one course waits for, the most pressing thing first, each with the days it has waited; none: not late yet."""

    client: Client
    owed: tuple[tuple[Owed, int | None], ...]


@dataclass(frozen=True, slots=True)
class WaitingLink:
    """A form that was sent and has not come back."""

    client: Client
    title: str
    expires_at: dt.datetime
    days: int


@dataclass(frozen=True, slots=True)
class Today:
    """The whole page."""

    risk: "Shown[Waiting]"
    groups: list[GroupSession]
    meetings: list[Meeting]
    later: "Shown[Meeting]"
    cannot_come: list[Meeting]  # the client said so, and nobody has found a new time or cancelled yet
    notes: "Shown[ToSign]"
    contacts: "Shown[ContactOwed]"
    asked: "Shown[Asked]"
    overdue: "Shown[Overdue]"
    views: "Shown[Unreviewed]"
    consents: "Shown[Ending]"
    links: "Shown[WaitingLink]"
    follow_ups: "Shown[DueFollowUp]"
    next_up: uuid.UUID | None
    more_courses: bool  # whether the bound on courses was met, so that some are not read here

    @property
    def is_cut(self) -> bool:
        """Whether any list holds more than is shown."""
        lists = (self.risk, self.later, self.notes, self.contacts, self.asked, self.overdue, self.views)
        return any(one.is_cut for one in (*lists, self.consents, self.links, self.follow_ups))


class Shown(list[Row], Generic[Row]):
    """The rows of one list that are shown, and how many there are in all."""

    def __init__(self, rows: Iterable[Row], *, most: int | None) -> None:
        found = list(rows)
        super().__init__(found[:most])
        self.total = len(found)

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are shown."""
        return self.total > len(self)


def today_of(user: User, *, at: dt.datetime, today: dt.date, everything: bool = False) -> Today:
    """Everything of the day. Eighteen queries, however many clients."""
    here, most = zone(), None if everything else SHOWN
    start, midnight = start_of(today, here), start_of(today + dt.timedelta(days=1), here)
    booked = list(next_appointments(user, start, midnight + AHEAD))
    read = list(_courses_of(user, on=today))
    courses = read[:MOST_COURSES]
    clients = [course.client_id for course in courses]
    held = courses_held(booked, courses)
    meetings = _meetings(booked, held, today=today)
    notes = [ToSign(note, _days(note.encounter.starts_at, today, here)) for note in unsigned_notes(user)]
    return Today(
        risk=Shown(_waiting(list(_open_items(user, on=today)), most=most), most=most),
        groups=sessions_between(user, start, midnight),
        meetings=[one for one in meetings if one.appointment.starts_at < midnight],
        later=Shown((one for one in meetings if one.appointment.starts_at >= midnight), most=most),
        cannot_come=[one for one in meetings if one.appointment.declined_at and _is_ahead(one, at)],
        notes=Shown(notes, most=most),
        contacts=Shown(contacts_owed_by(user, at=at, today=today), most=most),
        asked=Shown(_asked(courses, held, today=today, zone=here), most=most),
        overdue=Shown(_overdue(courses, held, today=today, zone=here), most=most),
        views=Shown(medical_views_due(clients, today=today, zone=here), most=most),
        consents=Shown(consents_ending(clients, on=today), most=most),
        links=Shown(_links(clients, at=at, today=today, zone=here), most=most),
        follow_ups=Shown(follow_ups_due(user, today), most=most),
        next_up=next((one.appointment.pk for one in meetings if _is_ahead(one, at)), None),
        more_courses=len(read) > MOST_COURSES,
    )


def _open_items(user: User, *, on: dt.date) -> "Collection[RiskItem]":
    """The open items with what is shown of them here, which is less than the board shows."""
    items = open_items_for(user, on=on).select_related(None).select_related("client")
    asked = ("klass", "reason", "status", "opened_at", "due_at", "refreshed_at", "opened_by", "owner")
    return items.only(*asked, *names_at("client"))


def _waiting(items: Sequence[RiskItem], *, most: int | None) -> list[Waiting]:
    read = readings_of(items[:most])
    return [Waiting(item, risk_reason(item.reason), tuple(read.get(item.pk, ()))) for item in items]


def _days(since: dt.datetime, today: dt.date, zone: str) -> int:
    return (today - local_date(since, zone)).days


def _is_ahead(one: Meeting, at: dt.datetime) -> bool:
    """Whether a session is still to come or going on."""
    return one.appointment.starts_at + dt.timedelta(minutes=one.appointment.minutes) > at


Held = dict[uuid.UUID, list[Encounter]]


def courses_held(booked: Sequence[Appointment], courses: Sequence[Episode]) -> Held:
    """The encounters of these courses, oldest first, with one query."""
    keys = {one.episode_id for one in booked} | {course.pk for course in courses}
    held: Held = defaultdict(list)
    rows = Encounter.objects.filter(episode__in=keys).only("episode", "slot", "outcome", "starts_at")
    for row in rows.order_by("starts_at"):
        held[row.episode_id].append(row)
    return held


def _courses_of(user: User, *, on: dt.date) -> "Collection[Episode]":
    mine = CareTeamMember.objects.filter(current(on), clinician=user, part=CareTeamMember.Part.LEAD)
    open_ones = Episode.objects.filter(status=Episode.Status.OPEN, client__in=mine.values("client"))
    shown = open_ones.select_related("client").only(
        "protocol", "protocol_version", "planned_sessions", *names_at("client")
    )
    return shown.order_by("-starts_on", "pk")[: MOST_COURSES + 1]


def _meetings(booked: Sequence[Appointment], held: Held, *, today: dt.date) -> list[Meeting]:
    beside = standings({one.client_id for one in booked}, today=today)
    found: list[Meeting] = []
    expected: dict[uuid.UUID, list[tuple[int | None, str]]] = {}
    for one in booked:
        is_next = one.episode_id not in expected
        rows = expected.setdefault(
            one.episode_id, [(row.slot, row.outcome) for row in held.get(one.episode_id, [])]
        )
        position, standing = position_of(one.episode, rows), beside[one.client_id]
        # The reasons tell how things stand now: they belong to the next session and are not said again a week on.
        why = reasons(standing, position, today=today) if is_next else ()
        found.append(Meeting(one, position, standing, why))
        rows.append((position.slot_next, Encounter.Outcome.ATTENDED))
    return found


def _overdue(courses: Sequence[Episode], held: Held, *, today: dt.date, zone: str) -> list[Overdue]:
    """Measures whose session has passed without a sheet, longest wait first."""
    sheets = {
        (row["episode_id"], row["measure"]): (row["slot"], row["latest"])
        for row in Administration.objects.filter(
            episode__in=[course.pk for course in courses], superseded_at=None
        )
        .values("episode_id", "measure")
        .annotate(slot=Max("slot"), latest=Max("answered_at"))
    }
    found = []
    for course in courses:
        plan = template(course.protocol, course.protocol_version)
        attended = {
            row.slot: local_date(row.starts_at, zone)
            for row in held.get(course.pk, [])
            if row.slot and row.outcome == Encounter.Outcome.ATTENDED
        }
        latest = {
            name: slot for slot in sorted(attended) for name in measures_due(plan, slot, site=this_site())
        }
        for name, slot in latest.items():
            if attended[slot] >= today:
                continue
            answered_slot, answered_at = sheets.get((course.pk, name), (None, None))
            in_time = answered_at and local_date(answered_at, zone) >= attended[slot] - GRACE
            if in_time or (answered_slot or 0) >= slot:
                continue
            days = (today - attended[slot]).days
            found.append(Overdue(course.client, name, measure(name).short_title, slot, days))
    return sorted(found, key=lambda one: -one.days)


def _asked(courses: Collection[Episode], held: Held, *, today: dt.date, zone: str) -> list[Asked]:
    """Courses that wait for something, by how pressing their first thing is. One query."""
    read = courses_of(courses)
    found = []
    for course in courses:
        if waiting := owed(read[course.pk], today=today):
            on = {row.slot: local_date(row.starts_at, zone) for row in held.get(course.pk, []) if row.slot}
            aged = tuple((one, _waited(one, on, today=today)) for one in waiting)
            found.append(Asked(course.client, aged))
    return sorted(found, key=lambda one: one.owed[0][0].rank)


def _waited(one: Owed, on: dict[int, dt.date], *, today: dt.date) -> int | None:
    """For how many days a thing has waited, since its day or its session."""
    since = one.since or (on.get(one.slot) if one.slot else None)
    return (today - since).days if since else None


def _links(
    client_ids: Collection[uuid.UUID], *, at: dt.datetime, today: dt.date, zone: str
) -> list[WaitingLink]:
    rows = FormLink.objects.filter(
        client__in=client_ids, submitted_at=None, superseded_at=None, expires_at__gt=at
    )
    return [
        WaitingLink(
            row.client, measure(row.measure).short_title, row.expires_at, _days(row.made_at, today, zone)
        )
        for row in rows.select_related("client")
        .only("measure", "made_at", "expires_at", *names_at("client"))
        .order_by("expires_at")
    ]
