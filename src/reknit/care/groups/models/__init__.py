"""Runs and members, sessions with attendance and turns, meetings alone, weekly summaries."""

from .alone import MeetingAlone
from .runs import GroupRun, Member, SmallGroupDecision
from .sessions import Attendance, GroupSession, Response, Turn
from .summaries import WeeklySummary

__all__ = [
    "Attendance",
    "GroupRun",
    "GroupSession",
    "MeetingAlone",
    "Member",
    "Response",
    "SmallGroupDecision",
    "Turn",
    "WeeklySummary",
]
