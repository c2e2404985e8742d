"""Reliable change against published and worked values."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput, UnknownRule
from reknit.core.measures.catalogue import measures
from reknit.core.outcomes.change import (
    ReliableChangeRule,
    is_remission,
    is_response,
    jacobson_truax_cutoffs,
    reliable_change,
    rule,
    rules,
)

PAPER = ReliableChangeRule(
    id="paper",
    label="Jacobson & Truax 1991, their own example",
    sd=7.5,
    r=0.80,
    r_type="test-retest",
    cutoff=50,
    population="invented in the paper",
    source="Jacobson & Truax 1991, J Consult Clin Psychol 59:12-19",
)


def test_reliable_change_matches_the_example_of_jacobson_and_truax() -> None:
    """Paper: before 32.5, after 47.5, SD 7.5, r .80, higher better: SEM 3.35, Sdiff 4.74, RCI 3.16."""
    result = reliable_change(PAPER, 32.5, 47.5, "higher_better")
    assert PAPER.sem == pytest.approx(3.354, abs=5e-4)
    assert PAPER.sdiff == pytest.approx(4.743, abs=5e-4)
    assert result.rci == pytest.approx(3.16, abs=5e-3)
    assert (result.reliable, result.category) == ("improved", "improved")


def test_cutoffs_match_the_example_of_jacobson_and_truax() -> None:
    """Paper: clinical mean 40, norm mean 60, both SD 7.5: a 55, b 45, c 50."""
    found = jacobson_truax_cutoffs(clinical_mean=40, clinical_sd=7.5, norm_mean=60, norm_sd=7.5)
    assert (found.a, found.b, found.c) == (55, 45, 50)
    mirrored = jacobson_truax_cutoffs(clinical_mean=60, clinical_sd=7.5, norm_mean=40, norm_sd=7.5)
    assert (mirrored.a, mirrored.b, mirrored.c) == (45, 55, 50)
    assert jacobson_truax_cutoffs(clinical_mean=15, clinical_sd=5).a == 5
    with pytest.raises(BadInput):
        jacobson_truax_cutoffs(clinical_mean=1, clinical_sd=0)


def test_phq9_from_18_to_6_is_recovered() -> None:
    """By hand: SEM 5.5 * sqrt(.16) = 2.20, Sdiff 3.111, RCI -12 / 3.111 = -3.86; 18 >= 10 > 6."""
    chosen = rule("phq-9", "jacobson-truax-retest")
    result = reliable_change(chosen, 18, 6)
    assert chosen.sdiff == pytest.approx(3.111, abs=5e-4)
    assert chosen.threshold == pytest.approx(6.10, abs=5e-3)
    assert result.rci == pytest.approx(-3.86, abs=5e-3)
    assert (result.difference, result.category) == (-12, "recovered")


def test_phq9_from_15_to_9_depends_on_the_rule() -> None:
    """By hand: RCI -6 / 3.111 = -1.93, short of 1.96, and exactly the 6 points of the service rule."""
    strict = reliable_change(rule("phq-9", "jacobson-truax-retest"), 15, 9)
    assert strict.rci == pytest.approx(-1.93, abs=5e-3)
    assert (strict.category, strict.crossed_without_reliable) == ("unchanged", True)
    service = reliable_change(rule("phq-9"), 15, 9)
    assert (service.category, service.crossed_without_reliable) == ("recovered", False)
    assert service.rci is None


@pytest.mark.parametrize(
    ("rule_id", "threshold"),
    [("english-services-4", 4.0), ("jacobson-truax-alpha", 3.53), ("jacobson-truax-retest", 5.14)],
)
def test_gad7_rules_show_what_the_kind_of_reliability_does(rule_id: str, threshold: float) -> None:
    """By hand: 1.96 * sqrt(2) * 4.5 * sqrt(1 - r), with r .92 (alpha) and .83 (retest)."""
    assert rule("gad-7", rule_id).threshold == pytest.approx(threshold, abs=5e-3)


def test_score_at_the_cutoff_is_clinical() -> None:
    assert reliable_change(rule("phq-9"), 20, 10).category == "improved"
    assert reliable_change(rule("phq-9"), 10, 3).category == "recovered"


def test_start_below_the_cutoff_cannot_recover() -> None:
    result = reliable_change(rule("phq-9"), 9, 1)
    assert (result.category, result.started_below_cutoff) == ("improved", True)


def test_rule_without_cutoff_never_says_recovered() -> None:
    result = reliable_change(replace(PAPER, cutoff=None), 60, 20)
    assert (result.category, result.started_below_cutoff) == ("improved", False)


def test_worsening_is_named() -> None:
    assert reliable_change(rule("phq-9"), 9, Decimal("15.00")).category == "deteriorated"
    assert reliable_change(PAPER, 60, 40, "higher_better").category == "deteriorated"


def test_every_rule_names_its_population_and_source() -> None:
    for one in measures():
        for each in rules(one.id):
            assert each.population and each.source
            assert each.points is not None or each.r_type
    assert rules("session-checkin") == ()


def test_unknown_or_empty_rule_is_refused() -> None:
    with pytest.raises(UnknownRule, match="called 'x'"):
        rule("phq-9", "x")
    with pytest.raises(UnknownRule, match="session-checkin"):
        rule("session-checkin")
    with pytest.raises(BadInput, match="either points"):
        ReliableChangeRule(id="x", label="x", population="x", source="x")
    with pytest.raises(BadInput, match="r below 1"):
        replace(PAPER, r=1.0)


def test_response_and_remission_follow_kroenke_and_spitzer_2002() -> None:
    """Psychiatr Ann 32:509-515: response is half of the baseline gone, remission a PHQ-9 below 5."""
    assert is_response(18, 9)
    assert not is_response(18, Decimal("9.01"))
    assert not is_response(0, 0)
    assert is_remission(4)
    assert not is_remission(5)


@given(st.integers(0, 2100))
def test_six_points_are_six_points_with_decimals_too(hundredths: int) -> None:
    latest = Decimal(hundredths).scaleb(-2)
    for lower, higher in ((latest, latest + 6), (float(latest), float(latest + 6))):
        assert reliable_change(rule("phq-9"), higher, lower).reliable == "improved"
        assert reliable_change(rule("phq-9"), lower, higher).difference == 6


@given(st.integers(0, 27), st.integers(0, 27), st.sampled_from(rules("phq-9")))
def test_swapping_the_scores_mirrors_the_result(a: int, b: int, chosen: ReliableChangeRule) -> None:
    there, back = reliable_change(chosen, a, b), reliable_change(chosen, b, a)
    mirror = {"improved": "deteriorated", "deteriorated": "improved"}
    assert there.difference == -back.difference
    assert there.reliable == mirror.get(back.reliable, back.reliable)
    assert reliable_change(chosen, -a, -b, "higher_better").reliable == there.reliable


@given(st.integers(0, 27), st.integers(0, 27), st.sampled_from(rules("phq-9")))
def test_recovered_means_reliable_and_across_the_cutoff(a: int, b: int, chosen: ReliableChangeRule) -> None:
    result = reliable_change(chosen, a, b)
    if result.category == "recovered":
        assert a >= 10 > b
        assert a - b >= chosen.threshold
        assert not result.started_below_cutoff
