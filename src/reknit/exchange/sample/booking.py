"""Rooms, and what is booked ahead: each course that goes on has its hour to the ending date, one moved, one cancelled."""

import datetime as dt
import random
import zoneinfo
from collections.abc import Sequence

from reknit.base.accounts.models import User
from reknit.base.clock import local_date
from reknit.care.encounters.answers.actions import answer_appointment
from reknit.care.encounters.booking.actions import (
    Place,
    book_series,
    cancel_appointment,
    move_appointment,
)
from reknit.care.encounters.models import Appointment, AppointmentSeries, Room, Where
from reknit.care.encounters.places.actions import save_room

from .course import Course
from .diary import ZONE
from .referrals import key

ROOMS = (("Window room", 2, False), ("Corner room", 4, True))
EVENING = dt.time(18, 0)  # after everybody's hours, so that a moved session meets no other
MOVED, CANCELLED = 5, 6  # which of the first courses show it
FEWEST = 4


def open_rooms(by: User, *, at: dt.datetime) -> list[Room]:
    """The two rooms of the made-up clinic."""
    return [
        save_room(by=by, at=at, name=name, capacity=seats, has_video=has_video)
        for name, seats, has_video in ROOMS
    ]


def book_ahead(course: Course, rooms: Sequence[Room], *, seed: int) -> None:
    """The sessions that are left, on the course's own hour, from the week after the one that is booked already."""
    rng = random.Random(
        f"{seed} booked ahead {course.index}"
    )  # draws of its own: no other story changes by it
    if course.next_at is None:
        return
    _confirm(course)
    left = course.episode.planned_sessions - course.part.sessions - 1
    first_on = local_date(course.next_at, ZONE) + dt.timedelta(weeks=1)
    if left < 1 or (course.episode.ends_on and first_on > course.episode.ends_on):
        return
    series = book_series(
        by=course.therapist, at=course.clinic.at, episode=course.episode, clinician=course.therapist,
        starts_on=first_on, time=course.next_at.astimezone(zoneinfo.ZoneInfo(ZONE)).time(), every="week",
        count=left, place=_place(course, rooms), leaves_taken_out=True, key=key(rng),
    )  # fmt: skip
    _change_one(course, series)


def _place(course: Course, rooms: Sequence[Room]) -> Place:
    """The first therapist, whose hours nobody shares, has both rooms; the others meet by video."""
    if course.part.therapist == 0:
        return Place(Where.HERE, rooms[course.index % len(rooms)])
    return Place(Where.VIDEO, link=f"https://meet.harbour-lane.example/{course.index}")


def _confirm(course: Course) -> None:
    """A client with a sign-in says that they will come."""
    following = Appointment.objects.filter(
        episode=course.episode, status=Appointment.Status.BOOKED, starts_at__gte=course.clinic.at
    ).first()
    if course.user and following:
        answer_appointment(
            by=course.user, at=course.clinic.at, appointment=following, revision=following.revision
        )


def _change_one(course: Course, series: AppointmentSeries) -> None:
    """In two courses one session is elsewhere: moved to an evening, or cancelled in time."""
    rows = list(series.appointments.select_related("episode").order_by("number"))
    if len(rows) < FEWEST or course.index not in (MOVED, CANCELLED):
        return
    one, by, at = rows[2], course.therapist, course.clinic.at
    if course.index == MOVED:
        move_appointment(
            by=by, at=at, appointment=one, revision=one.revision, starts_on=local_date(one.starts_at, ZONE),
            time=EVENING, wish="client", why="Works late that day.",
        )  # fmt: skip
    else:
        cancel_appointment(
            by=by, at=at, appointment=one, revision=one.revision, wish="client", why="Away that week."
        )
