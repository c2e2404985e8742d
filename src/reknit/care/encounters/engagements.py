"""What takes a clinician's time beside sessions alone. A room above this one, such as groups, adds what it knows of.

So a calendar, a booking and a calendar address see all of a person's time, and this room knows nothing of the others.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reknit.base.accounts.models import User


@dataclass(frozen=True, slots=True)
class Engagement:
    """A time that is taken, what it is called, and where it opens."""

    key: str  # the same for as long as it lasts, for calendar programs
    starts_at: dt.datetime
    ends_at: dt.datetime
    title: str
    address: str
    place: str
    changed_at: dt.datetime
    is_off: bool
    room: uuid.UUID | None = None  # the room of the clinic that it takes
    run: object = None  # what stands behind it, by which its own room says who may open it


@dataclass(frozen=True, slots=True)
class Source:
    """What one room of the house knows: the engagements of a clinician in a span, those in a room of the clinic, and which somebody may open."""

    between: Callable[[User, dt.datetime, dt.datetime], Iterable[Engagement]]
    in_room: Callable[[uuid.UUID, dt.datetime, dt.datetime], Iterable[Engagement]]
    open_to: Callable[[Iterable[Engagement], User, dt.date], set[str]]


_sources: list[Source] = []


def add_source(source: Source) -> None:
    """Called once by each room that has such times, when it is ready."""
    _sources.append(source)


def engagements(whose: User, start: dt.datetime, end: dt.datetime) -> list[Engagement]:
    """All of a clinician's engagements that begin in a span, soonest first; cancelled ones are marked. One query a source."""
    found = [one for source in _sources for one in source.between(whose, start, end)]
    return sorted(found, key=lambda one: (one.starts_at, one.key))


def engagements_in(room: uuid.UUID, start: dt.datetime, end: dt.datetime) -> list[Engagement]:
    """What takes a room of the clinic and begins in a span, soonest first. One query a source."""
    found = [one for source in _sources for one in source.in_room(room, start, end) if not one.is_off]
    return sorted(found, key=lambda one: (one.starts_at, one.key))


def opened_by(found: Iterable[Engagement], user: User, *, on: dt.date) -> set[str]:
    """The keys of those that this person may open, as each room decides."""
    found = list(found)
    return {key for source in _sources for key in source.open_to(found, user, on)} if found else set()
