"""A course whose sessions are a group's. The room of groups, which stands above this one, says when the group meets.

So the page of a course leads to the group's session where that comes next, and this room knows nothing of groups.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from reknit.base.accounts.models import User
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import plan_of


@dataclass(frozen=True, slots=True)
class GroupTime:
    """A course's place in a group and the next time it meets. Addresses are empty where this person may not open them."""

    title: str
    starts_at: dt.datetime | None
    place: str
    number: int
    planned: int
    is_waiting: bool  # a place is kept, and the first day in the group is not set yet
    session_address: str
    member_address: str


Source = Callable[[Episode, User, dt.datetime], GroupTime | None]
_sources: list[Source] = []


def add_group_source(source: Source) -> None:
    """Called once by each room that knows of such times, when it is ready."""
    _sources.append(source)


def group_time(episode: Episode, user: User, *, at: dt.datetime) -> GroupTime | None:
    """When the group of a course meets next, if it has a place in one."""
    return next((found for source in _sources if (found := source(episode, user, at))), None)


def is_by_group(episode: Episode) -> bool:
    """Whether the sessions of a course are a group's. A practice course has no group round it."""
    return plan_of(episode).format == "group" and not episode.client.is_sandbox
