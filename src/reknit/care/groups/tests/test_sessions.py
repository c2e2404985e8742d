"""A session for eight people: written once, signed into each chart, and no chart names another member."""

import dataclasses
import datetime as dt
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cast import Cast

from reknit.base.errors import Conflict, DomainError, Refused
from reknit.care.encounters.actions import record_contact, start_encounter
from reknit.care.encounters.models import Encounter, ProgressNote
from reknit.care.encounters.preparing import prepare
from reknit.care.groups.actions import hold_meeting, save_session, sign_session, start_member
from reknit.care.groups.actions.sessions import Row, TurnTaken, own_words
from reknit.care.groups.checks import NameInChart, names_of, no_names, no_other_names
from reknit.care.groups.models import Attendance, GroupSession, MeetingAlone, Member, Response
from reknit.care.groups.queries.owed import owed
from reknit.care.people.models import Client
from reknit.care.programme.queries import course_of
from reknit.core.groups.names import find
from reknit.core.programme.fidelity import completeness

from .factories import a_group, a_run, after, held, rows_for, session_of, waiting

pytestmark = pytest.mark.django_db


def chart_text(note: ProgressNote) -> str:
    """Everything a signed note says."""
    parts = note.text["sections"]
    return "\n".join("\n".join([*part["facts"], part["words"]]) for part in parts)


def test_signing_gives_each_member_their_own_session_and_note(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at)
    session = session_of(run, 1)
    rows = rows_for(run, Tom="no_show", Lars="cancelled")
    first = rows[0]
    rows[0] = Row(
        member=first.member,
        minutes_late=10,
        safety="no_concern",
        private_line="Spoke for the first time.",
        to_try="Ring her sister.",
    )
    turns = [TurnTaken(rows[0].member, "dispute", (rows[1].member, rows[2].member))]
    session = save_session(
        by=cast.dov, at=after(session), session=session, revision=0,
        note="We talked about asking for help.", rows=rows, turns=turns, done=["arrive", "work"],
    )  # fmt: skip
    sign_session(by=cast.fay, at=after(session), session=session, revision=1)
    encounters = Encounter.objects.filter(kind="group")
    assert sorted(encounters.values_list("outcome", flat=True)) == ["attended"] * 6 + ["cancelled", "no_show"]
    assert set(encounters.values_list("slot", flat=True)) == {1}
    notes = ProgressNote.objects.filter(encounter__in=encounters, state="signed", author=cast.fay)
    assert notes.count() == 6
    own = notes.get(encounter__client=Member.objects.get(pk=rows[0].member).client)
    text = chart_text(own)
    for said in (
        "asking for help",
        "Spoke for the first time.",
        "10 minutes late",
        "role dispute",
        "Ring her sister",
    ):
        assert said in text
    assert own.encounter.minutes == 80
    assert {"GR06", "GR08", "GR09", "GR13"} <= set(course_of(own.encounter.episode).done)
    assert Response.objects.count() == 2


def test_no_signed_chart_names_another_member(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at)
    held(cast, run, 1)
    members = list(run.members.select_related("client"))
    for note in ProgressNote.objects.filter(encounter__kind="group").select_related("encounter"):
        others = [one for one in members if one.client_id != note.encounter.client_id]
        names = [name for one in others for name in names_of(one.client)]
        assert find(chart_text(note), names) == ()


@pytest.mark.parametrize(
    "note", ["Maria spoke.", "We heard MARÍA’s story.", "lindqvist, again", "Nobody but jose’s brother"]
)
def test_shared_note_with_a_name_is_refused_and_says_where(cast: Cast, at: dt.datetime, note: str) -> None:
    run = a_group(cast, at)
    session = session_of(run, 1)
    with pytest.raises(NameInChart, match="in line 2") as refused:
        save_session(
            by=cast.fay, at=after(session), session=session, revision=0,
            note=f"First line.\n{note}", rows=rows_for(run),
        )  # fmt: skip
    assert refused.value.field == "note" and refused.value.found[0].line == 2
    assert not Attendance.objects.exists()
    assert GroupSession.objects.get(pk=session.pk).state == "planned"


