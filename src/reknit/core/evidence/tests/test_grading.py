"""The graders say today what the evidence says, and negative studies are never left out."""

from dataclasses import replace

import pytest

from reknit.core.errors import BadInput
from reknit.core.evidence.grading import SCHEMES, Row, Scheme, grade
from reknit.core.evidence.library import (
    Result,
    Review,
    Study,
    Verdict,
    answers,
    beside,
    claims,
    question,
    questions,
    resources,
    reviewed_on,
    reviews,
    reviews_of,
    studies,
)
from reknit.core.programme.template import template

ASKED = question("depression")
TRIAL = next(one for one in studies() if one.id == "elkin-1989")
REVIEW = next(one for one in reviews() if one.id == "cuijpers-2016")


def trial(
    team: str, verdict: Verdict, comparator: str = "placebo", *, n: int = 40, setting: str | None = None
) -> Row:
    """A good trial, made up, of one result."""
    study = replace(TRIAL, id=f"{team}-{verdict}-{n}", team=team, setting=setting or team, n_per_arm=n)
    study = replace(study, comparator=comparator)
    return study, Result("depression", "end", verdict, "made up", None)


@pytest.mark.parametrize(
    ("asked", "scheme", "min_n", "expected"),
    [
        ("depression", "task-force-1998", None, "well_established"),
        ("depression", "tolin-2015", None, "strong"),
        ("depression-with-sud", "task-force-1998", None, "probably_efficacious"),
        ("depression-with-sud", "task-force-1998", 25, "experimental"),
        ("depression-with-sud", "chambless-hollon-1998", None, "possibly_efficacious"),
        ("depression-with-sud", "tolin-2015", None, "weak"),
        ("depression-with-sud-later", "task-force-1998", None, "experimental"),
        ("depression-with-sud-later", "tolin-2015", None, "insufficient"),
        ("alcohol-use", "task-force-1998", None, "experimental"),
        ("alcohol-use", "tolin-2015", None, "insufficient"),
        ("cocaine-use", "task-force-1998", None, "experimental"),
        ("cocaine-use", "tolin-2015", None, "insufficient"),
        ("opioid-use", "task-force-1998", None, "experimental"),
        ("opioid-use", "tolin-2015", None, "insufficient"),
        ("depression-with-pain", "task-force-1998", None, "experimental"),
        ("depression-with-pain", "tolin-2015", None, "insufficient"),
        # Two trials of one team for, a third against: to the letter of the Task Force one team is enough; Chambless and
        # Hollon ask that nothing conflicts. The reviews give no certainty that could be read.
        ("maintenance", "task-force-1998", None, "probably_efficacious"),
        ("maintenance", "task-force-1998", 25, "experimental"),
        ("maintenance", "chambless-hollon-1998", None, "experimental"),
        ("maintenance", "tolin-2015", None, "insufficient"),
        ("substance-use", "task-force-1998", None, "experimental"),
        ("substance-use", "tolin-2015", None, "insufficient"),
    ],
)
def test_grades_are_those_expected_today(
    asked: str, scheme: Scheme, min_n: int | None, expected: str
) -> None:
    assert grade(question(asked), scheme, min_n=min_n).grade == expected


def test_cocaine_carries_evidence_against() -> None:
    found = grade(question("cocaine-use"), "chambless-hollon-1998")
    assert found.against
    assert "evidence against" in " ".join(found.reasons)
    assert not grade(question("opioid-use"), "task-force-1998").against


def test_every_negative_study_whose_outcome_matches_is_listed() -> None:
    """Invariant 10: used or excluded with a reason, never silently gone."""
    for asked in questions():
        for scheme in SCHEMES:
            found = grade(asked, scheme)
            said = {study.id for study in found.used} | {one.study.id for one in found.excluded}
            assert said == {study.id for study, _result in answers(asked)}
            assert all(one.why for one in found.excluded)


def test_maintenance_names_the_trial_that_went_against_it() -> None:
    found = grade(question("maintenance"), "task-force-1998")
    assert "good studies against: 1 (Reynolds 2006)" in found.reasons
    assert {one.id for one in found.used} == {"frank-1990", "reynolds-1999", "reynolds-2006", "frank-2007"}
    assert {one.team for one in found.used} == {"pittsburgh"} and not found.against


