"""A session at another time: the order, the lists and the ending stay, and each member is told in neutral words."""

import datetime as dt
import uuid
import zoneinfo
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cast import ZONE, Cast
from tests.test_every_address import browser_of

from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.care.contact.actions import set_safe_contact
from reknit.care.contact.jobs import deliver
from reknit.care.contact.messages.actions import choose_messages
from reknit.care.contact.models import Message
from reknit.care.encounters.actions import book_appointment
from reknit.care.encounters.feed.actions import renew_feed
from reknit.care.encounters.feed.reading import feed_of, read_feed
from reknit.care.encounters.missed import standings
from reknit.care.encounters.models import Encounter
from reknit.care.groups.actions import (
    cancel_session,
    close_group,
    end_place,
    move_session,
    record_telling,
    save_session,
    set_next_step,
)
from reknit.care.groups.jobs import write_reminders
from reknit.care.groups.models import GroupRun, GroupSession, MeetingAlone
from reknit.care.groups.queries.owed import owed
from reknit.care.groups.queries.runs import on_the_list
from reknit.care.groups.queries.told import told
from reknit.core.groups import roster

from .factories import a_group, a_run, after, held, rows_for, session_of

pytestmark = pytest.mark.django_db
HERE = zoneinfo.ZoneInfo(ZONE)
DAY = dt.timedelta(days=1)
TWO = [("Sam", "Okoro"), ("Zoë", "Finch")]
PHONE = " If you cannot come, please ring 01 23 45 67 89."


@pytest.fixture
def run(cast: Cast, at: dt.datetime) -> GroupRun:
    return a_group(cast, at, TWO)


@pytest.fixture
def by_mail(cast: Cast, at: dt.datetime, run: GroupRun, settings: Any) -> None:
    """A mail server. Sam may be written to; of Zoë nobody knows."""
    settings.MAIL = {"name": "mail server", "backend": "django.core.mail.backends.locmem.EmailBackend"}
    sam = run.members.get(client__given_name="Sam").client
    set_safe_contact(
        by=cast.ina, at=at, client=sam, channel="email", value="s@mail.example", may_leave_message=True
    )


def move(cast: Cast, at: dt.datetime, run: GroupRun, number: int, day: dt.date, **more: Any) -> GroupSession:
    session = session_of(run, number)
    said: dict[str, Any] = {
        "time": dt.time(18),
        "why": "Holiday.",
        "place": run.place,
        "revision": session.revision,
    }
    return move_session(by=cast.fay, at=at, session=session, starts_on=day, **said | more)


def walls(run: GroupRun) -> list[str]:
    return [
        one.starts_at.astimezone(HERE).strftime("%a %d %b %H:%M") for one in run.sessions.order_by("number")
    ]


def test_one_moves_alone_and_the_others_keep_their_day(cast: Cast, at: dt.datetime, run: GroupRun) -> None:
    before = walls(run)
    move(cast, at, run, 2, dt.date(2026, 4, 8), time=dt.time(17, 30), place="Room 5")
    assert walls(run) == [before[0], "Wed 08 Apr 17:30", *before[2:]]
    run.refresh_from_db()
    assert (run.day, run.place, session_of(run, 2).place) == ("Monday", "Room 2", "Room 5")
    change = session_of(run, 2).changes.get()
    assert (change.kind, change.why, change.from_at < change.to_at) == ("moved", "Holiday.", True)  # type: ignore[operator]


