"""The course as its protocol lays it out: every slot with its tasks and sets, every gate with what it still needs."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from reknit.core.programme.conditions import task_slots, title
from reknit.core.programme.course import Course, Entry
from reknit.core.programme.fidelity import Completeness, completeness
from reknit.core.programme.gates import ON_THE_SPOT, Decision, ask
from reknit.core.programme.protocol import Gate, Phase
from reknit.core.programme.sets import SetState, set_state, sets_due
from reknit.core.programme.template import TaskDue

from .queries import this_site

State = Literal["done", "missing", "now", "ahead"]


@dataclass(frozen=True, slots=True)
class TaskCell:
    """One task at its slot, and whether it left its record."""

    code: str
    title: str
    klass: str
    state: State
    by_slot: bool
    condition: str


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One planned session with the tasks of its own and the sets due at it."""

    slot: int
    state: State
    tasks: tuple[TaskCell, ...]
    sets: tuple[SetState, ...]


@dataclass(frozen=True, slots=True)
class GateRow:
    """One gate, what it still needs in words, and whether this is the time to say so."""

    gate: Gate
    decision: Decision
    needs: tuple[tuple[str, bool], ...]
    is_due: bool

    @property
    def holds(self) -> bool:
        """Whether something waits for it now."""
        return self.is_due and not self.decision.allowed

    @property
    def may_be_passed(self) -> bool:
        """Whether a written reason of the right person answers it now: what holds, and what warns until it has one."""
        return self.is_due and bool(self.decision.missing) and self.gate.override_role is not None


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A phase: its mark, its sessions, and the gates before the next one."""

    phase: Phase
    entered: Entry | None
    slots: tuple[SlotRow, ...]
    gates: tuple[GateRow, ...]


@dataclass(frozen=True, slots=True)
class EverySession:
    """A task of every session: in how many of the sessions so far it left its record."""

    code: str
    title: str
    done: int
    due: int


@dataclass(frozen=True, slots=True)
class CourseMap:
    """Everything the page shows."""

    course: Course
    phases: tuple[PhaseRow, ...]
    every: tuple[EverySession, ...]
    watch: tuple[GateRow, ...]
    fidelity: Completeness

    @property
    def waiting(self) -> tuple[GateRow, ...]:
        """Gates that hold something back now, and warnings whose time has come, each once."""
        rows = [row for phase in self.phases for row in phase.gates]
        due = [row for row in (*rows, *self.watch) if row.is_due and row.decision.missing]
        return tuple({row.gate.code: row for row in reversed(due)}.values())[::-1]


def course_map(course: Course) -> CourseMap:
    """Lay a course out along its protocol. No query: everything comes from its facts."""
    phases = course.template.phases
    entered = {entry.phase: entry for entry in course.entered}
    return CourseMap(
        course=course,
        phases=tuple(
            PhaseRow(
                phase,
                entered.get(phase.code),
                tuple(
                    _slot(course, slot) for slot in range(0 if n == 0 else phase.from_slot, phase.to_slot + 1)
                ),
                tuple(_gates(course, _leaving(phases, n))),
            )
            for n, phase in enumerate(phases)
        ),
        every=tuple(_every(course)),
        watch=tuple(_gates(course, {"watch"})),
        fidelity=completeness(course),
    )


def _leaving(phases: tuple[Phase, ...], n: int) -> set[str]:
    """The moments asked when a phase gives way to the next, or the last one to the end."""
    return {f"enter_{phases[n + 1].code}"} if n + 1 < len(phases) else {"complete_course"}


def _slot(course: Course, slot: int) -> SlotRow:
    own = [due for due in course.template.tasks if due.every is None and due.latest_slot == slot]
    return SlotRow(
        slot,
        _when(course, slot),
        tuple(_cell(course, due, slot) for due in own),
        tuple(set_state(course, one, slot, site=this_site()) for one in sets_due(course.template, slot)),
    )


def _when(course: Course, slot: int) -> State:
    if slot == course.slot + 1:
        return "now"
    return "done" if slot <= course.slot else "ahead"


def _cell(course: Course, due: TaskDue, slot: int) -> TaskCell:
    occasions = [one for one in course.template.tasks if one.code == due.code]
    done = len(task_slots(course, due.code)) > occasions.index(due)
    state: State = "done" if done else "missing" if slot <= course.slot else _when(course, slot)
    if state == "missing" and due.klass in ("COND", "OPT"):
        state = "ahead"  # nothing is missed where nothing was owed
    words = course.template.library[due.code]
    return TaskCell(due.code, words.title, due.klass, state, due.due_by_slot is not None, due.condition or "")


def _every(course: Course) -> Iterable[EverySession]:
    for due in course.template.tasks:
        if due.every:
            asked = range(due.every[0], min(due.every[1], course.slot) + 1)
            slots = task_slots(course, due.code)
            done = sum(slot in slots for slot in asked)
            yield EverySession(due.code, course.template.library[due.code].title, done, len(asked))


def _gates(course: Course, moments: set[str]) -> Iterable[GateRow]:
    for gate in course.template.gates:
        if moments & set(gate.when) - ON_THE_SPOT:
            decision = ask(gate, course)
            needs = tuple((title(course, name), name not in decision.missing) for name in gate.requires)
            yield GateRow(gate, decision, needs, course.slot >= (gate.from_slot or 0))


def days_since_contact(course: Course, today: dt.date) -> int | None:
    """Whole days since the latest meeting that took place; nothing before the first."""
    return (today - course.latest_contact.date()).days if course.latest_contact else None
