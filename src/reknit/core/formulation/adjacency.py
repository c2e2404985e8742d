"""What stood shortly before a use day or a clear change of score: a question to ask, never a cause.

Only events whose day is known are compared. Each run of use days is asked about once, at its first day, and with the
event closest before it. The number of days is a rule of our own.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

WITHIN_DAYS: Final = 3
RUN_GAP_DAYS: Final = 3
"""Use days with at most two days between them are one run."""


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """An event whose day is known."""

    key: str
    title: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """A reliable change found on a day."""

    on: dt.date
    measure: str
    direction: Literal["better", "worse"]


@dataclass(frozen=True, slots=True)
class Question:
    """An event and what came after it. `length` is how many use days the run had."""

    event: DatedEvent
    kind: Literal["use", "score"]
    on: dt.date
    days: int
    length: int = 1
    measure: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Use days close together."""

    first: dt.date
    length: int


def runs(use_days: Iterable[dt.date]) -> list[Run]:
    """Use days gathered into runs, oldest first.

    >>> [run.length for run in runs(dt.date(2026, 5, day) for day in (2, 3, 5, 20))]
    [3, 1]
    """
    found: list[list[dt.date]] = []
    for day in sorted(set(use_days)):
        if found and (day - found[-1][-1]).days <= RUN_GAP_DAYS:
            found[-1].append(day)
        else:
            found.append([day])
    return [Run(days[0], len(days)) for days in found]


def questions(
    events: Sequence[DatedEvent],
    use_days: Iterable[dt.date],
    changes: Sequence[ScoreChange] = (),
    *,
    within: int = WITHIN_DAYS,
) -> tuple[Question, ...]:
    """What may be asked, latest first.

    >>> row = DatedEvent("e1", "Row with father", dt.date(2026, 5, 1))
    >>> [(q.event.title, q.days, q.length) for q in questions([row], [dt.date(2026, 5, 3), dt.date(2026, 5, 4)])]
    [('Row with father', 2, 2)]
    """
    found = []
    for run in runs(use_days):
        if before := _closest(events, run.first, within):
            found.append(Question(before, "use", run.first, (run.first - before.on).days, run.length))
    for change in changes:
        if before := _closest(events, change.on, within):
            days = (change.on - before.on).days
            found.append(
                Question(before, "score", change.on, days, measure=change.measure, direction=change.direction)
            )
    return tuple(sorted(found, key=lambda one: one.on, reverse=True))


def _closest(events: Sequence[DatedEvent], on: dt.date, within: int) -> DatedEvent | None:
    """The event closest before a day or on it; of two on one day, the one named first."""
    near = [event for event in events if 0 <= (on - event.on).days <= within]
    return max(near, key=lambda event: event.on) if near else None
