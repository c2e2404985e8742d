"""Reminders: in words that tell nothing, once, and never about a time that no longer stands."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import ZONE, Cast

from reknit.care.contact.actions import set_safe_contact
from reknit.care.contact.jobs import deliver
from reknit.care.contact.models import Message
from reknit.care.encounters.booking.actions import cancel_appointment
from reknit.care.encounters.jobs import write_reminders
from reknit.care.encounters.reminders import words_of
from reknit.care.people.queries import site

from .booking import TUESDAY, move, rows, series

DAY = dt.timedelta(days=1)


@pytest.fixture
def by_mail(cast: Cast, at: dt.datetime, settings: Any) -> None:
    """A mail server, and Cleo may be written to."""
    settings.MAIL = {"name": "mail server", "backend": "django.core.mail.backends.locmem.EmailBackend"}
    set_safe_contact(
        by=cast.ina, at=at, client=cast.cleo, channel="email", value="c@mail.example", may_leave_message=True
    )


def test_nothing_booked_is_nothing_to_remind_of(cast: Cast, at: dt.datetime) -> None:
    assert write_reminders(at=at) == 0


def test_series_is_reminded_of_session_by_session_and_each_once(
    cast: Cast, at: dt.datetime, by_mail: None
) -> None:
    series(cast, at, count=3)
    for run in (at, at, at + 7 * DAY, at + 7 * DAY + dt.timedelta(hours=1)):
        write_reminders(at=run)
        deliver(at=run)
    assert [message.body for message in mail.outbox] == [
        "A reminder: we meet on Tuesday 24 March at 15:00. If you cannot come, please ring 01 23 45 67 89.",
        "A reminder: we meet on Tuesday 31 March at 15:00. If you cannot come, please ring 01 23 45 67 89.",
    ]


def test_words_tell_no_name_no_clinic_and_no_reason(cast: Cast, at: dt.datetime) -> None:
    said = words_of(rows(series(cast, at, count=1))[0].starts_at, zone=ZONE, clinic=site()).lower()
    for word in ("cleo", "case", "ana", "test", "clinic", "session", "therap", "treat", "use", "recover"):
        assert word not in said


def test_moved_session_is_reminded_of_at_its_new_time(cast: Cast, at: dt.datetime, by_mail: None) -> None:
    one = rows(series(cast, at, count=1))[0]
    write_reminders(at=at)
    move(cast, at, one, TUESDAY, dt.time(17))
    write_reminders(at=at)
    deliver(at=at)
    assert ["17:00" in message.body for message in mail.outbox] == [True]
    assert set(Message.objects.values_list("state", flat=True)) == {"taken", "withdrawn"}


def test_cancelled_session_is_not_reminded_of(cast: Cast, at: dt.datetime, by_mail: None) -> None:
    one = rows(series(cast, at, count=1))[0]
    write_reminders(at=at)
    cancel_appointment(by=cast.ana, at=at, appointment=one, revision=one.revision, wish="client")
    deliver(at=at)
    assert not mail.outbox and Message.objects.get().state == "withdrawn"
    assert write_reminders(at=at) == 0


def ask(cast: Cast, who: str, name: str, *args: Any) -> str:
    browser = Browser()
    browser.force_login(getattr(cast, who), backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser.get(reverse(f"encounters:{name}", args=args)).content.decode()


def test_page_says_that_nothing_is_sent_and_whom_to_ring(
    cast: Cast, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reknit.care.encounters.views.reminders.now", lambda: at)
    phone = {"channel": "phone", "value": "+44 20 7946 0000", "safe_times": "after six"}
    set_safe_contact(by=cast.ina, at=at, client=cast.cleo, **phone)
    series(cast, at, count=1)
    write_reminders(at=at)
    page = ask(cast, "ana", "reminder-list")
    assert "set up no way to send messages" in page and "Handed over" not in page
    assert "Cleo Case" in page and "+44 20 7946 0000, after six" in page and "Leave no message" in page
    assert "Cleo" not in ask(cast, "dov", "reminder-list") and "Cleo" not in ask(cast, "ben", "reminder-list")


def test_chart_page_keeps_the_choice_and_shows_the_log(cast: Cast, at: dt.datetime, by_mail: None) -> None:
    series(cast, at, count=1)
    write_reminders(at=at)
    deliver(at=at)
    page = ask(cast, "ana", "reminder-choose", cast.cleo.pk)
    assert "Handed over" in page and "mail server" in page
    browser = Browser()
    browser.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("encounters:reminder-choose", args=[cast.cleo.pk])
    assert (
        browser.post(address, {"is_wanted": "on", "earliest": "19:00", "latest": "18:00"}).status_code == 422
    )
    assert browser.post(address, {"earliest": "", "latest": ""}).status_code == 302
    assert "The client wants no message of this kind." in browser.get(address).content.decode()
