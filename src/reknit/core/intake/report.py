"""The weekly intake report: referral, screened, booked, seen; median days; reasons lost (ipt.md 10.1.8).

A week is counted by the day a referral arrived, so a row may still grow: what was reached by now is said, and the days
are those of whoever got that far. Nobody who has not got there is counted as zero days.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

WEEKS: Final = 12
STEPS: Final = ("referred", "screened", "booked", "seen")


@dataclass(frozen=True, slots=True)
class Way:
    """One referral in days by the calendar. None: not there yet, or never."""

    received: dt.date
    screened: dt.date | None = None
    booked: dt.date | None = None
    seen: dt.date | None = None
    lost: str | None = None  # the kind of reason, of a referral that was closed


@dataclass(frozen=True, slots=True)
class Counts:
    """How many got how far, and the median days of those who did."""

    referred: int
    screened: int
    booked: int
    seen: int
    lost: int
    days_to_screened: float | None
    days_to_booked: float | None
    days_to_seen: float | None

    @property
    def steps(self) -> tuple[int, int, int, int]:
        """The four counts in order."""
        return self.referred, self.screened, self.booked, self.seen


@dataclass(frozen=True, slots=True)
class Week:
    """The referrals of one week, by its Monday."""

    monday: dt.date
    counts: Counts


def counts(ways: Sequence[Way]) -> Counts:
    """Counts and medians of some referrals.

    >>> day = dt.date(2026, 3, 2)
    >>> counts([Way(day, screened=day, seen=dt.date(2026, 3, 12)), Way(day)]).days_to_seen
    10
    >>> counts([Way(day)]).days_to_seen is None
    True
    """
    return Counts(
        referred=len(ways),
        screened=sum(way.screened is not None for way in ways),
        booked=sum(way.booked is not None for way in ways),
        seen=sum(way.seen is not None for way in ways),
        lost=sum(way.lost is not None for way in ways),
        days_to_screened=_days(ways, "screened"),
        days_to_booked=_days(ways, "booked"),
        days_to_seen=_days(ways, "seen"),
    )


def _days(ways: Iterable[Way], step: str) -> float | None:
    told = [(reached - way.received).days for way in ways if (reached := getattr(way, step)) is not None]
    return median(max(0, days) for days in told) if told else None


def monday_of(day: dt.date) -> dt.date:
    """The Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())


def weeks(ways: Sequence[Way], *, today: dt.date, number: int = WEEKS) -> list[Week]:
    """The latest weeks, this one last. A week without a referral is there, with none."""
    first = monday_of(today) - dt.timedelta(weeks=number - 1)
    by_week: dict[dt.date, list[Way]] = {first + dt.timedelta(weeks=n): [] for n in range(number)}
    for way in ways:
        if (monday := monday_of(way.received)) in by_week:
            by_week[monday].append(way)
    return [Week(monday, counts(found)) for monday, found in by_week.items()]


def lost(ways: Iterable[Way]) -> Counter[str]:
    """How many were closed before a first session, for each kind of reason."""
    return Counter(way.lost for way in ways if way.lost is not None and way.seen is None)
