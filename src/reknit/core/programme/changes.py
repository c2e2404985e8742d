"""What one version of a protocol changed in another: each difference once, as plain values to put into words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Literal

from reknit.core.programme.protocol import MeasureSet, ProtocolTemplate, TaskDue

What = Literal["added", "removed", "moved", "changed"]
Part = Literal["basics", "phases", "tasks", "sets", "gates", "attendance"]
BASICS = ("title", "planned_sessions", "session_minutes", "cadence_days", "course_window_days")
ATTENDANCE = (
    "miss_policy", "rolls", "late_cancel_hours", "most_misses_in_a_row", "most_days_without_contact", "extension_share",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `code` is the field, phase, task, set or gate; `was` and `now` are values of the templates."""

    part: Part
    what: What
    code: str
    detail: str
    was: Any
    now: Any


def changes(before: ProtocolTemplate, after: ProtocolTemplate) -> tuple[Change, ...]:
    """Everything that differs, in the order of the page.

    >>> from dataclasses import replace
    >>> from reknit.core.programme.template import template
    >>> old = template("ipt-16")
    >>> [(c.part, c.what, c.code, c.was, c.now) for c in changes(old, replace(old, session_minutes=45))]
    [('basics', 'changed', 'session_minutes', 50, 45)]
    """
    return (
        *_fields("basics", BASICS, before, after),
        *_phases(before, after),
        *_tasks(before, after),
        *_sets(before, after),
        *_gates(before, after),
        *_fields("attendance", ATTENDANCE, before.attendance, after.attendance),
    )


def _fields(part: Part, names: tuple[str, ...], before: Any, after: Any) -> Iterator[Change]:
    for name in names:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield Change(part, "changed", name, "", was, now)


def _phases(before: ProtocolTemplate, after: ProtocolTemplate) -> Iterator[Change]:
    earlier = {phase.code: phase for phase in before.phases}
    for phase in after.phases:
        was = earlier.get(phase.code)
        if was is None:
            yield Change("phases", "added", phase.code, "", None, phase)
            continue
        if (was.from_slot, was.to_slot) != (phase.from_slot, phase.to_slot):
            yield Change("phases", "moved", phase.code, "", was, phase)
        for name in ("title", "client_title"):
            if getattr(was, name) != getattr(phase, name):
                yield Change("phases", "changed", phase.code, name, getattr(was, name), getattr(phase, name))
    for code in earlier.keys() - {phase.code for phase in after.phases}:
        yield Change("phases", "removed", code, "", earlier[code], None)


def _tasks(before: ProtocolTemplate, after: ProtocolTemplate) -> Iterator[Change]:
    """Task by task. One that comes several times is compared occasion by occasion, after those that stayed."""
    for code in dict.fromkeys(task.code for task in (*before.tasks, *after.tasks)):
        was, now = _occasions(before, code), _occasions(after, code)
        gone = [one for one in was if one not in now]
        new = [one for one in now if one not in was]
        for one, other in zip_longest(gone, new):
            if one is None or other is None:
                yield Change("tasks", "removed" if one else "added", code, "", one, other)
                continue
            if place(one) != place(other):
                yield Change("tasks", "moved", code, "", one, other)
            if one.klass != other.klass:
                yield Change("tasks", "changed", code, "klass", one.klass, other.klass)
            if (one.condition, one.only_if) != (other.condition, other.only_if):
                yield Change("tasks", "changed", code, "condition", one.condition, other.condition)


def place(task: TaskDue) -> tuple[Any, ...]:
    """Where in the course a task stands."""
    at_hand = task.phase if task.every is None and task.latest_slot is None else None
    return task.due_slot, task.due_by_slot, task.every, at_hand


def _occasions(template: ProtocolTemplate, code: str) -> list[TaskDue]:
    return [replace(task, key="", phase=place(task)[3]) for task in template.tasks if task.code == code]


def _sets(before: ProtocolTemplate, after: ProtocolTemplate) -> Iterator[Change]:
    earlier = {one.code: one for one in before.sets}
    for one in after.sets:
        was = earlier.pop(one.code, None)
        if was is None:
            yield Change("sets", "added", one.code, "", None, one)
            continue
        if due(was) != due(one):
            yield Change("sets", "moved", one.code, "", was, one)
        for item in one.items:
            if item not in was.items:
                yield Change("sets", "added", one.code, item.title, None, item)
        for item in was.items:
            if item not in one.items:
                yield Change("sets", "removed", one.code, item.title, item, None)
    for code, gone in earlier.items():
        yield Change("sets", "removed", code, "", gone, None)


def due(one: MeasureSet) -> tuple[Any, ...]:
    """When a set is asked for."""
    return one.slots, one.every, one.span, one.months_after_end


def _gates(before: ProtocolTemplate, after: ProtocolTemplate) -> Iterator[Change]:
    earlier = {gate.code: gate for gate in before.gates}
    for gate in after.gates:
        was = earlier.pop(gate.code, None)
        if was is None:
            yield Change("gates", "added", gate.code, "", None, gate)
            continue
        for name in ("severity", "from_slot"):
            if getattr(was, name) != getattr(gate, name):
                yield Change("gates", "changed", gate.code, name, getattr(was, name), getattr(gate, name))
    for code, gone in earlier.items():
        yield Change("gates", "removed", code, "", gone, None)
