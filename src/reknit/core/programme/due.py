"""Due lists: the therapist's tasks at a slot of one course, with what was done read from its facts."""

from dataclasses import replace

from reknit.core.programme.conditions import holds, task_slots
from reknit.core.programme.course import Course
from reknit.core.programme.protocol import TaskDue
from reknit.core.programme.template import Task, tasks_at_hand, tasks_due


def tasks_at(course: Course, slot: int) -> tuple[Task, ...]:
    """The list at a slot: overdue work first, then every-session tasks, then the slot's own; ticked when done there.

    A task that depends on something (`only_if`) is listed while that is so: a return to use asks for its review, and
    once it is reviewed asks no more.

    >>> from reknit.core.programme.template import template
    >>> [task.code for task in tasks_at(Course(template("ipt-16")), 0)]
    ['I01', 'I02', 'I05']
    """
    found = [
        task for task in tasks_due(course.template, slot, done_before(course, slot)) if _applies(course, task)
    ]
    found = [_pressing(one) if one.klass == "COND" and one.is_every_session else one for one in found]
    urgent = [_pressing(task) for task in at_hand(course, slot) if task.klass == "COND"]
    return tuple(_ticked(course, task, slot) for task in [*found, *urgent])


def at_hand(course: Course, slot: int) -> tuple[Task, ...]:
    """Tasks of the phase that no slot asks for, and that may be done now: used when they fit or a condition holds."""
    return tuple(
        _ticked(course, task, slot) for task in tasks_at_hand(course.template, slot) if _applies(course, task)
    )


def done_before(course: Course, slot: int) -> set[str]:
    """Keys of the occasions that were covered in sessions before a slot.

    What was done in the session where an occasion is due covers it and any earlier one that was passed over; what was
    done in any other session covers the earliest occasion still open.
    """
    done: set[str] = set()
    for code in dict.fromkeys(due.code for due in course.template.tasks):
        occasions = [due for due in course.template.tasks if due.code == code]
        for when in task_slots(course, code):
            if when < slot:
                done |= _covered(occasions, when, done)
    return done


def _covered(occasions: list[TaskDue], when: int, done: set[str]) -> set[str]:
    if any(due.due_slot == when for due in occasions):
        return {due.key for due in occasions if (due.latest_slot or 0) <= when}
    return {due.key for due in [due for due in occasions if due.key not in done][:1]}


def _applies(course: Course, task: Task) -> bool:
    """Whether the condition a task depends on holds; a task without one always applies."""
    needs = next(
        (due.only_if for due in course.template.tasks if due.code == task.code and due.only_if), None
    )
    return needs is None or task.is_done or holds(course, needs)


def _pressing(task: Task) -> Task:
    """A conditional task whose condition holds is asked for now."""
    return replace(task, klass="REQ", overdue=False)


def _ticked(course: Course, task: Task, slot: int) -> Task:
    return replace(task, is_done=task.is_done or slot in task_slots(course, task.code))
