"""The weekly intake report, from the referrals of the last weeks. One query; nobody is named."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce

from reknit.base.clock import local_date
from reknit.care.encounters.models import Appointment
from reknit.care.intake.models import Referral
from reknit.care.people.queries import zone
from reknit.core.intake.report import WEEKS, Counts, Way, Week, counts, lost, monday_of, weeks

from .waiting import first_seen


@dataclass(frozen=True, slots=True)
class Report:
    """The weeks, all of them together, and why people were lost."""

    weeks: list[Week]
    all: Counts
    lost: Counter[str]


def weekly_report(*, today: dt.date, at: dt.datetime) -> Report:
    """The last weeks, this one last."""
    since = at - dt.timedelta(days=7 * WEEKS)  # a day or so more than is shown; `weeks` sorts it out
    first = monday_of(today) - dt.timedelta(weeks=WEEKS - 1)
    ways = [way for way in _ways(since=since - dt.timedelta(days=1)) if way.received >= first]
    return Report(weeks=weeks(ways, today=today), all=counts(ways), lost=lost(ways))


def _ways(*, since: dt.datetime) -> list[Way]:
    booked = Appointment.objects.filter(client=OuterRef("client")).order_by().values("client")
    found = Referral.objects.filter(received_at__gte=since, client__sandbox_of=None).annotate(
        seen_at=first_seen(),
        booked_at=Subquery(booked.annotate(first=Min("made_at")).values("first")),
        asked_at=Coalesce(F("screened_at"), F("safety_asked_at")),
    )
    return [
        Way(
            received=_day(received),
            screened=_day(asked),
            # Somebody seen had a time, written down before or not.
            booked=_day(min(filter(None, (made, seen)), default=None)),
            seen=_day(seen),
            lost=kind if status == Referral.Status.CLOSED else None,
        )
        for received, asked, made, seen, status, kind in found.values_list(
            "received_at", "asked_at", "booked_at", "seen_at", "status", "closing_kind"
        )
    ]


def _day(at: Any) -> Any:
    return local_date(at, zone()) if at else None
