"""Forming a group, deciding about a small group, and closing it."""

import datetime as dt
import uuid
from collections.abc import Collection

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError, Refused
from reknit.base.races import hold
from reknit.care.encounters.models import Room
from reknit.care.encounters.times import instant
from reknit.care.groups.access import may_form
from reknit.care.groups.called_off import write_called_off
from reknit.care.groups.checks import check_at_work, check_seats, check_time_of, facilitator, goes_on, words
from reknit.care.groups.kinds import ENDING_TASKS
from reknit.care.groups.models import (
    Facilitation,
    GroupRun,
    GroupSession,
    MeetingAlone,
    Member,
    SmallGroupDecision,
)
from reknit.care.groups.queries.runs import group_protocols, on_the_list
from reknit.care.groups.teams import LINGERS, close_parts
from reknit.care.people.queries import zone
from reknit.core.groups.roster import LARGEST, SMALLEST
from reknit.core.programme.template import template

from .telling import take_back

FURTHEST = dt.timedelta(days=366)


@action
def form_group(
    *,
    by: User,
    at: dt.datetime,
    title: str,
    protocol: str,
    starts_on: dt.date,
    starts_time: dt.time,
    lead: User,
    co_facilitator: User,
    room: Room | None = None,
    place: str = "",
    video_link: str = "",
    capacity: int = 8,
    is_closed_group: bool = True,
    key: uuid.UUID | None = None,
) -> GroupRun:
    """Begin a group with all its sessions, a week apart or as its protocol says, at an hour when both facilitators are free."""
    decision = may_form(by)
    if not decision:
        raise Refused(decision.reason)
    if key and (known := GroupRun.objects.filter(pk=key, made_by=by).first()):
        audit.unchanged()
        return known
    if protocol not in dict(group_protocols()):
        raise DomainError(_("Choose the protocol of a group from the list."), field="protocol")
    _check_who(lead, co_facilitator)
    today = local_date(at, zone())
    if not today <= starts_on <= today + FURTHEST:
        raise DomainError(_("The first session lies ahead, within a year."), field="starts_on")
    if not SMALLEST <= capacity <= LARGEST:
        raise DomainError(
            _("A group has %(low)s to %(high)s places.") % {"low": SMALLEST, "high": LARGEST},
            field="capacity",
        )
    check_seats(room, capacity)
    plan = template(protocol)
    days = [starts_on + dt.timedelta(days=plan.cadence_days * n) for n in range(plan.planned_sessions)]
    starts = [instant(day, starts_time, zone()) for day in days]
    for person in (lead, co_facilitator):
        check_time_of(person, starts, plan.session_minutes, field="starts_time", room=room)
    run = GroupRun.objects.create(
        **({"id": key} if key else {}),
        title=words(title, field="title", most=80, required=True),
        protocol=plan.code,
        protocol_version=plan.version,
        planned_sessions=plan.planned_sessions,
        minutes=plan.session_minutes,
        starts_on=starts_on,
        starts_time=starts_time,
        weekday=starts_on.weekday(),
        room=room,
        place="" if room else words(place, field="place", most=120),
        video_link=video_link,
        capacity=capacity,
        is_closed_group=is_closed_group,
        made_by=by,
        made_at=at,
    )
    GroupSession.objects.bulk_create(
        GroupSession(run=run, number=n, starts_at=moment) for n, moment in enumerate(starts, start=1)
    )
    for part, person in ((Facilitation.Part.LEAD, lead), (Facilitation.Part.CO, co_facilitator)):
        Facilitation.objects.create(
            run=run, person=person, part=part, starts_on=today, made_by=by, made_at=at
        )
    detail = {"protocol": plan.code, "sessions": plan.planned_sessions}
    audit.record("form group", by=by, at=at, subject=run, detail=detail)
    return run


