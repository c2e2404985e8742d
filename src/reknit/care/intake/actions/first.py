"""Booking the first session of somebody who is in care and has a therapist, and those after it on the same hour."""

import datetime as dt
import uuid
import zoneinfo

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.care.encounters.actions import book_appointment
from reknit.care.encounters.booking.actions import book_series
from reknit.care.encounters.models import Appointment, AppointmentSeries
from reknit.care.intake.models import Referral
from reknit.care.intake.queries.hours import MINUTES, is_busy
from reknit.care.people.queries import lead_of, zone
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import current_episode

from .common import check_usual, held
from .offers import withdraw_open_offers


@action
def book_first(
    *,
    by: User,
    at: dt.datetime,
    referral: Referral,
    starts_at: dt.datetime,
    count: int,
    key: uuid.UUID,
    anyway: bool = True,
) -> User:
    """Book the first session with the person's therapist; `count` above one books as many, a week apart.

    Gives the therapist. Times offered elsewhere are taken back. `key` is made by the page: sent twice, it books once.
    `anyway`: whoever books was asked, and means a time outside the hours of the therapist too.
    """
    held(referral)
    client, here = referral.client, zone()
    lead, episode = lead_of(client, on=local_date(at, here)), current_episode(client)
    if lead is None or episode is None or episode.status != Episode.Status.OPEN:
        raise DomainError(_("Take the person into care first, with a therapist. Then a time can be booked."))
    if Appointment.objects.filter(pk=key).exists() or AppointmentSeries.objects.filter(pk=key).exists():
        audit.unchanged()
        return lead
    booked = Appointment.objects.filter(
        client=client, status=Appointment.Status.BOOKED, starts_at__gte=at
    ).order_by("starts_at")
    if booked.exists():
        raise DomainError(_("A session is booked already. The therapist books the others, or moves it."))
    if starts_at <= at:
        raise DomainError(_("Choose a time to come, within a year."), field="slot")
    if is_busy(lead, starts_at=starts_at, minutes=MINUTES, besides=referral):
        raise DomainError(
            _("%(name)s is not free then any more. Choose another time.") % {"name": lead.name}, field="slot"
        )
    check_usual(lead, starts_at=starts_at, minutes=MINUTES, anyway=anyway)
    whom = {"by": by, "at": at, "episode": episode, "clinician": lead, "minutes": MINUTES, "key": key}
    if count == 1:
        book_appointment(**whom, starts_at=starts_at)
    else:
        wall = starts_at.astimezone(zoneinfo.ZoneInfo(here))
        book_series(
            **whom, starts_on=wall.date(), time=wall.time(), every=AppointmentSeries.Repeat.WEEK, count=count
        )
    withdraw_open_offers(referral, by=by, at=at)
    return lead
