"""The graders say today what the evidence says, and negative studies are never left out."""

import pytest

from reknit.core.errors import BadInput
from reknit.core.evidence.grading import SCHEMES, Scheme, grade
from reknit.core.evidence.library import answers, question, questions, reviewed_on, reviews, studies


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
        ("maintenance", "tolin-2015", None, "insufficient"),
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
    assert all(one.citation and one.year >= 1983 and one.results for one in studies())
    assert all(one.link for one in reviews())
    assert reviewed_on() >= "2026-11-22"


def test_unknown_question_and_scheme_are_refused() -> None:
    with pytest.raises(BadInput, match="no question called 'sleep'"):
        question("sleep")
    with pytest.raises(BadInput, match="no scheme"):
        grade(question("depression"), "mine")  # type: ignore[arg-type]