def test_private_line_names_nobody_else_and_may_name_its_own(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at)
    session = session_of(run, 1)
    sam = run.members.get(client__given_name="Sam")
    for line, is_fine in (("Sam found it hard.", True), ("Answered Nadia’s question.", False)):
        rows = [row for row in rows_for(run) if row.member != sam.pk]
        rows.append(Row(member=sam.pk, private_line=line))
        if is_fine:
            session = save_session(
                by=cast.fay, at=after(session), session=session, revision=0, note="", rows=rows
            )
            continue
        with pytest.raises(NameInChart, match="other members’ names") as refused:
            save_session(by=cast.fay, at=after(session), session=session, revision=1, note="", rows=rows)
        assert refused.value.field == f"{sam.pk}-private_line"


def test_two_facilitators_at_once_lose_nothing(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at)
    mine, theirs = session_of(run, 1), session_of(run, 1)
    save_session(by=cast.dov, at=after(theirs), session=theirs, revision=0, note="His.", rows=rows_for(run))
    with pytest.raises(Conflict) as refused:
        save_session(by=cast.fay, at=after(mine), session=mine, revision=0, note="Hers.", rows=rows_for(run))
    assert refused.value.theirs.note == "His."
    with pytest.raises(Conflict):
        sign_session(by=cast.fay, at=after(mine), session=mine, revision=0)


def test_only_facilitators_write_and_a_signed_session_stays(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at)
    session = session_of(run, 1)
    for person in (cast.ana, cast.ben, cast.ina):
        with pytest.raises(Refused):
            save_session(
                by=person, at=after(session), session=session, revision=0, note="", rows=rows_for(run)
            )
    done = held(cast, run, 1)
    with pytest.raises(DomainError, match="is signed"):
        save_session(
            by=cast.fay,
            at=after(done),
            session=done,
            revision=done.revision,
            note="More.",
            rows=rows_for(run),
        )


def test_session_is_signed_only_when_everybody_is_accounted_for(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at)
    session = session_of(run, 1)
    session = save_session(
        by=cast.fay, at=after(session), session=session, revision=0, note="", rows=rows_for(run)[1:]
    )
    with pytest.raises(DomainError, match="whether they came"):
        sign_session(by=cast.fay, at=after(session), session=session, revision=1)
    assert not Encounter.objects.filter(kind="group").exists()


def test_session_that_has_not_begun_is_not_written(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at)
    with pytest.raises(DomainError, match="not begun yet"):
        save_session(by=cast.fay, at=at, session=session_of(run, 1), revision=0, note="", rows=rows_for(run))


def test_who_was_away_has_no_line_and_only_who_came_has_a_turn(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at)
    session = session_of(run, 1)
    rows = rows_for(run, Tom="no_show")
    tom = run.members.get(client__given_name="Tom")
    lined = [Row(member=tom.pk, outcome="no_show", private_line="Was quiet.")]
    with pytest.raises(DomainError, match="was not there"):
        save_session(by=cast.fay, at=after(session), session=session, revision=0, note="", rows=lined)
    with pytest.raises(DomainError, match="members who came"):
        save_session(
            by=cast.fay, at=after(session), session=session, revision=0, note="", rows=rows,
            turns=[TurnTaken(tom.pk, "grief")],
        )  # fmt: skip
    with pytest.raises(DomainError, match="not on the list"):
        save_session(
            by=cast.fay, at=after(session), session=session, revision=0, note="", rows=[Row(uuid.uuid4())]
        )


def test_two_missed_in_a_row_make_a_meeting_owed_once(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at)
    for number in (1, 2, 3):
        held(cast, run, number, Tom="no_show", Sam="no_show" if number == 2 else "attended")
    owed = MeetingAlone.objects.filter(kind="missed")
    assert [(one.member.client.given_name, one.after_session) for one in owed] == [("Tom", 2)]


