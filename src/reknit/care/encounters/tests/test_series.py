"""Series: kept on one wall time, changed one by one or from one on, and nothing that is over ever changes."""

import datetime as dt
import uuid

import pytest
from tests.cast import Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.care.encounters.actions import book_appointment, start_encounter
from reknit.care.encounters.answers.actions import answer_appointment
from reknit.care.encounters.booking.actions import (
    Place,
    cancel_appointment,
)
from reknit.care.encounters.booking.series import exceptions_of
from reknit.care.encounters.models import Appointment, AppointmentChange, AppointmentSeries, Encounter
from reknit.care.encounters.places.actions import give_up_room, save_room
from reknit.core.encounters.series import occurrences

from .booking import THREE, TUESDAY, a_room, move, rows, series, walls

DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(weeks=1)


def agrees_with_its_rule(found: AppointmentSeries) -> bool:
    """Whether rule and exceptions say exactly which appointments there are."""
    all_rows = rows(found)
    said = [one.starts_at for one in occurrences(found.rule, exceptions_of(found, all_rows))]
    return said == sorted(one.starts_at for one in all_rows if one.status != "cancelled")


def test_series_keeps_its_hour_when_the_clocks_change(cast: Cast, at: dt.datetime) -> None:
    found = series(cast, at, count=3)
    assert walls(found) == ["03-24 15:00", "03-31 15:00", "04-07 15:00"]
    first, second, _third = rows(found)
    assert second.starts_at - first.starts_at == WEEK - dt.timedelta(hours=1)


def test_none_lies_after_the_ending_date(cast: Cast, at: dt.datetime) -> None:
    found = series(cast, at, count=60)
    assert cast.cleo_episode.ends_on == dt.date(2026, 7, 6)
    assert found.count == 15 and walls(found)[-1] == "06-30 15:00"
    with pytest.raises(DomainError, match="amendment"):
        series(cast, at, starts_on=dt.date(2026, 7, 7))


def test_sent_twice_it_is_booked_once(cast: Cast, at: dt.datetime) -> None:
    key = uuid.uuid4()
    assert series(cast, at, key=key) == series(cast, at, key=key)
    assert Appointment.objects.count() == 12


@pytest.mark.parametrize(
    "change", [{"count": 0}, {"count": 201}, {"every": "day"}, {"starts_on": dt.date(2026, 3, 1)}]
)
def test_series_that_cannot_be_is_refused(cast: Cast, at: dt.datetime, change: dict[str, object]) -> None:
    with pytest.raises(DomainError):
        series(cast, at, **change)
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("on", [dt.date.min, dt.date(1492, 1, 1), dt.date.max])
@pytest.mark.parametrize("scope", ["one", "following", "all"])
def test_year_that_cannot_be_is_refused(cast: Cast, at: dt.datetime, on: dt.date, scope: str) -> None:
    found = series(cast, at, count=3)
    with pytest.raises(DomainError, match="year"):
        move(cast, at, rows(found)[1], on, THREE, scope=scope)
    with pytest.raises(DomainError, match="year"):
        series(cast, at, starts_on=on)


def test_moving_one_keeps_the_others_and_its_number(cast: Cast, at: dt.datetime) -> None:
    found = series(cast, at, count=4)
    moved = move(cast, at, rows(found)[1], dt.date(2026, 4, 1), dt.time(9), why="Holiday.")
    assert walls(found) == ["03-24 15:00", "04-01 09:00", "04-07 15:00", "04-14 15:00"]
    assert (moved.series_id, moved.number) == (found.pk, 2)
    assert AppointmentChange.objects.get().why == "Holiday."
    assert agrees_with_its_rule(found)


def test_cancelling_one_keeps_the_others(cast: Cast, at: dt.datetime) -> None:
    found = series(cast, at, count=4)
    cancel(cast, at, rows(found)[2])
    assert walls(found) == ["03-24 15:00", "03-31 15:00", "04-14 15:00"]
    assert agrees_with_its_rule(found)


