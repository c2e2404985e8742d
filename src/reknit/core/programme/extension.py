"""A protocol made longer or shorter: the middle gives way, and the opening and the closing stay whole."""

from collections.abc import Sequence
from dataclasses import replace

from reknit.core.errors import BadInput
from reknit.core.programme.protocol import MeasureSet, Phase, ProtocolTemplate, TaskDue


def repeated(tasks: Sequence[TaskDue], sessions: int) -> tuple[TaskDue, ...]:
    """A row for each occasion of a task that comes back every so many sessions, in the place of its first row."""
    found: dict[tuple[str, int] | int, list[TaskDue]] = {}
    for place, one in enumerate(tasks):
        if one.repeat is None:
            found[place] = [one]
        elif (one.code, one.repeat) not in found:
            slots = range(one.repeat, sessions + 1, one.repeat)
            found[one.code, one.repeat] = [
                replace(one, due_slot=slot, key=f"{one.code}@{slot}") for slot in slots
            ]
    return tuple(one for rows in found.values() for one in rows)


def planned_for(template: ProtocolTemplate, sessions: int) -> ProtocolTemplate:
    """The same protocol over another number of sessions, as an agreement or an extension has it.

    Codes and keys of tasks stay as they are. What was due late in a middle that became shorter is due at its end. Raises
    `BadInput` when no session would be left between the opening and the closing.

    >>> from reknit.core.programme.template import template
    >>> [(p.from_slot, p.to_slot) for p in planned_for(template("ipt-16"), 20).phases]
    [(1, 3), (4, 17), (18, 20)]
    >>> [(p.from_slot, p.to_slot) for p in planned_for(template("ipt-16"), 12).phases]
    [(1, 3), (4, 9), (10, 12)]
    """
    extra = sessions - template.planned_sessions
    if not extra:
        return template
    closing, opening = template.phases[-1].from_slot, template.phases[0].to_slot
    last = closing + extra - 1  # the last session before the closing, as it is now
    if len(template.phases) < 2 or last <= opening:
        raise BadInput("Too few sessions: the opening and the closing would leave nothing between them.")

    def moved(slot: int) -> int:
        if slot >= closing:
            return slot + extra
        return min(slot, last) if slot > opening else slot

    def end(slot: int) -> int:
        """The end of a span: what lasted until the closing, or into it, lasts as long as it does now."""
        return slot + extra if slot >= closing - 1 else moved(slot)

    def phase(one: Phase) -> Phase:
        return replace(one, from_slot=moved(one.from_slot), to_slot=end(one.to_slot))

    def due(one: TaskDue) -> int | None:
        """Closing work that begins before the closing phase keeps its distance from it."""
        if one.due_slot is None or one.phase != template.phases[-1].code or one.due_slot >= closing:
            return None if one.due_slot is None else moved(one.due_slot)
        return max(one.due_slot + extra, opening + 1)

    def task(one: TaskDue) -> TaskDue:
        return replace(
            one,
            due_slot=due(one),
            due_by_slot=None if one.due_by_slot is None else end(one.due_by_slot),
            every=(moved(one.every[0]), end(one.every[1])) if one.every else None,
        )

    def measures(one: MeasureSet) -> MeasureSet:
        span = (one.span[0], end(one.span[1])) if one.span else None
        return replace(one, slots=tuple(dict.fromkeys(moved(slot) for slot in one.slots)), span=span)

    return replace(
        template,
        planned_sessions=sessions,
        phases=tuple(phase(one) for one in template.phases),
        tasks=repeated(tuple(one if one.repeat else task(one) for one in template.tasks), sessions),
        sets=tuple(measures(one) for one in template.sets),
        gates=tuple(
            replace(gate, from_slot=None if gate.from_slot is None else moved(gate.from_slot))
            for gate in template.gates
        ),
    )
