"""The wait list: where each person stands between a referral and a first session.

The stage is read from what happened and is kept nowhere: nobody forgets to move it, and nothing moves by itself.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from reknit.base.clock import local_date
from reknit.care.encounters.models import Appointment, Encounter
from reknit.care.intake.models import Barrier, InterimContact, OfferedSlot, Referral, WaitingPlace
from reknit.care.people.models import Client
from reknit.care.people.queries import search, zone
from reknit.core.intake.chase import days_over


class Stage(TextChoices):
    """Where a person stands."""

    REFERRED = "referred", _("Referred")
    SCREENED = "screened", _("Safety asked")
    ACCEPTED = "accepted", _("In care, no time booked")
    OFFERED = "offered", _("Time offered")
    BOOKED = "booked", _("Booked")
    SEEN = "seen", _("Seen")
    CLOSED = "closed", _("Closed")


UNBOOKED = (Stage.REFERRED, Stage.SCREENED, Stage.ACCEPTED, Stage.OFFERED)
"""Stages of those who wait with no time booked: a new one belongs here, or nobody chases whom it holds."""
WAITING = (*UNBOOKED, Stage.BOOKED)
_PRIORITY = {
    WaitingPlace.Priority.URGENT: 0,
    WaitingPlace.Priority.SOON: 1,
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to."""

    words: str = ""
    stage: str = ""  # empty: everybody who waits
    priority: str = ""
    waits_for: str = ""
    over_target: bool = False


def first_seen() -> Subquery:
    """When somebody met the person for the first time."""
    held = Encounter.objects.filter(client=OuterRef("client"), outcome__in=Encounter.HELD)
    return Subquery(held.order_by().values("client").annotate(first=Min("starts_at")).values("first"))


def with_stage(found: QuerySet[Referral]) -> QuerySet[Any]:
    """Each with its stage, its first meeting and its next booked time."""
    booked = Appointment.objects.filter(client=OuterRef("client"), status=Appointment.Status.BOOKED)
    offers = OfferedSlot.objects.filter(referral=OuterRef("pk"), state=OfferedSlot.State.OFFERED)
    told: QuerySet[Any] = found.annotate(
        seen_at=first_seen(),
        booked_for=Subquery(booked.order_by("starts_at").values("starts_at")[:1]),
        has_offer=Exists(offers),
    )
    is_closed = Q(status=Referral.Status.CLOSED) | Q(client__status=Client.Status.CLOSED, seen_at=None)
    staged: QuerySet[Any] = told.annotate(
        stage=Case(
            When(is_closed, then=Value(Stage.CLOSED.value)),
            When(seen_at__isnull=False, then=Value(Stage.SEEN.value)),
            When(booked_for__isnull=False, then=Value(Stage.BOOKED.value)),
            When(has_offer=True, then=Value(Stage.OFFERED.value)),
            When(status=Referral.Status.ACCEPTED, then=Value(Stage.ACCEPTED.value)),
            When(safety_asked_at__isnull=False, then=Value(Stage.SCREENED.value)),
            default=Value(Stage.REFERRED.value),
            output_field=CharField(),
        )
    )
    return staged


def wait_list(filters: Filters, *, over_since: dt.datetime) -> QuerySet[Any]:
    """The most urgent first, among them the longest wait. One query, with what a row says of contacts and barriers."""
    found = with_stage(Referral.objects.filter(client__sandbox_of=None).select_related("client", "place"))
    found = found.filter(stage__in=[filters.stage] if filters.stage else WAITING)
    if filters.words.strip():
        found = found.filter(client__in=search(Client.objects.all(), filters.words))
    if filters.priority:
        found = found.filter(place__priority=filters.priority)
    if filters.waits_for:
        found = found.filter(place__waits_for=filters.waits_for)
    if filters.over_target:
        found = found.filter(received_at__lt=over_since, seen_at=None)
    contacts = InterimContact.objects.filter(referral=OuterRef("pk")).order_by("-on", "-at")
    barriers = Barrier.objects.filter(referral=OuterRef("pk"), state=Barrier.State.OPEN)
    urgency = Case(
        *(When(place__priority=value, then=Value(place)) for value, place in _PRIORITY.items()),
        default=Value(2),
        output_field=IntegerField(),
    )
    listed: QuerySet[Any] = found.annotate(
        contacted_on=Subquery(contacts.values("on")[:1]),
        has_barrier=Exists(barriers),
        urgency=urgency,
    ).order_by("urgency", "received_at", "pk")
    return listed


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One line of the list in the words of the page."""

    referral: Referral
    stage: str
    stage_label: str
    days: int
    over: int  # days past the target
    place: WaitingPlace | None

    @property
    def is_waiting(self) -> bool:
        """Whether the clock still runs."""
        return self.stage in WAITING


def row_of(referral: Any, *, today: dt.date, target: int) -> WaitingRow:
    """The line of a referral that came from `wait_list`. The clock stops at the first session, or at the close."""
    stage: str = referral.stage
    seen_at: dt.datetime | None = referral.seen_at
    ended_at = seen_at or (referral.decided_at if stage == Stage.CLOSED else None)
    until = local_date(ended_at, zone()) if ended_at else today
    days = max(0, (until - local_date(referral.received_at, zone())).days)
    return WaitingRow(
        referral=referral,
        stage=stage,
        stage_label=str(Stage(stage).label),
        days=days,
        over=days_over(waiting=days, target=target) if stage != Stage.CLOSED else 0,
        place=place_of(referral),
    )


def time_to_confirm(row: WaitingRow, *, at: dt.datetime) -> dt.datetime | None:
    """When the first session is booked for, while that is still to come."""
    booked: dt.datetime | None = row.referral.booked_for if row.stage == Stage.BOOKED else None  # type: ignore[attr-defined]
    return booked if booked and booked > at else None


def place_of(referral: Referral) -> WaitingPlace | None:
    """What was set for this wait, or nothing where nobody set anything."""
    return getattr(referral, "place", None)


def open_barriers() -> QuerySet[Barrier]:
    """Barriers that somebody still has to solve, soonest due first."""
    found = Barrier.objects.filter(state=Barrier.State.OPEN).select_related("referral__client", "owner")
    return found.order_by("due_on", "pk")
