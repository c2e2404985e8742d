"""When somebody who was lost before a first session is tried again (ipt.md 10.1.6).

Days count by the calendar from the *anchor*: the first session that was missed or cancelled last, else the day of the
referral. A contact made late counts for every step before it, so nobody is rung three times in one day.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

STEPS: Final = (1, 3, 7)
"""Days after the anchor on which somebody gets in touch (ipt.md 10.1.6)."""

TARGET_DAYS: Final = 14
"""Days from a referral to a first session that a clinic aims for. Our default [D]: a clinic sets its own."""


@dataclass(frozen=True, slots=True)
class Chase:
    """Where the tries stand: the step that is due next, on which day, and whether all were made."""

    step: int | None  # none: every step was made, and a person decides
    due_on: dt.date
    overdue: int  # whole days past the due day

    @property
    def is_due(self) -> bool:
        """Whether something is to be done today."""
        return self.overdue >= 0


def chase(*, anchor: dt.date, contacted: dt.date | None, today: dt.date) -> Chase:
    """What is due for a person, from the anchor and the latest contact since then.

    >>> monday = dt.date(2026, 3, 2)
    >>> chase(anchor=monday, contacted=None, today=dt.date(2026, 3, 3)).step
    1
    >>> chase(anchor=monday, contacted=dt.date(2026, 3, 3), today=dt.date(2026, 3, 4)).due_on
    datetime.date(2026, 3, 5)
    >>> chase(anchor=monday, contacted=dt.date(2026, 3, 9), today=dt.date(2026, 3, 10)).step is None
    True
    """
    reached = (contacted - anchor).days if contacted else 0
    step = next((day for day in STEPS if day > reached), None)
    due_on = anchor + dt.timedelta(days=step if step is not None else STEPS[-1])
    return Chase(step=step, due_on=due_on, overdue=(today - due_on).days)


def days_over(*, waiting: int, target: int) -> int:
    """Days past the target; none before it.

    >>> days_over(waiting=10, target=14), days_over(waiting=20, target=14)
    (0, 6)
    """
    return max(0, waiting - target)
