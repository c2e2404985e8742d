"""Gates: facts in, decisions out. A refusal always gives its reason in words fit to show.

A gate governs phase labels and fidelity, and consent before clinical content. Answering a risk, writing
down a referral and keeping a safe way of contact are never behind a gate.
"""

from dataclasses import dataclass
from typing import Final

from reknit.core.programme.conditions import holds
from reknit.core.programme.course import Course
from reknit.core.programme.protocol import Gate

BEFORE_CONSENT: Final = frozenset({"referral", "phone_safety", "safe_contact", "risk_response"})
"""Content that may be recorded without consent to treatment, because safety cannot wait for it."""

CONSENT_REFUSAL: Final = (
    "Consent to treatment is not recorded yet. Record it first, or give the reason why this is an emergency."
)


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of a gate. `reason` is a sentence either way; `is_override` marks an exception to record."""

    allowed: bool
    reason: str
    gate: str
    is_override: bool = False
    missing: tuple[str, ...] = ()


def consent_gate(
    has_consent: bool, emergency_reason: str | None = None, *, content: str = "clinical"
) -> Decision:
    """G01: no clinical content before consent, except in an emergency with a written reason.

    `content` in `BEFORE_CONSENT` is always allowed. A blank reason is no reason.

    >>> consent_gate(False).allowed, consent_gate(False, "Found unconscious at home").allowed
    (False, True)
    >>> consent_gate(False, content="phone_safety").allowed
    True
    """
    if has_consent:
        return Decision(True, "Consent to treatment is recorded.", "G01")
    if content in BEFORE_CONSENT:
        return Decision(True, "This is about safety or contact and does not wait for consent.", "G01")
    if emergency_reason and emergency_reason.strip():
        return Decision(True, f"Emergency: {emergency_reason.strip()}", "G01", is_override=True)
    return Decision(False, CONSENT_REFUSAL, "G01", missing=("consent",))


def ask(gate: Gate, course: Course, override_reason: str | None = None) -> Decision:
    """Ask one gate whether a course satisfies it.

    A gate that only warns always allows, and names what is missing. One with an override role is passed by a written
    reason, or by one that was written before; the caller checks that the person holds the role.

    >>> from reknit.core.programme.template import template
    >>> decision = ask(template("ipt-16").gate("G10"), Course(template("ipt-16")))
    >>> decision.allowed, decision.missing
    (False, ('C03', 'C05', 'C06', 'C08'))
    """
    missing = tuple(name for name in gate.requires if not holds(course, name))
    if not missing:
        return Decision(True, f"{gate.title}: all there.", gate.code)
    if gate.severity in ("warn", "info") and gate.code in course.overrides:
        return Decision(True, "Answered with a reason.", gate.code, is_override=True)
    if gate.severity in ("warn", "info"):
        return Decision(True, gate.refusal, gate.code, missing=missing)
    if gate.code in course.overrides:
        return Decision(True, "Passed with a reason.", gate.code, is_override=True, missing=missing)
    if gate.override_role and override_reason and override_reason.strip():
        reason = f"Passed with a reason: {override_reason.strip()}"
        return Decision(True, reason, gate.code, is_override=True, missing=missing)
    return Decision(False, gate.refusal, gate.code, missing=missing)


def gates_at(course: Course, moment: str) -> tuple[tuple[Gate, Decision], ...]:
    """Every gate of the template that is asked at a moment, with its answer, in the order of the file."""
    return tuple((gate, ask(gate, course)) for gate in course.template.gates if moment in gate.when)


def blocking(course: Course, moment: str) -> tuple[Decision, ...]:
    """The gates that hold a moment back. Empty: it may be."""
    return tuple(decision for _gate, decision in gates_at(course, moment) if not decision.allowed)


ON_THE_SPOT: Final = frozenset(
    {"clinical_content", "share_formulation", "move_ending_date", "conjoint_session", "show_client"}
)
"""Moments that a page asks about when somebody is about to do the thing; nothing stands open until then."""


def standing(course: Course) -> tuple[tuple[Gate, Decision], ...]:
    """What is to be seen of the gates now: each that lacks something and whose sessions have come.

    A gate with `from_slot` speaks up from that slot on; one without it, as soon as something it needs is amiss.
    """
    found = []
    for gate in course.template.gates:
        if set(gate.when) <= ON_THE_SPOT or course.slot < (gate.from_slot or 0):
            continue
        decision = ask(gate, course)
        if decision.missing:
            found.append((gate, decision))
    return tuple(found)
