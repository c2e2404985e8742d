"""A clinician's day: what needs them first, whom they see, and what is left to do."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Max

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, start_of
from reknit.care.closure.queries import DueFollowUp, follow_ups_due
from reknit.care.encounters.models import Appointment, Encounter, ProgressNote
from reknit.care.encounters.queries import CoursePosition, next_appointments, position_of, unsigned_notes
from reknit.care.measures.models import Administration, FormLink
from reknit.care.people.models import CareTeamMember, Client, current
from reknit.care.people.queries import zone
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import courses_of, this_site
from reknit.care.safety.models import RiskItem
from reknit.care.safety.queries import open_items_for
from reknit.core.measures.catalogue import measure
from reknit.core.programme.sets import measures_due
from reknit.core.programme.template import template
from reknit.core.safety.triggers import RiskReason
from reknit.core.safety.triggers import reason as risk_reason

from .owed import Owed, owed
from .reasons import Reason, reasons
from .standing import Standing, standings

AHEAD = dt.timedelta(days=7)
SHOWN = 8
MOST_COURSES = 300  # far above any caseload; a bound for a clinic that keeps everybody under one name
GRACE = dt.timedelta(days=6)  # a sheet filled in the week before its session counts for it


@dataclass(frozen=True, slots=True)
class Meeting:
    """One booked session with what stands beside the name."""

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
    """An open risk item with its reason in words."""

    item: RiskItem
    why: RiskReason


@dataclass(frozen=True, slots=True)
class Overdue:
    """A measure that was due at a session and has no sheet."""

    client: Client
    title: str
    slot: int
    days: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What one course waits for, the most pressing thing first."""

    client: Client
    owed: tuple[Owed, ...]


@dataclass(frozen=True, slots=True)
class WaitingLink:
    """A form that was sent and has not come back."""

    client: Client
    title: str
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Today:
    """The whole page."""

    risk: list[Waiting]
    meetings: list[Meeting]
    later: list[Meeting]
    notes: list[ProgressNote]
    asked: list[Asked]
    overdue: list[Overdue]
    links: list[WaitingLink]
    follow_ups: list[DueFollowUp]
    n_risk: int
    n_notes: int
    n_asked: int
    n_overdue: int
    n_follow_ups: int
    next_up: uuid.UUID | None


def today_of(user: User, *, at: dt.datetime, today: dt.date) -> Today:
    """Everything of the day. Thirteen queries, however many clients."""
    here = zone()
    start, midnight = start_of(today, here), start_of(today + dt.timedelta(days=1), here)
    booked = list(next_appointments(user, start, midnight + AHEAD))
    courses = list(_courses_of(user, on=today))
    held = courses_held(booked, courses)
    meetings = _meetings(booked, held, today=today)
    risk = [Waiting(item, risk_reason(item.reason)) for item in open_items_for(user, on=today)]
    notes = list(unsigned_notes(user))
    asked = _asked(courses, today=today)
    overdue = _overdue(courses, held, today=today, zone=here)
    follow_ups = follow_ups_due(user, today)
    return Today(
        risk=risk[:SHOWN],
        meetings=[one for one in meetings if one.appointment.starts_at < midnight],
        later=[one for one in meetings if one.appointment.starts_at >= midnight][:SHOWN],
        notes=notes[:SHOWN],
        asked=asked[:SHOWN],
        overdue=overdue[:SHOWN],
        links=_links([course.client_id for course in courses], at=at),
        follow_ups=follow_ups[:SHOWN],
        n_risk=len(risk),
        n_notes=len(notes),
        n_asked=len(asked),
        n_overdue=len(overdue),
        n_follow_ups=len(follow_ups),
        next_up=next((one.appointment.pk for one in meetings if _is_ahead(one, at)), None),
    )


def _is_ahead(one: Meeting, at: dt.datetime) -> bool:
    """Whether a session is still to come or going on."""
    return one.appointment.starts_at + dt.timedelta(minutes=one.appointment.minutes) > at


Held = dict[uuid.UUID, list[Encounter]]


def courses_held(booked: Sequence[Appointment], courses: Sequence[Episode]) -> Held:
    """The encounters of these courses, oldest first, with one query."""
    keys = {one.episode_id for one in booked} | {course.pk for course in courses}
    held: Held = defaultdict(list)
    for row in Encounter.objects.filter(episode__in=keys).order_by("starts_at"):
        held[row.episode_id].append(row)
    return held


def _courses_of(user: User, *, on: dt.date) -> "Collection[Episode]":
    mine = CareTeamMember.objects.filter(current(on), clinician=user, part=CareTeamMember.Part.LEAD)
    open_ones = Episode.objects.filter(status=Episode.Status.OPEN, client__in=mine.values("client"))
    return open_ones.select_related("client").order_by("-starts_on", "pk")[:MOST_COURSES]


def _meetings(booked: Sequence[Appointment], held: Held, *, today: dt.date) -> list[Meeting]:
    beside = standings({one.client_id for one in booked}, today=today)
    found = []
    for one in booked:
        rows = [(row.slot, row.outcome) for row in held.get(one.episode_id, [])]
        position = position_of(one.episode, rows)
        standing = beside[one.client_id]
        found.append(Meeting(one, position, standing, reasons(standing, position, today=today)))
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
            found.append(Overdue(course.client, measure(name).short_title, slot, days))
    return sorted(found, key=lambda one: -one.days)


def _asked(courses: Collection[Episode], *, today: dt.date) -> list[Asked]:
    """Courses that wait for something, by how pressing their first thing is. One query."""
    read = courses_of(courses)
    found = [
        Asked(course.client, waiting) for course in courses if (waiting := owed(read[course.pk], today=today))
    ]
    return sorted(found, key=lambda one: one.owed[0].rank)


def _links(client_ids: Collection[uuid.UUID], *, at: dt.datetime) -> list[WaitingLink]:
    rows = FormLink.objects.filter(
        client__in=client_ids, submitted_at=None, superseded_at=None, expires_at__gt=at
    )
    return [
        WaitingLink(row.client, measure(row.measure).short_title, row.expires_at)
        for row in rows.select_related("client").defer("draft").order_by("expires_at")[:SHOWN]
    ]
