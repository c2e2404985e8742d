"""What a clinic cannot take out of its own protocol or soften, with why. All else in a template is its to set.

Two reasons hold something: somebody could come to harm without it, or the pages hold it whatever a template says, so
that a template saying otherwise would mislead.
"""

from types import MappingProxyType
from typing import Final

from reknit.core.errors import BadInput
from reknit.core.programme.protocol import Gate, ProtocolTemplate, Severity

KEPT_TASKS: Final = MappingProxyType(
    {
        "I01": "Nothing clinical is written before consent. Law asks for it.",
        "I04": "Suicide risk is asked about before the work begins, with a plan where there is any.",
        "I05": "Withdrawal and overdose can kill. They are screened for before the first session.",
        "E06": "Safety is asked about every time. Risk changes between sessions.",
    }
)
"""Safety and consent: these stay, as they stand. Sources: the gates G01, G03 and G04, and the crisis work they guard."""

KEPT_GATES: Final = MappingProxyType(
    {
        "G01": "Consent comes before clinical content. Law asks for it.",
        "G03": "No mark of progress while an acute risk is open.",
        "G04": "A positive withdrawal screen needs a medical review.",
        "G06": "A formulation is whole before somebody is asked to agree to it. The page holds this.",
        "G11": "The time limit is part of how IPT works. The database holds the ending date.",
        "G12": "A shared session can put somebody in danger while the violence flag is on.",
        "G13": "Clients see what was released to them, and nothing else. The pages hold this.",
        "G14": "Everybody in a group knows its rules and is safe in it before it starts.",
        "G15": "IPT alone has not been shown to reduce use. Whoever relies on it alone says why.",
    }
)


def severities(gate: Gate) -> tuple[Severity, ...]:
    """How hard a gate may hold, hardest first: as it is where it is kept, and never the work itself.

    A gate that is asked all the time only speaks, so it cannot hold a phase.

    >>> from reknit.core.programme.template import template
    >>> [severities(template("ipt-16").gate(code)) for code in ("G03", "G09", "G08")]
    [('block_phase',), ('block_phase', 'warn', 'info'), ('warn', 'info')]
    """
    if gate.code in KEPT_GATES or gate.severity == "block":
        return (gate.severity,)
    return ("warn", "info") if gate.when == ("watch",) else ("block_phase", "warn", "info")


def why_task_stays(template: ProtocolTemplate, code: str) -> str | None:
    """Why this task cannot be taken out, or nothing when it can.

    >>> from reknit.core.programme.template import template
    >>> why_task_stays(template("ipt-16"), "C03")
    'The gate G10 asks for it.'
    """
    if code in KEPT_TASKS:
        return KEPT_TASKS[code]
    gates = [gate.code for gate in template.gates if code in gate.requires]
    return f"The gate {', '.join(gates)} asks for it." if gates else None


def check_kept(before: ProtocolTemplate, after: ProtocolTemplate) -> None:
    """Refuse a template in which something kept is gone, moved or softer than before. Raises `BadInput`."""
    for code, why in KEPT_TASKS.items():
        was = [(one.klass, one.due_slot, one.due_by_slot) for one in before.tasks if one.code == code]
        now = [(one.klass, one.due_slot, one.due_by_slot) for one in after.tasks if one.code == code]
        if was != now:
            raise BadInput(f"The task {code} stays as it is. {why}")
    gates = {gate.code: gate for gate in after.gates}
    for gate in before.gates:
        kept = gates.get(gate.code)
        if kept is None or kept.severity not in severities(gate):
            raise BadInput(f"The gate {gate.code} stays as it is. {KEPT_GATES.get(gate.code, '')}".strip())
        if (kept.when, kept.requires, kept.override_role) != (gate.when, gate.requires, gate.override_role):
            raise BadInput(f"What the gate {gate.code} asks for stays as it is.")
    for task in before.tasks:
        stays = why_task_stays(before, task.code)
        if stays and task.code not in {one.code for one in after.tasks}:
            raise BadInput(f"The task {task.code} stays. {stays}")