@pytest.mark.parametrize(
    ("rows", "task_force", "chambless_hollon"),
    [
        ([trial("a", "superior")], "probably_efficacious", "possibly_efficacious"),
        ([trial("a", "superior"), trial("a", "superior", n=41)], "probably_efficacious", "possibly_efficacious"),
        ([trial("a", "superior"), trial("b", "superior")], "well_established", "efficacious_and_specific"),
        ([trial("a", "superior", setting="x"), trial("b", "superior", setting="x")], "probably_efficacious", "efficacious_and_specific"),
        ([trial("a", "superior", "waitlist")], "experimental", "possibly_efficacious"),
        ([trial("a", "superior", "waitlist"), trial("b", "superior", "no_treatment")], "probably_efficacious", "efficacious"),
        ([trial("a", "equivalent", "established"), trial("b", "superior")], "well_established", "efficacious_and_specific"),
        ([trial("a", "superior", "usual_care")], "experimental", "experimental"),
        # No difference from another treatment contradicts nothing; from placebo it does.
        ([trial("a", "superior"), trial("b", "no_difference", "other_treatment")], "probably_efficacious", "possibly_efficacious"),
        ([trial("a", "superior"), trial("b", "no_difference")], "experimental", "experimental"),
        ([trial("a", "superior"), trial("b", "superior"), trial("c", "no_difference")], "probably_efficacious", "possibly_efficacious"),
        ([trial("a", "superior"), trial("b", "superior"), trial("c", "inferior", "other_treatment")], "experimental", "experimental"),
        ([trial("a", "uncontrolled"), trial("b", "not_reported"), trial("c", "association")], "experimental", "experimental"),
        ([], "experimental", "experimental"),
    ],
)  # fmt: skip
def test_rules_of_both_schemes(rows: list[Row], task_force: str, chambless_hollon: str) -> None:
    """Chambless and colleagues 1998; Chambless and Hollon 1998; where good studies differ, the rule of the module."""
    assert grade(ASKED, "task-force-1998", rows=rows).grade == task_force
    assert grade(ASKED, "chambless-hollon-1998", rows=rows).grade == chambless_hollon


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"checked": "memory"}, "not checked against its abstract"),
        ({"randomised": False}, "no randomised comparison"),
        ({"manual": False}, "no manual"),
        ({"sample_defined": False}, "the people are not defined"),
        ({"valid_outcome": False}, "its measure of the outcome is not known to be valid"),
        ({"analysis_ok": False}, "not everybody was counted as assigned"),
        ({"n_per_arm": 24}, "fewer than 25 people in an arm"),
        ({"n_per_arm": None}, "the size of its arms is not known"),
    ],
)
def test_a_study_that_is_not_good_is_left_out_and_says_why(change: dict[str, object], why: str) -> None:
    study, result = trial("a", "superior")
    poor: Study = replace(study, **change)  # type: ignore[arg-type]
    found = grade(ASKED, "task-force-1998", min_n=25, rows=[(poor, result)])
    assert [one.why for one in found.excluded] == [why] and found.used == ()


@pytest.mark.parametrize("verdict", ["inferior", "no_difference"])
def test_no_minimum_hides_a_trial_that_speaks_against(verdict: Verdict) -> None:
    rows = [trial("a", "superior", n=60), trial("b", verdict, n=8)]
    assert grade(ASKED, "task-force-1998", min_n=50, rows=rows).grade == "experimental"


@pytest.mark.parametrize(
    ("certainty", "effect", "low", "expected"),
    [
        ("high", 0.6, 0.4, "strong"),
        ("moderate", 0.5, 0.1, "strong"),
        ("moderate", 0.3, 0.1, "weak"),
        ("moderate", 0.6, -0.1, "insufficient"),
        ("low", 0.6, 0.1, "weak"),
        ("very_low", 0.6, 0.1, "weak"),
        ("low", 0.3, 0.1, "insufficient"),
        ("not_rated", 0.9, 0.5, "insufficient"),
        ("moderate", None, None, "insufficient"),
    ],
)
def test_cells_of_tolin(certainty: str, effect: float | None, low: float | None, expected: str) -> None:
    review = replace(REVIEW, certainty=certainty, effect=effect, low=low)
    assert grade(ASKED, "tolin-2015", found=[review]).grade == expected
    on_function = replace(review, outcome="function")
    assert grade(ASKED, "tolin-2015", found=[on_function]).grade == expected


def test_very_strong_asks_for_symptoms_and_function_lasting_and_in_practice() -> None:
    best = replace(REVIEW, certainty="high", lasts=True, in_practice=True)

    def graded(*found: Review) -> str:
        return grade(ASKED, "tolin-2015", found=found).grade

    assert graded(best, replace(best, outcome="function")) == "very_strong"
    assert graded(best) == "strong"
    assert graded(best, replace(best, outcome="function", lasts=False)) == "strong"
    assert graded(best, replace(best, outcome="function", in_practice=False)) == "strong"
    assert graded(best, replace(best, outcome="function", certainty="moderate")) == "strong"


