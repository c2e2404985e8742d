"""A series of meetings: one rule and its exceptions, on the wall of a clinic.

The rule keeps the wall time: 15:00 stays 15:00 when the clocks change. A wall time that does not exist or exists twice is
decided as RFC 5545 (3.3.5) does it: one in the gap is read with the offset before the gap, so it falls after it by the
length of the gap; one that exists twice is the earlier of the two.

Each meeting of the rule has a number, counted from 1. An exception speaks of one number and of no other: it is moved,
cancelled or left out; and a meeting may be added that has no number. Numbers never shift.
"""

import datetime as dt
import zoneinfo
from dataclasses import dataclass, field, replace
from enum import StrEnum

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from reknit.core.errors import BadInput

MOST = 200
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2200, 1, 1)


class Every(StrEnum):
    """How often the meetings of a series are."""

    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Rule:
    """So many meetings from a day on, at one wall time, in one zone. A monthly one keeps its weekday in the month.

    >>> rule = Rule(dt.date(2026, 3, 24), dt.time(15), "Europe/Paris", Every.WEEK, 3)
    >>> [one.isoformat() for one in instants(rule)]
    ['2026-03-24T14:00:00+00:00', '2026-03-31T13:00:00+00:00', '2026-04-07T13:00:00+00:00']
    """

    starts_on: dt.date
    time: dt.time
    zone: str
    every: Every
    count: int

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST:
            raise BadInput(f"A series has between 1 and {MOST} meetings.")
        if not EARLIEST <= self.starts_on <= LATEST:
            raise BadInput("A series starts on a day that can be.")
        if self.time.second or self.time.microsecond or self.time.tzinfo or self.time.fold:
            raise BadInput("A series has a wall time in hours and minutes.")


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What differs from the rule: numbers moved to another instant, numbers without a meeting, meetings beside the rule."""

    moved: dict[int, dt.datetime] = field(default_factory=dict)
    cancelled: frozenset[int] = frozenset()
    added: tuple[dt.datetime, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Occurrence:
    """One meeting: when it is, its number, and when the rule would have it. An added one has neither."""

    starts_at: dt.datetime
    number: int | None = None
    by_rule: dt.datetime | None = None

    @property
    def is_moved(self) -> bool:
        """Whether it is elsewhere than the rule says. One that was added has no rule to be elsewhere than.

        >>> nine, ten = (dt.datetime(2026, 3, 24, hour, tzinfo=dt.UTC) for hour in (9, 10))
        >>> Occurrence(ten, 1, nine).is_moved, Occurrence(nine, 1, nine).is_moved, Occurrence(ten).is_moved
        (True, False, False)
        """
        return self.by_rule is not None and self.starts_at != self.by_rule


def at_wall(on: dt.date, time: dt.time, zone: str) -> dt.datetime:
    """The instant of a wall time, decided as the module says where there is none or two.

    >>> at_wall(dt.date(2026, 3, 29), dt.time(2, 30), "Europe/Paris").astimezone(zoneinfo.ZoneInfo("Europe/Paris")).time()
    datetime.time(3, 30)
    >>> at_wall(dt.date(2026, 10, 25), dt.time(2, 30), "Europe/Paris")
    datetime.datetime(2026, 10, 25, 0, 30, tzinfo=datetime.timezone.utc)
    """
    return dt.datetime.combine(on, time, zoneinfo.ZoneInfo(zone)).astimezone(dt.UTC)


def days(rule: Rule) -> tuple[dt.date, ...]:
    """The days of a rule, in order.

    >>> monthly = Rule(dt.date(2026, 1, 29), dt.time(9), "UTC", Every.MONTH, 3)  # the fifth Thursday: the last one
    >>> [day.isoformat() for day in days(monthly)]
    ['2026-01-29', '2026-02-26', '2026-03-26']
    """
    return tuple(moment.date() for moment in _walls(rule))


def instants(rule: Rule) -> tuple[dt.datetime, ...]:
    """The instants of a rule, in order; the first is number 1. 15:00 on the wall stays 15:00 when the clocks change.

    >>> paris = Rule(dt.date(2026, 10, 19), dt.time(15), "Europe/Paris", Every.WEEK, 2)
    >>> [moment.hour for moment in instants(paris)]
    [13, 14]
    """
    return tuple(at_wall(day, rule.time, rule.zone) for day in days(rule))


def occurrences(rule: Rule, exceptions: Exceptions | None = None) -> tuple[Occurrence, ...]:
    """Every meeting that is to be, by time. An exception of a number that the rule does not have changes nothing.

    >>> rule = Rule(dt.date(2026, 1, 5), dt.time(9), "UTC", Every.WEEK, 3)
    >>> later = dt.datetime(2026, 1, 22, 9, tzinfo=dt.UTC)
    >>> found = occurrences(rule, Exceptions(moved={2: later}, cancelled=frozenset({1, 7})))
    >>> [(one.number, one.starts_at.day, one.is_moved) for one in found]
    [(3, 19, False), (2, 22, True)]
    """
    known = exceptions or Exceptions()
    found = [
        Occurrence(known.moved.get(number, moment), number, moment)
        for number, moment in enumerate(instants(rule), start=1)
        if number not in known.cancelled
    ]
    found += [Occurrence(moment) for moment in known.added]
    return tuple(sorted(found, key=lambda one: (one.starts_at, one.number or 0)))


def until(rule: Rule, ends_on: dt.date | None) -> Rule | None:
    """The rule as far as the ending date, which stands unless it is amended (gate G11); nothing when none fits.

    >>> until(Rule(dt.date(2026, 1, 5), dt.time(9), "UTC", Every.WEEK, 16), dt.date(2026, 1, 20)).count
    3
    """
    if ends_on is None:
        return rule
    fit = sum(day <= ends_on for day in days(rule))
    return replace(rule, count=fit) if fit else None


def to_rrule(rule: Rule) -> str:
    """The rule in the words of iCalendar (RFC 5545, 3.3.10).

    >>> to_rrule(Rule(dt.date(2026, 3, 24), dt.time(15), "Europe/Paris", Every.FORTNIGHT, 8))
    'FREQ=WEEKLY;INTERVAL=2;COUNT=8'
    >>> to_rrule(Rule(dt.date(2026, 3, 24), dt.time(15), "Europe/Paris", Every.MONTH, 6))
    'FREQ=MONTHLY;COUNT=6;BYDAY=4TU'
    """
    if rule.every == Every.MONTH:
        return f"FREQ=MONTHLY;COUNT={rule.count};BYDAY={_place(rule.starts_on)}{_code(rule.starts_on)}"
    interval = ";INTERVAL=2" if rule.every == Every.FORTNIGHT else ""
    return f"FREQ=WEEKLY{interval};COUNT={rule.count}"


def from_rrule(text: str, *, starts_on: dt.date, time: dt.time, zone: str) -> Rule:
    """The rule that iCalendar words say, where it is one of ours. Raises `BadInput` where it is not, and without a count.

    >>> when = {"starts_on": dt.date(2026, 3, 24), "time": dt.time(15), "zone": "Europe/Paris"}
    >>> from_rrule("FREQ=MONTHLY;COUNT=6;BYDAY=4TU", **when).every.value
    'month'
    >>> from_rrule("FREQ=DAILY;COUNT=6", **when)
    Traceback (most recent call last):
    reknit.core.errors.BadInput: A series is weekly, fortnightly or monthly on one weekday.
    """
    try:
        parts = dict(part.split("=", 1) for part in text.strip().split(";"))
        count = int(parts.pop("COUNT"))
    except (KeyError, ValueError) as problem:
        raise BadInput("A series has a rule with a count.") from problem
    every = {
        (("FREQ", "WEEKLY"),): Every.WEEK,
        (("FREQ", "WEEKLY"), ("INTERVAL", "1")): Every.WEEK,
        (("FREQ", "WEEKLY"), ("INTERVAL", "2")): Every.FORTNIGHT,
        (("BYDAY", f"{_place(starts_on)}{_code(starts_on)}"), ("FREQ", "MONTHLY")): Every.MONTH,
    }.get(tuple(sorted(parts.items())))
    if every is None:
        raise BadInput("A series is weekly, fortnightly or monthly on one weekday.")
    return Rule(starts_on, time, zone, every, count)


def _walls(rule: Rule) -> list[dt.datetime]:
    """Wall time without a zone: the arithmetic is that of the calendar on the wall."""
    begins = dt.datetime.combine(rule.starts_on, rule.time)
    if rule.every == Every.MONTH:
        on = weekday(rule.starts_on.weekday(), _place(rule.starts_on))
        return list(rrule(MONTHLY, dtstart=begins, count=rule.count, byweekday=on))
    interval = 2 if rule.every == Every.FORTNIGHT else 1
    return list(rrule(WEEKLY, dtstart=begins, count=rule.count, interval=interval))


def _place(day: dt.date) -> int:
    """Which of its weekday in the month a day is. Not every month has a fifth, so a fifth is the last."""
    place = (day.day - 1) // 7 + 1
    return -1 if place == 5 else place


def _code(day: dt.date) -> str:
    return ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day.weekday()]
