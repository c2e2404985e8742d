"""Protocol templates: the shape of a course as versioned data. A course pins one version for good.

A slot is a planned session number; slot 0 is the intake meeting. The attended number is another thing
and lives with the encounters.
"""

from dataclasses import dataclass
from typing import Literal

from reknit.core.errors import BadInput
from reknit.core.programme.follow_up import FollowUpPlan
from reknit.core.programme.gates import Gate

Klass = Literal["CORE", "REQ", "COND", "OPT"]
"""CORE: without it a course is no IPT. REQ: this variant asks for it. COND: on a condition. OPT: free."""


@dataclass(frozen=True, slots=True)
class LibraryTask:
    """A therapist task in our own words, shared by all templates."""

    code: str
    title: str
    kind: str
    record: str


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of slots, both ends included, with the words for staff and for the client."""

    code: str
    title: str
    client_title: str
    from_slot: int
    to_slot: int


@dataclass(frozen=True, slots=True)
class TaskDue:
    """When a template wants a task: at a slot, by a slot, every session of a span, or just at hand."""

    code: str
    phase: str | None
    klass: Klass
    due_slot: int | None = None
    due_by_slot: int | None = None
    every: tuple[int, int] | None = None
    condition: str | None = None
    key: str = ""

    @property
    def latest_slot(self) -> int | None:
        """The slot after which the task is overdue, if it can be."""
        return self.due_slot if self.due_slot is not None else self.due_by_slot


@dataclass(frozen=True, slots=True)
class MeasureDue:
    """When a measure is due: at `slots`, and at every `every`-th slot of `span`."""

    measure: str
    slots: tuple[int, ...]
    every: int | None
    span: tuple[int, int] | None
    respondent: str = "client"

    def is_due(self, slot: int) -> bool:
        """Whether the measure is due at this slot.

        >>> [slot for slot in range(17) if MeasureDue("gad-7", (0,), 4, (4, 16)).is_due(slot)]
        [0, 4, 8, 12, 16]
        """
        if slot in self.slots:
            return True
        if self.every is None or self.span is None:
            return False
        first, latest = self.span
        return first <= slot <= latest and (slot - first) % self.every == 0


@dataclass(frozen=True, slots=True)
class ProtocolTemplate:
    """One version of one protocol. `tasks` keep the order of the file, which is the order of work."""

    code: str
    version: str
    title: str
    format: str
    planned_sessions: int
    session_minutes: int
    cadence_days: int
    course_window_days: int
    phases: tuple[Phase, ...]
    tasks: tuple[TaskDue, ...]
    measures: tuple[MeasureDue, ...]
    gates: tuple[Gate, ...]
    sources: tuple[str, ...]
    follow_up: FollowUpPlan = FollowUpPlan()

    def phase(self, code: str) -> Phase:
        """The phase of this code. Raises `BadInput`."""
        for one in self.phases:
            if one.code == code:
                return one
        raise BadInput(f"{self.title} has no phase called '{code}'.")

    def gate(self, code: str) -> Gate:
        """The gate of this code. Raises `BadInput`."""
        for one in self.gates:
            if one.code == code:
                return one
        raise BadInput(f"{self.title} has no gate called '{code}'.")


def phase_of(template: ProtocolTemplate, slot: int) -> Phase:
    """The phase a slot belongs to.

    Intake (slot 0) prepares the first phase and belongs to it; slots after the planned ones (an agreed
    extension) belong to the latest phase. Raises `BadInput` for a slot below zero.

    >>> from reknit.core.programme.template import template
    >>> [phase_of(template("ipt-16"), slot).code for slot in (0, 3, 4, 13, 14, 17)]
    ['initial', 'initial', 'middle', 'middle', 'closure', 'closure']
    """
    if slot < 0:
        raise BadInput("A slot is zero for the intake meeting, or a session number.")
    return next((phase for phase in template.phases if slot <= phase.to_slot), template.phases[-1])