def test_what_counts_as_meaningful_is_a_setting() -> None:
    assert grade(ASKED, "tolin-2015", meaningful=0.7).grade == "weak"


def test_what_nobody_has_read_holds_no_finding() -> None:
    unread = [one for one in studies() if one.checked == "memory"]
    assert [one.id for one in unread] == ["rounsaville-1986"]
    assert all(result.verdict == "not_reported" for one in unread for result in one.results)


def test_every_result_answers_a_question_or_stands_beside() -> None:
    """Negative and missing results too, each once on one of the two lists at least."""
    every = {(study.id, result) for study in studies() for result in study.results}
    answered = {(study.id, result) for asked in questions() for study, result in answers(asked)}
    near = {(study.id, result) for study, result in beside()}
    assert answered | near == every and not answered & near
    graded = {study.treatment for asked in questions() for study, _result in answers(asked)}
    assert graded == {"ipt", "ipt-group", "ipt-p", "ipt-m"}
    assert {one.id for asked in questions() for one in reviews_of(asked)} == {one.id for one in reviews()}


@pytest.mark.parametrize(
    "study",
    ["rounsaville-1983", "rounsaville-1986", "carroll-1991", "carroll-2004", "carroll-matching", "markowitz-2008", "johnson-2008", "johnson-2012", "gamble-2013", "holzhauer-2017", "sober-network-perinatal", "johnson-2015", "johnson-2019", "luthar-2000", "luthar-2007", "poleshuck-2010", "poleshuck-2014", "talbot-2011", "duberstein-2018", "litt-2009", "litt-2016", "brache-2012"],
)  # fmt: skip
def test_study_of_the_specification_is_there(study: str) -> None:
    """Interventions specification 8.1, line by line."""
    assert study in {one.id for one in studies()}


def test_what_may_be_said_never_says_that_ipt_lowers_relapse() -> None:
    assert len(claims()) == 10
    may_be_said = [one.wording or "" for one in claims()] + [one.say for one in questions()]
    assert not any("relapse rates" in words for words in may_be_said)
    assert [one.claim for one in claims() if one.wording is None] == [
        "IPT lowers relapse rates considerably."
    ]


def test_notice_of_the_gate_says_what_the_grades_say() -> None:
    """Gate G15 tells clinicians that IPT alone has not been shown to reduce use. When a grade moves, so must its sentence."""
    about_use = [one for one in questions() if one.id.endswith("-use")]
    assert [one.id for one in about_use] == ["alcohol-use", "substance-use", "cocaine-use", "opioid-use"]
    grades = {grade(asked, scheme).grade for asked in about_use for scheme in SCHEMES}
    assert grades == {"experimental", "insufficient"}
    assert "IPT alone has not been shown to reduce use" in (template("ipt-16+sud").gate("G15").refusal or "")


def test_resources_say_how_far_they_were_checked() -> None:
    assert {one.kind for one in resources()} >= {"Guides", "Registers"}
    assert all(one.link is None or one.link.startswith("https://") for one in resources())
    assert all(one.link is None for one in resources() if one.checked == "memory")


def test_a_larger_minimum_never_raises_a_grade() -> None:
    order = ["experimental", "possibly_efficacious", "probably_efficacious", "efficacious", "efficacious_and_specific", "well_established"]  # fmt: skip
    for asked in questions():
        for scheme in SCHEMES[:2]:
            heights = [order.index(grade(asked, scheme, min_n=n).grade) for n in (None, 15, 25, 40, 1000)]
            assert heights == sorted(heights, reverse=True)


def test_ipt_for_pain_and_related_therapies_stay_out_of_addiction_grades() -> None:
    used = {study.treatment for asked in questions() if "use" in asked.id for study, _ in answers(asked)}
    assert used <= {"ipt", "ipt-group"}


def test_every_study_says_where_it_comes_from() -> None:
    assert all(one.citation and one.results for one in studies())
    assert {one.id for one in studies() if one.year is None} == {"carroll-matching"}
    assert all(one.year >= 1983 for one in studies() if one.year is not None)
    assert all(one.link for one in reviews())
    assert reviewed_on() >= "2026-11-22"


def test_unknown_question_and_scheme_are_refused() -> None:
    with pytest.raises(BadInput, match="no question called 'sleep'"):
        question("sleep")
    with pytest.raises(BadInput, match="no scheme"):
        grade(question("depression"), "mine")  # type: ignore[arg-type]