def test_those_after_it_follow_at_the_groups_pace(cast: Cast, at: dt.datetime, run: GroupRun) -> None:
    session = session_of(run, 4)
    cancel_session(by=cast.fay, at=at, session=session, reason="Closed.")
    move(cast, at, run, 3, dt.date(2026, 4, 12), time=dt.time(10), place="Room 5", scope="following")
    assert walls(run)[1:6] == [
        "Mon 06 Apr 18:00", "Sun 12 Apr 10:00", "Mon 20 Apr 18:00", "Sun 26 Apr 10:00", "Sun 03 May 10:00",
    ]  # fmt: skip
    run.refresh_from_db()
    assert (run.day, run.starts_time, run.place) == ("Sunday", dt.time(10), "Room 5")
    half_way = MeetingAlone.objects.filter(member__run=run, kind="half_way").values_list("due_on", flat=True)
    assert set(half_way) == {dt.date(2026, 4, 19)}


def test_whole_group_moves_before_it_begins(cast: Cast, at: dt.datetime) -> None:
    run = a_run(cast, at)
    move(cast, at, run, 1, dt.date(2026, 4, 14), scope="following")
    run.refresh_from_db()
    assert (run.starts_on, run.day) == (dt.date(2026, 4, 14), "Tuesday")


@pytest.mark.parametrize(
    "number, day, words",
    [
        (2, dt.date(2026, 3, 30), "Session 1 comes before it"),
        (2, dt.date(2026, 4, 13), "Session 3 comes after it"),
        (1, dt.date(2026, 3, 20), "passed already"),
        (8, dt.date(2026, 5, 19), "only by an amendment"),
    ],
)
def test_move_refuses_what_breaks_the_order_or_the_ending(
    cast: Cast, at: dt.datetime, run: GroupRun, number: int, day: dt.date, words: str
) -> None:
    before = walls(run)
    with pytest.raises(DomainError, match=words):
        move(cast, at, run, number, day)
    assert walls(run) == before and not Message.objects.exists()


def test_both_facilitators_have_to_be_free(cast: Cast, at: dt.datetime, run: GroupRun) -> None:
    tuesday = session_of(run, 2).starts_at + DAY
    book_appointment(by=cast.dov, at=at, episode=cast.eli_episode, clinician=cast.dov, starts_at=tuesday)
    with pytest.raises(DomainError, match="Dov Test has a session then"):
        move(cast, at, run, 2, dt.date(2026, 4, 7))
    move(cast, at, run, 2, dt.date(2026, 4, 6), time=dt.time(18, 30))  # over its own old hour


def test_what_is_written_or_over_stays_and_two_at_once_are_told(
    cast: Cast, at: dt.datetime, run: GroupRun
) -> None:
    held(cast, run, 1)
    with pytest.raises(DomainError, match="written about this session"):
        move(cast, at, run, 1, dt.date(2026, 3, 31))
    with pytest.raises(DomainError, match="is over"):
        move(cast, after(session_of(run, 2)), run, 2, dt.date(2026, 4, 8))
    move(cast, at, run, 2, dt.date(2026, 4, 7))
    with pytest.raises(Conflict):
        move(cast, at, run, 2, dt.date(2026, 4, 8), revision=0)


def test_nobody_falls_off_the_list_by_a_move(cast: Cast, at: dt.datetime, run: GroupRun) -> None:
    sam = run.members.get(client__given_name="Sam")
    end_place(by=cast.fay, at=at, member=sam, ends_on=session_of(run, 2).starts_at.date(), because="client")
    move(cast, at, run, 1, dt.date(2026, 3, 28))
    move(cast, at, run, 2, dt.date(2026, 4, 9))
    members = list(run.members.all())
    assert [len(on_the_list(members, session_of(run, n))) for n in (1, 2, 3)] == [2, 2, 1]


def test_chart_takes_a_first_session_on_an_earlier_day(cast: Cast, at: dt.datetime, run: GroupRun) -> None:
    move(cast, at, run, 1, dt.date(2026, 3, 28))
    signed = held(cast, run, 1)
    assert signed.attendances.filter(encounter__isnull=False).count() == 2


