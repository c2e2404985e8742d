"""What a group waits for: contacts after a miss, meetings alone, summaries, a decision about a small group."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from reknit.base.accounts.models import User
from reknit.care.encounters.models import ContactAfterMiss
from reknit.care.groups.models import (
    Attendance,
    Facilitation,
    GroupRun,
    GroupSession,
    MeetingAlone,
    Member,
    SmallGroupDecision,
    WeeklySummary,
)
from reknit.care.people.models import Client, about_clients_seen_by, current
from reknit.core.groups import roster

from .told import to_tell

LOOKED_BACK, A_DAY, A_WEEK = dt.timedelta(days=60), dt.timedelta(days=1), dt.timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class ContactOwed:
    """A member who missed sessions and with whom nobody has been in touch since: one line, however many they missed."""

    attendance: Attendance  # of the latest one: being in touch after it settles the others
    missed: tuple[int, ...]
    opens_at: dt.datetime
    due_at: dt.datetime
    is_late: bool


@dataclass(frozen=True, slots=True)
class Owed:
    """Everything one run waits for."""

    contacts: tuple[ContactOwed, ...]
    left_early: tuple[Attendance, ...]
    meetings: tuple[MeetingAlone, ...]
    summaries: tuple[GroupSession, ...]
    unsigned: tuple[GroupSession, ...]
    to_tell: tuple[tuple[GroupSession, list[Member]], ...]
    small_after: int | None

    @property
    def meetings_by_day(self) -> list[tuple[str, dt.date, list[MeetingAlone]]]:
        """Those of one kind that are due on one day together: half way, everybody's are."""
        found: dict[tuple[str, dt.date], list[MeetingAlone]] = {}
        for one in sorted(self.meetings, key=lambda one: (one.due_on, one.member.client.name.casefold())):
            found.setdefault((one.get_kind_display(), one.due_on), []).append(one)
        return [(kind, due_on, rows) for (kind, due_on), rows in found.items()]

    @property
    def count(self) -> int:
        return (
            len(self.contacts)
            + len(self.left_early)
            + len(self.meetings)
            + len(self.summaries)
            + len(self.unsigned)
            + len(self.to_tell)
            + (self.small_after is not None)
        )


def owed(run: GroupRun, *, at: dt.datetime, today: dt.date) -> Owed:
    """Read from what was written. Twelve queries at most, however many members."""
    return Owed(
        contacts=_contacts(run, at=at),
        left_early=_left_early(run, at=at),
        meetings=tuple(meetings_owed([run.pk], until=today + dt.timedelta(days=7))),
        summaries=tuple(
            run.sessions.filter(state=GroupSession.State.SIGNED)
            .filter(Q(summary=None) | Q(summary__second_at=None))
            .select_related("summary")
            .order_by("number")
        ),
        unsigned=tuple(
            run.sessions.filter(
                state__in=(GroupSession.State.PLANNED, GroupSession.State.DRAFT),
                starts_at__lt=at - dt.timedelta(minutes=run.minutes),
            ).order_by("number")
        ),
        to_tell=tuple(to_tell(run, at=at)),
        small_after=_small_after([run.pk]).get(run.pk),
    )


@dataclass(frozen=True, slots=True)
class Raised:
    """What one run raises for whoever supervises its facilitators: counts of what is late or waits.

    Of members who missed two or more in a row, `missed` names those whose chart the supervisor may read, with how many
    they missed; `missed_unnamed` counts the others.
    """

    run: GroupRun
    unsigned: int
    meetings: int
    contacts: int
    is_small: bool
    missed: tuple[tuple[Member, int], ...]
    missed_unnamed: int
    to_approve: int  # weekly summaries that one has approved and the other has not
    not_written: int  # weekly summaries that nobody has approved a week after the session

    @property
    def is_anything(self) -> bool:
        missed = self.missed or self.missed_unnamed
        waits = self.to_approve or self.not_written
        return bool(self.unsigned or self.meetings or self.contacts or self.is_small or missed or waits)


