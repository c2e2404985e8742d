"""When things happen: working hours on the clinic's wall, a therapist's weekly hours, and the meetings of a course."""

import datetime as dt
import random
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass

ZONE = "Europe/London"
SUNDAY, SATURDAY = 6, 5
HOURS = (9, 10, 11, 12, 14, 15, 16, 17)
SATURDAY_HOURS = (9, 10, 11, 12)
MOST_WEEKS = 10
"""A course of sixteen sessions meets twice a week at first, so that it fits the twelve weeks told here."""


def wall(on: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """An instant by the clinic's wall clock."""
    return dt.datetime.combine(on, dt.time(hour, minute), zoneinfo.ZoneInfo(ZONE)).astimezone(dt.UTC)


def working_day(on: dt.date) -> dt.date:
    """The day itself, or the Saturday before a Sunday."""
    return on - dt.timedelta(days=1) if on.weekday() == SUNDAY else on


def next_working_day(on: dt.date) -> dt.date:
    """The day after, or the Monday after a Saturday."""
    return on + dt.timedelta(days=2 if on.weekday() == SATURDAY else 1)


def office_time(on: dt.date, rng: random.Random, *, earliest: int = 9, latest: int = 12) -> dt.datetime:
    """Some minute of the working hours of a day."""
    return wall(on, rng.randint(earliest, latest), rng.randrange(0, 60, 5))


@dataclass(frozen=True, slots=True)
class Hour:
    """A fixed hour of the week."""

    weekday: int
    hour: int

    def latest_before(self, day: dt.date) -> dt.date:
        """The latest date of this weekday before a day."""
        return day - dt.timedelta(days=(day.weekday() - self.weekday - 1) % 7 + 1)

    def on(self, day: dt.date) -> dt.datetime:
        """The instant on a date."""
        return wall(day, self.hour)


class Diary:
    """One therapist's week. Hours are given out once, today's weekday first to those who are to come today."""

    def __init__(self, rng: random.Random, *, today: dt.date) -> None:
        self._rng = rng
        self.busy_weekday = 0 if today.weekday() == SUNDAY else today.weekday()
        self._free = [
            Hour(day, hour)
            for day in range(SUNDAY)
            for hour in (SATURDAY_HOURS if day == SATURDAY else HOURS)
        ]
        rng.shuffle(self._free)

    def take(self, *, weekday: int | None = None, other_than: int | None = None) -> Hour:
        """A free hour, on a weekday or away from one. When none is left, one that is shared."""
        avoid = {self.busy_weekday, other_than} - {weekday}
        choices = [
            [hour for hour in self._free if hour.weekday == weekday],
            [hour for hour in self._free if hour.weekday not in avoid],
            [hour for hour in self._free if hour.weekday != other_than],
        ]
        for found in choices if weekday is not None else choices[1:]:
            if found:
                # Early hours first on the day that is to look busy, any hour otherwise.
                hour = min(found, key=lambda one: one.hour) if found[0].weekday == weekday else found[0]
                self._free.remove(hour)
                return hour
        days = [day for day in range(SATURDAY) if day != other_than]
        return Hour(self._rng.choice(days if weekday is None else [weekday]), self._rng.choice(HOURS))


@dataclass(frozen=True, slots=True)
class Meeting:
    """One planned meeting: when, and whether the client came."""

    starts_at: dt.datetime
    attended: bool


def meetings(
    weekly: Hour,
    extra: Hour | None,
    *,
    attended: int,
    missed: int,
    latest_on: dt.date,
    rng: random.Random,
    in_a_row: bool = False,
) -> list[Meeting]:
    """The meetings of a course, oldest first: weekly, and twice a week at first where they would not fit."""
    count = attended + missed
    weeks = min(count, MOST_WEEKS - 1)
    dates = [latest_on - dt.timedelta(weeks=back) for back in range(weeks)]
    moments = [weekly.on(day) for day in dates]
    twice = count - weeks
    if extra and twice:
        gap = dt.timedelta(days=(extra.weekday - weekly.weekday) % 7)
        moments += [extra.on(day + gap) for day in dates[-1 : -1 - twice : -1]]
    moments.sort()
    absent = _absences(len(moments), missed, rng, in_a_row=in_a_row)
    return [Meeting(moment, index not in absent) for index, moment in enumerate(moments)]


def _absences(count: int, missed: int, rng: random.Random, *, in_a_row: bool) -> Sequence[int]:
    """Which meetings were missed: never the first two, nor the latest."""
    if in_a_row:
        first = rng.randint(5, count - 1 - missed)
        return range(first, first + missed)
    return rng.sample(range(2, count - 1), missed) if missed and count - 3 >= missed else ()
