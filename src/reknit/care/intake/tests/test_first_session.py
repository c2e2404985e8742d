"""Booking a first session: at an hour that is free, once, with the person's own therapist, and nobody else learns why."""

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import ZONE, Cast, today

from reknit.base.clock import local_date, now
from reknit.base.errors import DomainError
from reknit.care.contact.actions import set_safe_contact
from reknit.care.coordination.actions import begin_leave
from reknit.care.encounters.actions import book_appointment
from reknit.care.encounters.models import Appointment
from reknit.care.intake import actions
from reknit.care.intake.actions.offers import Slot
from reknit.care.intake.models import OfferedSlot, Referral
from reknit.care.intake.queries.hours import free_hours

from .factories import a_referral, acceptance, profile

DAY = dt.timedelta(days=1)


def accepted(cast: Cast, at: dt.datetime) -> Referral:
    referral = a_referral(cast, at)
    actions.accept_referral(referral=referral, **acceptance(cast, at))
    return referral


def ina(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(cast.ina, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def hours(cast: Cast, at: dt.datetime) -> list[dt.datetime]:
    return free_hours(cast.ana, at=at, zone=ZONE)


def test_free_hours_leave_out_what_is_booked_offered_or_away_and_days_not_worked(
    cast: Cast, at: dt.datetime
) -> None:
    every = hours(cast, at)
    assert {one.astimezone(dt.UTC).weekday() for one in every} == {0, 1, 2, 3, 4}
    assert len(every) == 10 * 8
    book_appointment(
        by=cast.ana, at=at, episode=cast.cleo_episode, clinician=cast.ana, starts_at=every[0] + DAY / 96
    )
    other = a_referral(cast, at, family_name="Other")
    actions.offer_slots(by=cast.ina, at=at, referral=other, slots=[Slot(cast.ana, every[3])])
    left = hours(cast, at)
    assert set(every) - set(left) == {every[0], every[1], every[3]}
    profile(cast, cast.ana, at, days=[0, 1])
    assert {one.astimezone(dt.UTC).weekday() for one in hours(cast, at)} == {0, 1}
    away = local_date(at, ZONE)
    begin_leave(
        by=cast.ben,
        at=at,
        key=uuid.uuid4(),
        person=cast.ana,
        cover=cast.ben,
        starts_on=away,
        ends_on=away + 20 * DAY,
    )
    assert hours(cast, at) == []


def test_intake_books_the_first_session_at_a_free_hour_once(cast: Cast) -> None:
    referral = accepted(cast, now())
    address = reverse("intake:waiting-show", args=[referral.pk])
    browser = ina(cast)
    page = browser.get(address).content.decode()
    assert "With Ana Test" in page and "In care, no time booked" in page
    assert "In care, no time booked" in browser.get(reverse("intake:waiting-list")).content.decode()
    slot = next(one for one in hours(cast, now()) if local_date(one, ZONE) > today() + 4 * DAY)
    form = {"step": "first", "key": str(uuid.uuid4()), "slot": slot.isoformat(), "count": "1"}
    for _twice in range(2):
        assert browser.post(address, form).status_code == 302
    booked = Appointment.objects.get(client=referral.client)
    assert (booked.clinician, booked.starts_at, booked.minutes) == (cast.ana, slot, 50)
    page = browser.get(address).content.decode()
    assert "Book the first session" not in page and "Booked" in page


def test_a_first_series_stays_on_its_hour_and_takes_back_what_was_offered(
    cast: Cast, at: dt.datetime
) -> None:
    referral = accepted(cast, at)
    slot = next(one for one in hours(cast, at) if one > at + 5 * DAY)
    actions.offer_slots(by=cast.ina, at=at, referral=referral, slots=[Slot(cast.ana, slot + DAY)])
    told: dict[str, Any] = {"by": cast.ina, "at": at, "referral": referral, "starts_at": slot}
    for _twice in range(2):
        actions.book_first(**told, count=3, key=referral.pk)
    starts = Appointment.objects.filter(client=referral.client).order_by("starts_at")
    walls = [one.starts_at.astimezone(dt.UTC).date() for one in starts]
    assert [(one - walls[0]).days for one in walls] == [0, 7, 14]
    assert OfferedSlot.objects.get().state == OfferedSlot.State.WITHDRAWN
    with pytest.raises(DomainError, match="booked already"):
        actions.book_first(**told, count=1, key=uuid.uuid4())


def test_nobody_is_booked_before_care_begins_nor_at_an_hour_just_taken(cast: Cast, at: dt.datetime) -> None:
    slot = hours(cast, at)[-1]
    told: dict[str, Any] = {"by": cast.ina, "at": at, "starts_at": slot, "count": 1, "key": uuid.uuid4()}
    with pytest.raises(DomainError, match="into care first"):
        actions.book_first(referral=a_referral(cast, at), **told)
    book_appointment(by=cast.ana, at=at, episode=cast.cleo_episode, clinician=cast.ana, starts_at=slot)
    with pytest.raises(DomainError, match="not free then any more"):
        actions.book_first(referral=accepted(cast, at), **told)


def test_a_free_hour_is_offered_with_one_press(cast: Cast) -> None:
    referral = a_referral(cast, now())
    profile(cast, cast.ana, now(), taking_new=True, languages=["en"], protocols=["ipt-16"], capacity=40)
    address = reverse("intake:referral-assign", args=[referral.pk])
    browser = ina(cast)
    assert f"?with={cast.ana.pk}" in browser.get(address).content.decode()
    page = browser.get(address, {"with": str(cast.ana.pk)}).content.decode()
    slot = hours(cast, now())[0].isoformat()
    assert "Free hours of Ana Test" in page and slot in page
    browser.post(address, {"step": "slot", "clinician": str(cast.ana.pk), "starts_at": slot})
    offer = OfferedSlot.objects.get()
    assert (offer.clinician, offer.starts_at.isoformat()) == (cast.ana, slot)
    assert browser.get(address, {"with": "x"}).status_code == 200


def test_words_to_copy_confirm_the_time_once_it_is_booked(cast: Cast) -> None:
    """They went on saying that a time would be found, to somebody who had one."""
    at = now()
    referral, page = accepted(cast, at), ina(cast)
    set_safe_contact(by=cast.ina, at=at, client=referral.client, channel="sms", value="+447700900123")
    url = reverse("intake:waiting-show", args=[referral.pk])
    assert "We said we would find a time to talk." in page.get(url).content.decode()
    first = hours(cast, at)[4]
    book_appointment(
        by=cast.ana, at=at, episode=referral.client.episodes.get(), clinician=cast.ana, starts_at=first
    )
    shown, here = page.get(url).content.decode(), first.astimezone(ZoneInfo(ZONE))
    assert f"We found a time. It is {here:%A} {here.day} {here:%B} at {here:%H:%M}." in shown
    assert "would find a time" not in shown