def raised_by(
    people: Collection[uuid.UUID], *, reader: User, at: dt.datetime, today: dt.date
) -> dict[uuid.UUID, list[Raised]]:
    """What the groups raise that these people lead today, by person. Nine queries, however many groups; ten with names."""
    leading = Facilitation.objects.filter(current(today), person__in=people)
    rows = list(leading.exclude(run__state=GroupRun.State.CLOSED).select_related("run").order_by("starts_on"))
    runs = {row.run_id: row.run for row in rows}
    if not runs:
        return {}
    late = GroupSession.objects.filter(
        run__in=runs,
        state__in=(GroupSession.State.PLANNED, GroupSession.State.DRAFT),
        starts_at__lt=at - A_DAY,
    )
    unsigned = dict(late.values_list("run").annotate(n=Count("pk")))
    overdue = meetings_owed(list(runs), until=today - A_DAY).order_by()
    meetings = dict(overdue.values_list("member__run").annotate(n=Count("pk")))
    not_reached = _not_reached(runs, at=at).filter(session__starts_at__lt=at - roster.CONTACT_BY)
    contacts = dict(not_reached.values_list("session__run").annotate(n=Count("member", distinct=True)))
    small, missed = _small_after(runs), _missed_in_a_row(runs)
    to_read = [member.client_id for members in missed.values() for member, _n in members]
    seen = set(
        Client.objects.visible_to(reader, on=today).filter(pk__in=to_read).values_list("pk", flat=True)
        if to_read
        else ()
    )
    waits = _summaries_waiting(runs, at=at)
    found: dict[uuid.UUID, list[Raised]] = {}
    for row in rows:
        key = row.run_id
        away = missed.get(key, [])
        named = tuple((member, n) for member, n in away if member.client_id in seen)
        found.setdefault(row.person_id, []).append(
            Raised(
                run=row.run,
                unsigned=unsigned.get(key, 0),
                meetings=meetings.get(key, 0),
                contacts=contacts.get(key, 0),
                is_small=key in small,
                missed=named,
                missed_unnamed=len(away) - len(named),
                to_approve=waits.get(key, (0, 0))[0],
                not_written=waits.get(key, (0, 0))[1],
            )
        )
    return found


def _missed_in_a_row(runs: Collection[uuid.UUID]) -> dict[uuid.UUID, list[tuple[Member, int]]]:
    """Members who missed two or more in a row, until they come again or were met alone after it. Two queries."""
    signed = Attendance.objects.filter(
        session__run__in=runs, session__state=GroupSession.State.SIGNED, member__ended_at=None
    )
    rows: dict[Member, list[Attendance]] = {}
    for row in signed.select_related("member__client", "session").order_by("session__number"):
        rows.setdefault(row.member, []).append(row)
    latest_miss = {
        member: theirs
        for member, theirs in rows.items()
        if roster.in_a_row(one.outcome for one in theirs) >= roster.ROW_FOR_A_MEETING
    }
    met: dict[uuid.UUID, dt.datetime] = dict(
        MeetingAlone.objects.held()
        .filter(member__in=latest_miss)
        .values("member")
        .annotate(latest=Max("encounter__starts_at"))
        .values_list("member", "latest")
    )
    found: dict[uuid.UUID, list[tuple[Member, int]]] = {}
    for member, theirs in latest_miss.items():
        missed_at = max(one.session.starts_at for one in theirs if one.outcome in roster.MISSED)
        if member.pk not in met or met[member.pk] < missed_at:
            n = roster.in_a_row(one.outcome for one in theirs)
            found.setdefault(member.run_id, []).append((member, n))
    return found


def _summaries_waiting(runs: Collection[uuid.UUID], *, at: dt.datetime) -> dict[uuid.UUID, tuple[int, int]]:
    """Weekly summaries that wait for the second approval, and those nobody approved a week after the session. One query."""
    signed = GroupSession.objects.filter(run__in=runs, state=GroupSession.State.SIGNED)
    second = Q(summary__first_at__isnull=False, summary__second_at=None)
    none = Q(summary__first_at=None, starts_at__lt=at - A_WEEK)
    rows = signed.values("run").annotate(second=Count("pk", filter=second), none=Count("pk", filter=none))
    return {row["run"]: (row["second"], row["none"]) for row in rows}


def meetings_owed(runs: Collection[uuid.UUID], *, until: dt.date) -> QuerySet[MeetingAlone]:
    """Meetings alone that are due by a day and not held, the first due first. Members who left owe none but the last two."""
    rows = MeetingAlone.objects.owed().filter(member__run__in=runs, due_on__lte=until)
    stays = Q(member__ended_at=None) | Q(member__ended_because="completed")
    return (
        rows.filter(stays)
        .select_related("member__client", "member__run", "appointment")
        .order_by("due_on", "pk")
    )


