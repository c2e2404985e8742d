"""Places in a group: asked for, started, ended; goals to share and goals that stay private; the next step."""

import datetime as dt
import math
import uuid
from collections.abc import Collection

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.base.races import hold
from reknit.care.formulation.models import FocusArea
from reknit.care.groups.access import may_ask_for_place
from reknit.care.groups.checks import everybody, facilitator, goes_on, likely_day, no_other_names, words
from reknit.care.groups.models import GroupRun, MeetingAlone, Member
from reknit.care.groups.queries.before import G14, meeting_before
from reknit.care.groups.queries.runs import day_of, sessions_of
from reknit.care.groups.teams import LINGERS, close_parts, is_anybody_apart, leading, open_parts
from reknit.care.network.conflicts import conflicts_with
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.actions import change_protocol, open_episode, override_gate
from reknit.care.programme.models import Contract, Episode
from reknit.care.programme.queries import latest_slot
from reknit.core.groups import roster

from .telling import take_back

AFTER_LAST, MONTH_LATER = dt.timedelta(days=7), dt.timedelta(days=30)


@action
def ask_for_place(
    *, by: User, at: dt.datetime, run: GroupRun, client: Client, key: uuid.UUID | None = None
) -> Member:
    """Ask for a place: the client waits for the meeting before the group, and the facilitators may read the chart."""
    client, run = hold(client), hold(run)
    goes_on(run)
    today = local_date(at, zone())
    decision = may_ask_for_place(by, client, on=today)
    if not decision:
        raise Refused(decision.reason)
    known = Member.objects.filter(run=run, client=client, ended_at=None).first()
    if known:
        audit.unchanged()
        return known
    if client.is_sandbox:
        raise DomainError(_("This client is made up, so no place is asked for."))
    if client.status == Client.Status.REFERRED:
        raise DomainError(
            _("Take the person into care first, with a therapist. Then a place can be asked for.")
        )
    _check_room(run)
    days = [day_of(one) for one in sessions_of(run)]
    _refuse_late(run, max(today, run.starts_on), days)
    _refuse_apart(run, client, on=today)
    member = Member.objects.create(
        **({"id": key} if key else {}),
        run=run,
        client=client,
        episode=_course(run, client, days, by=by, at=at, today=today),
        asked_by=by,
        asked_at=at,
    )
    open_parts(member, by=by, at=at, on=today)
    due = max(today, run.starts_on - dt.timedelta(days=1))
    MeetingAlone.objects.create(
        member=member, kind=MeetingAlone.Kind.BEFORE, due_on=due, made_by=by, made_at=at
    )
    audit.record(
        "ask for group place", by=by, at=at, subject=member, client=client, detail={"group": str(run.pk)}
    )
    return member


def _course(
    run: GroupRun, client: Client, days: list[dt.date], *, by: User, at: dt.datetime, today: dt.date
) -> Episode:
    """The member's course: the group's own where nothing has begun yet, else the one under way, beside which the group goes."""
    open_one = Episode.objects.filter(client=client, status=Episode.Status.OPEN).first()
    starts_on = max(today, run.starts_on)
    if open_one is None:
        return open_episode(
            by=by, at=at, client=client, protocol=run.protocol, starts_on=starts_on, ends_on=days[-1]
        )
    has_begun = latest_slot(open_one) > 0 or Contract.objects.filter(episode=open_one).exists()
    if open_one.protocol == run.protocol or has_begun:
        return open_one
    return change_protocol(by=by, at=at, episode=open_one, protocol=run.protocol, ends_on=days[-1])


def _check_room(run: GroupRun, *, besides: uuid.UUID | None = None) -> None:
    taken = set(run.members.filter(ended_at=None).values_list("pk", flat=True)) - {besides}
    if len(taken) >= run.capacity:
        raise DomainError(
            _("All %(places)s places of this group are taken. Choose another group.")
            % {"places": run.capacity}
        )


