"""What missed sessions ask for."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.programme.attendance import (
    HELD,
    MISSED,
    Meeting,
    MissRules,
    in_a_row,
    standing,
    working_days_after,
)

DAY = dt.date(2026, 3, 2)  # a Monday
OUTCOMES = ("attended", "safety", "no_show", "late_cancel", "cancelled", "clinician")


def meetings(*outcomes: str) -> list[Meeting]:
    return [Meeting(DAY + dt.timedelta(days=7 * place), outcome) for place, outcome in enumerate(outcomes)]


def test_contact_is_owed_within_two_working_days_of_a_miss() -> None:
    found = standing(meetings("attended", "no_show"), starts_on=DAY, today=DAY + dt.timedelta(days=8))
    assert found.contact_by == DAY + dt.timedelta(days=9)
    assert (found.in_a_row, found.asks_for_plan, found.asks_for_review) == (1, False, False)


def test_contact_is_owed_the_same_day_when_a_risk_is_open() -> None:
    found = standing(meetings("no_show"), starts_on=DAY, today=DAY, risk_is_raised=True)
    assert found.contact_by == DAY


def test_a_try_settles_the_contact_and_an_answer_ends_the_silence() -> None:
    rows, later = meetings("attended", "no_show"), DAY + dt.timedelta(days=40)
    tried = standing(rows, starts_on=DAY, today=later, contacts=[DAY + dt.timedelta(days=8)])
    assert tried.contact_by is None and tried.asks_for_review and tried.silent_for == 40
    reached = standing(rows, starts_on=DAY, today=later, contacts=[later], reached=[later])
    assert reached.silent_for == 0 and reached.is_quiet


def test_two_in_a_row_ask_for_a_plan_until_one_is_written_since() -> None:
    rows, today = meetings("attended", "no_show", "late_cancel"), DAY + dt.timedelta(days=15)
    assert standing(rows, starts_on=DAY, today=today).asks_for_plan
    assert standing(rows, starts_on=DAY, today=today, plans=[DAY]).asks_for_plan
    assert not standing(rows, starts_on=DAY, today=today, plans=[today]).asks_for_plan


def test_three_in_a_row_ask_the_supervisor_to_look() -> None:
    found = standing(meetings("no_show", "no_show", "no_show"), starts_on=DAY, today=DAY)
    assert found.asks_for_review


@pytest.mark.parametrize("outcome", ["attended", "safety"])
def test_meeting_the_client_ends_the_row(outcome: str) -> None:
    found = standing(meetings("no_show", "no_show", outcome), starts_on=DAY, today=DAY)
    assert found.is_quiet and found.in_a_row == 0


def test_settings_are_the_clinics() -> None:
    found = standing(meetings("no_show"), starts_on=DAY, today=DAY, rules=MissRules(plan_after=1))
    assert found.asks_for_plan


def test_working_days_leave_out_weekends_and_closed_days() -> None:
    friday = dt.date(2026, 3, 6)
    assert working_days_after(friday, 1) == dt.date(2026, 3, 9)
    assert working_days_after(friday, 1, closed=[dt.date(2026, 3, 9)]) == dt.date(2026, 3, 10)
    assert working_days_after(friday, 0) == friday


@given(st.lists(st.sampled_from(OUTCOMES), max_size=20))
def test_a_row_never_counts_more_than_was_missed_and_starts_anew_when_met(outcomes: list[str]) -> None:
    row = in_a_row(meetings(*outcomes))
    assert 0 <= row <= sum(outcome in MISSED for outcome in outcomes)
    assert in_a_row(meetings(*outcomes, sorted(HELD)[0])) == 0
    assert in_a_row(meetings(*outcomes, "no_show")) == row + 1
    assert in_a_row(meetings(*outcomes, "cancelled")) == row
