"""What a group waits for: contacts after a miss, meetings alone, summaries, a decision about a small group."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from reknit.care.encounters.models import ContactAfterMiss
from reknit.care.groups.models import (
    Attendance,
    GroupRun,
    GroupSession,
    MeetingAlone,
    SmallGroupDecision,
    WeeklySummary,
)
from reknit.core.groups import roster

LOOKED_BACK = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class ContactOwed:
    """A member who missed a session and with whom nobody has been in touch since."""

    attendance: Attendance
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
    small_after: int | None

    @property
    def count(self) -> int:
        return (
            len(self.contacts)
            + len(self.left_early)
            + len(self.meetings)
            + len(self.summaries)
            + len(self.unsigned)
            + (self.small_after is not None)
        )


def owed(run: GroupRun, *, at: dt.datetime, today: dt.date) -> Owed:
    """Read from what was written. Seven queries, however many members."""
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
        small_after=_small(run),
    )


def meetings_owed(runs: Collection[uuid.UUID], *, until: dt.date) -> QuerySet[MeetingAlone]:
    """Meetings alone that are due by a day and not held, the first due first. Members who left owe none but the last two."""
    rows = MeetingAlone.objects.filter(member__run__in=runs, held_at=None, due_on__lte=until)
    stays = Q(member__ended_at=None) | Q(member__ended_because="completed")
    return (
        rows.filter(stays)
        .select_related("member__client", "member__run", "appointment")
        .order_by("due_on", "pk")
    )


def _contacts(run: GroupRun, *, at: dt.datetime) -> tuple[ContactOwed, ...]:
    missed = Attendance.objects.filter(
        session__run=run,
        outcome__in=roster.MISSED,
        encounter__isnull=False,
        session__starts_at__gt=at - LOOKED_BACK,
        member__ended_at=None,
    ).select_related("member__client", "session", "encounter")
    reached = set(
        ContactAfterMiss.objects.filter(encounter__group_attendance__session__run=run).values_list(
            "encounter_id", flat=True
        )
    )
    came_since = {
        (row["member"], row["session__number"])
        for row in Attendance.objects.filter(
            session__run=run, outcome="attended", encounter__isnull=False
        ).values("member", "session__number")
    }
    found = []
    for row in missed.order_by("session__number"):
        has_come = any(
            member == row.member_id and number > row.session.number for member, number in came_since
        )
        if row.encounter_id in reached or has_come:
            continue
        opens_at, due_at = roster.contact_window(row.session.starts_at)
        found.append(ContactOwed(row, opens_at, due_at, is_late=due_at < at))
    return tuple(found)


def _left_early(run: GroupRun, *, at: dt.datetime) -> tuple[Attendance, ...]:
    """Members who left early: the co-facilitator gets in touch the same day (`ipt.md` section 9)."""
    since = at - dt.timedelta(days=1)
    rows = Attendance.objects.filter(session__run=run, minutes_early__gt=0, session__starts_at__gte=since)
    return tuple(
        rows.select_related("member__client", "session").order_by("member__client__family_name", "pk")
    )


def _small(run: GroupRun) -> int | None:
    """The session after which the facilitators decide how to go on; nothing when the group is large enough or it is decided."""
    counts = list(
        run.sessions.filter(state=GroupSession.State.SIGNED)
        .annotate(came=Count("attendances", filter=Q(attendances__outcome="attended")))
        .order_by("number")
        .values_list("number", "came")
    )
    if not roster.is_small([came for _number, came in counts]):
        return None
    latest = counts[-1][0]
    since = latest - roster.SMALL_WEEKS
    decided = SmallGroupDecision.objects.filter(run=run, after_session__gt=since).exists()
    return None if decided else latest


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