def _refuse_late(run: GroupRun, starts_on: dt.date, days: list[dt.date]) -> None:
    if roster.is_too_late(is_closed=run.is_closed_group, starts_on=starts_on, sessions=days):
        raise DomainError(
            _(
                "This group is closed: nobody joins after session %(last)s. Choose a group that has not begun, or an open one."
            )
            % {"last": roster.LAST_TO_JOIN},
            field="starts_on",
        )


def _refuse_apart(run: GroupRun, client: Client, *, on: dt.date) -> None:
    """People who must not share a room, nor the clinician who leads it. The sentence says that, and nothing of whom or why."""
    others = run.members.filter(ended_at=None).exclude(client=client).values_list("client_id", flat=True)
    if conflicts_with(client.pk, others, on=on):
        raise DomainError(
            _(
                "This client and somebody who has a place in this group cannot be placed together. Choose another group."
            )
        )
    if is_anybody_apart([client.pk], leading(run.pk, on=on), on=on):
        raise DomainError(
            _("This client cannot be placed with whoever leads this group. Choose another group.")
        )


@action
def start_member(
    *, by: User, at: dt.datetime, member: Member, starts_on: dt.date, reason: str = ""
) -> Member:
    """Take a member in from a day on: the meeting before the group is complete (gate G14), else the reason is written.

    The sessions from that day on have them on their list; no earlier one does.
    """
    client, run = hold(member.client), hold(member.run)
    facilitator(by, run, at=at)
    goes_on(run)
    stands = hold(member)
    if stands.ended_at or stands.starts_on:
        raise DomainError(_("This place has changed meanwhile. Reload the page to see what stands."))
    today = local_date(at, zone())
    sessions = sessions_of(run)
    days = [day_of(one) for one in sessions]
    if starts_on < today:
        raise DomainError(_("Choose today or a later day: past sessions keep their list."), field="starts_on")
    if not days[0] <= starts_on <= days[-1]:
        raise DomainError(_("Choose a day on which the group meets, or one between."), field="starts_on")
    _refuse_late(run, starts_on, days)
    _check_room(run, besides=member.pk)
    _refuse_apart(run, client, on=starts_on)
    member.client, member.run = client, run
    member.started_without = _pass_gate(member, reason, by=by, at=at)
    member.starts_on, member.joined_by, member.joined_at = starts_on, by, at
    member.save(update_fields=["starts_on", "joined_by", "joined_at", "started_without"])
    _owe_meetings(member, days, by=by, at=at)
    if run.state == GroupRun.State.FORMING:
        run.state = GroupRun.State.RUNNING
        run.save(update_fields=["state"])
    detail = {"group": str(run.pk), "without_meeting": bool(member.started_without)}
    audit.record("start group member", by=by, at=at, subject=member, client=client, detail=detail)
    return member


@action
def start_members(
    *, by: User, at: dt.datetime, run: GroupRun, members: Collection[Member], starts_on: dt.date
) -> list[Member]:
    """Take several members in from one day on, all of them or none. Of each the meeting before the group is complete."""
    if not members:
        raise DomainError(_("Nobody is ready yet. Hold the meeting before the group first."))
    started = []
    for one in sorted(members, key=lambda one: str(one.client_id)):  # one order of locks for everybody
        one.run = run
        try:
            started.append(start_member(by=by, at=at, member=one, starts_on=starts_on))
        except DomainError as problem:
            if problem.field == "starts_on":
                raise
            raise DomainError(f"{one.client.name}: {problem.sentence}") from problem
    return started


def _pass_gate(member: Member, reason: str, *, by: User, at: dt.datetime) -> str:
    """Gate G14. Returns the reason where the meeting is not complete, and nothing where it is."""
    before = meeting_before(member)
    if before.is_complete:
        return ""
    said = words(reason, field="reason", most=400)
    if not said:
        raise DomainError(before.refusal, field="reason")
    if before.has_gate and not before.is_passed:
        override_gate(by=by, at=at, episode=member.episode, code=G14, reason=said)
    return said