def test_moving_this_one_and_those_after_it_makes_a_series_that_follows(cast: Cast, at: dt.datetime) -> None:
    found = series(cast, at, count=5)
    cancel(cast, at, rows(found)[3])
    moved = move(cast, at, rows(found)[2], dt.date(2026, 4, 9), dt.time(11), scope="following")
    assert walls(found) == ["03-24 15:00", "03-31 15:00"]
    follows = moved.series
    assert follows is not None and follows.follows == found
    assert walls(follows) == ["04-09 11:00", "04-23 11:00"]  # the cancelled week stays a week without one
    found.refresh_from_db()
    assert agrees_with_its_rule(found) and agrees_with_its_rule(follows)


def test_moving_all_to_come_never_changes_what_is_over(cast: Cast, at: dt.datetime) -> None:
    found = series(cast, at, count=5)
    later = at + 9 * DAY  # after the second Tuesday
    over = [(one.pk, one.starts_at, one.revision) for one in rows(found)[:2]]
    moved = move(cast, later, rows(found)[3], dt.date(2026, 4, 15), dt.time(10), scope="all")
    assert [(one.pk, one.starts_at, one.revision) for one in rows(found)] == over
    assert moved.series is not None
    assert walls(moved.series) == ["04-08 10:00", "04-15 10:00", "04-22 10:00"]


def test_one_that_was_moved_before_goes_along_with_those_after_it(cast: Cast, at: dt.datetime) -> None:
    found = series(cast, at, count=4)
    move(cast, at, rows(found)[1], dt.date(2026, 4, 2), dt.time(9))
    moved = move(cast, at, rows(found)[1], dt.date(2026, 4, 1), dt.time(16), scope="following")
    assert moved.series is not None
    assert walls(moved.series) == ["04-01 16:00", "04-08 16:00", "04-15 16:00"]


def test_monthly_series_moves_from_one_on(cast: Cast, at: dt.datetime) -> None:
    found = series(cast, at, every="month", count=3)
    assert walls(found) == ["03-24 15:00", "04-28 15:00", "05-26 15:00"]
    with pytest.raises(DomainError, match="monthly"):
        move(cast, at, rows(found)[1], dt.date(2026, 4, 29), THREE, scope="all")
    moved = move(cast, at, rows(found)[1], dt.date(2026, 4, 29), THREE, scope="following")
    assert moved.series is not None and walls(moved.series) == ["04-29 15:00", "05-27 15:00"]


def test_what_became_of_one_never_changes_the_series(cast: Cast, at: dt.datetime) -> None:
    found = series(cast, at, count=3)
    first = rows(found)[0]
    start_encounter(
        by=cast.ana, at=first.starts_at, episode=cast.cleo_episode, outcome="no_show",
        starts_at=first.starts_at, appointment=first,
    )  # fmt: skip
    assert [one.status for one in rows(found)] == ["missed", "booked", "booked"]


@pytest.mark.parametrize("scope", ["one", "following", "all"])
def test_one_that_is_over_is_not_moved(cast: Cast, at: dt.datetime, scope: str) -> None:
    found = series(cast, at, count=3)
    with pytest.raises(DomainError, match="over"):
        move(cast, at + 3 * DAY, rows(found)[0], dt.date(2026, 4, 1), THREE, scope=scope)


def test_move_beyond_the_ending_date_or_into_the_past_is_refused(cast: Cast, at: dt.datetime) -> None:
    found = series(cast, at, count=15)
    with pytest.raises(DomainError, match="amendment"):
        move(cast, at, rows(found)[0], dt.date(2026, 4, 7), dt.time(9), scope="following")
    with pytest.raises(DomainError, match="passed"):
        move(cast, at, rows(found)[0], dt.date(2026, 3, 20), THREE)
    assert walls(found)[0] == "03-24 15:00"


