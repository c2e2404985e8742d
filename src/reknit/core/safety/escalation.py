"""When a risk item goes on to somebody else, and to whom: the owner, cover, the owner's supervisor, the clinician on duty.

Facts in, one step out. It only ever climbs; who is at work, and who may see the client, the room above finds out.
Source: the project's clinical content, sections 6.3 point 6 and 10.4 point 6 (an open item stays with the therapist, the cover
and the supervisor until it is closed). How long each has is our own default and no published standard.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from reknit.core.errors import BadInput

from .triggers import RiskClass


class Rung(IntEnum):
    """How far up an item has gone."""

    OWNER = 0
    COVER = 1
    SUPERVISOR = 2
    DUTY = 3


class Because(StrEnum):
    """Why it went on."""

    OVERDUE = "overdue"
    AWAY = "away"
    GONE = "gone"  # left the clinic, or the care team


HOURS_FOR_THE_NEXT = {RiskClass.CRITICAL: 1, RiskClass.TRIAGE: 24, RiskClass.ASK_NEXT_CONTACT: 24}
"""How long each further person has before it goes on again. Our default, to be looked at by each clinic."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an open item stands: its rung, until when its owner has it, and whether the owner can act on it now."""

    rung: Rung
    until: datetime
    is_away: bool = False
    is_gone: bool = False


def because(standing: Standing, *, at: datetime) -> Because | None:
    """Why the item goes on now, or None while it stays. The clinician on duty is the last and keeps it.

    >>> from datetime import UTC
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> because(Standing(Rung.OWNER, until=nine), at=nine)
    <Because.OVERDUE: 'overdue'>
    >>> because(Standing(Rung.OWNER, until=nine + timedelta(hours=1)), at=nine) is None
    True
    """
    if standing.until.tzinfo is None or at.tzinfo is None:
        raise BadInput("A time without a time zone says nothing about when.")
    if standing.is_gone:
        return Because.GONE
    if standing.rung is Rung.DUTY:
        return Because.OVERDUE if at >= standing.until else None
    if standing.is_away:
        return Because.AWAY
    return Because.OVERDUE if at >= standing.until else None


def next_rung(rung: Rung, reachable: Collection[Rung]) -> Rung | None:
    """The lowest rung above this one on which there is somebody; None when nobody is left to go to.

    >>> next_rung(Rung.OWNER, [Rung.SUPERVISOR, Rung.DUTY])
    <Rung.SUPERVISOR: 2>
    >>> next_rung(Rung.DUTY, list(Rung)) is None
    True
    """
    return min((one for one in reachable if one > rung), default=None)


def held_until(klass: str, *, at: datetime, due_at: datetime) -> datetime:
    """Until when the next person has it: their own hours, and never less than what was left of the first time."""
    return max(due_at, at + timedelta(hours=HOURS_FOR_THE_NEXT[RiskClass(klass)]))
