"""Finding a client: everybody whom this person may see, by the one policy, and nobody else."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from reknit.base.accounts.models import Role, User
from reknit.care.intake.models import Referral
from reknit.care.people.models import Client, teams_seen_by
from reknit.care.people.queries import begins_with, search

from .caseload import BY_NAME

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Found:
    """One client found, with the page this person may open: the chart, else the referral."""

    client: Client
    opens_chart: bool
    referral: Any

    @property
    def full_name(self) -> str:
        """The name people use, with the given name where that is another."""
        one = self.client
        if one.preferred_name and one.given_name and one.preferred_name != one.given_name:
            return f"{one.preferred_name} ({one.given_name}) {one.family_name}"
        return one.name


def findable(user: User, *, on: dt.date) -> QuerySet[Client]:
    """Clients whose chart this person may read, and for intake whoever was referred. Never a practice client."""
    clients = Client.objects.real()
    seen = Q(pk__in=[])
    if user.reads_charts:
        seen |= Q(pk__in=Client.objects.visible_to(user, on=on).values("pk"))
    if user.has(Role.INTAKE):
        seen |= Q(Exists(Referral.objects.filter(client=OuterRef("pk"))))
    return clients.filter(seen)


def find(user: User, words: str, *, number: int | None, on: dt.date) -> Page[Any]:
    """One page of clients found, those whose name begins as typed first. Two queries, however many clients."""
    opens = Exists(teams_seen_by(user, on=on).filter(client=OuterRef("pk")))
    latest = Referral.objects.filter(client=OuterRef("pk")).order_by("-received_at", "pk")
    clients = search(findable(user, on=on), words)
    first = begins_with(words)
    if first:
        at_start = Case(When(first, then=Value(0)), default=Value(1))
        clients = clients.order_by(at_start, *BY_NAME)
    else:
        clients = clients.order_by(*BY_NAME)
    clients = clients.annotate(
        opens_chart=opens if user.reads_charts else Value(False, output_field=BooleanField()),
        referral=Subquery(latest.values("pk")[:1]),
    )
    page: Page[Any] = Paginator(clients, PER_PAGE).get_page(number or 1)
    page.object_list = [Found(one, one.opens_chart, one.referral) for one in page.object_list]
    return page
