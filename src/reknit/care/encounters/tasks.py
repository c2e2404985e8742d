"""The therapist's tasks as they stand in one session: told, never enforced."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reknit.care.programme.models import TaskCompletion
from reknit.core.programme.template import ProtocolTemplate, Task, library, tasks_at_hand, tasks_due

EXPECTED = ("CORE", "REQ")  # the classes whose absence a note tells


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of the list: due when, ticked when in this session."""

    code: str
    title: str
    klass: str
    due_slot: int | None
    overdue: bool
    condition: str
    done_at: dt.datetime | None

    later: bool  # there is time left: a later session will do

    @property
    def expected(self) -> bool:
        """Whether a note says so when it was not done today."""
        return self.klass in EXPECTED and not self.later


def rows(
    plan: ProtocolTemplate, slot: int, done: Iterable[str], here: Mapping[str, dt.datetime]
) -> list[TaskRow]:
    """The tasks of a slot: what is overdue, what every session asks, what the slot asks. One row a code.

    `done` holds keys done in earlier sessions and `here` the codes ticked in this one with their times, so that a
    task that was overdue stays on the list, ticked, for as long as the session is open.
    """
    found: dict[str, TaskRow] = {}
    for task in tasks_due(plan, slot, set(done)):
        # A review that was missed and comes round again is asked for once.
        found[task.code] = _row(task, slot, here) if task.code not in found else found[task.code]
    return list(found.values())


def rows_at_hand(plan: ProtocolTemplate, slot: int, here: Mapping[str, dt.datetime]) -> list[TaskRow]:
    """Tasks of the phase that no slot asks for; used when they fit or a condition holds."""
    return [_row(task, slot, here) for task in tasks_at_hand(plan, slot)]


def rows_for_safety(plan: ProtocolTemplate, here: Mapping[str, dt.datetime]) -> list[TaskRow]:
    """What a safety session is for: the safety tasks of every session. None is asked for; each can be ticked."""
    words = library()
    codes = [due.code for due in plan.tasks if due.every is not None and words[due.code].kind == "safety"]
    return [
        TaskRow(code, words[code].title, "OPT", None, False, "", here.get(code), False)
        for code in dict.fromkeys(codes)
    ]


def keys_done(
    plan: ProtocolTemplate,
    completions: Sequence[TaskCompletion],
    slots: Mapping[uuid.UUID, int | None],
    before: int,
) -> set[str]:
    """Keys of the occasions that ticks in sessions before a slot have covered.

    A tick in the session where an occasion is due covers it and any earlier one that was passed over; any other
    tick covers the earliest occasion still open.
    """
    done: set[str] = set()
    ticks = sorted((slots.get(row.encounter_id) or 0, row.code) for row in completions)
    for slot, code in ticks:
        if slot >= before:
            continue
        occasions = [due for due in plan.tasks if due.code == code]
        here = [due for due in occasions if due.due_slot == slot]
        if here:
            done |= {due.key for due in occasions if (due.latest_slot or 0) <= slot}
        elif still_open := [due.key for due in occasions if due.key not in done]:
            done.add(still_open[0])
    return done


def _row(task: Task, slot: int, here: Mapping[str, dt.datetime]) -> TaskRow:
    return TaskRow(
        code=task.code,
        title=task.title,
        klass=task.klass,
        due_slot=None if task.is_every_session else task.due_slot,
        overdue=task.overdue,
        condition=task.condition or "",
        done_at=here.get(task.code),
        later=not task.is_every_session and task.due_slot is not None and task.due_slot > slot,
    )
