"""Protocol templates: the shape of a course as versioned data. A course pins one version for good.

A slot is a planned session number; slot 0 is the intake meeting. The attended number is another thing
and lives with the encounters.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from reknit.core.errors import BadInput
from reknit.core.programme.follow_up import FollowUpPlan

Klass = Literal["CORE", "REQ", "COND", "OPT"]
"""CORE: without it a course is no IPT. REQ: this variant asks for it. COND: on a condition. OPT: free."""
Severity = Literal["block", "block_phase", "warn", "info"]
"""block: the thing itself waits. block_phase: the mark of a phase waits, never the work. warn, info: said and no more."""
AreaScheme = Literal["FOUR_AREA", "THREE_AREA", "FOUR_PLUS"]
"""Which problem areas a protocol chooses among: the classic four; three, as Stuart and Robertson have it; or more."""
AREAS: Final = ("grief", "dispute", "transition", "sensitivity")
INTAKE_SLOT: Final = 0


@dataclass(frozen=True, slots=True)
class LibraryTask:
    """A therapist task in our own words, shared by all templates.

    `left_by` names the facts that show it was done, any of them; of `left_by_all` each is needed. A task with neither
    is ticked by hand.
    """

    code: str
    title: str
    kind: str
    record: str
    left_by: tuple[str, ...] = ()
    left_by_all: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """One rule: the moments it is asked, what it needs, how hard it holds, who may pass it with a reason.

    `from_slot` is the session from which on it is worth saying that something is missing.
    """

    code: str
    title: str
    when: tuple[str, ...]
    requires: tuple[str, ...]
    severity: Severity
    override_role: str | None
    refusal: str
    from_slot: int | None = None


@dataclass(frozen=True, slots=True)
class Attendance:
    """How missed sessions and extensions are handled. Programme settings; an agreement may say otherwise."""

    miss_policy: Literal["roll", "consume", "roll_then_consume"]
    rolls: int
    late_cancel_hours: int
    most_misses_in_a_row: int
    most_days_without_contact: int
    extension_share: float


@dataclass(frozen=True, slots=True)
class MoreArea:
    """A problem area that a protocol adds by name. Records and figures count it as one of the four."""

    title: str
    counts_as: str


@dataclass(frozen=True, slots=True)
class RecurrenceRule:
    """When a maintenance course says that the condition may be coming back. A programme setting throughout.

    A score of `measure` from `from_total` on, or a reported return to use, asks for a new assessment within `days`.
    """

    measure: str
    from_total: int
    days: int


@dataclass(frozen=True, slots=True)
class SetItem:
    """One thing a measure set asks for: a questionnaire, or a record of another room."""

    id: str
    kind: Literal["measure", "record"]
    title: str
    fact: str


@dataclass(frozen=True, slots=True)
class MeasureSet:
    """A set of measures with its place in the course: at slots, every so many sessions, or months after the end."""

    code: str
    title: str
    items: tuple[SetItem, ...]
    slots: tuple[int, ...]
    every: int | None
    span: tuple[int, int] | None
    months_after_end: tuple[int, ...]

    def is_due(self, slot: int) -> bool:
        """Whether the set is due at this slot.

        >>> four = MeasureSet("M", "Every four sessions", (), (), 4, (4, 16), ())
        >>> [slot for slot in range(17) if four.is_due(slot)]
        [4, 8, 12, 16]
        """
        if slot in self.slots:
            return True
        if self.every is None or self.span is None:
            return False
        first, latest = self.span
        return first <= slot <= latest and (slot - first) % self.every == 0


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
    only_if: str | None = None  # the name of a condition: the task is due while it holds
    repeat: int | None = None  # due at each so many sessions; a row of its own for each occasion
    key: str = ""

    @property
    def latest_slot(self) -> int | None:
        """The slot after which the task is overdue, if it can be."""
        return self.due_slot if self.due_slot is not None else self.due_by_slot


@dataclass(frozen=True, slots=True)
class ProtocolTemplate:
    """One version of one protocol. `tasks` keep the order of the file, which is the order of work.

    `label` says in a line what it is for where its title alone could mislead; `notes` are read beside the course map.
    """

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
    gates: tuple[Gate, ...]
    sources: tuple[str, ...]
    sets: tuple[MeasureSet, ...] = ()
    attendance: Attendance = Attendance("roll_then_consume", 2, 24, 3, 30, 0.25)
    library: Mapping[str, LibraryTask] = field(default_factory=dict, compare=False, repr=False)
    area_scheme: AreaScheme = "FOUR_AREA"
    more_areas: tuple[MoreArea, ...] = ()
    poor_areas: tuple[str, ...] = ()  # areas that may be chosen and are warned of
    label: str = ""
    notes: tuple[str, ...] = ()
    telephone: bool = False
    fewest_sessions: int | None = None
    most_sessions: int | None = None
    recurrence: RecurrenceRule | None = None
    overlays: tuple[str, ...] = ()  # codes of the overlays that are part of it

    @property
    def areas(self) -> tuple[str, ...]:
        """The problem areas to choose among.

        >>> from reknit.core.programme.template import template
        >>> template("ipt-sr").areas
        ('grief', 'dispute', 'transition')
        """
        return AREAS[:3] if self.area_scheme == "THREE_AREA" else AREAS

    @property
    def work(self) -> Phase | None:
        """The phase between the opening and the closing, in which the work is done; nothing where there is none."""
        return self.phases[1] if len(self.phases) > 2 else None

    @property
    def asks_for_formulation(self) -> bool:
        """Whether a course under this protocol comes to a formulation of its own: maintenance goes on with one."""
        return any(task.code == "I16" for task in self.tasks)

    @property
    def follow_up(self) -> FollowUpPlan:
        """Follow-up as the sets have it: the months after the end, and the questionnaires asked for then."""
        later = [one for one in self.sets if one.months_after_end]
        months = sorted({month for one in later for month in one.months_after_end})
        measures = [item.id for one in later for item in one.items if item.kind == "measure"]
        return FollowUpPlan(tuple(months), tuple(dict.fromkeys(measures)))

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
