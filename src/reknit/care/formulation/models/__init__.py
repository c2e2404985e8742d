"""Tables of the room: focus areas with their history, the timeline, the formulation with its answers."""

from .account import Formulation, FormulationAnswer
from .focus import DisputeStage, FocusArea, FocusStep
from .grid import Grid
from .timeline import LeftQuestion, TimelineEvent, TimelineVersion

__all__ = [
    "DisputeStage",
    "FocusArea",
    "FocusStep",
    "Formulation",
    "FormulationAnswer",
    "Grid",
    "LeftQuestion",
    "TimelineEvent",
    "TimelineVersion",
]
