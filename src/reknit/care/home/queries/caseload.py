"""The caseload: one page of clients, sorted and cut in the database, with what stands beside each name."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Least, NullIf, TruncDate

from reknit.base.accounts.models import User
from reknit.care.encounters.models import Appointment, Encounter
from reknit.care.groups.models import GroupSession
from reknit.care.measures.models import Administration
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.models import Episode
from reknit.care.safety.models import RiskItem

from .standing import MOOD, Standing, standings

PER_PAGE = 25
SORTS = ("name", "next", "score", "risk")
# Left out, not picked: a list of wanted values draws SQLite to the status index, and then it sorts everybody.
GONE = (Client.Status.CLOSED, Client.Status.NOT_TAKEN_UP)
NEVER = Value(dt.datetime(9000, 1, 1, tzinfo=dt.UTC), output_field=DateTimeField())
BY_NAME = ("family_name", "given_name", "id")


@dataclass(frozen=True, slots=True)
class Row:
    """One client with the figures of the page."""

    client: Client
    slot: int | None
    planned: int | None
    next_at: dt.datetime | None
    risk_due: dt.datetime | None
    risk_count: int
    standing: Standing


def caseload(
    user: User, *, on: dt.date, at: dt.datetime, sort: str = "name", everyone: bool = False
) -> QuerySet[Client]:
    """Clients this person may see, in the chosen order; unknown orders fall back to names."""
    clients: QuerySet[Client] = Client.objects.visible_to(user, on=on)
    if not everyone:
        clients = clients.exclude(status__in=GONE)
    return in_order(clients, sort, at=at)


def in_order(clients: QuerySet[Client], sort: str, *, at: dt.datetime) -> QuerySet[Client]:
    """Sorted by an allowed key, then by name. Whoever lacks the figure comes last."""
    if sort == "next":
        return clients.annotate(sort=next_session(at)).order_by(F("sort").asc(nulls_last=True), *BY_NAME)
    if sort == "score":
        return clients.annotate(sort=latest_score()).order_by(F("sort").desc(nulls_last=True), *BY_NAME)
    if sort == "risk":
        return clients.annotate(sort=soonest_due()).order_by(F("sort").asc(nulls_last=True), *BY_NAME)
    return clients.order_by(*BY_NAME)


def next_session(at: dt.datetime) -> NullIf:
    """When the client's next session begins, booked alone or planned with their group; null where there is none."""
    booked = Appointment.objects.filter(client=OuterRef("pk"), status="booked", starts_at__gte=at)
    place, day = "run__members__", TruncDate("starts_at", tzinfo=zoneinfo.ZoneInfo(zone()))
    theirs = Q(
        Q(**{f"{place}ends_on": None}) | Q(**{f"{place}ends_on__gte": F("day")}),
        **{f"{place}client": OuterRef("pk"), f"{place}starts_on__lte": F("day")},
    )
    planned = GroupSession.objects.filter(state=GroupSession.State.PLANNED, starts_at__gte=at)
    soonest = [
        Coalesce(Subquery(rows.order_by("starts_at").values("starts_at")[:1]), NEVER)
        for rows in (booked, planned.annotate(day=day).filter(theirs))
    ]
    return NullIf(Least(*soonest), NEVER)  # SQLite's least of something and null is null


def latest_score() -> Subquery:
    """The client's latest PHQ-9 that has a score."""
    sheets = Administration.objects.filter(
        client=OuterRef("pk"), measure=MOOD, superseded_at=None, total__isnull=False
    )
    return Subquery(sheets.order_by("-answered_at").values("total")[:1])


def soonest_due() -> Subquery:
    """The due time of the client's most pressing open risk item."""
    items = RiskItem.objects.filter(client=OuterRef("pk"), status=RiskItem.Status.OPEN)
    return Subquery(items.order_by("due_at").values("due_at")[:1])


def page_of(
    clients: QuerySet[Client], number: str | None, *, sort: str, at: dt.datetime, today: dt.date
) -> tuple[Page[Any], list[Row]]:
    """One page and its rows. Five queries, however many clients there are."""
    page = Paginator(clients.values("pk"), PER_PAGE).get_page(number)
    chosen = Client.objects.filter(pk__in=page.object_list)  # type: ignore[misc]
    course = Episode.objects.filter(client=OuterRef("pk")).order_by("-status", "-starts_on")
    held = Encounter.objects.filter(episode=OuterRef("course"), slot__isnull=False).order_by("-slot")
    waiting = RiskItem.objects.filter(client=OuterRef("pk"), status=RiskItem.Status.OPEN).order_by()
    detailed = in_order(chosen, sort, at=at).annotate(
        course=Subquery(course.values("pk")[:1]),
        planned=Subquery(course.values("planned_sessions")[:1]),
        slot=Subquery(held.values("slot")[:1]),
        next_at=next_session(at),
        risk_due=soonest_due(),
        risk_count=Subquery(waiting.values("client").annotate(n=Count("pk")).values("n")),
    )
    found = list(detailed)
    beside = standings([client.pk for client in found], today=today)
    return page, [
        Row(
            client=client,
            slot=client.slot,
            planned=client.planned,
            next_at=client.next_at,
            risk_due=client.risk_due,
            risk_count=client.risk_count or 0,
            standing=beside[client.pk],
        )
        for client in found
    ]
