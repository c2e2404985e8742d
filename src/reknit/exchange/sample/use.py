"""Days of use as a client might tell them: which substances, which days, what is not known."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from reknit.care.substance_use.days import DayEntry

# The primary substance first. Tobacco stays outside "any substance" and is told beside the others.
MIXES = (
    ("alcohol",),
    ("alcohol", "tobacco"),
    ("opioids", "tobacco"),
    ("alcohol", "cannabis"),
    ("cocaine", "alcohol"),
    ("cannabis",),
    ("stimulants", "alcohol", "tobacco"),
    ("sedatives", "alcohol"),
)
AMOUNTS = {"alcohol": (3, 11, "drinks"), "tobacco": (6, 18, "cigarettes")}
UNKNOWN = 0.06
"""Share of days that nobody told us about, apart from whole weeks that were not asked for."""


CHANGES = (0.0, 0.05, 0.2, 0.5, 0.8, 1.0, 1.15)
"""What the days of use come to by the end, as a part of what they were: for some nothing, for some more."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """How often a person used before the course, and at its end."""

    before: float
    after: float


def mix_of(index: int) -> tuple[str, ...]:
    """The substances asked about for one client."""
    return MIXES[index % len(MIXES)]


def pattern(rng: random.Random) -> Pattern:
    """Mood and use are drawn apart on purpose: one getting better does not show that the other has."""
    before = rng.uniform(0.3, 0.85)
    return Pattern(before, min(0.95, before * rng.choice(CHANGES)))


def told(
    rng: random.Random,
    person: Pattern,
    substances: tuple[str, ...],
    *,
    start: dt.date,
    end: dt.date,
    progress: float,
    returned: bool,
) -> Iterator[DayEntry]:
    """Entries for the days from `start` to `end`. A day that nobody told us about has none.

    `progress` runs from 0 before the course to 1 at its end. `returned`: two to four days of use lie in this span,
    after which the person found their way back.
    """
    span = (end - start).days + 1
    often = person.before + (person.after - person.before) * min(1.0, 1.6 * progress)
    first = max(0, span - rng.randint(3, 6))
    back = range(first, first + rng.randint(2, 4)) if returned else range(0)
    for offset in range(span):
        if rng.random() < UNKNOWN and offset not in back:
            continue
        day = start + dt.timedelta(days=offset)
        for rank, substance in enumerate(substances):
            yield _entry(rng, day, substance, _used(rng, often, substance, rank, offset in back))


def _used(rng: random.Random, often: float, substance: str, rank: int, returning: bool) -> bool:
    if substance == "tobacco":
        return rng.random() < 0.95
    if rank == 0:
        return returning or rng.random() < often
    return rng.random() < often * 0.35


def _entry(rng: random.Random, day: dt.date, substance: str, used: bool) -> DayEntry:
    if used and substance in AMOUNTS:
        low, high, unit = AMOUNTS[substance]
        return DayEntry(day, substance, True, Decimal(rng.randint(low, high)), unit)
    return DayEntry(day, substance, used)
