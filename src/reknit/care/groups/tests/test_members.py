"""Places: who may ask, who may start, whom the dates bring to a session, and who is kept apart without a why."""

import datetime as dt
import uuid
from typing import Any

import pytest
from tests.cast import Cast

from reknit.base.errors import Conflict, DomainError, Refused
from reknit.care.encounters.actions import start_encounter, tick
from reknit.care.groups.actions import (
    ask_for_place,
    book_meeting,
    end_place,
    hold_meeting,
    save_goals,
    start_member,
)
from reknit.care.groups.models import MeetingAlone, Member
from reknit.care.groups.queries.before import meeting_before
from reknit.care.groups.queries.owed import meetings_owed, raised_by
from reknit.care.groups.queries.runs import on_the_list
from reknit.care.network.actions import add_relationship
from reknit.care.people.access import may_write_chart
from reknit.care.people.models import Client
from reknit.care.programme.actions import open_episode
from reknit.care.programme.queries import course_of
from reknit.care.safety.actions import record_no_contact

from .factories import (
    BEFORE_GROUP,
    WEEK,
    a_client,
    a_group,
    a_run,
    held,
    met_before,
    rows_for,
    session_of,
    waiting,
    written,
)

pytestmark = pytest.mark.django_db


def test_form_makes_every_session_on_its_weekday(cast: Cast, at: dt.datetime) -> None:
    run = a_run(cast, at, protocol="ipt-g-20")
    sessions = list(run.sessions.order_by("number"))
    assert (len(sessions), sessions[0].starts_at.isoformat()) == (20, "2026-03-30T16:00:00+00:00")
    assert {(b.starts_at - a.starts_at).days for a, b in zip(sessions, sessions[1:], strict=False)} == {7}


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"capacity": 5}, "6 to 10 places"),
        ({"capacity": 11}, "6 to 10 places"),
        ({"protocol": "ipt-16"}, "protocol of a group"),
        ({"starts_on": dt.date(2020, 1, 1)}, "lies ahead"),
        ({"title": " "}, "few words"),
    ],
)
def test_form_refuses_what_cannot_be(
    cast: Cast, at: dt.datetime, wrong: dict[str, object], words: str
) -> None:
    with pytest.raises(DomainError, match=words):
        a_run(cast, at, **wrong)


def test_form_needs_two_people_who_read_charts(cast: Cast, at: dt.datetime) -> None:
    for co in (cast.fay, cast.ina):
        with pytest.raises(DomainError, match="two people|may read charts"):
            a_run(cast, at, co_facilitator=co)


@pytest.mark.parametrize("who", ["fay", "dov"])
def test_form_finds_an_hour_when_both_are_free(cast: Cast, at: dt.datetime, who: str) -> None:
    first = a_run(cast, at)
    others = {
        "lead": cast.fay,
        "co_facilitator": cast.dov,
        "lead" if who == "dov" else "co_facilitator": cast.tess,
    }
    with pytest.raises(DomainError, match="has a session then: Monday 30 March, 18:00 to 19:30") as taken:
        a_run(cast, at, starts_time=dt.time(19), **others)
    assert taken.value.field == "starts_time" and first.title not in taken.value.sentence
    assert a_run(cast, at, starts_time=dt.time(19, 30), **others)


def test_place_puts_both_facilitators_on_the_care_team(cast: Cast, at: dt.datetime) -> None:
    run, client = a_run(cast, at), a_client(cast, at, "Maria", "Lindqvist")
    assert not may_write_chart(cast.fay, client, on=at.date())
    member = waiting(cast, at, run, client)
    for person in (cast.fay, cast.dov):
        assert may_write_chart(person, client, on=at.date())
    assert len(member.teams) == 2
    parts = client.care_team.filter(part="facilitator")
    assert {part.clinician for part in parts} == {cast.fay, cast.dov}


