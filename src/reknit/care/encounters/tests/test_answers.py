"""Answers by the link of a reminder: no account, no word of what it is about, and opening it changes nothing."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast

from reknit.base.audit.models import AuditEvent
from reknit.care.contact.actions import set_safe_contact
from reknit.care.contact.jobs import deliver
from reknit.care.contact.models import Message
from reknit.care.encounters.booking.actions import cancel_appointment
from reknit.care.encounters.jobs import write_reminders
from reknit.care.encounters.models import Appointment

from .booking import TUESDAY, move, rows, series

HOST = "https://times.example"
NOON = dt.timedelta(hours=4)


@pytest.fixture
def one(cast: Cast, at: dt.datetime, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Appointment:
    """Cleo's session of Tuesday at three, of which a reminder went out by mail with its link."""
    settings.MAIL = {"name": "mail server", "backend": "django.core.mail.backends.locmem.EmailBackend"}
    settings.ADDRESS = HOST
    monkeypatch.setattr("reknit.care.encounters.views.answer.now", lambda: at)
    by_mail(cast, at)
    booked = rows(series(cast, at, count=1))[0]
    write_reminders(at=at)
    deliver(at=at)
    return booked


def by_mail(cast: Cast, at: dt.datetime, value: str = "c@mail.example") -> None:
    way = {"channel": "email", "value": value, "may_leave_message": True}
    set_safe_contact(by=cast.ina, at=at, client=cast.cleo, **way)


def link() -> str:
    (found,) = re.findall(rf"{HOST}(/a/\S+/)", str(mail.outbox[-1].body))
    return str(found)


def say(answer: str, browser: Browser | None = None) -> str:
    """What stands on the page after a button was pressed."""
    return (browser or Browser()).post(link(), {"answer": answer}, follow=True).content.decode()


def test_opening_changes_nothing_and_a_button_does(one: Appointment, cast: Cast) -> None:
    events = AuditEvent.objects.count()
    for _time in range(3):
        page = Browser().get(link())
        assert page.status_code == 200 and "Tuesday 24 March at 15:00" in page.content.decode()
    Browser().head(link())
    one.refresh_from_db()
    assert (one.confirmed_at, one.declined_at, AuditEvent.objects.count()) == (None, None, events)
    assert "You said you will come" in say("yes")
    assert "You said you cannot come" in say("no")
    assert "You said you cannot come" in say("maybe")
    one.refresh_from_db()
    assert one.declined_at and not one.confirmed_at and one.status == "booked"
    told = AuditEvent.objects.filter(verb="answer appointment")
    assert [(event.by, event.client_id, event.detail["way"]) for event in told] == [
        (None, cast.cleo.pk, "link")
    ] * 2


def test_page_tells_no_name_no_clinic_and_no_reason(one: Appointment) -> None:
    for page in (
        Browser().get(link()).content.decode(),
        say("no"),
        Browser().get("/a/nothing/").content.decode(),
    ):
        words = re.sub(r"<[^>]*>", " ", page.split("<main")[1].split("</main>")[0]).lower()
        for word in ("cleo", "case", "ana", "clinic", "session", "therap", "treat", "recover", "appointment"):
            assert word not in words


def test_no_table_and_no_record_holds_the_secret(one: Appointment) -> None:
    secret = link().split("/")[2]
    assert secret not in Message.objects.get().words
    assert not AuditEvent.objects.filter(detail__icontains=secret).exists()


@pytest.mark.parametrize("change", ["moved", "cancelled", "over", "way changed", "a letter of it"])
def test_link_ends_with_what_it_was_about(
    one: Appointment, cast: Cast, at: dt.datetime, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = link()
    if change == "moved":
        move(cast, at, one, TUESDAY, dt.time(17))
    elif change == "cancelled":
        cancel_appointment(by=cast.ana, at=at, appointment=one, revision=one.revision, wish="us")
    elif change == "over":
        monkeypatch.setattr("reknit.care.encounters.views.answer.now", lambda: one.starts_at)
    elif change == "way changed":
        by_mail(cast, at, "safer@mail.example")
    else:
        address = address[:-2] + ("A" if address[-2] != "A" else "Q") + "/"
    for answer in (Browser().get(address), Browser().post(address, {"answer": "no"})):
        assert answer.status_code in {404, 410} and "This page has ended" in answer.content.decode()
    one.refresh_from_db()
    assert one.declined_at is None


def test_clinic_without_an_address_sends_no_link(
    cast: Cast, at: dt.datetime, settings: Any, one: Appointment
) -> None:
    settings.ADDRESS = ""
    move(cast, at, one, TUESDAY, dt.time(17))
    write_reminders(at=at)
    deliver(at=at)
    assert "17:00" in mail.outbox[-1].body and "http" not in mail.outbox[-1].body


def test_who_cannot_come_stands_on_today_and_among_those_to_ring(
    one: Appointment, cast: Cast, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    say("no")
    ana = Browser()
    ana.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    for module in ("home.views.clinician", "encounters.views.reminders", "encounters.views.calendar"):
        monkeypatch.setattr(f"reknit.care.{module}.now", lambda: at)
    assert "Cannot come" in ana.get(reverse("home:today")).content.decode()
    ring = ana.get(reverse("encounters:reminder-list")).content.decode().split("The others")[0]
    assert "Cleo Case" in ring and "Find a new time with them" in ring
    week = reverse("encounters:calendar-show") + f"?on={TUESDAY}"
    assert "says they cannot come" in ana.get(week).content.decode()
    cancel_appointment(by=cast.ana, at=at, appointment=one, revision=one.revision, wish="client")
    assert "Cannot come" not in ana.get(reverse("home:today")).content.decode()


def test_many_tries_are_braked(one: Appointment) -> None:
    statuses = [Browser().get("/a/nothing/").status_code for _time in range(40)]
    assert statuses[0] == 404 and statuses[-1] == 429
