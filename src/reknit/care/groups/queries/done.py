"""What a group session is asked to do beside the guide, and which of all that somebody ticked. Nothing is taken for done."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from reknit.care.encounters.tasks import ALONE
from reknit.care.groups.models import GroupSession
from reknit.core.groups.guide import GUIDE
from reknit.core.programme.protocol import TaskDue
from reknit.core.programme.template import template

SAFETY = ("E06", "GR06")  # of each member by itself: done where somebody said that they were asked
WRITING = "GR13"  # the note of each member without another's name: signing does it
ELSEWHERE = frozenset({*SAFETY, WRITING, *ALONE, *(code for part in GUIDE for code in part.tasks)})


def tasks_asked(session: GroupSession) -> list[tuple[str, str]]:
    """Code and title of what the protocol asks of this session, beside the guide and what a record shows. No query."""
    run = session.run
    plan = template(run.protocol, run.protocol_version)
    codes = [
        one.code
        for one in plan.tasks
        if one.code not in ELSEWHERE and not plan.library[one.code].left_by and _is_due(one, session.number)
    ]
    return [(code, _(plan.library[code].title)) for code in dict.fromkeys(codes)]


def _is_due(one: TaskDue, number: int) -> bool:
    if one.every:
        return one.every[0] <= number <= one.every[1]
    return one.latest_slot == number


@dataclass(frozen=True, slots=True)
class PartDone:
    """One part of the guide, or a task beside it, and whether somebody ticked it."""

    title: str
    is_done: bool


def parts_of(session: GroupSession) -> list[PartDone]:
    """Every part of the guide, and of the tasks beside it those that were ticked. No query."""
    return [PartDone(_(part.title), part.code in session.done) for part in GUIDE] + [
        PartDone(title, True) for code, title in tasks_asked(session) if code in session.done
    ]