def test_what_nobody_ticked_is_said_to_be_done_nowhere(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at)
    session = session_of(run, 1)
    rows = rows_for(run)
    rows[0] = dataclasses.replace(rows[0], safety="no_concern")
    then = after(session)
    session = save_session(
        by=cast.fay, at=then, session=session, revision=0, note="", rows=rows, done=["arrive", "GR04"]
    )
    sign_session(by=cast.fay, at=then, session=session, revision=1)
    asked, other = (Member.objects.get(pk=row.member) for row in rows[:2])
    done = {
        one.pk: {code for code, slots in course_of(one.episode).done.items() if 1 in slots}
        for one in (asked, other)
    }
    assert done == {asked.pk: {"GR04", "GR06", "E06", "GR13"}, other.pk: {"GR04", "GR13"}}
    counted = {task.code: (task.done, task.due) for task in completeness(course_of(other.episode)).tasks}
    assert (counted["GR04"], counted["GR05"], counted["GR07"]) == ((1, 1), (0, 1), (0, 1))
    said = chart_text(ProgressNote.objects.get(encounter__client=other.client, encounter__kind="group"))
    assert "Safety check: not done today." in said and "Safety checked" not in said
    assert "Not done today: " in said and "Link to last time" in said.split("Not done today: ")[1]


def test_group_beside_a_course_says_in_words_what_was_not_recorded(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at, [("Sam", "Okoro")])
    start_encounter(by=cast.ana, at=at, episode=cast.cleo_episode, outcome="attended", starts_at=at)
    start_member(
        by=cast.fay, at=at, member=waiting(cast, at, run, cast.cleo), starts_on=run.starts_on, reason="Known."
    )
    session, then = session_of(run, 1), after(session_of(run, 1))
    save_session(
        by=cast.fay,
        at=then,
        session=session,
        revision=0,
        note="",
        rows=rows_for(run),
        done=["arrive", "work"],
    )
    sign_session(by=cast.fay, at=then, session=session, revision=1)
    said = chart_text(ProgressNote.objects.get(encounter__client=cast.cleo, encounter__kind="group"))
    assert (
        "In the group: Arrive; Work. Not done or not recorded: Link to last time; One thing to try; Close."
        in said
    )


def test_nothing_is_signed_before_the_session_is_over(cast: Cast, at: dt.datetime) -> None:
    session = session_of(run := a_group(cast, at), 1)
    then = session.starts_at + dt.timedelta(minutes=2)
    save_session(by=cast.fay, at=then, session=session, revision=0, note="", rows=rows_for(run))
    with pytest.raises(DomainError, match="goes on until 19:30"):
        sign_session(by=cast.fay, at=then, session=session, revision=1)
    assert not Encounter.objects.filter(kind="group").exists()
    assert sign_session(by=cast.fay, at=then + dt.timedelta(minutes=88), session=session, revision=1)


def test_meeting_alone_uses_no_session_of_the_group(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at)
    for number in (1, 2, 3, 4):
        held(cast, run, number)
    sam = run.members.get(client__given_name="Sam")
    then = after(session_of(run, 4)) + dt.timedelta(days=1)
    half_way = hold_meeting(by=cast.dov, at=then, meeting=sam.meetings.get(kind="half_way"))
    assert half_way.encounter and half_way.encounter.slot is None
    assert "GR14" not in course_of(sam.episode).done  # nothing of a meeting is ticked by beginning it
    assert "GR14" in {row.code for row in prepare(half_way.encounter).tasks}
    held(cast, run, 5)
    slots = Encounter.objects.filter(client=sam.client, kind="group").values_list("slot", flat=True)
    assert set(slots) == {1, 2, 3, 4, 5}


def test_meeting_before_a_group_beside_a_course_takes_no_session_of_that_course(
    cast: Cast, at: dt.datetime
) -> None:
    begun = start_encounter(by=cast.ana, at=at, episode=cast.cleo_episode, outcome="attended", starts_at=at)
    assert begun.slot == 1
    member = waiting(cast, at, a_run(cast, at), cast.cleo)
    assert member.episode == cast.cleo_episode
    meeting = hold_meeting(by=cast.fay, at=at, meeting=member.meetings.get(kind="before"))
    assert meeting.encounter and (meeting.encounter.slot, meeting.encounter.kind) == (None, "individual")
    after_it = start_encounter(
        by=cast.ana, at=at, episode=cast.cleo_episode, outcome="attended", starts_at=at, key=uuid.uuid4()
    )
    assert after_it.slot == 2


