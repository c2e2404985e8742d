"""Two at once in one chart: letters, sessions, notes, sheets and the calendar."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from reknit.base.accounts.models import User
from reknit.base.audit.models import AuditEvent
from reknit.base.errors import Conflict, DomainError
from reknit.care.closure.actions import begin_letter, close_course, issue_letter, save_letter
from reknit.care.closure.models import Letter
from reknit.care.closure.parts import PARTS
from reknit.care.contact.messages.actions import write_message
from reknit.care.encounters.actions import (
    add_addendum,
    book_appointment,
    record_intention,
    save_note,
    set_intention,
    sign_note,
    start_encounter,
    tick,
)
from reknit.care.encounters.answers.actions import answer_reminder
from reknit.care.encounters.booking.actions import move_appointment
from reknit.care.encounters.models import (
    Addendum,
    Appointment,
    AppointmentChange,
    Encounter,
    Intention,
    ProgressNote,
)
from reknit.care.measures.actions import make_link, record_administration, submit_link
from reknit.care.measures.models import Administration, FormLink
from reknit.care.people.actions import join_care_team
from reknit.care.programme.models import CourseFact, Episode
from reknit.care.safety.actions import open_risk_item
from reknit.care.safety.models import RiskItem
from reknit.care.substance_use.actions import choose_substances, record_use_days
from reknit.care.substance_use.days import DayEntry
from reknit.care.substance_use.models import MonitoredSubstance, UseDay
from tests.at_once import at_once
from tests.cast import Cast

AT = dt.datetime(2026, 3, 23, 10, 0, tzinfo=dt.UTC)
PHQ = {f"phq9_{number}": 1 for number in range(1, 10)}


def test_a_form_sent_by_several_at_once_is_kept_once(crowd: Cast) -> None:
    link, _secret = make_link(by=crowd.ana, at=AT, client=crowd.cleo, measure="phq-9")

    def send(key: uuid.UUID) -> Callable[[], Administration]:
        mine = FormLink.objects.select_related("client", "episode").get(pk=link.pk)
        return lambda: submit_link(at=AT, link=mine, device="a phone", answers=PHQ, key=key)

    same = uuid.uuid4()
    found = at_once(*[send(same) for _ in range(4)], *[send(uuid.uuid4()) for _ in range(4)])
    kept = Administration.objects.get()
    told = [one for one in found if isinstance(one, Administration)]
    assert told and {one.pk for one in told} == {kept.pk}
    assert all(isinstance(one, Administration | DomainError) for one in found), found
    item = RiskItem.objects.get()
    assert item.seen_count == 1


def test_of_two_who_save_one_note_exactly_one_is_told_of_the_other(crowd: Cast) -> None:
    encounter = start_encounter(
        by=crowd.ana, at=AT, episode=crowd.cleo_episode, outcome="attended", starts_at=AT
    )

    def write(words: str) -> Callable[[], ProgressNote]:
        note = ProgressNote.objects.select_related("encounter__client").get(encounter=encounter)
        return lambda: save_note(by=crowd.ana, at=AT, note=note, revision=0, words={"plan": words})

    found = at_once(write("one"), write("two"))
    assert sorted(type(one).__name__ for one in found) == ["Conflict", "ProgressNote"], found
    conflict = next(one for one in found if isinstance(one, Conflict))
    assert conflict.theirs == ProgressNote.objects.get().words


def test_a_session_started_by_two_taps_is_one_session(crowd: Cast) -> None:
    key = uuid.uuid4()

    def tap() -> Encounter:
        return start_encounter(
            by=crowd.ana, at=AT, episode=crowd.cleo_episode, outcome="attended", starts_at=AT, key=key
        )

    found = at_once(tap, tap, tap)
    assert Encounter.objects.count() == 1
    assert any(isinstance(one, Encounter) for one in found), found


def test_a_course_is_closed_by_one_of_two(crowd: Cast) -> None:
    def close(person: User) -> Callable[[], Episode]:
        episode = Episode.objects.select_related("client").get(pk=crowd.cleo_episode.pk)
        return lambda: close_course(by=person, at=AT, episode=episode, reason=person.name)

    found = at_once(close(crowd.ana), close(crowd.tess))
    assert sorted(type(one).__name__ for one in found) == ["DomainError", "Episode"], found
    closed = Episode.objects.select_related("closed_by").get(pk=crowd.cleo_episode.pk)
    assert closed.closed_by and closed.closing_reason == closed.closed_by.name


def session(crowd: Cast) -> Encounter:
    return start_encounter(by=crowd.ana, at=AT, episode=crowd.cleo_episode, outcome="attended", starts_at=AT)


def test_of_two_first_saves_of_a_letter_there_is_one_draft_and_one_is_told_of_the_other(crowd: Cast) -> None:
    def first_save(words: str) -> Callable[[], Letter]:
        def work() -> Letter:
            letter = begin_letter(by=crowd.ana, at=AT, episode=crowd.cleo_episode, kind="closing")
            told = {"work": words}
            return save_letter(by=crowd.ana, at=AT, letter=letter, revision=0, recipient="", words=told)

        return work

    found = at_once(first_save("one"), first_save("two"))
    assert sorted(type(one).__name__ for one in found) == ["Conflict", "Letter"], found
    assert next(one for one in found if isinstance(one, Conflict)).theirs == Letter.objects.get().words
    Letter.objects.all().delete()
    found = at_once(*[first_save("the same")] * 4)
    letter = Letter.objects.get()
    assert [one.pk for one in found] == [letter.pk] * 4 and letter.revision == 1


def test_a_letter_is_issued_once_and_never_with_words_nobody_read(crowd: Cast) -> None:
    letter = begin_letter(by=crowd.ana, at=AT, episode=crowd.cleo_episode, kind="plain")
    part = PARTS["plain"][0].key
    letter = save_letter(
        by=crowd.ana, at=AT, letter=letter, revision=0, recipient="", words={part: "As read."}
    )

    def save() -> Letter:
        mine = Letter.objects.get(pk=letter.pk)
        words = {part: "Written meanwhile."}
        return save_letter(by=crowd.tess, at=AT, letter=mine, revision=1, recipient="", words=words)

    def issue() -> Letter:
        return issue_letter(by=crowd.ana, at=AT, letter=letter, revision=1)

    found = at_once(issue, save, issue)
    assert all(isinstance(one, Letter | DomainError) for one in found), found
    stands = Letter.objects.get()
    assert (stands.state, stands.words[part]) in {("issued", "As read."), ("draft", "Written meanwhile.")}


def test_two_sessions_of_one_course_never_get_one_number(crowd: Cast) -> None:
    found = at_once(*[lambda: session(crowd)] * 4)
    assert sorted(one.attended_number for one in found) == [1, 2, 3, 4], found


def test_an_appointment_becomes_one_session_from_two_pages(crowd: Cast) -> None:
    key = uuid.uuid4()

    def book() -> Appointment:
        return book_appointment(
            by=crowd.ana, at=AT, episode=crowd.cleo_episode, clinician=crowd.ana, starts_at=AT, key=key
        )

    booked = at_once(book, book, book)
    appointment = Appointment.objects.get()
    assert [one.pk for one in booked] == [appointment.pk] * 3, booked

    def start() -> Encounter:
        mine, key = Appointment.objects.get(pk=appointment.pk), uuid.uuid4()
        return start_encounter(
            by=crowd.ana,
            at=AT,
            episode=crowd.cleo_episode,
            outcome="attended",
            starts_at=AT,
            appointment=mine,
            key=key,
        )

    found = at_once(start, start, start)
    assert [one.pk for one in found] == [Encounter.objects.get().pk] * 3, found


def test_of_several_who_book_one_hour_of_one_clinician_one_has_it(crowd: Cast) -> None:
    """Each for another client: nothing they hold but the hour is the same."""
    join_care_team(
        by=crowd.ina, at=AT, client=crowd.eli, clinician=crowd.ana, starts_on=AT.date(), part="cover"
    )

    def book(episode: Episode) -> Callable[[], Appointment]:
        return lambda: book_appointment(
            by=crowd.ana, at=AT, episode=episode, clinician=crowd.ana, starts_at=AT + dt.timedelta(days=1)
        )

    found = at_once(*[book(crowd.cleo_episode), book(crowd.eli_episode)] * 3)
    assert Appointment.objects.count() == 1
    assert sum(isinstance(one, DomainError) for one in found) == 5, found


def test_of_two_who_move_one_session_one_does_and_the_other_is_told(crowd: Cast) -> None:
    one = a_session_ahead(crowd)

    def move(hours: int) -> Callable[[], Appointment]:
        to = one.starts_at + dt.timedelta(hours=hours)
        return lambda: move_appointment(
            by=crowd.ana, at=AT, appointment=one, revision=one.revision, starts_on=to.date(), time=to.time()
        )

    found = at_once(*[move(hours) for hours in range(1, 5)])
    told = [each for each in found if isinstance(each, Conflict)]
    assert len(told) == 3 and AppointmentChange.objects.count() == 1, found
    stands = Appointment.objects.get()
    assert (stands.revision, stands.starts_at) == (2, AppointmentChange.objects.get().to_at)
    assert all(each.theirs.starts_at == stands.starts_at for each in told)


def test_answers_of_a_client_at_once_are_each_recorded_and_one_stands(crowd: Cast) -> None:
    one = a_session_ahead(crowd)
    reminder = write_message(
        by=None, at=AT, client=crowd.cleo, kind="reminder", about=one.pk, about_at=one.starts_at, words="A reminder.",
        latest_at=one.starts_at, transport=None,
    )  # fmt: skip

    def answer(will_come: bool) -> Callable[[], Appointment]:
        return lambda: answer_reminder(at=AT, message=reminder, will_come=will_come)

    found = at_once(answer(True), answer(False), answer(True), answer(False))
    assert not [each for each in found if isinstance(each, Exception)], found
    said = [event.detail["will_come"] for event in AuditEvent.objects.filter(verb="answer appointment")]
    stands = Appointment.objects.get()
    assert set(said) == {True, False} and bool(stands.confirmed_at) != bool(stands.declined_at)


def test_an_answer_and_a_move_at_once_never_leave_an_answer_to_a_time_nobody_asked_about(crowd: Cast) -> None:
    one = a_session_ahead(crowd)
    reminder = write_message(
        by=None, at=AT, client=crowd.cleo, kind="reminder", about=one.pk, about_at=one.starts_at, words="A reminder.",
        latest_at=one.starts_at, transport=None,
    )  # fmt: skip
    to = one.starts_at + dt.timedelta(hours=1)
    at_once(
        lambda: answer_reminder(at=AT, message=reminder, will_come=True),
        lambda: move_appointment(
            by=crowd.ana, at=AT, appointment=one, revision=1, starts_on=to.date(), time=to.time()
        ),
    )
    stands = Appointment.objects.get()
    assert (stands.starts_at, stands.confirmed_at) == (AppointmentChange.objects.get().to_at, None)


def a_session_ahead(crowd: Cast) -> Appointment:
    """Cleo's next session with Ana, in a week."""
    return book_appointment(
        by=crowd.ana,
        at=AT,
        episode=crowd.cleo_episode,
        clinician=crowd.ana,
        starts_at=AT + dt.timedelta(days=7),
    )


