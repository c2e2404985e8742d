"""Runs, who leads them and their members, sessions with attendance and turns, meetings alone, weekly summaries."""

from .alone import MeetingAlone
from .facilitation import Facilitation, Observer, ObserverWord
from .runs import GroupRun, Member, SmallGroupDecision
from .sessions import Attendance, GroupSession, Response, SessionChange, Telling, Turn
from .summaries import WeeklySummary

__all__ = [
    "Attendance",
    "Facilitation",
    "GroupRun",
    "GroupSession",
    "MeetingAlone",
    "Member",
    "Observer",
    "ObserverWord",
    "Response",
    "SessionChange",
    "SmallGroupDecision",
    "Telling",
    "Turn",
    "WeeklySummary",
]