def test_members_are_told_in_words_that_tell_nothing(
    cast: Cast, at: dt.datetime, run: GroupRun, by_mail: None
) -> None:
    move(
        cast,
        at,
        run,
        2,
        dt.date(2026, 4, 8),
        time=dt.time(17, 30),
        place="Room 5",
        why="The therapist is ill.",
    )
    deliver(at=at.replace(hour=12))
    (sent,) = mail.outbox
    assert sent.to == ["s@mail.example"] and sent.subject == "A change of time"
    assert sent.body == (
        "Not on Monday 6 April at 18:00: we meet on Wednesday 8 April at 17:30. "
        "It is in another room. We show you the way." + PHONE
    )
    for word in ("Sam", "group", "session", "therap", "ill", "Fay", "clinic", "Room 5"):
        assert word.lower() not in sent.body.replace("will", "").lower()
    by_hand = Message.objects.get(state="by_hand")
    assert (by_hand.client.given_name, by_hand.why) == ("Zoë", "nobody_asked")


def test_called_off_is_told_and_no_reminder_follows(
    cast: Cast, at: dt.datetime, run: GroupRun, by_mail: None
) -> None:
    first = session_of(run, 1)
    soon = first.starts_at - DAY
    assert write_reminders(at=soon) == 2 and write_reminders(at=soon) == 0
    cancel_session(by=cast.fay, at=soon, session=first, reason="No heating.")
    assert write_reminders(at=soon) == 0
    deliver(at=soon)
    assert [one.body for one in mail.outbox] == ["We do not meet on Monday 30 March at 18:00." + PHONE]
    states = Message.objects.filter(kind="reminder").values_list("state", flat=True)
    assert set(states) == {"withdrawn"}


def test_moved_session_is_reminded_of_at_its_new_time(
    cast: Cast, at: dt.datetime, run: GroupRun, by_mail: None
) -> None:
    move(cast, at, run, 2, dt.date(2026, 4, 8))
    assert write_reminders(at=session_of(run, 1).starts_at + 5 * DAY) == 0
    soon = session_of(run, 2).starts_at - DAY
    write_reminders(at=soon)
    deliver(at=soon)
    assert "A reminder: we meet on Wednesday 8 April at 18:00." + PHONE in [one.body for one in mail.outbox]


def test_who_wants_no_notes_is_rung_about_a_change_and_not_reminded(
    cast: Cast, at: dt.datetime, run: GroupRun, by_mail: None
) -> None:
    sam = run.members.select_related("client").get(client__given_name="Sam")
    choose_messages(by=cast.ina, at=at, client=sam.client, kind="reminder", is_wanted=False)
    cancel_session(by=cast.fay, at=at, session=session_of(run, 1), reason="No heating.")
    (row,) = told(session_of(run, 1), [sam])
    assert row.needs_a_call and row.message.why == "not_wanted"
    write_reminders(at=session_of(run, 2).starts_at - DAY)
    (reminder,) = told(session_of(run, 2), [sam])
    assert not reminder.needs_a_call
    deliver(at=at.replace(hour=12))
    assert not mail.outbox


def test_who_left_is_told_nothing(cast: Cast, at: dt.datetime, run: GroupRun, by_mail: None) -> None:
    sam = run.members.get(client__given_name="Sam")
    soon = session_of(run, 1).starts_at - DAY
    write_reminders(at=soon)
    end_place(by=cast.fay, at=soon, member=sam, ends_on=local_date(soon, ZONE), because="client")
    cancel_session(by=cast.fay, at=soon, session=session_of(run, 1), reason="No heating.")
    deliver(at=soon)
    assert not mail.outbox


def test_calendar_programs_read_the_new_time_as_changed(cast: Cast, at: dt.datetime, run: GroupRun) -> None:
    feed = feed_of(renew_feed(by=cast.fay, at=at))
    assert feed
    later = at + dt.timedelta(hours=1)
    move(cast, later, run, 2, dt.date(2026, 4, 8))
    found = read_feed(feed, zone=ZONE, at=later)
    assert b"20260408T180000" in found.body and b"20260406T180000" not in found.body
    assert found.changed_at == later


