"""Gates refuse with a reason, give way to an emergency, and never stand before safety."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.programme.course import Course, take
from reknit.core.programme.facts import Fact
from reknit.core.programme.gates import BEFORE_CONSENT, ask, blocking, consent_gate, standing
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


AT = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


def course(*kinds: str, slot: int = 3) -> Course:
    """A course of some sessions in which facts of these kinds stand."""
    made = Course(template("ipt-16"))
    take(made, Fact("session", AT, slot, {"outcome": "attended"}))
    for kind in kinds:
        take(made, Fact(kind, AT, slot, {}))
    return made


WHOLE = (
    "inventory_signed",
    "focus_proposed",
    "formulation_shared",
    "formulation_agreed",
    "contract_agreed",
    "ending_date_set",
)


def test_middle_phase_waits_for_an_agreed_focus() -> None:
    decision = ask(G02, course(*(kind for kind in WHOLE if kind != "formulation_agreed")))
    assert (decision.allowed, decision.missing) == (False, ("formulation_agreed",))
    assert ask(G02, course(*WHOLE)).allowed


def test_supervisor_passes_a_gate_with_a_reason_only() -> None:
    assert not ask(G02, course(), "  ").allowed
    decision = ask(G02, course(), "Client moves abroad next month")
    assert (decision.allowed, decision.is_override) == (True, True)
    assert decision.missing == G02.requires


def test_a_gate_without_an_override_role_is_passed_by_nobody() -> None:
    gate = template("ipt-16").gate("G06")
    assert not ask(gate, course(), "Please").allowed


@given(st.sets(st.sampled_from(WHOLE)), st.sets(st.sampled_from(WHOLE)))
def test_more_facts_never_close_a_gate(facts: set[str], more: set[str]) -> None:
    assert ask(G02, course(*facts, *more)).allowed or not ask(G02, course(*facts)).allowed


def test_acute_risk_holds_the_mark_of_a_phase_and_nothing_else() -> None:
    made = course(*WHOLE)
    take(made, Fact("acute_safety", AT, 3, {"open": True}))
    assert [one.gate for one in blocking(made, "enter_middle")] == ["G03"]
    take(made, Fact("acute_safety", AT, 3, {"open": False}))
    assert not blocking(made, "enter_middle")
    assert not {moment for gate in template("ipt-16").gates for moment in gate.when} & {
        "sign_note",
        "write_note",
    }


@pytest.mark.parametrize(
    ("adequate", "planned", "allowed"),
    [(False, False, False), (False, True, True), (True, False, True), (None, False, True)],
)
def test_too_small_a_response_asks_for_a_decision(
    adequate: bool | None, planned: bool, allowed: bool
) -> None:
    """What cannot be told is not held against the course; only a written answer settles what is too little."""
    made = course(slot=8)
    take(made, Fact("midcourse_review", AT, 8, {"adequate": adequate}))
    if planned:
        take(made, Fact("plan_b", AT + dt.timedelta(hours=1), 8, {"choice": ["medication_review"]}))
    assert ask(template("ipt-16").gate("G09"), made).allowed is allowed


def test_positive_withdrawal_screen_asks_for_a_medical_review_after_it() -> None:
    made = course("medical_review", slot=1)
    take(made, Fact("withdrawal_screen", AT + dt.timedelta(days=1), 1, {"positive": True}))
    assert "G04" in [gate.code for gate, _ in standing(made)]
    take(made, Fact("medical_review", AT + dt.timedelta(days=2), 1, {}))
    assert "G04" not in [gate.code for gate, _ in standing(made)]


def test_gates_speak_up_when_their_sessions_have_come() -> None:
    assert "G07" not in [gate.code for gate, _ in standing(course(slot=2))]
    assert "G07" in [gate.code for gate, _ in standing(course(slot=3))]
    assert "G08" not in [gate.code for gate, _ in standing(course(slot=9))]
    assert "G08" in [gate.code for gate, _ in standing(course(slot=10))]
