"""Gates: facts in, decisions out. A refusal always gives its reason in words fit to show.

A gate governs phase labels and fidelity, and consent before clinical content. Answering a risk, writing
down a referral and keeping a safe way of contact are never behind a gate.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["block", "block_phase", "warn"]

BEFORE_CONSENT: Final = frozenset({"referral", "phone_safety", "safe_contact", "risk_response"})
"""Content that may be recorded without consent to treatment, because safety cannot wait for it."""

CONSENT_REFUSAL: Final = (
    "Consent to treatment is not recorded yet. Record it first, or give the reason why this is an emergency."
)


@dataclass(frozen=True, slots=True)
class Gate:
    """One rule: the facts it needs, how hard it holds, who may pass it with a reason."""

    code: str
    title: str
    when: str
    requires: tuple[str, ...]
    severity: Severity
    override_role: str | None
    refusal: str


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


def decide(gate: Gate, facts: Collection[str], override_reason: str | None = None) -> Decision:
    """Ask one gate of a template whether the facts of a course satisfy it.

    A gate that only warns always allows, and names what is missing. One with an override role is passed
    by a written reason; the caller checks that the person holds the role.

    >>> gate = Gate("G10", "Closing work", "complete_course", ("C03", "C05"), "block_phase", "supervisor",
    ...             "The closing work is not done.")
    >>> decide(gate, {"C03"})
    Decision(allowed=False, reason='The closing work is not done.', gate='G10', is_override=False, missing=('C05',))
    """
    missing = tuple(fact for fact in gate.requires if fact not in facts)
    if not missing:
        return Decision(True, f"{gate.title}: all there.", gate.code)
    if gate.severity == "warn":
        return Decision(True, gate.refusal, gate.code, missing=missing)
    if gate.override_role and override_reason and override_reason.strip():
        reason = f"Passed with a reason: {override_reason.strip()}"
        return Decision(True, reason, gate.code, is_override=True, missing=missing)
    return Decision(False, gate.refusal, gate.code, missing=missing)