def _owe_meetings(member: Member, days: list[dt.date], *, by: User, at: dt.datetime) -> None:
    half_way = days[math.ceil(len(days) / 2) - 1]
    owed = {
        MeetingAlone.Kind.HALF_WAY: half_way,
        MeetingAlone.Kind.AFTER: days[-1] + AFTER_LAST,
        MeetingAlone.Kind.MONTH: days[-1] + MONTH_LATER,
    }
    MeetingAlone.objects.bulk_create(
        MeetingAlone(member=member, kind=kind, due_on=due_on, made_by=by, made_at=at)
        for kind, due_on in owed.items()
        if member.starts_on and due_on >= member.starts_on
    )


@action
def save_goals(
    *,
    by: User,
    at: dt.datetime,
    member: Member,
    revision: int,
    focus: str,
    shared_goals: str,
    private_goals: str,
) -> Member:
    """Write the focus area, the goals to share and those that stay private. Neither names another member."""
    facilitator(by, member.run, at=at)
    goes_on(hold(member.run))
    stands = hold(member)
    if stands.revision != revision:
        raise Conflict(
            _("Somebody else changed this while you were writing. Look at theirs, then write yours again."),
            theirs=stands,
        )
    if focus and focus not in FocusArea.Area.values:
        raise DomainError(_("Choose the focus area from the list."), field="focus")
    member.focus = focus
    member.shared_goals = words(shared_goals, field="shared_goals", most=1000)
    member.private_goals = words(private_goals, field="private_goals", most=1000)
    others = everybody(member.run)
    for field in ("shared_goals", "private_goals"):
        no_other_names(getattr(member, field), member, others, field=field)
    member.revision = revision + 1
    member.save(update_fields=["focus", "shared_goals", "private_goals", "revision"])
    audit.record("save group goals", by=by, at=at, subject=member, client=member.client_id)
    return member


@action
def set_next_step(*, by: User, at: dt.datetime, member: Member, step: str, say: str = "") -> Member:
    """Write what comes for this member after the group."""
    facilitator(by, member.run, at=at)
    goes_on(hold(member.run))
    if step not in Member.NextStep.values:
        raise DomainError(_("Choose the next step from the list."), field="step")
    say = words(say, field="say", most=400)
    no_other_names(say, member, everybody(member.run), field="say")
    member.next_step, member.next_words = step, say
    member.save(update_fields=["next_step", "next_words"])
    audit.record(
        "set group next step", by=by, at=at, subject=member, client=member.client_id, detail={"step": step}
    )
    return member


@action
def end_place(
    *, by: User, at: dt.datetime, member: Member, ends_on: dt.date, because: str, say: str = ""
) -> Member:
    """End a place from a day on. Sessions up to and with that day keep the member on their list."""
    run = hold(member.run)
    facilitator(by, run, at=at)
    goes_on(run)
    stands = hold(member)
    if stands.ended_at:
        raise DomainError(_("This place has ended already. Reload the page to see what stands."))
    if because not in Member.Ended.values:
        raise DomainError(_("Choose why the place ends from the list."), field="because")
    likely_day(ends_on, field="ends_on")
    today = local_date(at, zone())
    if stands.starts_on and ends_on < stands.starts_on:
        if stands.starts_on <= today:
            raise DomainError(_("The last day cannot be before the first."), field="ends_on")
        member.starts_on = member.joined_by = member.joined_at = None  # they were to start, and never did
    latest = member.attendances.filter(session__state="signed").order_by("-session__number").first()
    if latest and ends_on < day_of(latest.session):
        raise DomainError(
            _(
                "This member is on the list of a session that was signed later. Choose that day or a later one."
            ),
            field="ends_on",
        )
    member.ends_on, member.ended_because = ends_on, because
    member.ended_words = words(say, field="say", most=400)
    member.ended_by, member.ended_at = by, at
    member.save()
    not_theirs = [one for one in run.sessions.filter(starts_at__gt=at) if day_of(one) > ends_on]
    take_back(not_theirs, [member], by=by, at=at)
    # Who never started opens no chart; of whoever left there is something to write still.
    close_parts(member, by=by, at=at, on=today if member.starts_on is None else max(today, ends_on) + LINGERS)
    detail = {"because": because, "group": str(run.pk)}
    audit.record("end group place", by=by, at=at, subject=member, client=member.client_id, detail=detail)
    return member
