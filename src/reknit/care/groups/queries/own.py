"""What a member reads of their own group: the next time, and the summaries. No name of anybody."""

import datetime as dt
from dataclasses import dataclass

from reknit.care.groups.models import GroupRun, GroupSession, Member, WeeklySummary
from reknit.care.people.models import Client

from .owed import summaries_for
from .runs import next_session, own_places, sessions_of, still_to_come

SHOWN = 30


@dataclass(frozen=True, slots=True)
class MyGroup:
    """The place, the next session on or after the first day of it, how many are left, what was written."""

    member: Member
    following: GroupSession | None
    left: int
    off: tuple[GroupSession, ...]  # called off, and still to come
    summaries: tuple[WeeklySummary, ...]

    @property
    def place(self) -> str:
        """Where the next session meets."""
        return self.following.where if self.following else self.run.where

    @property
    def run(self) -> GroupRun:
        return self.member.run


def my_group(client: Client, *, at: dt.datetime, today: dt.date) -> MyGroup | None:
    """A client's latest place in a group. Three queries."""
    member = own_places(client).first()
    if member is None or member.starts_on is None:
        return None
    sessions = sessions_of(member.run)
    found = next_session(sessions, at=at) if member.ended_at is None else None
    following = found if found and found.starts_at > at - dt.timedelta(hours=2) else None
    left = still_to_come(sessions, following) + 1 if following else 0
    rows = summaries_for([member.run_id], since=member.starts_on, until=member.ends_on)
    off = [one for one in sessions if one.state == GroupSession.State.CANCELLED and one.starts_at > at]
    return MyGroup(member, following, left, tuple(off) if following else (), tuple(rows[:SHOWN]))


def has_group(client: Client) -> bool:
    """Whether there is anything to read about a group. One query."""
    return own_places(client).exists()
