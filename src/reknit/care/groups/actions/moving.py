"""Moving a session, or it and those after it, and calling one off. Members are told; nobody falls off a list by it."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.base.races import hold
from reknit.care.encounters.booking.scope import FOLLOWING, ONE
from reknit.care.encounters.models import Room
from reknit.care.encounters.times import instant
from reknit.care.groups.called_off import write_called_off
from reknit.care.groups.checks import check_seats, check_time_of, facilitator, goes_on, likely_day, words
from reknit.care.groups.models import GroupRun, GroupSession, MeetingAlone, Member, SessionChange
from reknit.care.groups.queries.runs import day_of, on_the_list, span
from reknit.care.people.queries import zone
from reknit.core.programme.template import template

from .telling import take_back, tell_moved, tell_off

Kind, State = SessionChange.Kind, GroupSession.State
TO_COME = (MeetingAlone.Kind.HALF_WAY, MeetingAlone.Kind.AFTER, MeetingAlone.Kind.MONTH)


@action
def move_session(
    *,
    by: User,
    at: dt.datetime,
    session: GroupSession,
    revision: int,
    starts_on: dt.date,
    time: dt.time,
    why: str,
    room: Room | None = None,
    place: str = "",
    scope: str = ONE,
) -> GroupSession:
    """Move a planned session to another day, hour or room; or it and those after it, which follow at the group's pace.

    One alone stays an exception: the others keep their day. Both facilitators of the new day have to be free, the order
    stays, and nothing comes to lie after a member's ending date, which moves only by an amendment (gate G11).
    """
    run = hold(session.run)
    facilitator(by, run, at=at)
    goes_on(run)
    stands = _held(session, revision, at=at)
    if scope not in (ONE, FOLLOWING):
        raise DomainError(_("Choose from the list."), field="scope")
    likely_day(starts_on, field="starts_on")
    why = words(why, field="why", most=200, required=True)
    place = "" if room else words(place, field="place", most=120)
    check_seats(room, run.capacity)
    rows = _in_scope(stands, scope)
    pace = dt.timedelta(days=template(run.protocol, run.protocol_version).cadence_days)
    time = time.replace(second=0, microsecond=0)
    days = [starts_on + pace * (row.number - stands.number) for row in rows]
    moments = [instant(day, time, zone()) for day in days]
    _check_order(run, rows, moments, at=at)
    members = _placed(run, at=at)
    _check_ending(run, members, max(days))
    _check_leaders(run, rows, moments, days, room)
    elsewhere = (room.name if room else place) != stands.where
    own = None if scope == FOLLOWING or (room, place) == (run.room, run.place) else (room, place)
    from_at, members_told = stands.starts_at, on_the_list(members, stands)
    delta = days[0] - day_of(stands)
    take_back(rows, members, by=by, at=at)
    for row, moment, day in zip(rows, moments, days, strict=True):
        _keep_list(members, day_of(row), day)
        _move(row, moment, own, why, by=by, at=at)
    _follow(run, rows, days, time, (room, place) if scope == FOLLOWING else None)
    if scope == FOLLOWING and delta:
        _shift_meetings(members, delta)
    tell_moved(
        rows[0], members_told, from_at=from_at, follow=len(rows) > 1, elsewhere=elsewhere, by=by, at=at
    )
    detail = {"number": stands.number, "scope": scope, "count": len(rows)}
    audit.record("move group session", by=by, at=at, subject=stands, detail=detail)
    return rows[0]


@action
def cancel_session(*, by: User, at: dt.datetime, session: GroupSession, reason: str) -> GroupSession:
    """Call a session off, tell its members, and write it into each one's record. The last day of the group stays.

    What is written about a session is not thrown away: it is taken out by whoever wrote it, or the session took place.
    """
    run = hold(session.run)
    facilitator(by, run, at=at)
    goes_on(run)
    stands = hold(session)
    if stands.state == State.CANCELLED:
        audit.unchanged()
        return stands
    if stands.state == State.SIGNED:
        raise DomainError(_("This session is signed. It took place."))
    if _has_words(stands):
        raise DomainError(
            _(
                "Something is written about this session. If it did not take place, take that out and save, then call it off."
            )
        )
    session.state = State.CANCELLED
    session.cancelled_because = words(reason, field="reason", most=200, required=True)
    session.changed_at = at
    session.save(update_fields=["state", "cancelled_because", "changed_at"])
    SessionChange.objects.create(
        session=session, kind=Kind.CANCELLED, from_at=stands.starts_at, why=session.cancelled_because, by=by, at=at
    )  # fmt: skip
    expected = on_the_list(_placed(run, at=at), session)
    tell_off(session, expected, by=by, at=at)
    write_called_off(session, expected, by=by, at=at)
    audit.record("cancel group session", by=by, at=at, subject=session, detail={"number": session.number})
    return session


def _has_words(session: GroupSession) -> bool:
    lines = session.attendances.exclude(private_line="", to_try="")
    return bool(session.note or session.done) or session.turns.exists() or lines.exists()


def _held(session: GroupSession, revision: int, *, at: dt.datetime) -> GroupSession:
    stands = hold(session)
    stands.run = session.run
    if stands.state != State.PLANNED:
        raise DomainError(_("Something is written about this session already, so it stays where it is."))
    if stands.revision != revision:
        raise Conflict(_("Your co-facilitator moved this session. Read it again first."), theirs=stands)
    if stands.starts_at < at:
        raise DomainError(_("This session is over. Write it down, or call it off."))
    return stands


def _placed(run: GroupRun, *, at: dt.datetime) -> list[Member]:
    """Whoever has a place, those whose last day is still to come among them."""
    stays = Q(ended_at=None) | Q(ends_on__gte=local_date(at, zone()))
    return list(run.members.filter(stays).select_related("client", "episode"))


def _in_scope(stands: GroupSession, scope: str) -> list[GroupSession]:
    if scope == ONE:
        return [stands]
    rows = GroupSession.objects.select_for_update(of=("self",)).filter(
        run=stands.run_id, state=State.PLANNED, number__gte=stands.number
    )
    return [stands if row.pk == stands.pk else row for row in rows.order_by("number")]


def _check_order(
    run: GroupRun, rows: Sequence[GroupSession], moments: Sequence[dt.datetime], *, at: dt.datetime
) -> None:
    """A session stays after the one before it and before the one after it: its number says what it is for."""
    if min(moments) < at:
        raise DomainError(_("This time has passed already. Choose one that is to come."), field="starts_on")
    others = run.sessions.exclude(state=State.CANCELLED).exclude(pk__in=[row.pk for row in rows])
    before = others.filter(number__lt=rows[0].number).order_by("-number").first()
    after = others.filter(number__gt=rows[-1].number).order_by("number").first()
    if before and before.starts_at >= moments[0]:
        raise DomainError(
            _("Session %(n)s comes before it. Choose a later time.") % {"n": before.number}, field="starts_on"
        )
    if after and after.starts_at <= moments[-1]:
        raise DomainError(
            _("Session %(n)s comes after it. Choose an earlier time, or move those after it too.")
            % {"n": after.number},
            field="starts_on",
        )


def _check_ending(run: GroupRun, members: Sequence[Member], last: dt.date) -> None:
    theirs = [one.episode.ends_on for one in members if one.episode.protocol == run.protocol]
    ends_on = [day for day in theirs if day]
    if ends_on and last > min(ends_on):
        raise DomainError(
            _(
                "The group would go on after the ending date of a member. That date moves only by an amendment in their own course."
            ),
            field="starts_on",
        )


def _check_leaders(
    run: GroupRun,
    rows: Sequence[GroupSession],
    moments: Sequence[dt.datetime],
    days: Sequence[dt.date],
    room: Room | None,
) -> None:
    """Whoever leads it on the new day has to be free, and so has the room."""
    moving = [row.pk for row in rows]
    for one in run.facilitations.select_related("person"):
        theirs = [moment for moment, day in zip(moments, days, strict=True) if one.covers(day)]
        check_time_of(one.person, theirs, run.minutes, field="time", room=room, beside=moving)


def _keep_list(members: Sequence[Member], old: dt.date, new: dt.date) -> None:
    """Whoever was on the list of the old day is on that of the new one."""
    for member in members:
        found = dates_after(member, old, new)
        if found != (member.starts_on, member.ends_on):
            member.starts_on, member.ends_on = found
            member.save(update_fields=["starts_on", "ends_on"])


def dates_after(member: Member, old: dt.date, new: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """The first and last day of a place that began or was to end with a session which has moved."""
    starts_on, ends_on = member.starts_on, member.ends_on
    if not span(member).covers(old):
        return starts_on, ends_on
    return (min(starts_on, new) if starts_on else None), (max(ends_on, new) if ends_on else None)


Where = tuple[Room | None, str]


def _move(
    row: GroupSession, moment: dt.datetime, own: Where | None, why: str, *, by: User, at: dt.datetime
) -> None:
    """`own` is where this one meets, if it is not where the group meets."""
    if moment != row.starts_at:
        SessionChange.objects.create(
            session=row, kind=Kind.MOVED, from_at=row.starts_at, to_at=moment, why=why, by=by, at=at
        )
    row.room, row.place = own or (None, "")
    row.starts_at, row.changed_at, row.revision = moment, at, row.revision + 1
    row.save(update_fields=["starts_at", "room", "place", "changed_at", "revision"])


def _follow(
    run: GroupRun, rows: Sequence[GroupSession], days: Sequence[dt.date], time: dt.time, where: Where | None
) -> None:
    """The group meets there and then from now on, where several moved."""
    if rows[0].number == 1:
        run.starts_on = days[0]
    if where:
        run.weekday, run.starts_time = days[0].weekday(), time
        run.room, run.place = where
    run.save(update_fields=["starts_on", "weekday", "starts_time", "room", "place"])


def _shift_meetings(members: Sequence[Member], delta: dt.timedelta) -> None:
    """Meetings alone that are owed by the sessions' days move with them, where they are not booked."""
    rows = MeetingAlone.objects.filter(member__in=members, begun_at=None, appointment=None, kind__in=TO_COME)
    for meeting in rows:
        meeting.due_on += delta
        meeting.save(update_fields=["due_on"])
