"""Which planned session a meeting uses up, and its number among the meetings that took place."""

from collections.abc import Iterable
from dataclasses import dataclass

from reknit.core.programme.protocol import INTAKE_SLOT

from .models import Encounter

# A missed meeting does not shorten the course at once: the first two roll on, those after them count, unless the
# agreement says otherwise. Programme setting, no rule of IPT; the ending date stays where it was agreed in any case.
MISSES_THAT_ROLL = 2
MISSES = (Encounter.Outcome.NO_SHOW, Encounter.Outcome.LATE_CANCEL)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What an encounter is numbered: its planned slot, if it uses one, and its attended number."""

    slot: int | None
    attended: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """What numbering needs to know of an earlier encounter."""

    outcome: str
    slot: int | None
    attended_number: int | None


def next_numbers(
    earlier: Iterable[Row], outcome: str, *, rolls: int | None = MISSES_THAT_ROLL, uses_slot: bool = False
) -> Numbers:
    """Number the next encounter of a course. `rolls` is what the agreement says; `None` when no miss ever counts.

    A safety session uses a slot only when somebody says so (`uses_slot`). The meeting before session 1 is slot 0.

    >>> next_numbers([Row("attended", 1, 1), Row("no_show", None, None)], "attended")
    Numbers(slot=2, attended=2)
    >>> next_numbers([Row("no_show", None, None)] * 2, "no_show")
    Numbers(slot=1, attended=None)
    >>> next_numbers([], "no_show", rolls=0)
    Numbers(slot=1, attended=None)
    >>> next_numbers([Row("attended", 1, 1)], "safety")
    Numbers(slot=None, attended=None)
    >>> next_numbers([], "before")
    Numbers(slot=0, attended=None)
    """
    rows = list(earlier)
    slot = max((row.slot or 0 for row in rows), default=0) + 1
    if outcome == Encounter.Outcome.ATTENDED:
        return Numbers(slot, max((row.attended_number or 0 for row in rows), default=0) + 1)
    if outcome == Encounter.Outcome.BEFORE:
        return Numbers(INTAKE_SLOT, None)
    if outcome == Encounter.Outcome.SAFETY:
        return Numbers(slot if uses_slot else None, None)
    missed = sum(row.outcome in MISSES for row in rows)
    uses_slot = outcome in MISSES and rolls is not None and missed >= rolls
    return Numbers(slot if uses_slot else None, None)
