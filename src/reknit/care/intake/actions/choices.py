"""A clinician says which course is right, with the facts kept as they stood."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.intake.models import CourseChoice
from reknit.care.intake.queries.hints import hints_for
from reknit.care.people.queries import zone
from reknit.care.programme.models import Episode
from reknit.core.intake.hints import proposals
from reknit.core.programme.template import for_one_person

from .common import words


@action
def choose_course(
    *,
    by: User,
    at: dt.datetime,
    episode: Episode,
    key: uuid.UUID,
    chosen: str,
    reason: str = "",
    people_problem: str = "",
    unsettled: str = "",
) -> CourseChoice:
    """Confirm a proposed course or choose another with a reason. Changes no course: the record says what was held right."""
    hold(episode)
    if known := CourseChoice.objects.filter(pk=key, episode=episode).first():
        audit.unchanged()
        return known
    asked = CourseChoice.Asked.values
    if people_problem not in asked or unsettled not in asked:
        raise DomainError(_("Choose from the list."))
    if chosen not in {one.code for one in for_one_person()}:
        raise DomainError(_("Choose a course from the list."), field="chosen")
    found = hints_for(episode, today=local_date(at, zone()))
    shown = proposals(found.known)
    reason = words(reason, field="reason", most=500)
    if chosen not in shown and not reason:
        raise DomainError(_("Write why, since the facts written down do not point to it."), field="reason")
    choice = CourseChoice.objects.create(
        pk=key,
        episode=episode,
        people_problem=people_problem,
        unsettled=unsettled,
        proposed=list(shown),
        facts=[[one.topic, one.sentence, one.on.isoformat() if one.on else None] for one in found.lines],
        chosen=chosen,
        reason=reason,
        is_proposed=chosen in shown,
        by=by,
        at=at,
    )
    audit.record(
        "choose course",
        by=by,
        at=at,
        subject=choice,
        client=episode.client_id,
        detail={"chosen": chosen, "as_proposed": choice.is_proposed},
    )
    return choice
