"""Hours as their pages show them: one hour, one person's file, and one's own supervision."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from reknit.base.accounts.models import User
from reknit.care.people.models import Client
from reknit.care.supervision.models import Decision, HourCase, HourMember, SupervisionHour

from .agenda import kind_words


@dataclass(frozen=True, slots=True)
class CaseShown:
    """A course that was talked about; its client is named only while the chart is open to the reader."""

    case: HourCase
    client: Client | None
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HourShown:
    """One hour as somebody may read it: all of it for who held it, their own part for who was there."""

    hour: SupervisionHour
    members: tuple[User, ...]
    cases: tuple[CaseShown, ...]
    decisions: tuple[Decision, ...]
    is_mine: bool


@dataclass(frozen=True, slots=True)
class HoursLine:
    """One signed hour in somebody's file."""

    hour: SupervisionHour
    part: str  # "given" or "received"
    people: int


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes of signed hours."""

    received: int
    given: int
    received_group: int


def hour_as_read(user: User, hour: SupervisionHour, *, on: dt.date) -> HourShown:
    """Four queries, and those of who is visible."""
    is_mine = hour.supervisor_id == user.pk
    cases = HourCase.objects.filter(hour=hour).select_related("episode__client", "supervisee")
    decisions = Decision.objects.filter(hour=hour).select_related(
        "owner", "supervisee", "done_by", "case__episode__client"
    )
    if not is_mine:
        cases, decisions = cases.filter(supervisee=user), decisions.filter(supervisee=user)
    found = list(cases.order_by("supervisee__name", "saved_at", "pk"))
    seen = visible(user, [one.episode.client_id for one in found], on=on)
    return HourShown(
        hour=hour,
        members=tuple(User.objects.filter(hours_received__hour=hour).order_by("name", "pk")),
        cases=tuple(
            CaseShown(
                one,
                one.episode.client if one.episode.client_id in seen else None,
                tuple(kind_words(kind) for kind in one.raised),
            )
            for one in found
        ),
        decisions=tuple(decisions.order_by("due_on", "pk")),
        is_mine=is_mine,
    )


def visible(user: User, clients: list[uuid.UUID], *, on: dt.date) -> set[uuid.UUID]:
    """Which of these clients' charts are open to the person today. One query."""
    rows = Client.objects.visible_to(user, on=on).filter(pk__in=clients)
    return set(rows.values_list("pk", flat=True))


def signed_hours(person: User) -> QuerySet[SupervisionHour]:
    """Every signed hour a person gave or was in, latest first."""
    rows = SupervisionHour.objects.filter(
        Q(supervisor=person) | Q(members__supervisee=person), state=SupervisionHour.State.SIGNED
    )
    return rows.distinct().select_related("supervisor").prefetch_related("members").order_by("-on", "-pk")


def lines_of(person: User, hours: list[SupervisionHour]) -> list[HoursLine]:
    """Hours as lines of the person's file. No query beyond those of the hours."""
    return [
        HoursLine(one, "given" if one.supervisor_id == person.pk else "received", len(one.members.all()))
        for one in hours
    ]


def minutes_of(person: User) -> Minutes:
    """All minutes in a person's file. Three queries."""
    signed = SupervisionHour.objects.filter(state=SupervisionHour.State.SIGNED)
    received = signed.filter(pk__in=HourMember.objects.filter(supervisee=person).values("hour"))
    group = received.annotate(people=Count("members")).filter(people__gt=1)
    return Minutes(
        received=received.aggregate(n=Sum("minutes"))["n"] or 0,
        given=signed.filter(supervisor=person).aggregate(n=Sum("minutes"))["n"] or 0,
        received_group=sum(group.values_list("minutes", flat=True)),
    )


def drafts_of(user: User) -> QuerySet[SupervisionHour]:
    """Hours this supervisor has not signed yet, latest first."""
    rows = SupervisionHour.objects.filter(supervisor=user, state=SupervisionHour.State.DRAFT)
    return rows.prefetch_related("members__supervisee").order_by("-on", "-made_at")


def decisions_about(person: User) -> list[Decision]:
    """Open decisions that this person does or that are about their work. One query."""
    rows = Decision.objects.filter(
        Q(owner=person) | Q(supervisee=person), done_at=None, hour__state=SupervisionHour.State.SIGNED
    )
    return list(
        rows.select_related("owner", "hour__supervisor", "case__episode__client").order_by("due_on", "pk")
    )
