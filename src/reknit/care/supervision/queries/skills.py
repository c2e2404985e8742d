"""What people work on, in words."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.care.supervision.models import SkillGoal
from reknit.core.supervision.fidelity import form

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Skill:
    """A goal with the title of its item."""

    goal: SkillGoal
    title: str


def _skill(goal: SkillGoal) -> Skill:
    titles = {one.key: one.title for one in form().items}
    return Skill(goal, _(titles.get(goal.item, goal.item)))


def skills_of(person: User) -> list[Skill]:
    """Every goal of one person, open ones first, then the latest. One query."""
    rows = SkillGoal.objects.filter(person=person).select_related("set_by")
    found = sorted(rows.order_by("-set_at")[:SHOWN], key=lambda one: one.ended_at is not None)
    return [_skill(one) for one in found]


def open_skills(people: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Skill]]:
    """The open goals of each of these people, the first to be looked at first. One query."""
    found: dict[uuid.UUID, list[Skill]] = defaultdict(list)
    for goal in SkillGoal.objects.filter(person__in=people, ended_at=None).order_by("review_on", "pk"):
        found[goal.person_id].append(_skill(goal))
    return found
