"""Writing a session together, and signing it: each member's own session and note are made in their own chart."""

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.base.races import hold
from reknit.care.encounters.actions import save_note, set_intention, sign_note, start_encounter, tick
from reknit.care.encounters.models import Encounter
from reknit.care.formulation.models import FocusArea
from reknit.care.groups.checks import everybody, facilitator, goes_on, no_names, no_other_names, words
from reknit.care.groups.models import (
    Attendance,
    GroupSession,
    MeetingAlone,
    Member,
    Response,
    Turn,
)
from reknit.care.groups.queries.done import SAFETY, WRITING, parts_of, tasks_asked
from reknit.care.groups.queries.runs import on_the_list
from reknit.care.people.queries import zone
from reknit.care.programme.queries import plan_of
from reknit.core.groups import roster
from reknit.core.groups.guide import GUIDE

EARLY = dt.timedelta(hours=1)  # before the hour at which a session may be written down
MOST_TURNS = 6
OWN_MEETING_DAYS = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Row:
    """What is written about one member in a session."""

    member: uuid.UUID
    outcome: str = "attended"
    place: str = "here"
    minutes_late: int = 0
    minutes_early: int = 0
    absent_because: str = ""
    safety: str = "not_asked"
    private_line: str = ""
    to_try: str = ""


@dataclass(frozen=True, slots=True)
class TurnTaken:
    """Whose turn it was, on which focus, and who responded."""

    member: uuid.UUID
    focus: str
    responders: tuple[uuid.UUID, ...] = field(default=())


@action
def save_session(
    *,
    by: User,
    at: dt.datetime,
    session: GroupSession,
    revision: int,
    note: str,
    rows: Sequence[Row],
    turns: Sequence[TurnTaken] = (),
    done: Collection[str] = (),
) -> GroupSession:
    """Save the draft of a session. The row must still be at `revision`, so that nobody's words are written over unseen.

    The shared note may name no member, and what is written for one member no other.
    """
    facilitator(by, session.run, at=at)
    goes_on(hold(session.run))
    stands = hold(session)
    _check_open(stands)
    if session.starts_at > at + EARLY:
        raise DomainError(_("This session has not begun yet. Write it down once it has."))
    if stands.revision != revision:
        raise Conflict(
            _(
                "Your co-facilitator saved this session while you were writing. Look at theirs, then add yours."
            ),
            theirs=stands,
        )
    members = everybody(session.run)
    listed = {one.pk: one for one in on_the_list(members, session)}
    session.note = words(note, field="note", most=8000)
    no_names(session.note, members, field="note", what=_("The shared note"))
    _save_rows(session, rows, listed, members)
    _save_turns(session, turns, listed)
    known = [*(part.code for part in GUIDE), *(code for code, _title in tasks_asked(session))]
    session.done = [code for code in known if code in set(done)]
    session.state, session.revision = GroupSession.State.DRAFT, revision + 1
    session.saved_by, session.saved_at = by, at
    session.save(update_fields=["note", "done", "state", "revision", "saved_by", "saved_at"])
    detail = {"number": session.number, "revision": session.revision}
    audit.record("save group session", by=by, at=at, subject=session, detail=detail)
    return session


def _check_open(session: GroupSession) -> None:
    if session.state == GroupSession.State.SIGNED:
        raise DomainError(_("This session is signed. Add to a member’s note in their own chart."))
    if session.state == GroupSession.State.CANCELLED:
        raise DomainError(_("This session was called off, so there is nothing to write."))


def _save_rows(
    session: GroupSession,
    rows: Sequence[Row],
    listed: dict[uuid.UUID, Member],
    members: Sequence[Member],
) -> None:
    if unknown := {row.member for row in rows} - listed.keys():
        raise DomainError(
            _("Somebody on this page is not on the list of this session any more. Reload the page."),
            field=str(next(iter(unknown))),
        )
    Attendance.objects.filter(session=session).exclude(member__in=listed).delete()
    for row in rows:
        Attendance.objects.update_or_create(
            session=session, member=listed[row.member], defaults=_values(row, listed[row.member], members)
        )