def apart_from_eli(cast: Cast, at: dt.datetime, client: Client) -> None:
    """Dov works with Eli, who must not meet this client."""
    record_no_contact(
        by=cast.dov, at=at, client=cast.eli, key=uuid.uuid4(), kind="court", given_name=client.given_name,
        family_name=client.family_name, starts_on=at.date(), reason="Canary",
    )  # fmt: skip


def test_no_place_where_a_facilitator_works_with_somebody_kept_apart(cast: Cast, at: dt.datetime) -> None:
    run, client = a_run(cast, at), a_client(cast, at, "Maria", "Lindqvist")
    apart_from_eli(cast, at, client)
    with pytest.raises(DomainError, match="Choose another group") as refused:
        waiting(cast, at, run, client)
    assert "Eli" not in refused.value.sentence and "Dov" not in refused.value.sentence
    assert not client.care_team.filter(part="facilitator").exists()
    assert waiting(cast, at, a_run(cast, at, co_facilitator=cast.tess, starts_time=dt.time(9)), client)


def test_facilitator_cannot_let_themselves_into_a_chart(cast: Cast, at: dt.datetime) -> None:
    run, client = a_run(cast, at), a_client(cast, at, "Maria", "Lindqvist")
    with pytest.raises(Refused):
        ask_for_place(by=cast.fay, at=at, run=run, client=client)
    assert client.care_team.count() == 1


def test_course_that_has_not_begun_becomes_the_groups(cast: Cast, at: dt.datetime) -> None:
    run, client = a_run(cast, at), a_client(cast, at, "Maria", "Lindqvist")
    alone = open_episode(by=cast.ana, at=at, client=client, protocol="IPT-16", starts_on=at.date())
    member = waiting(cast, at, run, client)
    assert member.episode_id == alone.pk
    assert (member.episode.protocol, member.episode.planned_sessions) == ("ipt-g-8", 8)
    assert member.episode.ends_on == run.starts_on + 7 * WEEK


def test_gate_g14_holds_until_the_meeting_or_a_reason(cast: Cast, at: dt.datetime) -> None:
    run = a_run(cast, at)
    member = waiting(cast, at, run, a_client(cast, at, "Maria", "Lindqvist"))
    with pytest.raises(DomainError, match="not complete for this member"):
        start_member(by=cast.fay, at=at, member=member, starts_on=run.starts_on)
    started = start_member(
        by=cast.fay, at=at, member=member, starts_on=run.starts_on, reason="Met in another clinic."
    )
    assert started.started_without == "Met in another clinic."
    assert "G14" in course_of(member.episode).overrides


def test_meeting_that_was_only_begun_counts_as_held_once_its_note_says_something(
    cast: Cast, at: dt.datetime
) -> None:
    run = a_run(cast, at)
    member = waiting(cast, at, run, a_client(cast, at, "Maria", "Lindqvist"))
    meeting = hold_meeting(by=cast.fay, at=at, meeting=member.meetings.get())
    assert meeting.encounter
    for code in BEFORE_GROUP:
        tick(by=cast.fay, at=at, encounter=meeting.encounter, code=code, done=True)
    due: dict[str, Any] = {"until": at.date() + WEEK, "runs": [run.pk]}
    assert not meeting_before(member).is_held and list(meetings_owed(**due)) == [meeting]
    with pytest.raises(DomainError, match="not complete for this member"):
        start_member(by=cast.fay, at=at, member=member, starts_on=run.starts_on)
    late = run.starts_on + WEEK
    (raised,) = raised_by([cast.dov.pk], reader=cast.ben, at=at + 2 * WEEK, today=late)[cast.dov.pk]
    assert raised.meetings == 1
    written(meeting.encounter, by=cast.fay, at=at)
    assert meeting_before(member).is_complete and not meetings_owed(**due)
    assert not raised_by([cast.dov.pk], reader=cast.ben, at=at + 2 * WEEK, today=late)[cast.dov.pk][
        0
    ].meetings
    assert start_member(by=cast.fay, at=at, member=member, starts_on=run.starts_on)


