"""The task list of a session: what is due, what is late, and what one tick covers."""

import uuid

from reknit.care.encounters.tasks import TaskRow, keys_done, rows
from reknit.care.programme.models import TaskCompletion
from reknit.core.programme.template import template

PLAN = template("ipt-16")


def done(before: int, *ticks: tuple[str, int]) -> set[str]:
    keys = {slot: uuid.uuid4() for _code, slot in ticks}
    made = [TaskCompletion(code=code, encounter_id=keys[slot]) for code, slot in ticks]
    return keys_done(PLAN, made, {key: slot for slot, key in keys.items()}, before)


def row(code: str, slot: int, *ticks: tuple[str, int]) -> TaskRow | None:
    return next((one for one in rows(PLAN, slot, done(slot, *ticks), {}) if one.code == code), None)


def test_overdue_task_is_said_until_it_is_done() -> None:
    late = row("I05", 2)
    assert late
    assert late.overdue
    assert row("I05", 3, ("I05", 2)) is None


def test_review_that_was_missed_is_asked_for_once_when_it_comes_round() -> None:
    assert [one.code for one in rows(PLAN, 8, set(), {})].count("M08") == 1
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
