"""Gate G14: whether the meeting before the group is complete for a member, and what it still lacks."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reknit.care.groups.models import MeetingAlone, Member
from reknit.care.programme.queries import courses_of
from reknit.core.errors import BadInput
from reknit.core.programme.conditions import title
from reknit.core.programme.course import Course
from reknit.core.programme.gates import ask

G14 = "G14"


@dataclass(frozen=True, slots=True)
class MeetingBefore:
    """How the meeting before the group stands. `lacks` is in words; a course of another protocol has no such gate."""

    is_held: bool
    lacks: tuple[str, ...]
    has_gate: bool
    is_passed: bool

    @property
    def is_complete(self) -> bool:
        return self.is_held and not self.lacks

    @property
    def refusal(self) -> str:
        return _(
            "The meeting before the group is not complete for this member. Complete it, or write the reason why they start."
        )


def meeting_before(member: Member) -> MeetingBefore:
    """Read from the meeting and the facts of the course. Two queries."""
    return meetings_before([member])[member.pk]


def meetings_before(members: Collection[Member]) -> dict[uuid.UUID, MeetingBefore]:
    """The same of many members. Two queries."""
    rows = MeetingAlone.objects.held().filter(member__in=members, kind=MeetingAlone.Kind.BEFORE)
    held = set(rows.values_list("member", flat=True))
    courses = courses_of([one.episode for one in members])
    return {one.pk: _standing(courses[one.episode_id], is_held=one.pk in held) for one in members}


def _standing(course: Course, *, is_held: bool) -> MeetingBefore:
    try:
        gate = course.template.gate(G14)
    except BadInput:
        return MeetingBefore(is_held, (), False, False)
    decision = ask(gate, course)
    lacks = tuple(title(course, name) for name in decision.missing)
    return MeetingBefore(is_held, lacks, True, decision.is_override)
