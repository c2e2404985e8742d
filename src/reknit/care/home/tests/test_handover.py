"""The handover of a leave: what is booked with somebody who is away is named, so that a person moves it."""

import datetime as dt
import uuid

from django.urls import reverse
from tests.cast import Cast, today
from tests.test_every_address import browser_of

from reknit.base.clock import now
from reknit.care.coordination.actions import begin_leave
from reknit.care.encounters.actions import book_appointment
from reknit.care.encounters.models import Appointment
from reknit.care.safety.actions import end_leave

DAY = dt.timedelta(days=1)


def booked(cast: Cast, days: int) -> Appointment:
    return book_appointment(
        by=cast.ana, at=now(), episode=cast.cleo_episode, clinician=cast.ana, starts_at=now() + days * DAY,
        may_overlap=True,
    )  # fmt: skip


def test_session_booked_in_the_days_of_a_leave_is_named_and_no_other(cast: Cast) -> None:
    before, within, later = booked(cast, 2), booked(cast, 9), booked(cast, 16)
    absence = begin_leave(
        by=cast.ana, at=now(), key=uuid.uuid4(), person=cast.ana, cover=cast.dov,
        starts_on=today() + 7 * DAY, ends_on=today() + 11 * DAY,
    )  # fmt: skip
    ana, url = browser_of(cast.ana), reverse("home:handover-show", args=[absence.pk])

    def address(one: Appointment) -> str:
        return reverse("encounters:appointment-show", args=[one.client_id, one.pk])

    page = ana.get(url).content.decode()
    assert "To move, or to call off" in page and address(within) in page
    assert address(before) not in page and address(later) not in page
    end_leave(by=cast.ana, at=now(), absence=absence)
    assert "To move, or to call off" not in ana.get(url).content.decode()