def test_meeting_that_was_missed_is_owed_and_begun_at_another_time(cast: Cast, at: dt.datetime) -> None:
    run = a_run(cast, at)
    member = waiting(cast, at, run, a_client(cast, at, "Maria", "Lindqvist"))
    meeting = book_meeting(by=cast.fay, at=at, meeting=member.meetings.get(), starts_at=at)
    assert meeting.is_booked and meeting.appointment
    missed = start_encounter(
        by=cast.fay,
        at=at,
        episode=member.episode,
        outcome="no_show",
        starts_at=at,
        appointment=meeting.appointment,
    )
    meeting = MeetingAlone.objects.get()
    assert not meeting.is_booked and list(meetings_owed([run.pk], until=run.starts_on)) == [meeting]
    begun = hold_meeting(by=cast.fay, at=at + dt.timedelta(days=1), meeting=meeting)
    assert begun.encounter and begun.encounter != missed and not begun.is_held


def test_complete_meeting_needs_no_reason(cast: Cast, at: dt.datetime) -> None:
    run = a_run(cast, at)
    member = met_before(cast, at, waiting(cast, at, run, a_client(cast, at, "Maria", "Lindqvist")))
    start_member(by=cast.fay, at=at, member=member, starts_on=run.starts_on)
    assert member.started_without == ""
    kinds = member.meetings.values_list("kind", flat=True)
    assert set(kinds) == {"before", "half_way", "after", "month"}


def test_new_member_reaches_future_sessions_and_no_past_one(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at, [("Sam", "Okoro"), ("Tom", "Hale"), ("Lars", "Berg"), ("Priya", "Raman")])
    held(cast, run, 1)
    then = session_of(run, 1).starts_at + dt.timedelta(days=1)
    late = met_before(cast, then, waiting(cast, then, run, a_client(cast, then, "Maria", "Lindqvist")))
    start_member(by=cast.fay, at=then, member=late, starts_on=then.date())
    members = list(run.members.all())
    assert late not in on_the_list(members, session_of(run, 1))
    assert late in on_the_list(members, session_of(run, 2))
    with pytest.raises(DomainError, match="today or a later day"):
        start_member(
            by=cast.fay,
            at=then + WEEK,
            member=waiting(cast, then, run, a_client(cast, then, "Ines", "Roy")),
            starts_on=then.date(),
        )


def test_closed_group_takes_nobody_in_after_session_3(cast: Cast, at: dt.datetime) -> None:
    run = a_run(cast, at)
    fourth = session_of(run, 4).starts_at
    client = a_client(cast, at, "Maria", "Lindqvist")
    with pytest.raises(DomainError, match="nobody joins after session 3"):
        waiting(cast, fourth, run, client)
    third = session_of(run, 3).starts_at
    member = waiting(cast, third, run, client)
    with pytest.raises(DomainError, match="nobody joins after session 3"):
        start_member(by=cast.fay, at=third, member=member, starts_on=fourth.date(), reason="So.")
    run.is_closed_group = False
    run.save()
    assert waiting(cast, fourth, run, a_client(cast, at, "Sam", "Okoro"))


def test_two_who_cannot_share_a_room_are_refused_without_a_why(cast: Cast, at: dt.datetime) -> None:
    run = a_run(cast, at)
    sam, maria = a_client(cast, at, "Sam", "Okoro"), a_client(cast, at, "Maria", "Lindqvist")
    add_relationship(by=cast.ana, at=at, client=sam, alias="Maria Lindqvist", relation="partner", ring=1)
    waiting(cast, at, run, sam)
    with pytest.raises(DomainError) as refused:
        waiting(cast, at, run, maria)
    assert "cannot be placed together" in refused.value.sentence
    for word in ("Sam", "Okoro", "Maria", "partner", "circle", "order"):
        assert word not in refused.value.sentence
    assert run.members.count() == 1


