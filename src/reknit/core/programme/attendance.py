"""What missed sessions ask for: a contact, a plan to come back, a look by the supervisor. Facts in, what is due out.

Nothing here closes a course, moves an ending date or sends a message. All numbers are programme settings of this
project and no rule of IPT; a course is never ended for missed sessions or for use alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

MISSED: Final = frozenset({"no_show", "late_cancel"})
"""Outcomes that count as missed. Cancelled in time, or by the clinic, neither counts nor ends a row of misses."""
HELD: Final = frozenset({"attended", "safety", "before"})
"""Outcomes in which somebody met the client."""


@dataclass(frozen=True, slots=True)
class MissRules:
    """The clinic's settings for missed sessions."""

    contact_working_days: int = 2
    plan_after: int = 2
    review_after: int = 3
    silent_days: int = 30


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting as it was recorded: its day and its outcome."""

    on: date
    outcome: str


@dataclass(frozen=True, slots=True)
class MissedStanding:
    """Where a course stands with missed sessions. `contact_by` is None when no contact is owed."""

    in_a_row: int
    missed_on: date | None
    contact_by: date | None
    asks_for_plan: bool
    asks_for_review: bool
    silent_for: int

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.contact_by or self.asks_for_plan or self.asks_for_review)


def in_a_row(meetings: Sequence[Meeting]) -> int:
    """How many meetings were missed since somebody was last met. The meetings are given oldest first.

    >>> day = date(2026, 3, 2)
    >>> in_a_row([Meeting(day, "attended"), Meeting(day, "no_show"), Meeting(day, "cancelled"),
    ...           Meeting(day, "late_cancel")])
    2
    """
    count = 0
    for meeting in meetings:
        if meeting.outcome in HELD:
            count = 0
        elif meeting.outcome in MISSED:
            count += 1
    return count


def working_days_after(on: date, days: int, closed: Iterable[date] = ()) -> date:
    """The day that is so many working days after another: weekends and the clinic's closed days are left out.

    >>> working_days_after(date(2026, 3, 6), 2)  # a Friday
    datetime.date(2026, 3, 10)
    """
    shut, found = frozenset(closed), on
    while days > 0:
        found += timedelta(days=1)
        days -= found.weekday() < 5 and found not in shut
    return found


def standing(
    meetings: Sequence[Meeting],
    *,
    starts_on: date,
    today: date,
    contacts: Sequence[date] = (),
    reached: Sequence[date] = (),
    plans: Sequence[date] = (),
    risk_is_raised: bool = False,
    rules: MissRules = MissRules(),  # noqa: B008  frozen: nobody can change it
) -> MissedStanding:
    """Where a course stands. `contacts` are days somebody tried, `reached` those on which the client answered.

    A contact is owed after a miss until somebody tried: the same day when a risk is open, else within two working
    days. A plan is owed from the second miss in a row until one was written on or after the latest miss. The
    supervisor looks from the third in a row, or when nobody has heard from the client for thirty days.
    """
    held = [one.on for one in meetings if one.outcome in HELD]
    row = in_a_row(meetings)
    missed_on = max((one.on for one in meetings if one.outcome in MISSED), default=None) if row else None
    heard_on = max([starts_on, *held, *reached])
    silent_for = max((today - heard_on).days, 0)
    owes_contact = missed_on is not None and not any(day >= missed_on for day in contacts)
    owes_plan = row >= rules.plan_after and missed_on is not None
    return MissedStanding(
        in_a_row=row,
        missed_on=missed_on,
        contact_by=_contact_by(missed_on, risk_is_raised, rules) if owes_contact else None,
        asks_for_plan=owes_plan and not any(day >= missed_on for day in plans if missed_on),
        asks_for_review=row >= rules.review_after or silent_for >= rules.silent_days,
        silent_for=silent_for,
    )


def _contact_by(missed_on: date | None, risk_is_raised: bool, rules: MissRules) -> date | None:
    if missed_on is None:
        return None
    return missed_on if risk_is_raised else working_days_after(missed_on, rules.contact_working_days)
