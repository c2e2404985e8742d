"""Reads about safeguarding. Each starts from what a person may read."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from reknit.base.accounts.models import User
from reknit.base.audit.models import AuditEvent
from reknit.care.people.absences.queries import away_on
from reknit.care.people.models import Client
from reknit.care.safety.models import Concern, DutyRule, SafeguardingEntry, SafeguardingRecord

from .access import records_open_to

DEFAULT_HOURS = 24  # until the clinic sets its own clock [D]
PAGE = "safeguarding record"


def rules() -> dict[str, DutyRule]:
    """The rule that stands for each concern the clinic wrote about. One query."""
    return {rule.concern: rule for rule in DutyRule.objects.select_related("by").order_by("version")}


def rule_for(concern: str) -> DutyRule | None:
    """What the clinic wrote about one concern."""
    return DutyRule.objects.filter(concern=concern).select_related("by").order_by("-version").first()


def records_for(user: User, *, on: dt.date) -> QuerySet[SafeguardingRecord]:
    """What this person may read, open ones first by due time."""
    return records_open_to(user, on=on).select_related("client", "owner").order_by("-status", "due_at", "pk")


def records_about(client: Client, user: User, *, on: dt.date) -> QuerySet[SafeguardingRecord]:
    """Of one client's records, those this person may read; others learn not even that there is one."""
    return records_for(user, on=on).filter(client=client)


def waiting_for(user: User, *, on: dt.date) -> int:
    """How many open records this person may read."""
    return records_open_to(user, on=on).filter(status=SafeguardingRecord.Status.OPEN).count()


def late_for(user: User, *, at: dt.datetime, on: dt.date) -> int:
    """How many open records wait too long, or for somebody away, of those this person may read. Two queries.

    A record is its owner's, but what is late is everybody's who may read it: their supervisor's, and whoever is on duty.
    """
    late = Q(due_at__lt=at) | Q(owner__in=away_on(on)) | Q(owner__is_active=False)
    return records_open_to(user, on=on).filter(late, status=SafeguardingRecord.Status.OPEN).count()


def entries_of(record: SafeguardingRecord) -> QuerySet[SafeguardingEntry]:
    """What was written and decided, in order."""
    return record.entries.select_related("by", "person").order_by("at", "pk")


@dataclass(frozen=True, slots=True)
class Reading:
    """Who read a record, and when."""

    name: str
    at: dt.datetime


def readings_of(record: SafeguardingRecord, *, latest: int = 20) -> list[Reading]:
    """The latest readings, from the audit record, which nobody can change. Two queries."""
    events = AuditEvent.objects.filter(
        verb="read", client_id=record.client_id, detail__page=PAGE, detail__record=str(record.pk)
    )
    rows = list(events.order_by("-at", "-pk").values_list("by", "at")[:latest])
    names = dict(User.objects.filter(pk__in=[by for by, _at in rows]).values_list("pk", "name"))
    return [Reading(names.get(by, "") if by else "", at) for by, at in rows]


@dataclass(frozen=True, slots=True)
class Duty:
    """One concern with what the clinic wrote about it, or nothing yet."""

    concern: str
    label: str
    rule: DutyRule | None


def duties() -> list[Duty]:
    """Every concern with the rule that stands."""
    known = rules()
    return [Duty(value, str(label), known.get(value)) for value, label in Concern.choices]
