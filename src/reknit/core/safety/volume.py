"""How much the alarms ask of people: opened and closed, how long until a human, how many late, how many came again.

An alarm that nobody can answer in time protects nobody, so a clinic looks at these figures before it adds another.
Items in, figures out; no person is in them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median


@dataclass(frozen=True, slots=True)
class Alarm:
    """One item in bare facts. `first_human_at`: when somebody first took it, handed it over or closed it."""

    group: str
    opened_at: datetime
    due_at: datetime
    first_human_at: datetime | None
    closed_at: datetime | None
    seen: int


@dataclass(frozen=True, slots=True)
class Volume:
    """Figures of some items. A median and a share without anything to stand on are None, never zero."""

    opened: int
    closed: int
    waiting: int  # nobody did anything with it yet; in no median
    median_hours: float | None
    due: int
    overdue: int
    again: int

    @property
    def overdue_percent(self) -> int | None:
        """Of the items whose time has come, the share that was late."""
        return round(100 * self.overdue / self.due) if self.due else None

    @property
    def again_percent(self) -> int | None:
        """Of the items opened, the share that was answered again while open."""
        return round(100 * self.again / self.opened) if self.opened else None


def volume(alarms: Iterable[Alarm], *, at: datetime) -> Volume:
    """The figures of these items as they stand at an instant. `closed` counts those of them that are closed.

    >>> from datetime import UTC
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> one = Alarm("a", nine, nine + timedelta(hours=8), nine + timedelta(hours=2), None, seen=2)
    >>> found = volume([one], at=nine + timedelta(hours=9))
    >>> found.median_hours, found.overdue_percent, found.again_percent
    (2.0, 100, 100)
    """
    found = list(alarms)
    waits = [_hours(one.first_human_at - one.opened_at) for one in found if one.first_human_at]
    # An item closed before its time counts as in time from then on; one still open, from its due time on.
    due = [one for one in found if one.due_at <= at or one.closed_at]
    late = [one for one in due if (one.closed_at or at) > one.due_at]
    return Volume(
        opened=len(found),
        closed=sum(one.closed_at is not None for one in found),
        waiting=len(found) - len(waits),
        median_hours=median(waits) if waits else None,
        due=len(due),
        overdue=len(late),
        again=sum(one.seen > 1 for one in found),
    )


def by_group(alarms: Iterable[Alarm], *, at: datetime) -> dict[str, Volume]:
    """The figures of each group, the largest first."""
    groups: dict[str, list[Alarm]] = {}
    for one in alarms:
        groups.setdefault(one.group, []).append(one)
    ordered = sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return {group: volume(found, at=at) for group, found in ordered}


def weeks_back(today: date, count: int) -> Sequence[date]:
    """The Mondays of the latest `count` weeks, this one last.

    >>> [str(one) for one in weeks_back(date(2026, 3, 4), 2)]
    ['2026-02-23', '2026-03-02']
    """
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=back) for back in reversed(range(count))]


def _hours(span: timedelta) -> float:
    return span.total_seconds() / 3600