def test_no_session_begins_in_a_course_that_closes_at_the_same_instant(crowd: Cast) -> None:
    def close() -> Episode:
        episode = Episode.objects.select_related("client").get(pk=crowd.cleo_episode.pk)
        return close_course(by=crowd.ana, at=AT, episode=episode, reason="Done.")

    found = at_once(close, lambda: session(crowd))
    assert sum(isinstance(one, DomainError) for one in found) == 1, found
    closed = Episode.objects.get(pk=crowd.cleo_episode.pk).status == Episode.Status.CLOSED
    assert closed != Encounter.objects.exists()


def test_what_is_written_in_one_session_at_once_stands_once(crowd: Cast) -> None:
    encounter, key = session(crowd), uuid.uuid4()
    ticks = at_once(
        *[lambda: tick(by=crowd.ana, at=AT, encounter=encounter, code="I01", done=True)] * 3,
    )
    assert ticks == [None] * 3 and CourseFact.objects.filter(kind="task_done").count() == 1
    words = at_once(
        *[lambda: set_intention(by=crowd.ana, at=AT, encounter=encounter, text="Ring a friend.")] * 3
    )
    intention = Intention.objects.get()
    assert [one.pk for one in words] == [intention.pk] * 3, words
    gone = at_once(
        lambda: set_intention(by=crowd.ana, at=AT, encounter=encounter, text=""),
        lambda: record_intention(by=crowd.ana, at=AT, intention=intention, outcome="did"),
    )
    assert gone[0] is None and isinstance(gone[1], Intention | DomainError), gone
    note = save_note(by=crowd.ana, at=AT, note=encounter.note, revision=0, words={"plan": "Rest."})
    saved = at_once(
        *[
            lambda: save_note(
                by=crowd.ana,
                at=AT,
                note=ProgressNote.objects.get(pk=note.pk),
                revision=1,
                words={"plan": "Sleep."},
            )
        ]
        * 3
    )
    assert [one.revision for one in saved] == [2] * 3, saved
    signed = at_once(
        lambda: sign_note(by=crowd.ana, at=AT, note=note, revision=2),
        lambda: sign_note(by=crowd.ana, at=AT, note=note, revision=2),
    )
    assert sorted(type(one).__name__ for one in signed) == ["DomainError", "ProgressNote"], signed
    note.refresh_from_db()
    added = at_once(*[lambda: add_addendum(by=crowd.ana, at=AT, note=note, text="More.", key=key)] * 3)
    assert [one.pk for one in added] == [Addendum.objects.get().pk] * 3, added


