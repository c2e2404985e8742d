"""Process completeness: which core tasks were done, when, and which gates were passed. Counts, never a grade.

This is the automatic layer of fidelity. It says what was done and left a record, and nothing about how well: quality is
rated by people from recordings, and the two are never merged.
"""

from dataclasses import dataclass

from reknit.core.programme.conditions import task_slots
from reknit.core.programme.course import Course
from reknit.core.programme.protocol import TaskDue


@dataclass(frozen=True, slots=True)
class CoreTask:
    """One core task that has come due: in how many of its sessions or occasions it was done, and how many in time."""

    code: str
    title: str
    due: int
    done: int
    in_time: int


@dataclass(frozen=True, slots=True)
class Completeness:
    """Core tasks due so far, with the ones that are missing named, and what else the frame of IPT asks."""

    tasks: tuple[CoreTask, ...]
    overrides: tuple[str, ...]
    switches: int

    @property
    def due(self) -> int:
        return sum(task.due for task in self.tasks)

    @property
    def done(self) -> int:
        return sum(task.done for task in self.tasks)

    @property
    def in_time(self) -> int:
        return sum(task.in_time for task in self.tasks)

    @property
    def missing(self) -> tuple[CoreTask, ...]:
        """Tasks with an occasion that passed and left nothing."""
        return tuple(task for task in self.tasks if task.done < task.due)


def completeness(course: Course) -> Completeness:
    """Core tasks done against core tasks due, up to the latest planned session used.

    >>> from reknit.core.programme.template import template
    >>> completeness(Course(template("ipt-16"))).due
    1
    """
    core = [due for due in course.template.tasks if due.klass == "CORE"]
    rows = [
        _row(course, code, [due for due in core if due.code == code])
        for code in dict.fromkeys(due.code for due in core)
    ]
    return Completeness(
        tasks=tuple(row for row in rows if row.due),
        overrides=tuple(sorted(course.overrides)),
        switches=course.switches,
    )


def _row(course: Course, code: str, occasions: list[TaskDue]) -> CoreTask:
    title, slots = course.template.library[code].title, task_slots(course, code)
    every = next((due.every for due in occasions if due.every), None)
    if every:
        asked = range(every[0], min(every[1], course.slot) + 1)
        done = len([slot for slot in asked if slot in slots])
        return CoreTask(code, title, len(asked), done, done)
    due = [
        one.latest_slot for one in occasions if one.latest_slot is not None and one.latest_slot <= course.slot
    ]
    done = min(len(slots), len(due))
    in_time = sum(slot <= latest for slot, latest in zip(slots, sorted(due), strict=False))
    return CoreTask(code, title, len(due), done, in_time)
