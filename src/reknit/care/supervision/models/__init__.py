"""Tables of the room, one file for each part of it."""

from .approvals import Approval, ApprovalEntry
from .changes import ProtocolRequest
from .credentials import CredentialGoal, CredentialProof
from .hours import Decision, HourCase, HourMember, SupervisionHour
from .ratings import Rating, SampleDraw, SampledSession
from .reviews import ChartAudit, EventReview, ReviewAction
from .skills import SkillGoal

__all__ = [
    "Approval",
    "ApprovalEntry",
    "ChartAudit",
    "CredentialGoal",
    "CredentialProof",
    "Decision",
    "EventReview",
    "HourCase",
    "HourMember",
    "ProtocolRequest",
    "Rating",
    "ReviewAction",
    "SampleDraw",
    "SampledSession",
    "SkillGoal",
    "SupervisionHour",
]
