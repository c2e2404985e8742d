"""How many items there were, week by week: for a supervisor those of the line, for the programme without anybody's name."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import DateTimeField, F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, start_of
from reknit.care.people.models import SupervisoryLine, current
from reknit.care.people.queries import zone
from reknit.core.safety import triggers
from reknit.core.safety.triggers import RiskClass
from reknit.core.safety.volume import Alarm, Volume, by_group, volume, weeks_back
from reknit.core.suppression import DEFAULT_THRESHOLD

from .models import RiskEntry, RiskItem

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Week:
    """One week: what was opened in it, with how that went; and what was closed in it, whenever it was opened."""

    monday: dt.date
    opened: Volume
    closed: int


@dataclass(frozen=True, slots=True)
class Group:
    """One reason or one class, over the whole time."""

    label: str
    figures: Volume


@dataclass(frozen=True, slots=True)
class Report:
    """The whole page."""

    weeks: list[Week]
    whole: Volume
    reasons: list[Group]
    classes: list[Group]

    @property
    def bars(self) -> list[tuple[str, int, int]]:
        """What the figure draws: the week, how many came, how many were closed."""
        return [(date_format(one.monday, "j M"), one.opened.opened, one.closed) for one in self.weeks]


def line_volume(user: User, *, at: dt.datetime) -> Report:
    """The latest weeks of the supervisor's own line and of their own items. Two queries."""
    on = local_date(at, zone())
    line = SupervisoryLine.objects.filter(current(on), supervisor=user).values("supervisee")
    theirs = Q(first_owner=user) | Q(first_owner__in=line)
    return _report(RiskItem.objects.filter(theirs), at=at)


def _report(items: QuerySet[RiskItem], *, at: dt.datetime) -> Report:
    mondays = weeks_back(local_date(at, zone()), WEEKS)
    start = start_of(mondays[0], zone())
    items = items.filter(client__sandbox_of=None)
    rows = list(_rows(items.filter(opened_at__gte=start, opened_at__lte=at)))
    closed = Counter(
        _monday(one) for one in items.filter(closed_at__gte=start).values_list("closed_at", flat=True) if one
    )
    alarms = [_alarm(row, row.reason) for row in rows]
    weeks = [
        Week(
            monday,
            volume((one for one in alarms if _monday(one.opened_at) == monday), at=at),
            closed[monday],
        )
        for monday in mondays
    ]
    return Report(
        weeks=weeks,
        whole=volume(alarms, at=at),
        reasons=[
            Group(triggers.reason(key).sentence, found) for key, found in by_group(alarms, at=at).items()
        ],
        classes=[
            Group(_label(key), found)
            for key, found in by_group([_alarm(row, row.klass) for row in rows], at=at).items()
        ],
    )


def _rows(items: QuerySet[RiskItem]) -> QuerySet[RiskItem]:
    human = RiskEntry.objects.filter(item=OuterRef("pk"), by__isnull=False).filter(
        kind__in=[RiskEntry.Kind.HANDED_OVER, RiskEntry.Kind.CLOSED]
    )
    earliest = human.order_by().values("item").annotate(at=Min("at")).values("at")
    return items.annotate(first_human_at=Subquery(earliest, output_field=DateTimeField())).order_by(
        F("opened_at"), "pk"
    )


def _alarm(row: RiskItem, group: str) -> Alarm:
    return Alarm(
        group=group,
        opened_at=row.opened_at,
        due_at=row.due_at,
        first_human_at=row.first_human_at,  # type: ignore[attr-defined]
        closed_at=row.closed_at,
        seen=row.seen_count,
    )


def _monday(at: dt.datetime) -> dt.date:
    on = local_date(at, zone())
    return on - dt.timedelta(days=on.weekday())


def _label(klass: str) -> str:
    return {
        RiskClass.CRITICAL: _("A clinician acts by the due time"),
        RiskClass.TRIAGE: _("Look and decide"),
        RiskClass.ASK_NEXT_CONTACT: _("Ask at the next contact"),
    }[RiskClass(klass)]


@dataclass(frozen=True, slots=True)
class Totals:
    """What the programme may see: no name, no reason of a person, and nothing that stands on fewer than five items."""

    hidden_to: int
    figures: Volume | None  # None: too few
    nobody_left: int


def programme_volume(*, at: dt.datetime) -> Totals:
    """The latest weeks of the whole clinic, and how many open items have nobody left to go to. Three queries."""
    found = _report(RiskItem.objects.all(), at=at).whole
    left = RiskItem.objects.filter(
        status=RiskItem.Status.OPEN, client__sandbox_of=None, stuck_at__isnull=False
    )
    enough = found.opened >= DEFAULT_THRESHOLD
    return Totals(DEFAULT_THRESHOLD - 1, _hide(found) if enough else None, left.count())


def _hide(found: Volume) -> Volume | None:
    """The whole, where none of its parts is small enough to point at a person; else nothing of it."""
    parts = (
        found.closed,
        found.opened - found.closed,
        found.waiting,
        found.overdue,
        found.due - found.overdue,
        found.again,
    )
    return None if any(0 < part < DEFAULT_THRESHOLD for part in parts) else found
