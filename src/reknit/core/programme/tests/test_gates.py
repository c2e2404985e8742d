"""Gates refuse with a reason, give way to an emergency, and never stand before safety."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.programme.gates import BEFORE_CONSENT, consent_gate, decide
from reknit.core.programme.template import template

G02 = template("ipt-16").gate("G02")


def test_consent_opens_the_gate() -> None:
    assert consent_gate(True).allowed
    assert not consent_gate(True).is_override


def test_no_consent_is_refused_with_a_reason() -> None:
    decision = consent_gate(False)
    assert (decision.allowed, decision.gate, decision.missing) == (False, "G01", ("consent",))
    assert "not recorded yet" in decision.reason


def test_refusal_of_the_consent_gate_is_the_words_of_the_template() -> None:
    assert consent_gate(False).reason == template("ipt-16").gate("G01").refusal


def test_emergency_with_a_reason_passes_and_is_marked() -> None:
    decision = consent_gate(False, " Found unconscious ")
    assert (decision.allowed, decision.is_override) == (True, True)
    assert decision.reason == "Emergency: Found unconscious"


@pytest.mark.parametrize("reason", [None, "", "   "])
def test_blank_emergency_reason_is_no_reason(reason: str | None) -> None:
    assert not consent_gate(False, reason).allowed


@pytest.mark.parametrize("content", sorted(BEFORE_CONSENT))
def test_referral_and_safety_content_do_not_wait_for_consent(content: str) -> None:
    assert consent_gate(False, content=content).allowed


def test_middle_phase_waits_for_an_agreed_focus() -> None:
    facts = set(G02.requires) - {"formulation_agreed"}
    decision = decide(G02, facts)
    assert (decision.allowed, decision.missing) == (False, ("formulation_agreed",))
    assert decide(G02, facts | {"formulation_agreed"}).allowed


def test_supervisor_passes_a_gate_with_a_reason_only() -> None:
    assert not decide(G02, set(), "  ").allowed
    decision = decide(G02, set(), "Client moves abroad next month")
    assert (decision.allowed, decision.is_override) == (True, True)
    assert decision.missing == G02.requires


@given(st.sets(st.sampled_from(G02.requires)), st.sets(st.sampled_from(G02.requires)))
def test_more_facts_never_close_a_gate(facts: set[str], more: set[str]) -> None:
    assert decide(G02, facts | more).allowed or not decide(G02, facts).allowed
