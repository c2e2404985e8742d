"""Reads of referrals, and who can take one on."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from reknit.base.accounts.models import CHART_ROLES, User
from reknit.base.clock import local_date
from reknit.care.intake.models import Referral
from reknit.care.people.models import Client, Programme
from reknit.care.people.queries import search, zone
from reknit.care.safety.models import RiskItem
from reknit.core.safety.triggers import PHONE_SAFETY, RiskClass, RiskReason, reason

YES, NO, NOT_ANSWERED = "yes", "no", "not_answered"


def seen_at(referral: Referral) -> str:
    """Which saving of the safety answers a page shows; empty where nobody asked yet."""
    return referral.safety_asked_at.isoformat() if referral.safety_asked_at else ""


@dataclass(frozen=True, slots=True)
class OpenedItem:
    """A risk item that waits because of this referral: why, who has it, until when."""

    why: RiskReason
    owner: str
    due_at: dt.datetime
    opened_at: dt.datetime

    @property
    def is_critical(self) -> bool:
        """Whether a clinician must act by the due time."""
        return self.why.klass is RiskClass.CRITICAL


@dataclass(frozen=True, slots=True)
class Answered:
    """One phone safety question with what was said."""

    question: str
    answer: str


def referrals(*, words: str = "", only_open: bool = True) -> QuerySet[Referral]:
    """Open ones first, longest wait first; each says only whether an item is open, never which."""
    items = RiskItem.objects.filter(client=OuterRef("client"), status=RiskItem.Status.OPEN)
    found = Referral.objects.select_related("client").annotate(has_item=Exists(items))
    if only_open:
        found = found.filter(status=Referral.Status.OPEN)
    if words.strip():
        found = found.filter(client__in=search(Client.objects.all(), words))
    is_decided = Case(
        When(status=Referral.Status.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return found.order_by(is_decided, F("decided_at").desc(nulls_first=True), "received_at", "pk")


def days_waiting(referral: Referral, *, today: dt.date) -> int:
    """Whole days since the referral arrived, by the clinic's calendar."""
    return (today - local_date(referral.received_at, zone())).days


def open_items(referral: Referral) -> list[OpenedItem]:
    """Open risk items of the referred person, soonest due first."""
    rows = RiskItem.objects.filter(client=referral.client_id, status=RiskItem.Status.OPEN)
    return [
        OpenedItem(reason(row.reason), row.owner.name, row.due_at, row.refreshed_at or row.opened_at)
        for row in rows.select_related("owner").order_by("due_at")
    ]


def answers_of(referral: Referral) -> Sequence[Answered]:
    """Every question in the order it is asked."""
    return [Answered(q.question, referral.safety.get(q.key, NOT_ANSWERED)) for q in PHONE_SAFETY]


def clinicians() -> QuerySet[User]:
    """People at work here who may read charts, and so may take a client on."""
    held = Q()
    for role in CHART_ROLES:
        held |= Q(roles_text__contains=f'"{role}"')
    people = User.objects.filter(is_active=True).annotate(roles_text=Cast("roles", TextField()))
    return people.filter(held).order_by("name")


def programmes() -> QuerySet[Programme]:
    """Programmes that take referrals."""
    return Programme.objects.filter(is_imported=False).order_by("made_at")
