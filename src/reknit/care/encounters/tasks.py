"""The therapist's tasks as they stand in one session: told, never enforced."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from reknit.care.programme.models import CourseFact
from reknit.core.programme.conditions import task_slots
from reknit.core.programme.course import Course
from reknit.core.programme.due import at_hand, tasks_at
from reknit.core.programme.facts import Fact
from reknit.core.programme.template import ProtocolTemplate, Task, library

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

EXPECTED = ("CORE", "REQ")  # the classes whose absence a note tells
# Tasks of a group's protocol: done in a meeting alone beside the group, and one of safety that is done with everybody there.
ALONE, IN_THE_GROUP = ("GR14", "GR17", "GR18"), "GR06"
STORY = ("formulation:story-show", _("Story"))
# The page on which a task is done, where it has one: by the fact that its record leaves behind.
PAGES = {
    "timeline_made": ("formulation:timeline-show", _("Timeline")),
    "focus_proposed": STORY,
    "formulation_shared": STORY,
    "formulation_agreed": STORY,
}


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
    by_record: bool = False  # a record of this session shows it; taking the record back takes the tick back

    @property
    def page(self) -> "tuple[str, StrPromise] | None":
        """The name and the label of the page on which it is done; nothing for what is done in the session alone."""
        words = library().get(self.code)
        return next((PAGES[fact] for fact in words.left_by if fact in PAGES), None) if words else None

    @property
    def expected(self) -> bool:
        """Whether a note says so when it was not done today."""
        return self.klass in EXPECTED and not self.later


def rows(
    course: Course, slot: int, here: Mapping[str, dt.datetime], left: Mapping[str, dt.datetime]
) -> list[TaskRow]:
    """The tasks of a slot: what is overdue, what every session asks, what the slot asks. One row a code.

    `here` holds the codes ticked in this session and `left` those whose record was left in it, each with its time, so
    that a task that was overdue stays on the list, ticked, for as long as the session is open.
    """
    found: dict[str, TaskRow] = {}
    for task in tasks_at(course, slot):
        # A review that was missed and comes round again is asked for once.
        found.setdefault(task.code, _row(task, slot, here, left))
    return list(found.values())


def rows_at_hand(
    course: Course, slot: int, here: Mapping[str, dt.datetime], left: Mapping[str, dt.datetime]
) -> list[TaskRow]:
    """Tasks of the phase that no slot asks for; used when they fit or a condition holds."""
    asked = {task.code for task in tasks_at(course, slot)}
    return [_row(task, slot, here, left) for task in at_hand(course, slot) if task.code not in asked]


def left_in(course: Course, slot: int, facts: Iterable[CourseFact]) -> dict[str, dt.datetime]:
    """Codes of tasks whose record was left in a slot, with the time of the first of it."""
    found: dict[str, dt.datetime] = {}
    standing = [one for one in facts if one.slot == slot and one.withdrawn_at is None]
    names = {code: {*words.left_by, *words.left_by_all} for code, words in course.template.library.items()}
    for one in standing:
        said = {one.kind, Fact(one.kind, one.at, one.slot, one.value).named()}
        for code, wanted in names.items():
            if said & wanted and slot in task_slots(course, code):
                found.setdefault(code, one.at)
    return found


def rows_beside(plan: ProtocolTemplate, here: Mapping[str, dt.datetime], *, is_alone: bool) -> list[TaskRow]:
    """What a session beside the planned ones is for: the safety tasks of every session, and of a meeting alone its own.

    None is asked for; each can be ticked.
    """
    words = library()
    codes = [due.code for due in plan.tasks if due.every is not None and words[due.code].kind == "safety"]
    if is_alone:
        own = [due.code for due in plan.tasks if due.code in ALONE]
        codes = own + [code for code in codes if code != IN_THE_GROUP]
    return [
        TaskRow(code, words[code].title, "OPT", None, False, "", here.get(code), False)
        for code in dict.fromkeys(codes)
    ]


def _row(task: Task, slot: int, here: Mapping[str, dt.datetime], left: Mapping[str, dt.datetime]) -> TaskRow:
    return TaskRow(
        code=task.code,
        title=task.title,
        klass=task.klass,
        due_slot=None if task.is_every_session else task.due_slot,
        overdue=task.overdue,
        condition=task.condition or "",
        done_at=left.get(task.code) or here.get(task.code),
        later=not task.is_every_session and task.due_slot is not None and task.due_slot > slot,
        by_record=task.code in left,
    )