def test_a_call_that_nobody_answered_leaves_the_contact_owed(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at)
    held(cast, run, 1, Tom="no_show")
    then = after(session_of(run, 1))
    on = then.date()

    def names() -> list[str]:
        waits = owed(run, at=then, today=on)
        return [one.attendance.member.client.given_name for one in waits.contacts]

    assert names() == ["Tom"]
    missed = Encounter.objects.get(client__given_name="Tom", outcome="no_show")
    record_contact(by=cast.fay, at=then, encounter=missed, on=on, how="phone", answer="not_reached")
    assert names() == ["Tom"]
    record_contact(by=cast.fay, at=then, encounter=missed, on=on, how="phone", answer="left")
    assert names() == []


def test_being_in_touch_after_the_later_of_two_misses_settles_both(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at)
    held(cast, run, 1, Tom="no_show")
    held(cast, run, 2, Tom="no_show")
    then = after(session_of(run, 2))

    def missed() -> list[tuple[int, ...]]:
        return [one.missed for one in owed(run, at=then, today=then.date()).contacts]

    assert missed() == [(1, 2)]
    latest = Attendance.objects.get(member__client__given_name="Tom", session__number=2).encounter
    assert latest
    record_contact(by=cast.fay, at=then, encounter=latest, on=then.date(), how="phone", answer="reached")
    assert missed() == []


given_names = st.sampled_from(
    [
        "Sam",
        "Zoë",
        "José",
        "Mary-Jane",
        "Ana Lucía",
        "Søren",
        "Jürgen",
        "O'Neil",
        "Łukasz",
        "Al",
        "Will",
        "Siân",
    ]
)
family_names = st.sampled_from(
    ["Okoro", "de Vries", "Núñez", "Smith-Jones", "Ó Briain", "Müller", "Haddad", "D’Angelo", "May", "Nguyễn"]
)
people = st.lists(st.tuples(given_names, family_names, given_names | st.just("")), min_size=2, max_size=8)
endings = st.sampled_from(["", "'s", "’s", "s", "."])
spoken = st.sampled_from(
    ["talked", "about", "a", "row", "will", "come", "at", "home", "may", "samba", "always"]
)
styles = st.sampled_from([str, str.upper, str.lower, str.title])


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=people, data=st.data())
def test_no_members_chart_ever_names_another_member(
    people: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    """Whatever is written for a group of generated people: it is refused, or no chart names another member."""
    members = [
        Member(client=Client(given_name=given, family_name=family, preferred_name=preferred))
        for given, family, preferred in people
    ]
    pieces = [name for person in people for name in person if name]
    word = (
        st.builds(lambda name, style, end: style(name) + end, st.sampled_from(pieces), styles, endings)
        | spoken
    )
    text = st.lists(word, max_size=8).map(" ".join)
    note = data.draw(text)
    rows = [Attendance(member=one, outcome="attended", private_line=data.draw(text)) for one in members]
    try:
        no_names(note, members, field="note", what="The shared note")
        for row in rows:
            no_other_names(row.private_line, row.member, members, field="row")
    except NameInChart as refused:
        assert refused.found
        return
    for row in rows:
        chart = " ".join(own_words(row, note, None).values())
        plain = [bare(one) for one in chart.split()]
        for other in members:
            if other is not row.member:
                for name in names_of(other.client):
                    pieces_of = [bare(part) for part in name.replace("-", " ").split()]
                    assert not says(plain, pieces_of), (name, chart)


def bare(word: str) -> str:
    """A word as an eye takes it in: no accents, no case, no possessive. Another way than the check's own."""
    import unicodedata

    letters = unicodedata.normalize("NFD", word.lower().replace("ø", "o").replace("ł", "l"))
    kept = "".join(one for one in letters if not unicodedata.combining(one))
    for end in (".", "'s", "’s"):
        kept = kept.removesuffix(end)
    return kept.replace("’", "'")


def says(words: list[str], name: list[str]) -> bool:
    """Whether the name stands in the words, one part after the other."""
    flat = " ".join(word.replace("-", " ") for word in words).split()
    if name in (["will"], ["may"]):
        return False  # as words in small letters they are no name; with a capital the check refuses them
    return any(flat[n : n + len(name)] == name for n in range(len(flat)))
