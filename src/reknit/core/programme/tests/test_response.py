"""The mid-course review: when it is due, and gate G09."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.programme.response import (
    ResponseRules,
    drop_percent,
    response,
    review_slots,
    review_standing,
    use_change,
)
from reknit.core.programme.template import template
from reknit.core.substance_use.summaries import Abstinence, abstinence
from reknit.core.substance_use.timeline import Day, grid

IPT = template("ipt-16")


def days(used: int, known: int = 28, of: int = 28) -> Abstinence:
    start = dt.date(2026, 1, 1)
    reports = [Day(start + dt.timedelta(days=n), "alcohol", n < used) for n in range(known)]
    return abstinence(grid(reports, ["alcohol"], start, start + dt.timedelta(days=of - 1)))


@pytest.mark.parametrize(
    ("first", "latest", "before", "now", "verdict"),
    [
        (20, 16, days(10), days(4), "enough"),  # exactly 20 %, and fewer use days
        (20, 17, days(10), days(4), "asks"),  # 15 %
        (20, 10, days(10), days(10), "asks"),  # use days not lower
        (20, 10, days(4), days(10), "asks"),
        (20, 10, days(0), days(0), "enough"),  # none before and none now
        (20, 10, days(0), days(1), "asks"),
        (20, 10, None, days(4), "cannot_tell"),
        (20, 10, days(10), days(0, known=20), "cannot_tell"),  # 20 of 28 known is under three in four
        (None, 10, days(10), days(4), "cannot_tell"),
        (20, None, None, None, "cannot_tell"),
        (20, 19, None, None, "asks"),  # one is enough to ask
        (0, 4, days(10), days(4), "cannot_tell"),
    ],
)
def test_gate_asks_and_what_is_missing_is_never_enough(
    first: int | None, latest: int | None, before: Abstinence | None, now: Abstinence | None, verdict: str
) -> None:
    assert response(first=first, latest=latest, baseline=before, now=now).verdict == verdict


def test_use_is_compared_as_a_share_of_the_days_that_are_known() -> None:
    assert use_change(days(12, known=24), days(12, known=28)) == "lower"
    assert use_change(days(7, known=28), days(6, known=24)) == "same"


def test_settings_are_the_clinics() -> None:
    stricter = replace(ResponseRules(), least_drop_percent=25.0)
    assert response(first=20, latest=16, baseline=days(9), now=days(1), rules=stricter).verdict == "asks"


@given(
    st.none() | st.integers(0, 27),
    st.none() | st.integers(0, 27),
    st.none() | st.builds(days, st.integers(0, 20), st.integers(20, 28)),
    st.none() | st.builds(days, st.integers(0, 20), st.integers(20, 28)),
)
def test_enough_needs_everything_known(
    first: int | None, latest: int | None, before: Abstinence | None, now: Abstinence | None
) -> None:
    found = response(first=first, latest=latest, baseline=before, now=now)
    if found.verdict == "enough":
        assert None not in (first, latest, before, now)
        assert found.drop_percent is not None and found.drop_percent >= 20
        assert found.mood_asks is False and found.use_asks is False


def test_review_is_due_at_the_slot_the_template_names() -> None:
    assert review_slots(IPT) == (8,)
    moved = replace(IPT, tasks=tuple(replace(t, due_slot=6) if t.code == "M09" else t for t in IPT.tasks))
    assert [review_standing(moved, slot) for slot in (5, 6, 7)] == [None, "due", "overdue"]
    assert review_standing(moved, 9, {6}) is None


def test_review_held_early_counts() -> None:
    assert review_standing(IPT, 8, {7}) is None


def test_drop_goes_below_zero_when_the_score_rises() -> None:
    assert drop_percent(10, 15) == -50.0
