"""A group of the fixed cast: Fay and Dov facilitate, Ana asks for the places, everything through the actions."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from tests.cast import ZONE, Cast

from reknit.base.accounts.models import User
from reknit.base.clock import local_date
from reknit.care.consent.actions import grant_consent
from reknit.care.encounters.actions import save_note, tick
from reknit.care.encounters.models import Encounter
from reknit.care.groups.actions import (
    ask_for_place,
    form_group,
    hold_meeting,
    save_session,
    sign_session,
    start_member,
)
from reknit.care.groups.actions.sessions import Row
from reknit.care.groups.models import GroupRun, GroupSession, MeetingAlone, Member
from reknit.care.people.actions import add_client, join_care_team, set_status
from reknit.care.people.models import Client

NAMES = (
    ("Maria", "Lindqvist"),
    ("Sam", "Okoro"),
    ("José", "Alvarez"),
    ("Priya", "Raman"),
    ("Tom", "Hale"),
    ("Zoë", "Finch"),
    ("Lars", "Berg"),
    ("Nadia", "Haddad"),
)
WEEK = dt.timedelta(weeks=1)
BEFORE_GROUP = ("I04", "I06", "I08", "I10", "I14", "I15", "I16", "I17", "I18", "GR01", "GR02", "GR03")


def a_client(cast: Cast, at: dt.datetime, given: str, family: str, *, by: User | None = None) -> Client:
    """Somebody in care with Ana, without a course."""
    client = add_client(by=cast.ina, at=at, programme=cast.programme, given_name=given, family_name=family)
    grant_consent(by=cast.ina, at=at, client=client, how="paper", given_at=at)
    join_care_team(
        by=cast.ina, at=at, client=client, clinician=by or cast.ana, starts_on=local_date(at, ZONE)
    )
    return set_status(by=cast.ina, at=at, client=client, status=Client.Status.IN_CARE)


def a_run(cast: Cast, at: dt.datetime, **more: Any) -> GroupRun:
    """A group that begins a week from now, in the evening."""
    said: dict[str, Any] = {
        "title": "Monday evening",
        "protocol": "ipt-g-8",
        "starts_on": local_date(at, ZONE) + WEEK,
        "starts_time": dt.time(18, 0),
        "lead": cast.fay,
        "co_facilitator": cast.dov,
        "place": "Room 2",
    }
    return form_group(by=cast.fay, at=at, **said | more)


def waiting(cast: Cast, at: dt.datetime, run: GroupRun, client: Client) -> Member:
    return ask_for_place(by=cast.ana, at=at, run=run, client=client)


def met_before(cast: Cast, at: dt.datetime, member: Member) -> Member:
    """The meeting before the group, with everything that gate G14 asks for."""
    meeting = member.meetings.get(kind=MeetingAlone.Kind.BEFORE)
    meeting = hold_meeting(by=cast.fay, at=at, meeting=meeting)
    assert meeting.encounter
    for code in BEFORE_GROUP:
        tick(by=cast.fay, at=at, encounter=meeting.encounter, code=code, done=True)
    written(meeting.encounter, by=cast.fay, at=at)
    return member


def written(encounter: Encounter, *, by: User, at: dt.datetime) -> None:
    """A few words in the note of a session, saved and not signed."""
    save_note(by=by, at=at, note=encounter.note, revision=0, words={"plan": "We sorted goals."})


def a_group(cast: Cast, at: dt.datetime, names: Sequence[tuple[str, str]] = NAMES, **more: Any) -> GroupRun:
    """A run with members who all start on its first day."""
    run = a_run(cast, at, **more)
    for given, family in names:
        member = waiting(cast, at, run, a_client(cast, at, given, family))
        met_before(cast, at, member)
        start_member(by=cast.fay, at=at, member=member, starts_on=run.starts_on)
    run.refresh_from_db()
    return run


def session_of(run: GroupRun, number: int) -> GroupSession:
    return GroupSession.objects.select_related("run").get(run=run, number=number)


def after(session: GroupSession) -> dt.datetime:
    """When a session is written down: once it is over."""
    return session.starts_at + dt.timedelta(minutes=95)


def rows_for(run: GroupRun, **away: str) -> list[Row]:
    """Everybody came, save those named with another outcome."""
    members = run.members.filter(starts_on__isnull=False, ended_at=None).select_related("client")
    # In an order of its own, which PostgreSQL has none of: those who stay away in the tests come last.
    named = sorted((one.client.given_name in away, one.client.given_name, one.pk) for one in members)
    return [Row(member=pk, outcome=away.get(name, "attended")) for _away, name, pk in named]


def held(
    cast: Cast, run: GroupRun, number: int, *, note: str = "We talked about asking for help.", **away: str
) -> GroupSession:
    """A session written and signed by Fay."""
    session = session_of(run, number)
    at = after(session)
    session = save_session(
        by=cast.fay, at=at, session=session, revision=session.revision, note=note, rows=rows_for(run, **away)
    )
    return sign_session(by=cast.fay, at=at, session=session, revision=session.revision)
