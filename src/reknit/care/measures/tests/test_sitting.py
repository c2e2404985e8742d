"""Forms on the clinic's device: one client's, one after another, with no way back to a chart and nothing left behind."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.clock import now
from reknit.base.errors import DomainError
from reknit.care.measures.actions import begin_sitting
from reknit.care.measures.models import Administration, FormLink
from reknit.care.safety.models import RiskItem
from reknit.core.programme.sets import measures_due
from reknit.core.programme.template import template

STOP = "/f/stop/"


@pytest.fixture
def device() -> Browser:
    return Browser()


def begin(device: Browser, cast: Cast, *measures: str) -> str:
    """Ana signs in on the device, chooses, and hands it over; gives the address of the first form."""
    device.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer: Any = device.post(
        reverse("measures:sitting-begin", args=[cast.cleo.pk]), {"measures": measures or ("phq-9", "gad-7")}
    )
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def phq(nine: int = 0) -> dict[str, Any]:
    return {"key": str(uuid.uuid4()), **{f"q-phq9_{n}": 1 for n in range(1, 9)}, "q-phq9_9": nine}


def send(device: Browser, address: str, given: dict[str, Any]) -> str:
    return str(device.post(address, given, follow=True).content.decode())


def next_page(said: str) -> str:
    found = re.search(r'href="(/f/[^"]+/)">Next page', said)
    assert found, said
    return found[1]


def test_device_is_signed_out_and_every_page_of_the_chart_asks_for_a_sign_in(
    device: Browser, cast: Cast
) -> None:
    first = begin(device, cast)
    for name in ("measure-list", "sitting-begin"):
        asked = device.get(reverse(f"measures:{name}", args=[cast.cleo.pk]))
        assert asked.status_code == 302 and "sign-in" in asked["Location"]
    assert "_auth_user_id" not in device.session
    said = device.get(first).content.decode()
    assert "Page 1 of 2." in said and "Save and finish later" not in said and "Leave page" not in said
    assert "Cleo" not in said and "Ana" not in said


def test_forms_follow_each_other_and_are_marked_as_given_on_the_device(device: Browser, cast: Cast) -> None:
    said = send(device, begin(device, cast), phq())
    second = next_page(said)
    assert "Page 2 of 2." in device.get(second).content.decode()
    gad = {"key": str(uuid.uuid4()), **{f"q-gad7_{n}": 1 for n in range(1, 8)}}
    said = send(device, second, gad)
    assert "That was the last page." in said and "Next page" not in said
    assert "Please give this device back" in device.post(STOP, follow=True).content.decode()
    assert list(Administration.objects.values_list("mode", flat=True)) == ["device", "device"]
    assert set(Administration.objects.values_list("recorded_by", flat=True)) == {None}


def test_next_person_with_the_device_finds_nothing(device: Browser, cast: Cast) -> None:
    first = begin(device, cast)
    said = send(device, first, phq(nine=3))
    assert "hard to carry alone" in said and RiskItem.objects.exists()
    second = next_page(said)
    device.post(f"{second}draft/", {"q-gad7_1": "3"})
    assert FormLink.objects.get(measure="gad-7").draft == {"gad7_1": 3}
    device.post(STOP)
    assert "hard to carry alone" not in device.get(f"{first}done/").content.decode()
    assert device.get(second).status_code == 410
    left = FormLink.objects.get(measure="gad-7")
    assert (left.draft, left.device, left.submitted_at) == ({}, "", None)
    assert not [
        name for name in device.cookies if device.cookies[name].value and name.startswith("reknit_sit")
    ]
    assert AuditEvent.objects.get(verb="end sitting").detail == {"not_sent": 1}


def test_stop_ends_this_devices_sitting_and_no_other_link(device: Browser, cast: Cast) -> None:
    begin(device, cast)
    Browser().post(STOP)  # somebody else's browser
    Browser().get(STOP)
    device.get(STOP)  # opening changes nothing
    assert not AuditEvent.objects.filter(verb="end sitting").exists()
    assert FormLink.objects.filter(expires_at__gt=now()).count() == 2


def test_cookie_made_up_by_somebody_is_no_sitting(device: Browser, cast: Cast) -> None:
    first = begin(device, cast)
    stranger = Browser()
    stranger.cookies["reknit_sitting"] = "WyJhIl0:1:made-up"
    said = stranger.get(first).content.decode()
    assert "Page 1 of" not in said
    stranger.post(STOP)
    assert FormLink.objects.filter(expires_at__gt=now()).count() == 2


def test_only_the_care_team_begins_one_and_what_is_not_offered_is_refused(
    cast: Cast, at: dt.datetime
) -> None:
    for who in (cast.ben, cast.dov, cast.ina, cast.adi):
        browser = Browser()
        browser.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
        answer = browser.post(reverse("measures:sitting-begin", args=[cast.cleo.pk]), {"measures": ["phq-9"]})
        assert answer.status_code in {403, 404}
    for measures in ([], ["no-such-form"], ["phq-9"] * 2 + ["no-such-form"]):
        with pytest.raises(DomainError):
            begin_sitting(by=cast.ana, at=at, client=cast.cleo, measures=measures)
    assert not FormLink.objects.exists()


def test_form_without_a_choice_stays_signed_in_and_says_so(device: Browser, cast: Cast) -> None:
    device.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("measures:sitting-begin", args=[cast.cleo.pk])
    answer = device.post(address, {})
    assert answer.status_code == 422 and "Choose at least one." in answer.content.decode()
    assert device.get(address).status_code == 200


def test_opened_from_a_session_it_gives_what_is_due_there(device: Browser, cast: Cast) -> None:
    """The next session is the first here; the page of session 4 asks for the set of session 4, under its number."""
    device.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("measures:sitting-begin", args=[cast.cleo.pk])
    page = device.get(address, {"slot": "4"}).content.decode()
    ticked = re.findall(r'value="([a-z0-9-]+)"[^>]*checked', page)
    assert ticked == list(measures_due(template("ipt-16"), 4))
    device.post(address, {"slot": "4", "measures": ticked})
    assert set(FormLink.objects.values_list("slot", flat=True)) == {4}


@pytest.mark.parametrize("slot", ["", "-1", "x", "9" * 30])
def test_session_that_cannot_be_is_none(device: Browser, cast: Cast, slot: str) -> None:
    device.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert (
        device.get(reverse("measures:sitting-begin", args=[cast.cleo.pk]), {"slot": slot}).status_code == 200
    )