def test_page_moves_a_session_and_says_whom_to_ring(
    cast: Cast, at: dt.datetime, run: GroupRun, by_mail: None, clock: Any
) -> None:
    clock(at)
    fay = browser_of(cast.fay)
    url = reverse("groups:session-move", args=[run.pk, 2])
    assert 'value="2026-04-06"' in fay.get(url).content.decode()
    sent = {
        "revision": "0",
        "starts_on": "2026-04-14",
        "time": "17:30",
        "place": "Room 5",
        "scope": "one",
        "why": "Feast.",
    }
    refused = fay.post(url, sent)
    assert refused.status_code == 422 and "Session 3 comes after it" in refused.content.decode()
    assert fay.post(url, sent | {"starts_on": "2026-04-08"}).status_code == 302
    shown = fay.get(reverse("groups:session-show", args=[run.pk, 2])).content.decode()
    for words in (
        "Wednesday 8 April, 17:30",
        "Room 5",
        "1 member has to be rung",
        "Nobody has asked for a safe way",
        "Feast.",
    ):
        assert words in shown
    off = reverse("groups:session-cancel", args=[run.pk, 3])
    assert fay.post(off, {"reason": ""}).status_code == 422
    assert fay.post(off, {"reason": "Feast."}).status_code == 302
    assert "We do not meet on" in fay.get(reverse("groups:session-show", args=[run.pk, 3])).content.decode()
    assert browser_of(cast.tess).post(url, sent).status_code == 404


@settings(max_examples=60, deadline=None)
@given(
    old=st.dates(dt.date(2026, 1, 5), dt.date(2026, 12, 20)),
    shift=st.integers(-6, 6),
    begins=st.integers(-20, 20),
    lasts=st.none() | st.integers(0, 30),
)
def test_list_of_a_moved_day_keeps_everybody(
    old: dt.date, shift: int, begins: int, lasts: int | None
) -> None:
    from reknit.care.groups.actions.moving import dates_after
    from reknit.care.groups.models import Member

    starts_on = old + begins * DAY
    member = Member(starts_on=starts_on, ends_on=None if lasts is None else starts_on + lasts * DAY)
    new = old + shift * DAY
    found = dates_after(member, old, new)
    if roster.Span("", member.starts_on, member.ends_on).covers(old):
        assert roster.Span("", *found).covers(new)
    else:
        assert found == (member.starts_on, member.ends_on)


def test_session_called_off_is_cancelled_by_us_in_each_record_and_no_miss(
    cast: Cast, at: dt.datetime, run: GroupRun
) -> None:
    held(cast, run, 1, Sam="no_show")
    soon = session_of(run, 2).starts_at - DAY
    cancel_session(by=cast.fay, at=soon, session=session_of(run, 2), reason="No heating.")
    rows = Encounter.objects.filter(outcome="clinician")
    assert sorted(one.client.given_name for one in rows) == ["Sam", "Zoë"]
    assert {(one.kind, one.slot, one.attended_number) for one in rows} == {("group", None, None)}
    sam = run.members.get(client__given_name="Sam")
    asks = standings([sam.episode], today=soon.date())[sam.episode_id].asks
    assert asks.in_a_row == 1
    assert [one.attendance.session.number for one in owed(run, at=soon, today=soon.date()).contacts] == [1]
    held(cast, run, 3, Sam="no_show")  # the one between neither counts nor ends the row
    assert sam.meetings.get(kind="missed").after_session == 3
    again = cancel_session(by=cast.fay, at=soon, session=session_of(run, 2), reason="Again.")
    assert again.cancelled_because == "No heating." and rows.count() == 2


