"""Booking, and what becomes of a booked session."""

import datetime as dt
import uuid
from typing import Any

import pytest
from tests.cast import Cast

from reknit.base.errors import DomainError
from reknit.care.encounters import actions
from reknit.care.encounters.models import Appointment, Encounter
from reknit.care.encounters.queries import next_appointments, upcoming
from reknit.care.encounters.times import instant


def book(cast: Cast, at: dt.datetime, **changes: object) -> Appointment:
    given = {"by": cast.ana, "at": at, "episode": cast.cleo_episode, "clinician": cast.ana}
    return actions.book_appointment(**given | {"starts_at": at + dt.timedelta(days=7)} | changes)


def test_double_send_books_once(cast: Cast, at: dt.datetime) -> None:
    key = uuid.uuid4()
    assert book(cast, at, key=key) == book(cast, at, key=key)
    assert upcoming(cast.cleo_episode).count() == 1


def test_key_of_another_clients_thing_is_refused(cast: Cast, at: dt.datetime) -> None:
    key = uuid.uuid4()
    book(cast, at, key=key)
    eli = {"by": cast.dov, "clinician": cast.dov, "episode": cast.eli_episode}
    with pytest.raises(DomainError):
        book(cast, at, key=key, **eli)
    start: dict[str, Any] = {"at": at, "outcome": "attended", "starts_at": at, "key": key}
    actions.start_encounter(by=cast.ana, episode=cast.cleo_episode, **start)
    with pytest.raises(DomainError):
        actions.start_encounter(by=cast.dov, episode=cast.eli_episode, **start)
    assert not Encounter.objects.filter(episode=cast.eli_episode).exists()


@pytest.mark.parametrize(
    "change", [{"days": -800}, {"days": 800}, {"minutes": 0}, {"minutes": 481}], ids=lambda c: str(c)
)
def test_impossible_times_are_refused(cast: Cast, at: dt.datetime, change: dict[str, int]) -> None:
    with pytest.raises(DomainError):
        book(
            cast,
            at,
            starts_at=at + dt.timedelta(days=change.get("days", 1)),
            minutes=change.get("minutes", 50),
        )
    assert not Appointment.objects.exists()


def test_clinician_outside_the_team_is_refused(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(DomainError, match="care team"):
        book(cast, at, clinician=cast.dov)


def test_hour_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(DomainError, match="clocks go forward"):
        instant(dt.date(2026, 3, 29), dt.time(2, 30), "Europe/Paris")


def test_wall_time_keeps_its_hour_over_the_change_of_clocks() -> None:
    before = instant(dt.date(2026, 3, 28), dt.time(10), "Europe/Paris")
    after = instant(dt.date(2026, 3, 29), dt.time(10), "Europe/Paris")
    assert after - before == dt.timedelta(hours=23)


@pytest.mark.parametrize("year", [1, 1492, 9999])
def test_year_that_cannot_be_is_refused(year: int) -> None:
    with pytest.raises(DomainError, match="year"):
        instant(dt.date(year, 1, 1), dt.time(0), "Pacific/Kiritimati")


@pytest.mark.parametrize(
    ("outcome", "status"), [("attended", "kept"), ("no_show", "missed"), ("clinician", "cancelled")]
)
def test_appointment_is_settled_by_what_happened(
    cast: Cast, at: dt.datetime, outcome: str, status: str
) -> None:
    appointment = book(cast, at, starts_at=at)
    for _twice in range(2):
        actions.start_encounter(
            by=cast.ana,
            at=at,
            episode=cast.cleo_episode,
            outcome=outcome,
            starts_at=at,
            appointment=appointment,
        )
    appointment.refresh_from_db()
    assert appointment.status == status
    assert Encounter.objects.count() == 1


def test_session_of_tomorrow_has_not_been_held(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(DomainError, match="not begun"):
        actions.start_encounter(
            by=cast.ana,
            at=at,
            episode=cast.cleo_episode,
            outcome="attended",
            starts_at=at + dt.timedelta(days=1),
        )


def test_next_appointments_are_the_clinicians_own_in_order(cast: Cast, at: dt.datetime) -> None:
    later, sooner = (
        book(cast, at, starts_at=at + dt.timedelta(hours=3)),
        book(cast, at, starts_at=at + dt.timedelta(hours=1)),
    )
    assert list(next_appointments(cast.ana, at, at + dt.timedelta(days=1))) == [sooner, later]
    assert not next_appointments(cast.dov, at, at + dt.timedelta(days=1))
