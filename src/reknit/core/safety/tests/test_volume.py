"""Figures of alarms: what is not known is in no median and in no share."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from reknit.core.safety.volume import Alarm, by_group, volume

NINE = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def alarm(
    *,
    group: str = "a",
    opened: int = 0,
    due: int = 8,
    human: int | None = None,
    closed: int | None = None,
    seen: int = 1,
) -> Alarm:
    return Alarm(
        group,
        NINE + opened * HOUR,
        NINE + (opened + due) * HOUR,
        None if human is None else NINE + human * HOUR,
        None if closed is None else NINE + closed * HOUR,
        seen,
    )


def test_the_middle_wait_leaves_out_what_nobody_touched() -> None:
    found = volume([alarm(human=1), alarm(human=3), alarm()], at=NINE + 4 * HOUR)
    assert (found.median_hours, found.waiting) == (2.0, 1)


def test_late_is_counted_only_among_what_was_due() -> None:
    rows = [alarm(closed=2), alarm(closed=9), alarm(due=8), alarm(due=100)]
    found = volume(rows, at=NINE + 10 * HOUR)
    assert (found.due, found.overdue, found.overdue_percent) == (3, 2, 67)


def test_nothing_has_no_median_and_no_share() -> None:
    found = volume([], at=NINE)
    assert (found.opened, found.median_hours, found.overdue_percent, found.again_percent) == (
        0,
        None,
        None,
        None,
    )


ALARMS = st.lists(
    st.builds(
        lambda group, opened, human, took, seen: alarm(
            group=group,
            opened=opened,
            human=None if human is None else opened + human,
            closed=None if took is None else opened + took,
            seen=seen,
        ),
        st.sampled_from("abc"),
        st.integers(0, 50),
        st.none() | st.integers(0, 50),
        st.none() | st.integers(0, 50),
        st.integers(1, 3),
    )
)


@given(ALARMS)
def test_groups_add_up_to_the_whole(rows: list[Alarm]) -> None:
    at = NINE + 200 * HOUR
    whole, groups = volume(rows, at=at), by_group(rows, at=at).values()
    for part in ("opened", "closed", "waiting", "due", "overdue", "again"):
        assert getattr(whole, part) == sum(getattr(one, part) for one in groups)
    assert whole.overdue <= whole.due <= whole.opened
