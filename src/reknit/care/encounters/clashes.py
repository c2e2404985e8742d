"""Two appointments at one time: of one clinician, or in one room. Practice courses take nobody's time."""

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.errors import DomainError
from reknit.base.races import hold_line
from reknit.care.people.queries import zone

from .engagements import Engagement, engagements, engagements_in
from .models import Appointment, Room

BOOKING_LINE = 716_031  # bookings stand in one line, so that two at once see each other
LONGEST = dt.timedelta(minutes=480)
TOLD = 3
TAKES_TIME = (Appointment.Status.BOOKED, Appointment.Status.KEPT)


@dataclass(frozen=True, slots=True)
class Span:
    """A time that is asked for."""

    starts_at: dt.datetime
    minutes: int

    @property
    def ends_at(self) -> dt.datetime:
        """When it is over."""
        return self.starts_at + dt.timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Clash:
    """A span that is taken, and by what: the clinician's own time, or the room's."""

    span: Span
    taken: Appointment | Engagement
    room: Room | None


def clashes(
    spans: Sequence[Span], *, clinician: User, room: Room | None, beside: Collection[uuid.UUID] = ()
) -> list[Clash]:
    """Spans that are taken already, by time; by sessions of a group too. Two queries, and two for each room of the house that has times of its own. `beside` are what is about to move itself.

    A span ends before the next begins: back to back is no clash.
    """
    if not spans:
        return []
    first, last = min(span.starts_at for span in spans) - LONGEST, max(span.ends_at for span in spans)
    wanted = Q(clinician=clinician) | (Q(room=room) if room else Q(pk__in=[]))
    near = (
        Appointment.objects.filter(
            wanted,
            status__in=TAKES_TIME,
            client__sandbox_of=None,
            starts_at__gt=first,
            starts_at__lt=last,
        )
        .exclude(pk__in=beside)
        .order_by("starts_at", "pk")
    )
    taken: list[Appointment | Engagement] = list(near)
    moving = {str(key) for key in beside}
    own = [one for one in engagements(clinician, first, last) if not one.is_off and one.key not in moving]
    keys = moving | {one.key for one in own}
    others = engagements_in(room.pk, first, last) if room else []
    taken += [*own, *(one for one in others if one.key not in keys)]
    return list(_found(spans, taken, clinician, room, own={one.key for one in own}))


def _found(
    spans: Sequence[Span],
    taken: Sequence[Appointment | Engagement],
    clinician: User,
    room: Room | None,
    *,
    own: Collection[str],
) -> Iterator[Clash]:
    for span in spans:
        for one in taken:
            if one.starts_at < span.ends_at and span.starts_at < one.ends_at:
                yield Clash(span, one, room if _is_the_room(one, clinician, room, own) else None)
                break


def _is_the_room(
    one: Appointment | Engagement, clinician: User, room: Room | None, own: Collection[str]
) -> bool:
    """Whether it is the room that is taken, by somebody else."""
    if room is None:
        return False
    if isinstance(one, Engagement):
        return one.key not in own
    return bool(one.room_id == room.pk and one.clinician_id != clinician.pk)


def check_free(
    spans: Sequence[Span],
    *,
    clinician: User,
    room: Room | None,
    is_practice: bool,
    beside: Collection[uuid.UUID] = (),
) -> None:
    """Refuse times that are taken, in a sentence that names when and what. Bookings wait for each other here."""
    if is_practice:
        return
    hold_line(BOOKING_LINE)
    found = clashes(spans, clinician=clinician, room=room, beside=beside)
    if found:
        raise DomainError(sentence_of(found, clinician=clinician), field="time")


def sentence_of(found: Sequence[Clash], *, clinician: User) -> str:
    """The first few clashes in words. Whoever has the time already is not named."""
    first = found[0]
    days = "; ".join(spoken_span(clash.taken) for clash in found[:TOLD])
    more = len(found) - TOLD
    if more > 0:
        days = _("%(days)s; and %(n)s more") % {"days": days, "n": more}
    if first.room is not None:
        return _("%(room)s is taken: %(days)s. Choose another time or room.") % {
            "room": first.room.name,
            "days": days,
        }
    return _("%(name)s has a session then: %(days)s. Choose another time.") % {
        "name": clinician.name,
        "days": days,
    }


def spoken_span(taken: Appointment | Engagement) -> str:
    """Day, beginning and end, by the clinic's clock."""
    here = zoneinfo.ZoneInfo(zone())
    starts, ends = taken.starts_at.astimezone(here), taken.ends_at.astimezone(here)
    return _("%(day)s, %(start)s to %(end)s") % {
        "day": date_format(starts, "l j F"),
        "start": date_format(starts, "H:i"),
        "end": date_format(ends, "H:i"),
    }
