"""The task list of a session: what is due, what is late, and what one tick covers."""

import datetime as dt

from reknit.care.encounters.tasks import TaskRow, left_in, rows, rows_at_hand
from reknit.care.programme.models import CourseFact
from reknit.core.programme.course import Course
from reknit.core.programme.facts import Fact
from reknit.core.programme.reading import read_course
from reknit.core.programme.template import template

AT = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


def course(*ticks: tuple[str, int]) -> Course:
    return read_course(
        template("ipt-16"), [Fact("task_done", AT, slot, {"code": code}) for code, slot in ticks]
    )


def row(code: str, slot: int, *ticks: tuple[str, int]) -> TaskRow | None:
    return next((one for one in rows(course(*ticks), slot, {}, {}) if one.code == code), None)


def test_overdue_task_is_said_until_it_is_done() -> None:
    late = row("I05", 2)
    assert late
    assert late.overdue
    assert row("I05", 3, ("I05", 2)) is None


def test_review_that_was_missed_is_asked_for_once_when_it_comes_round() -> None:
    assert [one.code for one in rows(course(), 8, {}, {})].count("M08") == 1
    assert row("M08", 9, ("M08", 8)) is None


def test_late_tick_covers_the_earliest_occasion() -> None:
    again = row("M02", 8, ("M02", 6))
    assert again
    assert again.due_slot == 13
    assert row("M02", 8, ("M02", 6), ("M02", 7)) is None


def test_task_with_time_left_is_not_missed_today() -> None:
    waiting = row("M03", 6)
    assert waiting
    assert waiting.later
    assert not waiting.expected


def test_record_left_in_a_session_ticks_its_task_there_and_says_so() -> None:
    facts = [CourseFact(kind="communication_analysis", at=AT, slot=5, value={})]
    standing = read_course(template("ipt-16"), [Fact("communication_analysis", AT, 5)])
    left = left_in(standing, 5, facts)
    found = {one.code: one for one in rows(standing, 5, {}, left)}
    assert left == {"M02": AT}
    assert (found["M02"].done_at, found["M02"].by_record) == (AT, True)


def test_return_to_use_puts_its_review_on_the_list_and_not_among_what_may_wait() -> None:
    lapse = read_course(template("ipt-16"), [Fact("lapse_reported", AT, 6, {"use_episode": "u"})])
    asked = {one.code: one for one in rows(lapse, 7, {}, {})}
    assert asked["M12"].expected
    assert "M12" not in [one.code for one in rows_at_hand(lapse, 7, {}, {})]
