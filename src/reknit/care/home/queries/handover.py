"""What is handed over for a leave, and what happened meanwhile: a fixed set of queries, however many clients."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, start_of
from reknit.care.consent.models import Consent
from reknit.care.encounters.models import Appointment, Encounter
from reknit.care.people.absences.queries import handovers_of
from reknit.care.people.models import Absence, Client, Handover
from reknit.care.people.queries import zone
from reknit.care.safety.models import OverdosePlan, RiskItem, SafetyPlan
from reknit.care.safety.queries import ShownItem, open_by_client, shown

ENDS_SOON = dt.timedelta(days=30)  # a consent that ends in the leave or in the month after it [D]


@dataclass(slots=True)
class Handed:
    """One client: what is open, what stands, what comes next. Empty where the reader may not open the chart."""

    handover: Handover
    opens: bool
    risk: list[ShownItem] = field(default_factory=list)
    plan: SafetyPlan | None = None
    overdose: OverdosePlan | None = None
    following: Appointment | None = None
    to_move: list[Appointment] = field(
        default_factory=list
    )  # booked with the person in the days they are away
    consents: list[Consent] = field(default_factory=list)
    met: list[Encounter] = field(default_factory=list)
    opened: int = 0
    closed: list[ShownItem] = field(default_factory=list)

    @property
    def client(self) -> Client:
        return self.handover.client

    @property
    def nothing_happened(self) -> bool:
        """Whether nothing was written down while the person was away."""
        return not (self.met or self.opened or self.closed)


def handed_over(absence: Absence, *, to: User, at: dt.datetime, on: dt.date) -> list[Handed]:
    """Everything of the handover page. Nine queries, three more once the work was handed back."""
    handovers = list(handovers_of(absence))
    opens = set(
        Client.objects.open_to(to, on=on)
        .filter(pk__in=[one.client_id for one in handovers])
        .values_list("pk", flat=True)
    )
    rows = {one.client_id: Handed(one, opens=one.client_id in opens) for one in handovers}
    _what_stands(rows, opens, absence, to=to, at=at)
    if absence.ended_at or absence.starts_on <= on:
        _meanwhile(rows, opens, absence, to=to, at=at)
    return list(rows.values())


def _what_stands(
    rows: dict[Any, Handed], opens: Collection[uuid.UUID], absence: Absence, *, to: User, at: dt.datetime
) -> None:
    waiting = [item for items in open_by_client(opens).values() for item in items]
    for row in shown(waiting, to=to, at=at):
        rows[row.item.client_id].risk.append(row)
    for plan in SafetyPlan.objects.filter(client__in=opens).order_by("version"):
        rows[plan.client_id].plan = plan
    for overdose in OverdosePlan.objects.filter(client__in=opens).order_by("version"):
        rows[overdose.client_id].overdose = overdose
    booked = Appointment.objects.filter(
        client__in=opens, status=Appointment.Status.BOOKED, starts_at__gte=at
    ).select_related("clinician")
    for one in booked.order_by("starts_at"):
        handed = rows[one.client_id]
        handed.following = handed.following or one
        away = absence.starts_on <= local_date(one.starts_at, zone()) <= absence.ends_on
        if away and one.clinician_id == absence.person_id and not absence.ended_at:
            handed.to_move.append(one)
    ending = Consent.objects.filter(
        client__in=opens, revoked_at=None, expires_on__lte=absence.ends_on + ENDS_SOON
    )
    for consent in ending.filter(expires_on__gte=absence.starts_on).order_by("expires_on", "pk"):
        rows[consent.client_id].consents.append(consent)


def _meanwhile(
    rows: dict[Any, Handed], opens: Collection[uuid.UUID], absence: Absence, *, to: User, at: dt.datetime
) -> None:
    start, end = start_of(absence.starts_on, zone()), absence.ended_at or at
    met = Encounter.objects.filter(client__in=opens, starts_at__range=(start, end)).select_related(
        "clinician"
    )
    for encounter in met.order_by("starts_at"):
        rows[encounter.client_id].met.append(encounter)
    items = RiskItem.objects.filter(client__in=opens).select_related("owner", "closed_by")
    for item in items.filter(opened_at__range=(start, end)):
        rows[item.client_id].opened += 1
    closed: dict[Any, list[RiskItem]] = defaultdict(list)
    for item in items.filter(closed_at__range=(start, end)).order_by(F("closed_at")):
        closed[item.client_id].append(item)
    for key, found in closed.items():
        rows[key].closed = shown(found, to=to, at=at)


def unread(rows: Iterable[Handed]) -> int:
    """How many clients the cover has not read about yet."""
    return sum(row.handover.read_at is None for row in rows)
