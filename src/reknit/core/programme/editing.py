"""One change to a template at a time. Each answers with a new template, which the loader then reads as a whole.

Raises `BadInput` for what makes no sense by itself; what breaks the template as a whole the loader refuses.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from reknit.core.errors import BadInput
from reknit.core.programme.extension import planned_for
from reknit.core.programme.kept import KEPT_TASKS, why_task_stays
from reknit.core.programme.protocol import (
    Attendance,
    Klass,
    MeasureSet,
    ProtocolTemplate,
    SetItem,
    Severity,
    TaskDue,
    phase_of,
)

How = Literal["at", "by", "every", "hand"]
Edit = Callable[[ProtocolTemplate], ProtocolTemplate]


@dataclass(frozen=True, slots=True)
class When:
    """When a task is due: at session `to`, by session `to`, every session from `first` to `to`, or when it fits."""

    how: How
    first: int | None = None
    to: int | None = None
    phase: str | None = None


def set_basics(template: ProtocolTemplate, *, sessions: int, **fields: Any) -> ProtocolTemplate:
    """Title, minutes, cadence, window; another number of sessions moves the closing and shortens the middle.

    >>> from reknit.core.programme.template import template
    >>> [p.to_slot for p in set_basics(template("ipt-16"), sessions=12).phases]
    [3, 9, 12]
    """
    return replace(planned_for(template, sessions), **fields)


def set_phases(
    template: ProtocolTemplate, *, ends: Mapping[str, int], titles: Mapping[str, tuple[str, str]]
) -> ProtocolTemplate:
    """The last session of each phase; each begins where the one before ends. Tasks follow the slot they are due at."""
    phases, first = [], 1
    for phase in template.phases:
        last = ends.get(phase.code, phase.to_slot)
        title, client_title = titles.get(phase.code, (phase.title, phase.client_title))
        phases.append(replace(phase, from_slot=first, to_slot=last, title=title, client_title=client_title))
        first = last + 1
    moved = replace(template, phases=tuple(phases))
    tasks = tuple(
        task if task.latest_slot is None else replace(task, phase=phase_of(moved, task.latest_slot).code)
        for task in moved.tasks
    )
    return replace(moved, tasks=tasks)


def move_task(template: ProtocolTemplate, key: str, *, when: When, klass: Klass) -> ProtocolTemplate:
    """Put a task at another place or in another class. One that is kept stays where it is. Raises `BadInput`."""
    task = task_of(template, key)
    if task.code in KEPT_TASKS:
        raise BadInput(KEPT_TASKS[task.code])
    moved = _placed(template, task, when, klass)
    return replace(template, tasks=tuple(moved if one is task else one for one in template.tasks))


def add_task(template: ProtocolTemplate, code: str, *, when: When, klass: Klass) -> ProtocolTemplate:
    """Add a task of the library, or another occasion of one. Raises `BadInput`."""
    if code not in template.library:
        raise BadInput("Choose a task of the library.")
    task = _placed(template, TaskDue(code, None, klass), when, klass)
    return replace(template, tasks=(*template.tasks, task))


def drop_task(template: ProtocolTemplate, key: str) -> ProtocolTemplate:
    """Take a task out, or one occasion of it. Raises `BadInput` for one that has to stay."""
    task = task_of(template, key)
    others = [one for one in template.tasks if one.code == task.code and one is not task]
    if (stays := why_task_stays(template, task.code)) and not others:
        raise BadInput(stays)
    return replace(template, tasks=tuple(one for one in template.tasks if one is not task))


def task_of(template: ProtocolTemplate, key: str) -> TaskDue:
    """The occasion of this key. Raises `BadInput`."""
    for task in template.tasks:
        if task.key == key:
            return task
    raise BadInput("This task is not in the protocol any more.")


def set_measures(
    template: ProtocolTemplate,
    code: str,
    *,
    items: Collection[SetItem],
    slots: tuple[int, ...] = (),
    every: int | None = None,
) -> ProtocolTemplate:
    """What a set asks for, and when: at `slots`, or every so many sessions of the span it has."""

    def changed(one: MeasureSet) -> MeasureSet:
        when = {"every": every} if one.span else {} if one.months_after_end else {"slots": slots}
        return replace(one, items=tuple(items), **when)

    return replace(template, sets=tuple(changed(one) if one.code == code else one for one in template.sets))


def set_gates(template: ProtocolTemplate, severity: Mapping[str, Severity]) -> ProtocolTemplate:
    """How hard each gate holds."""
    gates = (replace(gate, severity=severity.get(gate.code, gate.severity)) for gate in template.gates)
    return replace(template, gates=tuple(gates))


def set_attendance(template: ProtocolTemplate, attendance: Attendance) -> ProtocolTemplate:
    """What happens with missed sessions, and how far a course may be extended."""
    return replace(template, attendance=attendance)


def _placed(template: ProtocolTemplate, task: TaskDue, when: When, klass: Klass) -> TaskDue:
    if klass == "COND" and not task.condition:
        raise BadInput("Only a task that comes with a condition can depend on one. Choose another class.")
    nowhere = replace(task, klass=klass, due_slot=None, due_by_slot=None, every=None)
    if when.how == "hand":
        return replace(nowhere, phase=when.phase)
    if when.to is None or when.how == "every" and when.first is None:
        raise BadInput("Say in which session.")
    if not 0 <= when.to <= template.planned_sessions:
        raise BadInput(f"Choose a session from 0, the intake, to {template.planned_sessions}.")
    if when.how == "every":
        if not 1 <= (when.first or 0) <= when.to:
            raise BadInput("Give the first session and then the last one.")
        return replace(nowhere, phase=None, every=(when.first or 0, when.to))
    phase = phase_of(template, when.to).code
    if when.how == "at":
        return replace(nowhere, phase=phase, due_slot=when.to)
    return replace(nowhere, phase=phase, due_by_slot=when.to)
