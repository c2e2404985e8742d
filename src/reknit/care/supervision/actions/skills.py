"""What a therapist practises: set with their supervisor, looked at again on a day, ended with what came of it."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.people.queries import zone
from reknit.care.supervision.access import may_read_file
from reknit.care.supervision.models import SkillGoal
from reknit.core.supervision.fidelity import form

from .common import LINE, allowed, clean, to_come

MOST_SKILLS = 2
"""Goals at a time (`ipt.md` section 10.4, job 5)."""


@action
def set_skill_goal(
    *, by: User, at: dt.datetime, person: User, key: uuid.UUID, item: str, words: str, review_on: dt.date
) -> SkillGoal:
    """Work on one item of the form, for two at most at a time. Set by the person or whoever supervises them."""
    person = hold(person)
    allowed(may_read_file(by, person, on=local_date(at, zone())))
    if known := SkillGoal.objects.filter(pk=key, person=person).first():
        audit.unchanged()
        return known
    if item not in {one.key for one in form().items}:
        raise DomainError(_("Choose an item from the list."), field="item")
    there = SkillGoal.objects.filter(person=person, ended_at=None)
    if there.filter(item=item).exists():
        raise DomainError(_("They work on this already."), field="item")
    if there.count() >= MOST_SKILLS:
        raise DomainError(_("Two at a time are enough. End one of them first."), field="item")
    goal = SkillGoal.objects.create(
        pk=key,
        person=person,
        item=item,
        words=clean(words, field="words", most=LINE, required=_("Write how it is practised.")),
        review_on=to_come(review_on, at=at, field="review_on"),
        set_by=by,
        set_at=at,
    )
    audit.record("set skill goal", by=by, at=at, subject=goal, detail={"item": item})
    return goal


@action
def end_skill_goal(*, by: User, at: dt.datetime, goal: SkillGoal, outcome: str) -> SkillGoal:
    """It was reached, or something else comes first. It stays in the file."""
    goal = hold(goal)
    allowed(may_read_file(by, goal.person, on=local_date(at, zone())))
    if goal.ended_at:
        audit.unchanged()
        return goal
    if outcome not in SkillGoal.Outcome.values:
        raise DomainError(_("Choose what came of it."), field="outcome")
    goal.outcome, goal.ended_by, goal.ended_at = outcome, by, at
    goal.save(update_fields=["outcome", "ended_by", "ended_at"])
    audit.record("end skill goal", by=by, at=at, subject=goal, detail={"outcome": outcome})
    return goal
