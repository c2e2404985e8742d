"""The administrator's pages of people, and one's own settings."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import BEGIN, PASSWORD, Cast, staff

from reknit.base.accounts.actions import add_person, make_one_time_password
from reknit.base.accounts.models import Role, User
from reknit.base.audit.models import AuditEvent

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LIST, ADD = "/people/", "/people/add/"


def as_(browser: Browser, user: User) -> Browser:
    browser.force_login(user, backend=BACKEND)
    return browser


def page_of(person: User, name: str = "person-change") -> str:
    return reverse(f"accounts:{name}", args=[person.pk])


@pytest.mark.parametrize("who", ["ana", "ben", "dov", "fay", "ina", "dara", "rea", "cleo_user", "eli_user"])
def test_only_administrators_manage_people(client: Browser, cast: Cast, who: str) -> None:
    as_(client, cast.users()[who])
    for address in (LIST, ADD, page_of(cast.ana)):
        assert client.get(address).status_code == 403
    for name in ("person-password", "person-deactivate", "person-second-factor", "person-change"):
        assert client.post(page_of(cast.ana, name), {"roles": ["director"]}).status_code == 403
    cast.ana.refresh_from_db()
    assert cast.ana.is_active
    assert cast.ana.roles == [Role.THERAPIST]


def test_administrator_sees_staff_and_no_client(client: Browser, cast: Cast) -> None:
    page = as_(client, cast.adi).get(LIST).content.decode()
    assert "Ana Test" in page
    assert "Cleo" not in page
    assert client.get(page_of(cast.cleo_user)).status_code == 404
    assert client.post(page_of(cast.cleo_user, "person-password")).status_code == 404


def test_people_are_found_by_name_or_address_and_paged(client: Browser, cast: Cast) -> None:
    as_(client, cast.adi)
    assert "Dov Test" not in client.get(LIST, {"q": "ana"}).content.decode()
    assert "Nobody by that name" in client.get(LIST, {"q": "<script>\0x"}).content.decode()
    for number in range(30):
        staff(f"Zoe{number}", Role.THERAPIST)
    assert "26 to 39 of 39" in client.get(LIST, {"page": 2}).content.decode()


def test_list_asks_the_same_number_of_queries_however_many(client: Browser, cast: Cast) -> None:
    as_(client, cast.adi).get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for number in range(30):
        staff(f"Zoe{number}", Role.THERAPIST)
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(few) == len(many) <= 5


def add_form(**changes: object) -> dict[str, object]:
    told = {
        "name": "Noa New",
        "email": "Noa@Clinic.example",
        "roles": ["therapist"],
        "key": str(uuid.uuid4()),
    }
    return {**told, **changes}


def test_an_added_person_gets_a_password_once_and_must_change_it(client: Browser, cast: Cast) -> None:
    form = add_form()
    page = as_(client, cast.adi).post(ADD, form)
    password = re.findall(r"<code>([^<]+)</code>", page.content.decode())[0]
    assert "no-store" in page.headers["Cache-Control"]
    again = client.post(ADD, form)
    noa = User.objects.get(email="noa@clinic.example")
    assert again.headers["Location"] == page_of(noa)
    assert password not in client.get(page_of(noa)).content.decode()
    browser = Browser()
    assert browser.post("/sign-in/", {"login": "NOA@clinic.example", "password": password}).status_code == 302
    assert browser.get("/me/").headers["Location"] == "/me/password/"
    assert password not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "ana@clinic.example"}, "Somebody signs in with this address already."),
        ({"email": "ANA@clinic.example"}, "Somebody signs in with this address already."),
        ({"roles": []}, "Choose at least one role."),
        ({"roles": ["client"]}, "Select a valid choice"),
        ({"name": "a\0b"}, "Null characters are not allowed."),
        ({"name": "x" * 121}, "at most 120"),
        ({"name": "<script>alert(1)</script>", "email": "none"}, "Enter a valid email"),
    ],
)
def test_bad_people_are_refused_in_words(
    client: Browser, cast: Cast, changes: dict[str, object], sentence: str
) -> None:
    before = User.objects.count()
    page = as_(client, cast.adi).post(ADD, add_form(**changes))
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    assert User.objects.count() == before


def test_roles_hold_from_the_next_page(client: Browser, cast: Cast) -> None:
    browser = as_(Browser(), cast.dov)
    assert browser.get(LIST).status_code == 403
    as_(client, cast.adi).post(page_of(cast.dov), {"roles": ["administrator", "therapist"]})
    assert browser.get(LIST).status_code == 200
    event = AuditEvent.objects.get(verb="change roles")
    assert event.detail == {"from": ["therapist"], "to": ["therapist", "administrator"]}


def test_administrators_cannot_shut_themselves_out(client: Browser, cast: Cast) -> None:
    as_(client, cast.adi)
    own = client.post(page_of(cast.adi), {"roles": ["director"]})
    assert "Ask another administrator" in own.content.decode()
    client.post(page_of(cast.adi, "person-deactivate"))
    client.post(page_of(cast.adi, "person-password"))
    cast.adi.refresh_from_db()
    assert cast.adi.is_active
    assert cast.adi.roles == [Role.ADMINISTRATOR]


def test_the_last_active_administrator_stays(client: Browser, cast: Cast) -> None:
    leaving = staff("Lee", Role.ADMINISTRATOR)
    as_(client, leaving)
    User.objects.filter(pk=leaving.pk).update(roles=["administrator", "director"])
    client.post(page_of(cast.adi, "person-deactivate"))
    cast.adi.refresh_from_db()
    assert not cast.adi.is_active
    as_(client, leaving)
    assert client.post(page_of(leaving), {"roles": ["director"]}).status_code == 422
    assert client.post(page_of(leaving, "person-deactivate")).status_code == 302
    leaving.refresh_from_db()
    assert leaving.is_active
    assert leaving.has(Role.ADMINISTRATOR)


def test_deactivation_ends_every_session_and_a_new_password_opens_again(client: Browser, cast: Cast) -> None:
    password = make_one_time_password(by=cast.adi, at=BEGIN, person=cast.dov)
    browser = Browser()
    browser.post("/sign-in/", {"login": cast.dov.email, "password": password})
    assert browser.get("/me/password/").status_code == 200
    as_(client, cast.adi).post(page_of(cast.dov, "person-deactivate"))
    assert browser.get("/me/password/").status_code == 302
    assert not UserSession.objects.filter(user=cast.dov).exists()
    assert browser.post("/sign-in/", {"login": cast.dov.email, "password": password}).status_code == 422
    page = client.post(page_of(cast.dov, "person-password")).content.decode()
    renewed = re.findall(r"<code>([^<]+)</code>", page)[0]
    assert browser.post("/sign-in/", {"login": cast.dov.email, "password": renewed}).status_code == 302


@pytest.mark.parametrize("who", ["ana", "ina", "dara", "adi", "cleo_user"])
def test_everybody_has_settings_of_their_own(client: Browser, cast: Cast, who: str) -> None:
    page = as_(client, cast.users()[who]).get("/me/")
    assert page.status_code == 200
    assert "Your settings" in page.content.decode()


def test_staff_change_their_name_and_clients_do_not(client: Browser, cast: Cast) -> None:
    as_(client, cast.ana).post("/me/", {"name": "Ana <b>Anew</b>"})
    assert "Ana &lt;b&gt;Anew" in client.get("/me/").content.decode()
    assert client.post("/me/", {"name": ""}).status_code == 422
    as_(client, cast.cleo_user).post("/me/", {"name": "Somebody"})
    cast.cleo_user.refresh_from_db()
    assert cast.cleo_user.name == "Cleo Test"


def test_sessions_are_listed_and_ended_by_their_person_only(client: Browser, cast: Cast) -> None:
    cast.ana.set_password(PASSWORD)
    cast.ana.save()
    there = Browser(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    for browser in (client, there):
        browser.post("/sign-in/", {"login": cast.ana.email, "password": PASSWORD})
    page = client.get("/me/").content.decode()
    assert "Firefox on Windows" in page
    other = UserSession.objects.get(session_key=there.session.session_key)
    address = reverse("accounts:session-end", args=[other.pk])
    assert as_(Browser(), cast.dov).post(address).status_code == 404
    assert client.post(address).status_code == 302
    assert there.get("/me/").status_code == 302
    assert AuditEvent.objects.filter(verb="end session", by=cast.ana.pk).exists()


def test_the_second_step_is_turned_on_with_codes_and_off(
    client: Browser, cast: Cast, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    cast.ana.set_password(PASSWORD)
    cast.ana.save()
    client.post("/sign-in/", {"login": cast.ana.email, "password": PASSWORD})
    again = client.get("/me/second-step/on/", follow=True)
    assert "once more" in again.content.decode()
    client.post("/me/again/?next=/me/second-step/on/", {"password": PASSWORD})
    page = client.get("/me/second-step/on/").content.decode()
    secret = re.findall(r"<code>([^<]+)</code>", page)[0]
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post("/me/second-step/on/", {"code": code}, follow=True).content.decode()
    assert done.count("<li><code>") == 10
    assert "Recovery codes" in client.get("/me/").content.decode()
    assert (
        "Do you want to make new recovery codes?" in client.get("/me/second-step/codes/new/").content.decode()
    )
    assert "Turn off the second step?" in client.get("/me/second-step/off/").content.decode()
    client.post("/me/second-step/off/")
    assert "Turn it on" in client.get("/me/").content.decode()
    verbs = set(AuditEvent.objects.filter(by=cast.ana.pk).values_list("verb", flat=True))
    assert {"add second factor", "remove second factor"} <= verbs


def test_a_person_without_a_password_is_told_whom_to_ask(client: Browser, cast: Cast) -> None:
    page = as_(client, cast.ana).get("/me/password/", follow=True)
    assert "Ask your administrator" in page.content.decode()


def test_a_double_send_adds_one_person(cast: Cast) -> None:
    key = uuid.uuid4()
    for _each in range(2):
        add_person(by=cast.adi, at=BEGIN, email="two@clinic.example", name="Two", roles=["director"], key=key)
    assert User.objects.filter(email="two@clinic.example").count() == 1


def test_a_key_that_stands_for_a_client_shows_nobody(client: Browser, cast: Cast) -> None:
    told = {"name": "New", "email": "new@clinic.example", "roles": ["therapist"], "key": cast.cleo_user.pk}
    answer = as_(client, cast.adi).post(ADD, told)
    assert answer.status_code == 422
    assert b"Cleo" not in answer.content