def test_two_who_change_one_session_do_not_write_over_each_other(cast: Cast, at: dt.datetime) -> None:
    one = rows(series(cast, at, count=2))[0]
    seen = one.revision
    move(cast, at, one, TUESDAY, dt.time(9))
    with pytest.raises(Conflict, match="Somebody else"):
        cancel_appointment(by=cast.ana, at=at, appointment=one, revision=seen, wish="client")


def cancel(cast: Cast, at: dt.datetime, one: Appointment, **more: object) -> Encounter | None:
    one.refresh_from_db()
    given = {"by": cast.ana, "at": at, "appointment": one, "revision": one.revision, "wish": "client"}
    return cancel_appointment(**given | more)


@pytest.mark.parametrize(
    ("before", "wish", "outcome"),
    [
        (dt.timedelta(hours=24), "client", "cancelled"),
        (dt.timedelta(hours=23, minutes=59), "client", "late_cancel"),
        (dt.timedelta(hours=1), "us", "clinician"),
    ],
)
def test_outcome_of_a_cancelled_session_is_read_from_the_clock(
    cast: Cast, at: dt.datetime, before: dt.timedelta, wish: str, outcome: str
) -> None:
    one = rows(series(cast, at, count=1))[0]
    encounter = cancel(cast, one.starts_at - before, one, wish=wish)
    assert encounter is not None and encounter.outcome == outcome


def test_deciding_against_the_clock_needs_a_reason(cast: Cast, at: dt.datetime) -> None:
    one = rows(series(cast, at, count=1))[0]
    late = one.starts_at - dt.timedelta(hours=2)
    with pytest.raises(DomainError, match="few words"):
        cancel(cast, late, one, is_late=False)
    encounter = cancel(cast, late, one, is_late=False, why="Her child fell ill.")
    assert encounter is not None and encounter.outcome == "cancelled"


def test_several_taken_out_are_no_cancelled_sessions(cast: Cast, at: dt.datetime) -> None:
    found = series(cast, at, count=4)
    assert cancel(cast, at, rows(found)[1], scope="following") is None
    assert [one.status for one in rows(found)] == ["booked", "cancelled", "cancelled", "cancelled"]
    assert not Encounter.objects.exists()


def test_time_of_the_clinician_is_taken_once(cast: Cast, at: dt.datetime) -> None:
    found = series(cast, at, count=2)
    given = {"by": cast.ana, "at": at, "episode": cast.cleo_episode, "clinician": cast.ana}
    three = rows(found)[1].starts_at
    for starts_at in (three, three - dt.timedelta(minutes=49), three + dt.timedelta(minutes=49)):
        with pytest.raises(
            DomainError, match="Ana Test has a session then: Tuesday 31 March, 15:00 to 15:50"
        ):
            book_appointment(**given, starts_at=starts_at)
    book_appointment(**given, starts_at=three + dt.timedelta(minutes=50))
    with pytest.raises(DomainError, match="has a session then"):
        move(cast, at, rows(found)[0], dt.date(2026, 3, 31), dt.time(15, 30))


def test_clash_names_the_room_and_no_client(cast: Cast, at: dt.datetime) -> None:
    room = a_room(cast, at)
    book_appointment(
        by=cast.dov, at=at, episode=cast.eli_episode, clinician=cast.dov, room=room,
        starts_at=dt.datetime(2026, 3, 24, 14, 0, tzinfo=dt.UTC),
    )  # fmt: skip
    with pytest.raises(DomainError, match="Garden is taken: Tuesday 24 March") as refusal:
        series(cast, at, place=Place(room=room))
    assert "Eli" not in refusal.value.sentence and "Dov" not in refusal.value.sentence


def test_days_that_are_taken_can_be_left_out(cast: Cast, at: dt.datetime) -> None:
    first = series(cast, at, count=1, starts_on=dt.date(2026, 3, 31))
    with pytest.raises(DomainError, match="31 March"):
        series(cast, at, count=3)
    found = series(cast, at, count=3, leaves_taken_out=True)
    assert walls(found) == ["03-24 15:00", "04-07 15:00"] and found.left_out == [2]
    assert agrees_with_its_rule(found) and walls(first) == ["03-31 15:00"]


