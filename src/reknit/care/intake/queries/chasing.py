"""Who was lost before a first session, and what is due for them today. Nothing is ever closed from here."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from reknit.base.clock import local_date
from reknit.care.contact.models import SafeContact
from reknit.care.encounters.models import Appointment
from reknit.care.intake.models import InterimContact, Referral
from reknit.care.people.queries import zone
from reknit.core.intake.chase import Chase, chase

from .waiting import UNBOOKED, with_stage

LOST = (Appointment.Status.MISSED, Appointment.Status.CANCELLED)


@dataclass(frozen=True, slots=True)
class ChaseRow:
    """One person to try again: what is due, since when, and the safe way."""

    referral: Referral
    chase: Chase
    missed_on: dt.date | None  # a first session that was missed or cancelled; else none was ever booked
    contact: SafeContact | None


def unbooked() -> QuerySet[Any]:
    """Everybody who waits with no time booked, with the instant from which days are counted and the latest contact."""
    lost = Appointment.objects.filter(client=OuterRef("client"), status__in=LOST).order_by("-starts_at")
    found = with_stage(Referral.objects.filter(client__sandbox_of=None)).filter(stage__in=UNBOOKED)
    contacts = InterimContact.objects.filter(referral=OuterRef("pk")).order_by("-on")
    lost_ones: QuerySet[Any] = found.annotate(
        missed_at=Subquery(lost.values("starts_at")[:1]),
        anchor_at=Coalesce(F("missed_at"), F("received_at")),
        contacted_on=Subquery(contacts.values("on")[:1]),
    )
    return lost_ones


def chase_list(*, today: dt.date) -> list[tuple[uuid.UUID, Chase, dt.date | None]]:
    """Key, what is due, and the missed day, of everybody due today or before; the longest overdue first. One query."""
    found = []
    for key, anchor_at, missed_at, contacted in unbooked().values_list(
        "pk", "anchor_at", "missed_at", "contacted_on"
    ):
        due = chase_of(anchor_at, contacted, today=today)
        if due.is_due:
            found.append((key, due, local_date(missed_at, zone()) if missed_at else None))
    return sorted(found, key=lambda one: (-one[1].overdue, str(one[0])))


def chase_of(anchor_at: dt.datetime, contacted: dt.date | None, *, today: dt.date) -> Chase:
    """What is due, where a contact before the anchor does not count."""
    anchor = local_date(anchor_at, zone())
    since = contacted if contacted and contacted >= anchor else None
    return chase(anchor=anchor, contacted=since, today=today)


def chase_rows(part: list[tuple[uuid.UUID, Chase, dt.date | None]]) -> list[ChaseRow]:
    """The rows of one page of the list. Two queries."""
    keys = [key for key, _due, _missed in part]
    known = {one.pk: one for one in Referral.objects.filter(pk__in=keys).select_related("client", "place")}
    ways = {
        way.client_id: way
        for way in SafeContact.objects.filter(Q(client__referrals__in=keys), superseded_at=None)
    }
    return [
        ChaseRow(known[key], due, missed, ways.get(known[key].client_id))
        for key, due, missed in part
        if key in known
    ]


def standing_of(referral: Referral, *, today: dt.date) -> Chase | None:
    """What is due for one person; nothing once a time is booked, they were seen, or it was closed."""
    row = unbooked().filter(pk=referral.pk).values_list("anchor_at", "contacted_on").first()
    return chase_of(*row, today=today) if row else None