def test_what_is_written_is_not_thrown_away_by_calling_off(
    cast: Cast, at: dt.datetime, run: GroupRun
) -> None:
    session = session_of(run, 1)
    then = after(session)
    session = save_session(
        by=cast.fay, at=then, session=session, revision=0, note="We met.", rows=rows_for(run)
    )
    with pytest.raises(DomainError, match="Something is written"):
        cancel_session(by=cast.fay, at=then, session=session, reason="So.")
    session = save_session(by=cast.fay, at=then, session=session, revision=1, note="", rows=rows_for(run))
    assert cancel_session(by=cast.fay, at=then, session=session, reason="So.").state == "cancelled"
    assert {one.outcome for one in session.attendances.all()} == {"clinician"}


def test_group_that_is_closed_writes_what_was_not_held(cast: Cast, at: dt.datetime, run: GroupRun) -> None:
    for member in run.members.all():
        set_next_step(by=cast.fay, at=at, member=member, step="none")
    close_group(by=cast.fay, at=session_of(run, 1).starts_at + DAY, run=run, lessons="Ask earlier.")
    assert set(Encounter.objects.filter(outcome="clinician").values_list("starts_at", flat=True)) == {
        session_of(run, 1).starts_at
    }


def test_member_is_owed_the_word_until_somebody_reached_them(
    cast: Cast, at: dt.datetime, run: GroupRun, clock: Any
) -> None:
    cancel_session(by=cast.fay, at=at, session=session_of(run, 2), reason="No heating.")
    clock(at)
    sam, zoe = run.members.order_by("client__given_name")
    fay, shown = browser_of(cast.fay), reverse("groups:session-show", args=[run.pk, 2])

    def names() -> list[str]:
        waits = owed(run, at=at, today=at.date()).to_tell
        return [one.client.given_name for _session, members in waits for one in members]

    def says(answer: str, message: Any, key: uuid.UUID) -> str:
        url = reverse("groups:member-told", args=[run.pk, 2, sam.pk])
        return fay.post(
            url, {"answer": answer, "message": str(message), "key": str(key)}, follow=True
        ).content.decode()

    assert names() == ["Sam", "Zoë"]
    one = next(one for one in told(session_of(run, 2), [sam, zoe]) if one.member == sam)
    says("not_reached", one.message.pk, one.key)
    assert names() == ["Sam", "Zoë"]
    page = says("not_reached", one.message.pk, one.key)
    assert page.count("Not reached: Fay Test, 23 March, 11:00") == 1  # a double send writes one
    page = says("reached", one.message.pk, uuid.uuid4())
    assert names() == ["Zoë"] and "We spoke: Fay Test" in page
    assert "Choose what came of it" in says("later", one.message.pk, uuid.uuid4())
    assert names() == ["Zoë"] and "Not told yet:" in page_of_run(fay, run)
    assert not owed(run, at=session_of(run, 2).starts_at, today=at.date()).to_tell
    assert browser_of(cast.ben).post(shown).status_code in (404, 405)


def page_of_run(browser: Any, run: GroupRun) -> str:
    answer = browser.get(reverse("groups:run-show", args=[run.pk]))
    return str(answer.content.decode())


def test_word_about_a_time_that_moved_again_is_told_to_nobody(
    cast: Cast, at: dt.datetime, run: GroupRun
) -> None:
    move(cast, at, run, 2, dt.date(2026, 4, 8))
    sam = run.members.get(client__given_name="Sam")
    (first,) = told(session_of(run, 2), [sam])
    said: dict[str, Any] = {"by": cast.fay, "at": at, "session": session_of(run, 2), "member": sam}
    record_telling(**said, message=first.message.pk, answer="reached")
    move(cast, at, run, 2, dt.date(2026, 4, 9))
    with pytest.raises(DomainError, match="changed since"):
        record_telling(**said, message=first.message.pk, answer="reached")
    (now,) = told(session_of(run, 2), [sam])
    assert now.needs_a_call and not now.tries
    with pytest.raises(Refused):
        record_telling(**{**said, "by": cast.ana}, message=now.message.pk, answer="reached")