def test_a_link_made_while_the_one_before_is_sent_stops_neither(crowd: Cast) -> None:
    link, _secret = make_link(by=crowd.ana, at=AT, client=crowd.cleo, measure="phq-9")

    def make() -> Any:
        return make_link(by=crowd.ana, at=AT, client=crowd.cleo, measure="phq-9")

    def send() -> Administration:
        return submit_link(at=AT, link=link, device="a phone", answers=PHQ, key=uuid.uuid4())

    found = at_once(make, send, make)
    assert isinstance(found[0], tuple) and isinstance(found[2], tuple), found
    assert isinstance(found[1], Administration | DomainError), found
    assert FormLink.objects.filter(submitted_at=None, superseded_at=None).count() == 1


def test_a_sheet_sent_twice_is_one_and_its_answer_one_risk_item(crowd: Cast) -> None:
    key = uuid.uuid4()

    def send() -> Administration:
        return record_administration(
            by=crowd.ana,
            at=AT,
            client=crowd.cleo,
            measure="phq-9",
            answers=PHQ,
            mode="session",
            key=key,
        )

    def raise_by_hand() -> RiskItem:
        return open_risk_item(by=crowd.ana, at=AT, client=crowd.cleo, reason="phq9_item9", source="hand")

    found = at_once(send, raise_by_hand, send, raise_by_hand)
    sheet, item = Administration.objects.get(), RiskItem.objects.get()
    assert {one.pk for one in found} == {sheet.pk, item.pk}, found
    assert item.seen_count == 3


def test_the_calendar_takes_two_who_choose_and_two_who_write(crowd: Cast) -> None:
    def choose(primary: str) -> Callable[[], Any]:
        both = ["alcohol", "cannabis"]
        return lambda: choose_substances(
            by=crowd.ana, at=AT, client=crowd.cleo, substances=both, primary=primary
        )

    chosen = at_once(choose("alcohol"), choose("cannabis"), choose("alcohol"))
    assert all(isinstance(one, list) for one in chosen), chosen
    assert MonitoredSubstance.objects.filter(is_primary=True).count() == 1
    day = DayEntry(on=AT.date(), substance="alcohol", used=False)

    def write() -> int:
        return record_use_days(by=crowd.ana, at=AT, client=crowd.cleo, days=[day], source="interview")

    assert sorted(at_once(write, write, write)) == [0, 0, 1]
    assert UseDay.objects.count() == 1