def test_places_end_when_they_are_taken(cast: Cast, at: dt.datetime) -> None:
    run = a_run(cast, at, capacity=6)
    for n in range(6):
        waiting(cast, at, run, a_client(cast, at, f"Given{n}", f"Family{n}"))
    with pytest.raises(DomainError, match="All 6 places"):
        waiting(cast, at, run, a_client(cast, at, "Maria", "Lindqvist"))


def test_ended_place_leaves_later_sessions(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at, [("Sam", "Okoro"), ("Tom", "Hale")])
    held(cast, run, 1)
    held(cast, run, 2)
    sam = run.members.get(client__given_name="Sam")
    first, second = session_of(run, 1).starts_at, session_of(run, 2).starts_at
    with pytest.raises(DomainError, match="signed later"):
        end_place(by=cast.fay, at=second, member=sam, ends_on=first.date(), because="client")
    end_place(by=cast.fay, at=second, member=sam, ends_on=second.date(), because="client")
    members = list(run.members.all())
    assert sam in on_the_list(members, session_of(run, 2))
    assert sam not in on_the_list(members, session_of(run, 3))
    assert len(rows_for(run)) == 1


def test_who_leaves_before_the_first_day_never_started(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at, [("Sam", "Okoro"), ("Tom", "Hale")])
    sam = run.members.get(client__given_name="Sam")
    end_place(by=cast.fay, at=at, member=sam, ends_on=at.date(), because="client")
    assert (sam.starts_on, sam.ends_on) == (None, at.date())
    assert len(on_the_list(list(run.members.all()), session_of(run, 1))) == 1
    assert not may_write_chart(cast.fay, sam.client, on=at.date() + dt.timedelta(days=1))


def test_chart_of_who_left_closes_two_weeks_later(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at, [("Sam", "Okoro"), ("Tom", "Hale")])
    held(cast, run, 1)
    sam, day = run.members.get(client__given_name="Sam"), run.starts_on
    end_place(by=cast.fay, at=session_of(run, 1).starts_at, member=sam, ends_on=day, because="client")
    opened = [may_write_chart(cast.fay, sam.client, on=day + n * WEEK).allowed for n in (0, 2)]
    assert opened == [True, True]
    assert not may_write_chart(cast.fay, sam.client, on=day + dt.timedelta(days=15))


def test_who_never_starts_closes_the_chart_again(cast: Cast, at: dt.datetime) -> None:
    first, second = a_run(cast, at), a_run(cast, at, title="Late", starts_time=dt.time(20))
    maria = a_client(cast, at, "Maria", "Lindqvist")
    one, other = waiting(cast, at, first, maria), waiting(cast, at, second, maria)
    end_place(by=cast.fay, at=at, member=one, ends_on=at.date(), because="never_started")
    later = at.date() + dt.timedelta(days=1)
    assert may_write_chart(cast.fay, maria, on=later)  # the second group needs it still
    other.refresh_from_db()
    end_place(by=cast.fay, at=at, member=other, ends_on=at.date(), because="never_started")
    assert not may_write_chart(cast.fay, maria, on=later)
    assert not may_write_chart(cast.dov, maria, on=later)


def test_goals_name_no_other_member_and_two_editors_lose_nothing(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at, [("Sam", "Okoro"), ("Zoë", "Finch")])
    sam = run.members.get(client__given_name="Sam")
    said = {"focus": "dispute", "private_goals": ""}
    with pytest.raises(DomainError, match="names “zoe”"):
        save_goals(by=cast.fay, at=at, member=sam, revision=0, shared_goals="Be like zoe", **said)
    save_goals(by=cast.fay, at=at, member=sam, revision=0, shared_goals="Ring my brother.", **said)
    mine = Member.objects.get(pk=sam.pk)
    with pytest.raises(Conflict):
        save_goals(by=cast.dov, at=at, member=mine, revision=0, shared_goals="Other.", **said)
    assert Member.objects.get(pk=sam.pk).goals == ["Ring my brother."]
