"""The proposed map when sessions are lost: closing work whole, the middle shortened, nothing moved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.programme.protocol import phase_of
from reknit.core.programme.replan import replan
from reknit.core.programme.template import template

IPT = template("ipt-16")
CLOSING = {"C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "C10", "C11", "C12"}
courses = st.tuples(st.integers(1, 17), st.integers(0, 16))


def test_middle_is_shortened_and_closing_kept() -> None:
    found = replan(IPT, next_slot=9, left=6, lost={7, 8}, middle_held=3)
    assert [one.phase.code for one in found.sessions] == ["middle"] * 3 + ["closure"] * 3
    assert [one.stands_for for one in found.sessions] == [(9, 10), (11, 12), (13,), (14,), (15,), (16,)]
    assert {"M08", "M09", "M14"} <= set(found.sessions[0].tasks)
    assert (found.lost, found.middle_sessions, found.is_enough) == (4, 6, True)


def test_nothing_lost_leaves_the_map_as_it_was() -> None:
    found = replan(IPT, next_slot=4, left=13)
    assert [one.stands_for for one in found.sessions] == [(slot,) for slot in range(4, 17)]
    assert found.lost == 0


def test_too_few_sessions_are_all_closing_and_say_what_is_left_out() -> None:
    found = replan(IPT, next_slot=10, left=2)
    assert [one.phase.code for one in found.sessions] == ["closure", "closure"]
    assert {code for one in found.sessions for code in one.tasks} == CLOSING
    assert "M03" in found.left_out and not found.is_enough


def test_tasks_that_are_done_are_not_planned_again() -> None:
    found = replan(IPT, next_slot=13, left=4, done={"M03", "M08@4", "M08@8", "M08@12"})
    planned = {code for one in found.sessions for code in one.tasks}
    assert "M03" not in planned and "M08" not in planned and "M09" in planned


@given(courses)
def test_map_keeps_closing_whole_the_order_of_phases_and_every_slot(course: tuple[int, int]) -> None:
    next_slot, left = course
    found = replan(IPT, next_slot=next_slot, left=left)
    ahead = range(next_slot, 17)
    assert len(found.sessions) == min(left, len(ahead))
    starts = [one.phase.from_slot for one in found.sessions]
    assert starts == sorted(starts)
    n_closing = sum(one.phase.code == "closure" for one in found.sessions)
    assert n_closing == min(left, len([slot for slot in ahead if slot >= 14]))
    covered = [slot for one in found.sessions for slot in one.stands_for]
    assert covered == sorted(set(covered)) and set(covered) <= set(ahead)
    for one in found.sessions:
        assert one.phase == phase_of(IPT, one.stands_for[-1])
    planned = {code for one in found.sessions for code in one.tasks}
    if n_closing:
        assert planned >= CLOSING
    expected = {
        t.code
        for t in IPT.tasks
        if t.every is None and t.latest_slot is not None and t.klass in ("CORE", "REQ")
    }
    assert planned | set(found.left_out) == expected
    assert not planned & set(found.left_out)


@pytest.mark.parametrize(("next_slot", "left"), [(0, 3), (3, -1)])
def test_impossible_courses_are_refused(next_slot: int, left: int) -> None:
    with pytest.raises(BadInput):
        replan(IPT, next_slot=next_slot, left=left)
