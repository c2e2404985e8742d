"""Writing down what the client says of a booked session. The latest word stands."""

import datetime as dt
import uuid

from django.utils.translation import gettext_lazy as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.care.contact.models import Message
from reknit.care.encounters.models import Appointment

CHANGED = _("This time has changed. Please look again.")


@action
def answer_appointment(
    *, by: User, at: dt.datetime, appointment: Appointment, revision: int, will_come: bool = True
) -> Appointment:
    """The client says on their own page whether they will come. A session that is moved afterwards asks anew."""
    held = _held(appointment.pk)
    if held.client.user_id != by.pk:
        raise Refused(str(_("Only the client can say this.")))
    _check_asks(held, at=at)
    if not _has_said(held, will_come) and held.revision != revision:
        raise Conflict(str(CHANGED), theirs=held)
    return _write(held, will_come, by=by, at=at, way="page")


@action
def answer_reminder(
    *, by: User | None = None, at: dt.datetime, message: Message, will_come: bool
) -> Appointment:
    """Whoever holds the link of a reminder says whether the client will come, to the time it was about and no other."""
    held = _held(message.about)
    if held.starts_at != message.about_at or held.client_id != message.client_id:
        raise DomainError(str(CHANGED))
    _check_asks(held, at=at)
    return _write(held, will_come, by=by, at=at, way="link")


def _held(key: uuid.UUID) -> Appointment:
    return Appointment.objects.select_for_update(of=("self",)).select_related("client").get(pk=key)


def _check_asks(held: Appointment, *, at: dt.datetime) -> None:
    if held.status != Appointment.Status.BOOKED or held.starts_at < at:
        raise DomainError(str(CHANGED))


def _has_said(held: Appointment, will_come: bool) -> bool:
    return (held.confirmed_at if will_come else held.declined_at) is not None


def _write(held: Appointment, will_come: bool, *, by: User | None, at: dt.datetime, way: str) -> Appointment:
    if _has_said(held, will_come):
        audit.unchanged()
        return held
    held.confirmed_at, held.declined_at = (at, None) if will_come else (None, at)
    held.save(update_fields=["confirmed_at", "declined_at"])
    detail = {"will_come": will_come, "way": way}
    audit.record("answer appointment", by=by, at=at, subject=held, client=held.client_id, detail=detail)
    return held
