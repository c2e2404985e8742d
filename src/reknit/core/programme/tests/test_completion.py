"""The four words of a course that ends, and the dates of follow-up."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.programme.completion import (
    CLOSING_WORK,
    CourseCounts,
    closing_done,
    completion,
    middle_needed,
)
from reknit.core.programme.follow_up import due_dates, months_after
from reknit.core.programme.template import template

WHOLE = CourseCounts(
    attended=14,
    middle_planned=10,
    middle_attended=8,
    formulation_agreed=True,
    closing_done=frozenset(CLOSING_WORK),
)


def test_whole_course_is_completed_with_nothing_missing() -> None:
    assert completion(WHOLE).is_completed
    assert completion(WHOLE).missing == ()


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"formulation_agreed": False}, "formulation_agreed"),
        ({"middle_attended": 4}, "middle_sessions"),
        *(({"closing_done": frozenset(CLOSING_WORK) - {code}}, code) for code in CLOSING_WORK),
    ],
)
def test_one_missing_part_makes_it_part_of_the_dose_and_is_named(
    change: dict[str, object], missing: str
) -> None:
    found = completion(replace(WHOLE, **change))  # type: ignore[arg-type]
    assert (found.word, found.missing) == ("partial_dose", (missing,))


@pytest.mark.parametrize(("attended", "counts_as_middle"), [(5, True), (4, False)])
def test_half_of_the_middle_sessions_is_enough(attended: int, counts_as_middle: bool) -> None:
    assert completion(replace(WHOLE, middle_attended=attended)).is_completed is counts_as_middle


def test_other_closing_tasks_do_not_stand_in_for_those_asked_for() -> None:
    counts = replace(WHOLE, closing_done=frozenset({"C01", "C02", "C04", "C07", "C12"}))
    assert completion(counts).missing == CLOSING_WORK


@pytest.mark.parametrize("attended", [0, 1])
def test_person_who_hardly_came_did_not_engage_however_it_ended(attended: int) -> None:
    counts = CourseCounts(attended, 10, 0, False, frozenset(), ended_early=True)
    assert completion(counts).word == "did_not_engage"


def test_early_ending_has_its_own_word_until_the_course_is_whole() -> None:
    early = replace(WHOLE, middle_attended=2, ended_early=True)
    assert completion(early).word == "ended_early"
    assert completion(replace(WHOLE, ended_early=True)).word == "completed"


def test_passed_gate_stands_for_closing_work_and_for_nothing_else() -> None:
    bare = replace(WHOLE, closing_done=frozenset(), gate_passed=True)
    assert completion(bare).is_completed
    assert completion(replace(bare, middle_attended=0)).missing == ("middle_sessions",)


def test_template_says_which_closing_work_counts() -> None:
    required = template("ipt-16").gate("G10").requires
    assert set(required) == set(CLOSING_WORK)
    assert completion(replace(WHOLE, closing_done=frozenset({"C12"})), ("C12",)).is_completed


def test_facts_show_closing_tasks_as_done() -> None:
    facts = {"gains_reviewed", "circle_compared", "letter_issued"}
    assert closing_done(facts) == {"C03", "C04"}


@given(
    st.builds(
        CourseCounts,
        attended=st.integers(0, 20),
        middle_planned=st.integers(0, 12),
        middle_attended=st.integers(0, 12),
        formulation_agreed=st.booleans(),
        closing_done=st.frozensets(st.sampled_from(CLOSING_WORK)),
        ended_early=st.booleans(),
        gate_passed=st.booleans(),
    )
)
def test_completed_and_missing_never_contradict_each_other(counts: CourseCounts) -> None:
    found = completion(counts)
    assert found.is_completed == (found.missing == ())
    more = replace(counts, middle_attended=counts.middle_attended + 1, closing_done=frozenset(CLOSING_WORK))
    assert completion(more).is_completed or not found.is_completed


@given(st.integers(0, 100))
def test_needed_middle_sessions_are_at_least_half(planned: int) -> None:
    assert 2 * middle_needed(planned) - planned in {0, 1}


@given(st.dates(dt.date(2020, 1, 1), dt.date(2090, 1, 1)), st.integers(1, 36))
def test_follow_up_falls_on_the_same_day_or_the_last_of_its_month(end: dt.date, months: int) -> None:
    due = months_after(end, months)
    assert (due.year * 12 + due.month) - (end.year * 12 + end.month) == months
    assert due.day == end.day or (due.day < end.day and (due + dt.timedelta(days=1)).day == 1)


def test_default_months_come_from_the_template() -> None:
    plan = template("ipt-16").follow_up
    assert plan.months == (1, 3, 6, 12)
    assert list(due_dates(dt.date(2026, 1, 31), plan.months).values())[0] == dt.date(2026, 2, 28)