def _check_who(lead: User, co_facilitator: User) -> None:
    if lead.pk == co_facilitator.pk:
        raise DomainError(_("A group has two facilitators. Choose two people."), field="co_facilitator")
    for name, person in (("lead", lead), ("co_facilitator", co_facilitator)):
        check_at_work(person, field=name)


@action
def decide_small_group(
    *, by: User, at: dt.datetime, run: GroupRun, after_session: int, choice: str, why: str
) -> SmallGroupDecision:
    """Write how the group goes on after two small sessions. What is written stays."""
    facilitator(by, run, at=at)
    goes_on(hold(run))
    known = SmallGroupDecision.objects.filter(run=run, after_session=after_session).first()
    if known:
        raise DomainError(_("This was decided already. Reload the page to see it."))
    if choice not in SmallGroupDecision.Choice.values:
        raise DomainError(_("Choose what you decided from the list."), field="choice")
    decision = SmallGroupDecision.objects.create(
        run=run,
        after_session=after_session,
        choice=choice,
        why=words(why, field="why", most=400, required=True),
        by=by,
        at=at,
    )
    audit.record("decide small group", by=by, at=at, subject=run, detail={"choice": choice})
    return decision


@action
def close_group(
    *, by: User, at: dt.datetime, run: GroupRun, lessons: str, done: Collection[str] = ()
) -> GroupRun:
    """Close a run: each member has a next step, no session waits for a signature. What was not held is called off."""
    facilitator(by, run, at=at)
    goes_on(hold(run))
    if run.sessions.filter(state=GroupSession.State.DRAFT).exists():
        raise DomainError(_("A session is written and not signed. Sign it first."))
    members = list(run.members.filter(ended_at=None).select_related("client"))
    if lacking := [one for one in members if one.starts_on and not one.next_step]:
        raise DomainError(
            _("Write the next step of each member first. It is missing for: %(names)s.")
            % {"names": ", ".join(one.client.name for one in lacking)}
        )
    if unknown := set(done) - set(ENDING_TASKS):
        raise TypeError(f"Not tasks of an ending: {sorted(unknown)}")
    today = local_date(at, zone())
    for member in members:
        member.ended_because = Member.Ended.COMPLETED if member.starts_on else Member.Ended.NEVER_STARTED
        member.ends_on = max(today, member.starts_on or today)
        member.ended_by, member.ended_at = by, at
        member.save(update_fields=["ended_because", "ends_on", "ended_by", "ended_at"])
    not_held = run.sessions.filter(state=GroupSession.State.PLANNED)
    take_back(not_held, members, by=by, at=at)
    everybody = list(run.members.select_related("client", "episode"))
    for session in not_held.filter(starts_at__lte=at):
        session.run = run
        write_called_off(session, on_the_list(everybody, session), by=by, at=at)
    not_held.update(
        state=GroupSession.State.CANCELLED, cancelled_because=_("The group was closed."), changed_at=at
    )
    run.lessons = words(lessons, field="lessons", most=2000, required=True)
    run.ending_tasks = [code for code in ENDING_TASKS if code in set(done)]
    run.state, run.closed_by, run.closed_at = GroupRun.State.CLOSED, by, at
    run.save(update_fields=["lessons", "ending_tasks", "state", "closed_by", "closed_at"])
    _end_teams(run, by=by, at=at, today=today)
    audit.record("close group", by=by, at=at, subject=run, detail={"members": len(members)})
    return run


def _end_teams(run: GroupRun, *, by: User, at: dt.datetime, today: dt.date) -> None:
    """What a place opened closes with the group, or two weeks after the meeting of a month later where one is owed."""
    owed = MeetingAlone.objects.owed().filter(member__run=run, kind=MeetingAlone.Kind.MONTH)
    until = {one.member_id: one.due_on + LINGERS for one in owed}
    for member in run.members.exclude(teams=[]):
        close_parts(member, by=by, at=at, on=max(today, until.get(member.pk, today)))
