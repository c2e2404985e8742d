"""A protocol made longer: an extension lengthens the middle and keeps the closing whole."""

from dataclasses import replace

from reknit.core.programme.protocol import MeasureSet, Phase, ProtocolTemplate, TaskDue


def extended(template: ProtocolTemplate, extra: int) -> ProtocolTemplate:
    """The same protocol with more sessions before the closing phase. Codes and keys of tasks stay as they are.

    >>> from reknit.core.programme.template import template
    >>> longer = extended(template("ipt-16"), 4)
    >>> longer.planned_sessions, [(phase.from_slot, phase.to_slot) for phase in longer.phases]
    (20, [(1, 3), (4, 17), (18, 20)])
    """
    if not extra:
        return template
    closing = template.phases[-1].from_slot

    def moved(slot: int) -> int:
        return slot + extra if slot >= closing else slot

    def phase(one: Phase) -> Phase:
        later = one.to_slot + 1 >= closing
        return replace(
            one, from_slot=moved(one.from_slot), to_slot=one.to_slot + extra if later else one.to_slot
        )

    def task(one: TaskDue) -> TaskDue:
        return replace(
            one,
            due_slot=None if one.due_slot is None else moved(one.due_slot),
            due_by_slot=None if one.due_by_slot is None else _last(one.due_by_slot, closing, extra),
            every=(moved(one.every[0]), _last(one.every[1], closing, extra)) if one.every else None,
        )

    def measures(one: MeasureSet) -> MeasureSet:
        span = (one.span[0], _last(one.span[1], closing, extra)) if one.span else None
        return replace(one, slots=tuple(moved(slot) for slot in one.slots), span=span)

    return replace(
        template,
        planned_sessions=template.planned_sessions + extra,
        phases=tuple(phase(one) for one in template.phases),
        tasks=tuple(task(one) for one in template.tasks),
        sets=tuple(measures(one) for one in template.sets),
        gates=tuple(
            replace(gate, from_slot=None if gate.from_slot is None else moved(gate.from_slot))
            for gate in template.gates
        ),
    )


def _last(slot: int, closing: int, extra: int) -> int:
    """The end of a span: what lasted until the closing, or into it, lasts as long as it does now."""
    return slot + extra if slot >= closing - 1 else slot