def _not_reached(
    runs: "Collection[uuid.UUID] | QuerySet[Facilitation, uuid.UUID]", *, at: dt.datetime
) -> QuerySet[Attendance]:
    """Misses of the latest weeks after which nobody was in touch, and the member has not come since.

    A message left counts as being in touch. A call that nobody answered does not: somebody tries again. Who was reached
    after a later miss was reached: the earlier one is not asked for once more.
    """
    reached = ContactAfterMiss.objects.filter(
        encounter__group_attendance__member=OuterRef("member"),
        encounter__group_attendance__session__number__gte=OuterRef("session__number"),
    ).exclude(answer=ContactAfterMiss.Answer.NOT_REACHED)
    came = Attendance.objects.filter(
        member=OuterRef("member"), outcome=Attendance.Outcome.ATTENDED, encounter__isnull=False,
        session__number__gt=OuterRef("session__number"),
    )  # fmt: skip
    return Attendance.objects.filter(
        ~Exists(reached),
        ~Exists(came),
        session__run__in=runs,
        outcome__in=roster.MISSED,
        encounter__isnull=False,
        session__starts_at__gt=at - LOOKED_BACK,
        member__ended_at=None,
    )


def _contacts(run: GroupRun, *, at: dt.datetime) -> tuple[ContactOwed, ...]:
    rows = _not_reached([run.pk], at=at).select_related("member__client", "session", "encounter")
    return tuple(_by_member(rows.order_by("session__number"), at=at))


def _by_member(rows: Iterable[Attendance], *, at: dt.datetime) -> list[ContactOwed]:
    """One for each member, the first due first; `rows` come from the earliest session to the latest."""
    found: dict[uuid.UUID, ContactOwed] = {}
    for row in rows:
        opens_at, due_at = roster.contact_window(row.session.starts_at)
        missed: tuple[int, ...] = (row.session.number,)
        if earlier := found.get(row.member_id):
            opens_at, due_at, missed = earlier.opens_at, earlier.due_at, earlier.missed + missed
        found[row.member_id] = ContactOwed(row, missed, opens_at, due_at, is_late=due_at < at)
    return list(found.values())


def contacts_owed_by(user: User, *, at: dt.datetime, today: dt.date) -> list[ContactOwed]:
    """Members with whom somebody who leads their group today gets in touch, the first due first. One query.

    Of members whose chart is open to this person: that is where the contact is written.
    """
    leading = Facilitation.objects.filter(current(today), person=user).exclude(
        run__state=GroupRun.State.CLOSED
    )
    rows = _not_reached(leading.values_list("run", flat=True), at=at).filter(
        about_clients_seen_by(user, on=today, client="member__client")
    )
    rows = rows.select_related("member__client", "session__run")
    return _by_member(rows.order_by("session__starts_at", "pk"), at=at)


def _left_early(run: GroupRun, *, at: dt.datetime) -> tuple[Attendance, ...]:
    """Members who left early: the co-facilitator gets in touch the same day (`ipt.md` section 9)."""
    since = at - dt.timedelta(days=1)
    rows = Attendance.objects.filter(session__run=run, minutes_early__gt=0, session__starts_at__gte=since)
    return tuple(
        rows.select_related("member__client", "session").order_by("member__client__family_name", "pk")
    )


def _small_after(runs: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Runs that were small at the latest sessions, and the session after which it is to be decided how they go on. Two queries."""
    counts: dict[uuid.UUID, list[tuple[int, int]]] = {}
    signed = GroupSession.objects.filter(run__in=runs, state=GroupSession.State.SIGNED)
    came = Count("attendances", filter=Q(attendances__outcome="attended"))
    for run, number, n in signed.annotate(came=came).order_by("number").values_list("run", "number", "came"):
        counts.setdefault(run, []).append((number, n))
    decided = dict(
        SmallGroupDecision.objects.filter(run__in=counts)
        .order_by("after_session")
        .values_list("run", "after_session")
    )
    return {
        run: rows[-1][0]
        for run, rows in counts.items()
        if roster.is_small([n for _number, n in rows])
        and decided.get(run, -roster.SMALL_WEEKS) <= rows[-1][0] - roster.SMALL_WEEKS
    }


def summaries_for(
    run_ids: Collection[uuid.UUID], *, since: dt.date, until: dt.date | None
) -> QuerySet[WeeklySummary]:
    """Summaries that members may read, latest first: of the sessions in the span of their place."""
    rows = WeeklySummary.objects.filter(
        session__run__in=run_ids, second_at__isnull=False, session__starts_at__date__gte=since
    )
    if until:
        rows = rows.filter(session__starts_at__date__lte=until)
    return rows.select_related("session").order_by("-session__number")
