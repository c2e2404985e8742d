"""The sessions of groups as times that are taken, for the calendar, for bookings and for calendar addresses."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.urls import reverse

from reknit.base.accounts.models import User
from reknit.care.encounters.engagements import Engagement
from reknit.care.groups.access import runs_open_to
from reknit.care.groups.models import GroupSession

from .runs import led_by


def engagements_of(whose: User, start: dt.datetime, end: dt.datetime) -> list[Engagement]:
    """The sessions that somebody leads and that begin in a span, cancelled ones marked. One query."""
    return _times(led_by(whose).filter(starts_at__gte=start, starts_at__lt=end))


def engagements_in(room: uuid.UUID, start: dt.datetime, end: dt.datetime) -> list[Engagement]:
    """The sessions that meet in a room and begin in a span: their own room, else that of their group. One query."""
    here = Q(room=room) | Q(room=None, place="", run__room=room)
    return _times(GroupSession.objects.filter(here, starts_at__gte=start, starts_at__lt=end))


def _times(rows: QuerySet[GroupSession]) -> list[Engagement]:
    return [
        Engagement(
            key=str(one.pk),
            starts_at=one.starts_at,
            ends_at=one.starts_at + dt.timedelta(minutes=one.run.minutes),
            title=one.run.title,
            address=reverse("groups:session-show", args=[one.run_id, one.number]),
            place=one.where,
            changed_at=max(filter(None, [one.run.made_at, one.changed_at, one.saved_at])),
            is_off=one.state == GroupSession.State.CANCELLED,
            room=one.room_taken,
            run=one.run_id,
        )
        for one in rows.select_related("run__room", "room").order_by("starts_at", "pk")
    ]


def open_to(found: Iterable[Engagement], user: User, on: dt.date) -> set[str]:
    """Those whose group this person may open. One query."""
    found = list(found)
    runs = set(
        runs_open_to(user, on=on).filter(pk__in={one.run for one in found}).values_list("pk", flat=True)
    )
    return {one.key for one in found if one.run in runs}