@pytest.mark.parametrize(
    ("place", "says"),
    [
        (Place("video", link="http://meet.example/a"), "https://"),
        (Place("video", link="javascript:alert(1)"), "https://"),
        (Place("here", link="https://meet.example/a"), "goes with video"),
        (Place("boat"), "from the list"),
    ],
)
def test_link_is_https_and_belongs_to_video(cast: Cast, at: dt.datetime, place: Place, says: str) -> None:
    with pytest.raises(DomainError, match=says):
        series(cast, at, place=place)


def test_room_without_video_takes_no_video(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(DomainError, match="not set up for video"):
        series(cast, at, place=Place("video", a_room(cast, at)))
    found = series(
        cast, at, place=Place("video", a_room(cast, at, "Attic", has_video=True), "https://meet.example/a")
    )
    assert rows(found)[0].link == "https://meet.example/a"


def test_room_is_named_once_and_given_up_when_it_is_empty(cast: Cast, at: dt.datetime) -> None:
    room = a_room(cast, at)
    with pytest.raises(DomainError, match="of this name"):
        save_room(by=cast.adi, at=at, name="garden", capacity=2, has_video=False)
    found = series(cast, at, count=1, place=Place(room=room))
    with pytest.raises(DomainError, match="still booked"):
        give_up_room(by=cast.adi, at=at, room=room)
    cancel(cast, at, rows(found)[0])
    give_up_room(by=cast.adi, at=at, room=room)
    with pytest.raises(DomainError, match="given up"):
        series(cast, at, place=Place(room=room))


def test_client_confirms_their_own_and_a_move_asks_anew(cast: Cast, at: dt.datetime) -> None:
    one = rows(series(cast, at, count=1))[0]
    with pytest.raises(Refused):
        answer_appointment(by=cast.eli_user, at=at, appointment=one, revision=one.revision)
    one = answer_appointment(by=cast.cleo_user, at=at, appointment=one, revision=one.revision)
    assert one.confirmed_at == at
    moved = move(cast, at, one, TUESDAY, dt.time(16))
    assert moved.confirmed_at is None
    with pytest.raises(Conflict):
        answer_appointment(by=cast.cleo_user, at=at, appointment=moved, revision=one.revision)


def test_latest_word_of_the_client_stands_and_a_move_asks_anew(cast: Cast, at: dt.datetime) -> None:
    one = rows(series(cast, at, count=1))[0]
    for will_come in (True, False, False, True, False):
        one = answer_appointment(
            by=cast.cleo_user, at=at, appointment=one, revision=one.revision, will_come=will_come
        )
        assert (one.confirmed_at, one.declined_at) == ((at, None) if will_come else (None, at))
    told = AuditEvent.objects.filter(verb="answer appointment").order_by("pk")
    assert [event.detail["will_come"] for event in told] == [True, False, True, False]
    assert move(cast, at, one, TUESDAY, dt.time(16)).declined_at is None


def test_who_said_in_time_that_they_cannot_come_is_not_late_when_it_is_written_down_later(
    cast: Cast, at: dt.datetime
) -> None:
    one = rows(series(cast, at, count=1))[0]
    said, written = one.starts_at - dt.timedelta(hours=30), one.starts_at - dt.timedelta(hours=2)
    one = answer_appointment(
        by=cast.cleo_user, at=said, appointment=one, revision=one.revision, will_come=False
    )
    encounter = cancel(cast, written, one)
    assert encounter is not None and encounter.outcome == Encounter.Outcome.CANCELLED


def test_change_of_place_alone_keeps_the_confirmation(cast: Cast, at: dt.datetime) -> None:
    one = rows(series(cast, at, count=1))[0]
    answer_appointment(by=cast.cleo_user, at=at, appointment=one, revision=one.revision)
    moved = move(cast, at, one, TUESDAY, THREE, place=Place(room=a_room(cast, at)))
    assert moved.confirmed_at == at and not AppointmentChange.objects.exists()