def _values(row: Row, member: Member, members: Sequence[Member]) -> dict[str, object]:
    """The fields of one attendance, checked. Who was away has a reason and nothing of the session."""
    if row.outcome not in Attendance.Outcome.values or row.place not in Encounter.Place.values:
        raise DomainError(_("Choose what happened from the list."), field=f"{row.member}-outcome")
    came = row.outcome == Attendance.Outcome.ATTENDED
    found = {
        "private_line": words(row.private_line, field=f"{row.member}-private_line", most=600),
        "to_try": words(row.to_try, field=f"{row.member}-to_try", most=400),
        "absent_because": words(row.absent_because, field=f"{row.member}-absent_because", most=200),
    }
    for name, text in found.items():
        no_other_names(text, member, members, field=f"{row.member}-{name}")
    if not came and (found["private_line"] or found["to_try"]):
        raise DomainError(
            _("%(name)s was not there. Write why under “Reason”, or choose “Came”.")
            % {"name": member.client.name},
            field=f"{row.member}-outcome",
        )
    return {
        **found,
        "outcome": row.outcome,
        "place": row.place,
        "absent_because": "" if came else found["absent_because"],
        "minutes_late": row.minutes_late if came else 0,
        "minutes_early": row.minutes_early if came else 0,
        "safety": row.safety if came else Attendance.Safety.NOT_ASKED,
    }


def _save_turns(session: GroupSession, turns: Sequence[TurnTaken], listed: dict[uuid.UUID, Member]) -> None:
    came = set(
        Attendance.objects.filter(session=session, outcome="attended").values_list("member_id", flat=True)
    )
    session.turns.all().delete()
    for position, one in enumerate(turns[:MOST_TURNS], start=1):
        if one.member not in came or not set(one.responders) <= came:
            raise DomainError(_("Only members who came can have had a turn or responded."), field="turns")
        if one.focus not in FocusArea.Area.values:
            raise DomainError(_("Choose the focus of each turn."), field="turns")
        turn = Turn.objects.create(
            session=session, position=position, member=listed[one.member], focus=one.focus
        )
        Response.objects.bulk_create(
            Response(turn=turn, member_id=key) for key in dict.fromkeys(one.responders) if key != one.member
        )


@action
def sign_session(*, by: User, at: dt.datetime, session: GroupSession, revision: int) -> GroupSession:
    """Sign: everybody on the list gets a session of their own; who came, a note of their own. All of it or nothing."""
    facilitator(by, session.run, at=at)
    run = hold(session.run)
    goes_on(run)
    stands = hold(session)
    _check_open(stands)
    if stands.revision != revision or stands.state != GroupSession.State.DRAFT:
        raise Conflict(
            _("This session was changed since you read it. Read it again, then sign."), theirs=stands
        )
    _check_over(stands, run.minutes, at=at)
    members = everybody(run)
    rows = _rows_to_sign(session, members)
    no_names(stands.note, members, field="note", what=_("The shared note"))
    turns = {turn.member_id: turn for turn in session.turns.all()}
    for row in rows:
        try:
            _into_chart(row, session, stands.note, turns.get(row.member_id), members, by=by, at=at)
        except NotForChart:
            raise
        except DomainError as problem:
            raise NotForChart(f"{row.member.client.name}: {problem.sentence}") from problem
    session.state, session.signed_by, session.signed_at = GroupSession.State.SIGNED, by, at
    session.save(update_fields=["state", "signed_by", "signed_at"])
    _owe_meetings(session, rows, by=by, at=at)
    detail = {"number": session.number, "came": sum(row.outcome == "attended" for row in rows)}
    audit.record("sign group session", by=by, at=at, subject=session, detail=detail)
    return session


def _check_over(session: GroupSession, minutes: int, *, at: dt.datetime) -> None:
    ends_at = session.starts_at + dt.timedelta(minutes=minutes)
    if at < ends_at:
        raise DomainError(
            _("This session goes on until %(time)s. It is saved; sign it once it is over.")
            % {"time": date_format(ends_at.astimezone(zoneinfo.ZoneInfo(zone())), "H:i")}
        )


class NotForChart(DomainError):
    """One member's chart does not take the session; the sentence says whose and why."""


def _rows_to_sign(session: GroupSession, members: Sequence[Member]) -> list[Attendance]:
    listed = on_the_list(members, session)
    found = {row.member_id: row for row in session.attendances.select_related("member__client")}
    if not listed:
        raise DomainError(_("Nobody is on the list of this session."))
    if lacking := [one.client.name for one in listed if one.pk not in found]:
        raise DomainError(
            _("Say of each member whether they came. It is missing for: %(names)s.")
            % {"names": ", ".join(lacking)}
        )
    by_key = {one.pk: one for one in listed}
    rows = [found[one.pk] for one in listed]
    for row in rows:
        row.member = by_key[row.member_id]
    return rows


