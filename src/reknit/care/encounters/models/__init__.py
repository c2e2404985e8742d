"""Sessions, their notes, the records made in them, and what is written about those that were missed."""

from . import apart  # noqa: F401 - its tables; only `encounters.apart` reads them
from .analyses import (
    Alternative,
    CommunicationAnalysis,
    DecisionAnalysis,
    DecisionOption,
    ExchangeTurn,
    FollowUp,
    RolePlay,
    RolePlayRound,
)
from .booking import AppointmentChange, AppointmentSeries, CalendarFeed, Room
from .conjoint import ConjointPlan, ConjointSession
from .missed import ContactAfterMiss, ReEngagementPlan
from .notes import Addendum, Intention, ProgressNote
from .readings import NoteReading
from .records import (
    AffectNote,
    ExposureAction,
    MoodEventUseLink,
    MutualHelpLink,
    SessionRecord,
    StrategyStep,
    SupportAction,
    YesNo,
)
from .reviews import LapseReview, MidcourseReview, PlanB
from .sessions import Appointment, Encounter, Where

__all__ = [
    "RECORDS",
    "Addendum",
    "AffectNote",
    "Alternative",
    "Appointment",
    "AppointmentChange",
    "AppointmentSeries",
    "CalendarFeed",
    "CommunicationAnalysis",
    "ConjointPlan",
    "ConjointSession",
    "ContactAfterMiss",
    "DecisionAnalysis",
    "DecisionOption",
    "Encounter",
    "ExchangeTurn",
    "ExposureAction",
    "FollowUp",
    "Intention",
    "LapseReview",
    "MidcourseReview",
    "MoodEventUseLink",
    "MutualHelpLink",
    "NoteReading",
    "PlanB",
    "ProgressNote",
    "ReEngagementPlan",
    "RolePlay",
    "RolePlayRound",
    "Room",
    "SessionRecord",
    "StrategyStep",
    "SupportAction",
    "Where",
    "YesNo",
]

RECORDS: tuple[type[SessionRecord], ...] = (
    MoodEventUseLink,
    StrategyStep,
    AffectNote,
    CommunicationAnalysis,
    RolePlay,
    DecisionAnalysis,
    SupportAction,
    ExposureAction,
    MutualHelpLink,
    ConjointSession,
    FollowUp,
    LapseReview,
    MidcourseReview,
    PlanB,
)
"""Every kind of record of a session, in the order they are offered and listed."""
