"""Runs, their members and their sessions."""

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import TruncDate

from reknit.base.accounts.models import User
from reknit.base.clock import local_date
from reknit.care.groups.models import Attendance, Facilitation, GroupRun, GroupSession, Member
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.core.errors import BadInput
from reknit.core.groups import roster
from reknit.core.groups.short_names import short_names
from reknit.core.programme.template import template, templates


def group_protocols() -> list[tuple[str, str]]:
    """The protocols that are groups: code and title."""
    return [(one.code, one.title) for one in templates() if one.format == "group"]


def with_counts(runs: QuerySet[GroupRun]) -> QuerySet[GroupRun]:
    """Runs with how many are in them, how many wait, and the latest session that was signed."""
    inside = Q(members__starts_on__isnull=False, members__ended_at=None)
    waiting = Q(members__starts_on=None, members__ended_at=None)
    signed = Q(sessions__state=GroupSession.State.SIGNED)
    return (
        runs.prefetch_related(leading())
        .annotate(
            inside=Count("members", filter=inside, distinct=True),
            waiting=Count("members", filter=waiting, distinct=True),
            latest=Max("sessions__number", filter=signed),
        )
        .order_by(F("closed_at").desc(nulls_first=True), "starts_on", "pk")
    )


def leading() -> "Prefetch[str]":
    """Everybody who leads or led a run, with their names, to be fetched with it. One query."""
    return Prefetch("facilitations", Facilitation.objects.select_related("person"))


def names_leading(run: GroupRun, *, on: dt.date) -> str:
    """The names of the two who lead a run on a day."""
    return ", ".join(one.person.name for one in run.led_by(on))


def led_by(user: User) -> QuerySet[GroupSession]:
    """The sessions that fall on days on which somebody leads their group, by the clinic's clock."""
    day = TruncDate("starts_at", tzinfo=zoneinfo.ZoneInfo(zone()))
    then = Facilitation.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=OuterRef("day")),
        run=OuterRef("run"),
        person=user,
        starts_on__lte=OuterRef("day"),
    )
    return GroupSession.objects.annotate(day=day).filter(Exists(then))


def sessions_of(run: GroupRun) -> list[GroupSession]:
    """Every session of a run in order. One query."""
    return list(run.sessions.select_related("room").order_by("number"))


def day_of(session: GroupSession) -> dt.date:
    """The calendar date of a session."""
    return local_date(session.starts_at, zone())


def span(member: Member) -> roster.Span:
    return roster.Span(str(member.pk), member.starts_on, member.ends_on)


def on_the_list(members: Iterable[Member], session: GroupSession) -> list[Member]:
    """The members of a session, from the dates of their places."""
    rows = list(members)
    keys = set(roster.roster([span(one) for one in rows], day_of(session)))
    return [one for one in rows if str(one.pk) in keys]


def in_order(members: Iterable[Member]) -> list[Member]:
    """By the name people use, so that every sheet and page has the same order."""
    return sorted(members, key=lambda one: (one.client.name.casefold(), str(one.pk)))


def named_short(members: Sequence[Member]) -> dict[uuid.UUID, str]:
    """A short name for each, told apart within this list."""
    people = [(one.client.preferred_name or one.client.given_name, one.client.family_name) for one in members]
    return dict(zip((one.pk for one in members), short_names(people), strict=True))


def outcomes_of(run: GroupRun) -> dict[uuid.UUID, list[Attendance]]:
    """What is known of each member's sessions that were signed, oldest first. One query."""
    found: dict[uuid.UUID, list[Attendance]] = {}
    rows = Attendance.objects.filter(session__run=run, session__state=GroupSession.State.SIGNED)
    for row in rows.select_related("session", "encounter").order_by("session__number"):
        found.setdefault(row.member_id, []).append(row)
    return found


def came(rows: Sequence[Attendance]) -> list[int]:
    """The numbers of the sessions that a member came to."""
    return [row.session.number for row in rows if row.outcome == Attendance.Outcome.ATTENDED]


def next_session(sessions: Sequence[GroupSession], *, at: dt.datetime) -> GroupSession | None:
    """The session to look at now: the one of today that is not signed, else the first that is neither signed nor cancelled."""
    open_ones = [
        one for one in sessions if one.state in (GroupSession.State.PLANNED, GroupSession.State.DRAFT)
    ]
    today = local_date(at, zone())
    return next((one for one in open_ones if day_of(one) >= today), open_ones[-1] if open_ones else None)


def still_to_come(sessions: Sequence[GroupSession], session: GroupSession) -> int:
    """Sessions after this one that are not cancelled."""
    return sum(one.number > session.number and one.state != GroupSession.State.CANCELLED for one in sessions)


@dataclass(frozen=True, slots=True)
class Offered:
    """A run as somebody sees it who asks for a place: when it meets and how much room it has, and nobody in it."""

    run: GroupRun
    title: str
    leaders: str
    left: int
    is_too_late: bool
    is_in: bool


def offered_to(client: Client, *, on: dt.date) -> list[Offered]:
    """The runs of the clinic that are not closed, for one client. Four queries."""
    runs = list(with_counts(GroupRun.objects.exclude(state=GroupRun.State.CLOSED)))
    has_place = set(
        Member.objects.filter(client=client, ended_at=None, run__in=runs).values_list("run_id", flat=True)
    )
    dates: dict[uuid.UUID, list[dt.date]] = {}
    for session in GroupSession.objects.filter(run__in=runs).order_by("number"):
        dates.setdefault(session.run_id, []).append(day_of(session))
    return [
        Offered(
            run,
            protocol_title(run),
            names_leading(run, on=on),
            max(run.capacity - run.inside - run.waiting, 0),  # type: ignore[attr-defined]
            roster.is_too_late(
                is_closed=run.is_closed_group,
                starts_on=max(on, run.starts_on),
                sessions=dates.get(run.pk, []),
            ),
            run.pk in has_place,
        )
        for run in runs
    ]


def protocol_title(run: GroupRun) -> str:
    """The title of the run's protocol; its code where no file has it any more."""
    try:
        return template(run.protocol, run.protocol_version).title
    except BadInput:
        return run.protocol


def sessions_between(user: User, start: dt.datetime, end: dt.datetime) -> list[GroupSession]:
    """The sessions that somebody leads in a span of time, soonest first. One query."""
    rows = led_by(user).filter(starts_at__gte=start, starts_at__lt=end)
    return list(
        rows.exclude(state=GroupSession.State.CANCELLED).select_related("run").order_by("starts_at", "pk")
    )


def own_places(client: Client) -> QuerySet[Member]:
    """A client's places in groups, those of today first, for their own page."""
    rows = Member.objects.filter(client=client, starts_on__isnull=False)
    return rows.select_related("run__room").order_by(F("ended_at").desc(nulls_first=True), "-starts_on")
