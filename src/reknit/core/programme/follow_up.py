"""Follow-up after a course: at which months, on which day, and with what.

Months and measures are data of the template. Dates are counted in calendar months from the end of the course.
"""

import calendar
import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

DEFAULT_MONTHS: Final = (1, 3, 6, 12)
"""Programme setting: asked for by no rule of IPT; a course should not simply stop."""


@dataclass(frozen=True, slots=True)
class FollowUpPlan:
    """When follow-up is due after a course, and which measures are asked for then."""

    months: tuple[int, ...] = DEFAULT_MONTHS
    measures: tuple[str, ...] = ()


def months_after(end: dt.date, months: int) -> dt.date:
    """The same day some months later; the last day of a shorter month.

    >>> months_after(dt.date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    >>> months_after(dt.date(2026, 6, 24), 12)
    datetime.date(2027, 6, 24)
    """
    year, month = divmod(end.year * 12 + end.month - 1 + months, 12)
    return dt.date(year, month + 1, min(end.day, calendar.monthrange(year, month + 1)[1]))


def due_dates(end: dt.date, months: Collection[int]) -> dict[int, dt.date]:
    """Month to due date, soonest first.

    >>> due_dates(dt.date(2026, 6, 24), (3, 1))
    {1: datetime.date(2026, 7, 24), 3: datetime.date(2026, 9, 24)}
    """
    return {month: months_after(end, month) for month in sorted(set(months))}
