"""Reads about what waits for a human."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Case, IntegerField, QuerySet, Value, When

from reknit.base.accounts.models import Role, User
from reknit.care.people.models import Client
from reknit.care.people.queries import owner_for_risk, site
from reknit.core.safety import triggers
from reknit.core.safety.triggers import RiskClass, RiskReason

from .access import items_visible_to, may_own
from .models import RiskEntry, RiskItem

# A critical answer stands above one that can wait for the next contact, however old that one is.
ORDER = (RiskClass.CRITICAL, RiskClass.TRIAGE, RiskClass.ASK_NEXT_CONTACT)


@dataclass(frozen=True, slots=True)
class ShownItem:
    """A risk item with its reason in words, and whether its time has passed."""

    item: RiskItem
    reason: RiskReason
    overdue: bool
    mine: bool


def shown(items: Iterable[RiskItem], *, to: User, at: dt.datetime) -> list[ShownItem]:
    """Items as a page shows them to a person at an instant."""
    return [
        ShownItem(
            item=item,
            reason=triggers.reason(item.reason),
            overdue=item.status == RiskItem.Status.OPEN and item.due_at < at,
            mine=item.owner_id == to.pk,
        )
        for item in items
    ]


def in_order(items: QuerySet[RiskItem]) -> QuerySet[RiskItem]:
    """Items by class, then the oldest due time first."""
    ranks = [When(klass=klass, then=Value(rank)) for rank, klass in enumerate(ORDER)]
    rank = Case(*ranks, default=Value(len(ranks)), output_field=IntegerField())
    return items.annotate(rank=rank).order_by("rank", "due_at", "pk")


def open_items_for(user: User, *, on: dt.date) -> QuerySet[RiskItem]:
    """The open items this person answers for: their own, and for a supervisor those of their line too."""
    items = items_visible_to(user, on=on).filter(status=RiskItem.Status.OPEN)
    if not user.has(Role.SUPERVISOR):
        items = items.filter(owner=user)
    return in_order(items.select_related("client", "owner"))


def open_count(user: User, *, on: dt.date) -> int:
    """How many open items this person answers for."""
    return open_items_for(user, on=on).count()


def open_by_client(client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[RiskItem]]:
    """Open items of many clients with one query; a client without any is absent."""
    found: dict[uuid.UUID, list[RiskItem]] = defaultdict(list)
    items = RiskItem.objects.filter(client__in=client_ids, status=RiskItem.Status.OPEN)
    for item in in_order(items.select_related("owner")):
        if item.client_id:
            found[item.client_id].append(item)
    return dict(found)


def items_of(client: Client, *, status: str) -> QuerySet[RiskItem]:
    """One client's items of a status: open ones by urgency, closed ones latest first."""
    items = RiskItem.objects.filter(client=client, status=status).select_related("owner", "closed_by")
    return in_order(items) if status == RiskItem.Status.OPEN else items.order_by("-closed_at", "pk")


def history(item: RiskItem) -> QuerySet[RiskEntry]:
    """What happened to an item, in order."""
    return RiskEntry.objects.filter(item=item).select_related("by").order_by("at", "pk")


def owner_for(client: Client | None, *, on: dt.date) -> User | None:
    """Who answers for a new item: the client's therapist, else the clinician on duty, else any supervisor,
    else any clinician. Nothing only in a clinic where nobody may read a chart.
    """
    here = site()
    for person in (owner_for_risk(client, on=on), here.duty_clinician if here else None, *_clinicians()):
        if person and person.is_active and person.reads_charts:
            return person
    return None


def _clinicians() -> Iterator[User]:
    """Everybody at work who may read charts, supervisors first; asked only when nobody nearer was found."""
    people = [p for p in User.objects.filter(is_active=True).order_by("made_at", "pk") if p.reads_charts]
    yield from sorted(people, key=lambda person: not person.has(Role.SUPERVISOR))


def possible_owners(item: RiskItem, *, on: dt.date) -> list[User]:
    """Clinicians other than the present owner to whom the item may be handed. A clinic's staff are few."""
    people = sorted(_clinicians(), key=lambda person: person.name)
    return [p for p in people if p.pk != item.owner_id and may_own(p, item, on=on)]
