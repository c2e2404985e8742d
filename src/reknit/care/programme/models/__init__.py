"""Tables of the room: courses with their facts, agreements, and the clinic's own protocols."""

from .course import Amendment, Contract, ContractAnswer, CourseFact, Episode, Goal, GoalRating
from .protocols import ProtocolAnswer, ProtocolVersion
from .wording import OwnWording, WordingPermission

__all__ = [
    "Amendment",
    "Contract",
    "ContractAnswer",
    "CourseFact",
    "Episode",
    "Goal",
    "GoalRating",
    "OwnWording",
    "ProtocolAnswer",
    "ProtocolVersion",
    "WordingPermission",
]
