"""The sweep of this room: leaves that are over end, and what waits too long, or for somebody away, goes on."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from reknit.base.clock import local_date, now
from reknit.care.people.absences.queries import away_on, over_by
from reknit.care.people.models import CareTeamMember, SupervisoryLine, current
from reknit.care.people.queries import zone

from .actions import end_leave, hand_on
from .models import RiskItem


def hand_on_what_waits(*, at: dt.datetime | None = None) -> int:
    """End the leaves whose last day went by, then let each item go on whose step is due; return how many were looked at.

    Safe to run twice and from several processes: each step is taken under the item's own lock, and only when it is due.
    """
    at = at or now()
    on = local_date(at, zone())
    for absence in over_by(on):
        end_leave(by=None, at=at, absence=absence)
    found = list(_may_be_due(at=at, on=on))
    for item in found:
        hand_on(by=None, at=at, item=item)
    return len(found)


def _may_be_due(*, at: dt.datetime, on: dt.date) -> QuerySet[RiskItem]:
    """Items whose time passed, or whose owner is away, left the clinic or is not on the client's team."""
    lines = SupervisoryLine.objects.filter(
        current(on), supervisor=OuterRef(OuterRef("owner")), supervisee=OuterRef("clinician")
    )
    team = CareTeamMember.objects.filter(current(on), client=OuterRef("client"))
    reached = team.filter(Q(clinician=OuterRef("owner")) | Q(Exists(lines)))
    gone = Q(owner__is_active=False) | (Q(client__isnull=False) & ~Q(Exists(reached)))
    due = Q(held_until__lte=at) | Q(owner__in=away_on(on)) | gone
    return RiskItem.objects.filter(due, status=RiskItem.Status.OPEN, client__sandbox_of=None).order_by(
        "due_at", "pk"
    )
