"""The time limit: how many sessions, until when, and how far one extension goes."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.programme.contract import (
    EXTENSION_REASONS,
    extension_refusal,
    largest_extension,
    latest_ending,
    misses_that_roll,
    room_for,
    sessions_allowed,
)
from reknit.core.programme.template import template

IPT_16 = template("ipt-16")
FIRST = dt.date(2026, 3, 2)


@pytest.mark.parametrize(("planned", "most"), [(16, 4), (12, 3), (8, 2), (20, 5), (7, 1), (3, 0), (0, 0)])
def test_extension_is_a_quarter_rounded_down(planned: int, most: int) -> None:
    assert largest_extension(planned) == most


@given(
    st.integers(0, 60), st.integers(-5, 60), st.sampled_from([*EXTENSION_REASONS, "ending_feels_hard", ""])
)
def test_extension_within_its_limit_for_a_reason_of_the_list_is_the_only_one(
    agreed: int, asked: int, reason: str
) -> None:
    refusal = extension_refusal(agreed=agreed, asked=asked, reason=reason, extended_before=False)
    assert (refusal is None) == (1 <= asked <= agreed // 4 and reason in EXTENSION_REASONS)
    assert extension_refusal(agreed=agreed, asked=asked, reason=reason, extended_before=True) == "once"


def test_ending_that_feels_hard_is_no_reason() -> None:
    assert "ending_feels_hard" not in EXTENSION_REASONS and len(EXTENSION_REASONS) == 3


def test_rule_says_how_many_misses_roll() -> None:
    assert misses_that_roll("roll_then_consume") == 2
    assert misses_that_roll("roll_then_consume", 1) == 1
    assert misses_that_roll("consume") == 0
    assert misses_that_roll("roll") is None


def test_contract_plans_no_more_than_the_protocol_and_leaves_room_for_every_phase() -> None:
    assert (sessions_allowed(IPT_16)[0], sessions_allowed(IPT_16)[-1]) == (7, 16)


def test_course_window_is_twenty_weeks() -> None:
    assert latest_ending(IPT_16, FIRST) == FIRST + dt.timedelta(weeks=20)


@given(st.integers(0, 400), st.integers(1, 60))
def test_sessions_that_fit_end_on_or_before_the_ending_date(days: int, cadence: int) -> None:
    fit = room_for(FIRST, FIRST + dt.timedelta(days=days), cadence)
    assert (fit - 1) * cadence <= days < fit * cadence
