"""Adding a room, changing it, giving it up."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.encounters.checks import clean
from reknit.care.encounters.engagements import engagements_in
from reknit.care.encounters.models import Appointment, Room

EVER = dt.timedelta(days=3660)
SEATS = range(1, 201)


@action
def save_room(
    *, by: User, at: dt.datetime, name: str, capacity: int, has_video: bool, room: Room | None = None
) -> Room:
    """Add a room, or change one that is in use."""
    kept = hold(room) if room else Room(made_by=by, made_at=at)
    if kept.given_up_at is not None:
        raise DomainError(_("This room was given up. Add it anew."))
    kept.name, kept.capacity, kept.has_video = name, capacity, has_video
    clean(kept, ["name", "capacity"])
    if capacity not in SEATS:
        raise DomainError(_("A room has between 1 and 200 seats."), field="capacity")
    if Room.objects.filter(name__iexact=kept.name, given_up_at=None).exclude(pk=kept.pk).exists():
        raise DomainError(_("There is a room of this name. Choose another name."), field="name")
    kept.save()
    audit.record("change room" if room else "add room", by=by, at=at, subject=kept)
    return kept


@action
def give_up_room(*, by: User, at: dt.datetime, room: Room) -> Room:
    """Give a room up, once nothing is booked in it any more."""
    kept = hold(room)
    if kept.given_up_at is not None:
        audit.unchanged()
        return kept
    booked = Appointment.objects.filter(
        room=kept, status=Appointment.Status.BOOKED, starts_at__gte=at
    ).count()
    booked += len(engagements_in(kept.pk, at, at + EVER))
    if booked:
        raise DomainError(_("%(n)s sessions are still booked in this room. Move them first.") % {"n": booked})
    kept.given_up_at = at
    kept.save(update_fields=["given_up_at"])
    audit.record("give up room", by=by, at=at, subject=kept)
    return kept
