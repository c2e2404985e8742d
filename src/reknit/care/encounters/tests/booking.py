"""What the tests of bookings share. In Paris the clocks go forward on 29 March 2026 and back on 25 October."""

import datetime as dt
import zoneinfo
from typing import Any

from tests.cast import ZONE, Cast

from reknit.care.encounters.booking.actions import book_series, move_appointment
from reknit.care.encounters.models import Appointment, AppointmentSeries, Room
from reknit.care.encounters.places.actions import save_room

TUESDAY = dt.date(2026, 3, 24)
THREE = dt.time(15, 0)


def series(cast: Cast, at: dt.datetime, **changes: Any) -> AppointmentSeries:
    """Twelve Tuesdays at three with Ana, from the day after `at`, over the change of the clocks."""
    given = {"by": cast.ana, "at": at, "episode": cast.cleo_episode, "clinician": cast.ana}
    rule = {"starts_on": TUESDAY, "time": THREE, "every": "week", "count": 12}
    return book_series(**given | rule | changes)


def rows(found: AppointmentSeries) -> list[Appointment]:
    """Its appointments by number."""
    return list(Appointment.objects.filter(series=found).order_by("number"))


def walls(found: AppointmentSeries) -> list[str]:
    """Day and time on the clinic's wall, of what is still booked."""
    here = zoneinfo.ZoneInfo(ZONE)
    booked = [one for one in rows(found) if one.status == "booked"]
    return [one.starts_at.astimezone(here).strftime("%m-%d %H:%M") for one in booked]


def move(
    cast: Cast, at: dt.datetime, one: Appointment, on: dt.date, time: dt.time, **more: Any
) -> Appointment:
    """Move one, as it stands now."""
    one.refresh_from_db()
    return move_appointment(
        by=cast.ana, at=at, appointment=one, revision=one.revision, starts_on=on, time=time, **more
    )


def a_room(cast: Cast, at: dt.datetime, name: str = "Garden", **more: Any) -> Room:
    """A room of the clinic."""
    return save_room(by=cast.adi, at=at, name=name, **{"capacity": 2, "has_video": False} | more)