def _into_chart(
    row: Attendance,
    session: GroupSession,
    note: str,
    turn: Turn | None,
    members: Sequence[Member],
    *,
    by: User,
    at: dt.datetime,
) -> None:
    """One member's own session. Their words are checked again: somebody may have joined since they were written."""
    member = row.member
    member.episode.client = member.client
    for text in (row.private_line, row.to_try):
        no_other_names(text, member, members, field="note")
    is_own_course = member.episode.protocol == session.run.protocol
    encounter = start_encounter(
        by=by,
        at=at,
        episode=member.episode,
        outcome=row.outcome,
        starts_at=session.starts_at,
        place=row.place,
        minutes=_minutes(row, session.run.minutes),
        group_session=session.number if is_own_course else 0,
        key=uuid.uuid5(session.pk, str(member.pk)),
    )
    row.encounter = encounter
    row.save(update_fields=["encounter"])
    if row.outcome != Attendance.Outcome.ATTENDED:
        return
    if row.to_try:
        set_intention(by=by, at=at, encounter=encounter, text=row.to_try)
    for code in _tasks(session, row):
        tick(by=by, at=at, encounter=encounter, code=code, done=True)
    encounter.client, encounter.episode = member.client, member.episode
    draft = encounter.note
    draft.encounter = encounter
    draft = save_note(
        by=by,
        at=at,
        note=draft,
        revision=0,
        words=own_words(row, note, turn) | _parts(session, is_own_course),
    )
    sign_note(by=by, at=at, note=draft, revision=1)


def _minutes(row: Attendance, whole: int) -> int:
    """How long the member was there; at least the five minutes of the shortest session."""
    return max(whole - row.minutes_late - row.minutes_early, 5)


def _tasks(session: GroupSession, row: Attendance) -> list[str]:
    """The tasks that were ticked for the session, where the member's course has them: of safety, if they were asked."""
    wanted = [code for part in GUIDE if part.code in session.done for code in part.tasks]
    wanted += [code for code, _title in tasks_asked(session) if code in session.done]
    was_asked = row.safety != Attendance.Safety.NOT_ASKED
    safety = [code for code in SAFETY if was_asked and (code in wanted or code == SAFETY[0])]
    known = {task.code for task in plan_of(row.member.episode).tasks}
    rest = [code for code in wanted if code not in SAFETY]
    return [code for code in dict.fromkeys((*safety, *rest, WRITING)) if code in known]


def _parts(session: GroupSession, is_own_course: bool) -> dict[str, str]:
    """In a course that the group stands beside, what was done and what nobody ticked; its own course says it by its tasks."""
    if is_own_course:
        return {}
    done, left = ([one.title for one in parts_of(session) if one.is_done is here] for here in (True, False))
    said = _("In the group: %(done)s.") % {"done": "; ".join(done)} if done else ""
    lacks = _("Not done or not recorded: %(left)s.") % {"left": "; ".join(left)} if left else ""
    return {"tasks": f"{said} {lacks}".strip()}


def own_words(row: Attendance, note: str, turn: Turn | None) -> dict[str, str]:
    """A member's note, section by section: the shared note, their own line, their turn. Nothing of anybody else."""
    here = []
    if row.minutes_late:
        here.append(_("Came %(n)s minutes late.") % {"n": row.minutes_late})
    if row.minutes_early:
        here.append(_("Left %(n)s minutes early.") % {"n": row.minutes_early})
    work = (
        _("Worked on: %(focus)s.") % {"focus": str(FocusArea.Area(turn.focus).label).lower()} if turn else ""
    )
    safety = {
        Attendance.Safety.NO_CONCERN: _("Asked in the group; no concern."),
        Attendance.Safety.SPOKEN: _("Asked in the group; spoken with alone afterwards."),
    }.get(Attendance.Safety(row.safety), "")
    found = {
        "since_last": " ".join(here),
        "safety": safety,
        "focus": "\n\n".join(filter(None, [note, work])),
        "plan": row.private_line,
    }
    return {key: value for key, value in found.items() if value}


def _owe_meetings(session: GroupSession, rows: Sequence[Attendance], *, by: User, at: dt.datetime) -> None:
    """Two missed in a row: a meeting alone is owed, once for each row of misses."""
    earlier: dict[uuid.UUID, list[str]] = {}
    signed = Attendance.objects.filter(member__in=[row.member_id for row in rows], encounter__isnull=False)
    for key, outcome in signed.order_by("session__number").values_list("member_id", "outcome"):
        earlier.setdefault(key, []).append(outcome)
    for row in rows:
        if roster.in_a_row(earlier.get(row.member_id, [])) != roster.ROW_FOR_A_MEETING:
            continue
        if row.outcome in roster.MISSED:
            MeetingAlone.objects.get_or_create(
                member=row.member,
                kind=MeetingAlone.Kind.MISSED,
                after_session=session.number,
                defaults={
                    "due_on": local_date(at, zone()) + OWN_MEETING_DAYS,
                    "made_by": by,
                    "made_at": at,
                },
            )
