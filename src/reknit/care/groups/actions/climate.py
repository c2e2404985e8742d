"""Asking for the climate of a group: a form for each member who came, and what the facilitators mean to do about it."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.groups.checks import facilitator, goes_on, words
from reknit.care.groups.models import Attendance, GroupSession, Member
from reknit.care.measures.actions import make_link
from reknit.care.measures.models import Administration

HOURS = 48


@action
def give_climate_forms(
    *, by: User, at: dt.datetime, session: GroupSession, measure: str
) -> list[tuple[Member, str]]:
    """Make a link to the form for each member who came and has not answered. The secrets come back, here and never again."""
    facilitator(by, session.run, at=at)
    goes_on(hold(session.run))
    if session.state not in (GroupSession.State.SIGNED, GroupSession.State.DRAFT):
        raise DomainError(_("Write down who came to this session first."))
    came = [
        row.member
        for row in session.attendances.filter(outcome=Attendance.Outcome.ATTENDED).select_related(
            "member__client", "member__episode"
        )
    ]
    answered = set(
        Administration.objects.filter(
            client__in=[one.client_id for one in came],
            episode__in=[one.episode_id for one in came],
            measure=measure,
            slot=session.number,
            superseded_at=None,
        ).values_list("client_id", flat=True)
    )
    asked = [one for one in came if one.client_id not in answered]
    if not asked:
        raise DomainError(_("Everybody who came has answered."))
    given = []
    for member in asked:
        _link, secret = make_link(
            by=by,
            at=at,
            client=member.client,
            measure=measure,
            episode=member.episode,
            slot=session.number,
            hours=HOURS,
        )
        given.append((member, secret))
    detail = {"measure": measure, "number": session.number, "forms": len(given)}
    audit.record("give climate forms", by=by, at=at, subject=session, detail=detail)
    return given


@action
def plan_for_climate(*, by: User, at: dt.datetime, session: GroupSession, plan: str) -> GroupSession:
    """Write what both facilitators mean to do about the climate."""
    facilitator(by, session.run, at=at)
    goes_on(hold(session.run))
    session.climate_plan = words(plan, field="plan", most=400)
    session.save(update_fields=["climate_plan"])
    audit.record("plan for group climate", by=by, at=at, subject=session, detail={"number": session.number})
    return session
