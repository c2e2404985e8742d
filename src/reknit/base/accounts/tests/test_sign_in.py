"""Signing in, failing to, being locked out, and what of it is recorded."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import BEGIN, PASSWORD, Cast

from reknit.base.accounts.actions import make_one_time_password
from reknit.base.accounts.models import User
from reknit.base.audit.models import AuditEvent

SIGN_IN = "/sign-in/"
JSON = {"accept": "application/json"}


@pytest.fixture
def ana(cast: Cast) -> User:
    cast.ana.set_password(PASSWORD)
    cast.ana.save()
    return cast.ana


def sign_in(
    browser: Browser,
    email: str,
    password: str = PASSWORD,
    headers: dict[str, str] | None = None,
    **more: str,
) -> Any:
    return browser.post(SIGN_IN, {"login": email, "password": password, **more}, headers=headers)


def verbs(subject: User | None = None) -> list[str]:
    events = AuditEvent.objects.order_by("id")
    return [e.verb for e in events if subject is None or e.subject_id == subject.pk]


def test_sign_in_opens_the_page_asked_for_first(client: Browser, ana: User) -> None:
    asked = client.get("/me/?q=somebody")
    assert asked.headers["Location"] == "/sign-in/?next=%2Fme%2F"
    assert "Sign in" in client.get(asked.headers["Location"]).content.decode()
    assert sign_in(client, "ANA@clinic.example", next="/me/").headers["Location"] == "/me/"
    assert "sign in" in verbs(ana)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "http://localhost:9/x", "javascript:x"]
)
def test_sign_in_never_leads_elsewhere(client: Browser, ana: User, elsewhere: str) -> None:
    assert sign_in(client, ana.email, next=elsewhere).headers["Location"] == "/"


def test_failure_reads_the_same_for_unknown_wrong_and_gone(client: Browser, cast: Cast, ana: User) -> None:
    cast.dov.set_password(PASSWORD)
    cast.dov.is_active = False
    cast.dov.save()
    answers = [
        sign_in(client, "nobody@clinic.example"),
        sign_in(client, ana.email, "not the password"),
        sign_in(client, cast.dov.email),
    ]
    pages = [answer.content.decode() for answer in answers]
    assert {answer.status_code for answer in answers} == {422}
    assert all("Check the e-mail and the password." in page for page in pages)
    forms = [page[page.index("<form") :].split("</form>")[0] for page in pages]
    plain = [form.split("csrfmiddlewaretoken")[0] + form.split('name="password"')[1] for form in forms]
    assert len(set(plain)) == 1


def test_failure_is_recorded_without_the_address(client: Browser, ana: User) -> None:
    sign_in(client, "nobody@clinic.example")
    sign_in(client, ana.email, "not the password")
    failed = list(AuditEvent.objects.filter(verb="fail to sign in").order_by("id"))
    assert [event.subject_id for event in failed] == [None, ana.pk]
    assert all("nobody" not in str(vars(event)) and "@" not in str(vars(event)) for event in failed)


@pytest.mark.parametrize("email", ["ana@clinic.example", "nobody@clinic.example"])
def test_eight_failures_pause_sign_in_for_known_and_unknown_alike(
    client: Browser, ana: User, email: str
) -> None:
    answers = [sign_in(client, email, "wrong").status_code for _each in range(8)]
    assert answers == [422] * 7 + [429]
    paused = sign_in(client, email)
    assert paused.status_code == 429
    assert "Wait 15 minutes" in paused.content.decode()
    told = sign_in(client, email, headers=JSON)
    assert (told.status_code, told.json()["message"][:26]) == (403, "There were too many tries.")
    assert "pause sign-in" in verbs()
    assert "sign in" not in verbs()


def test_a_one_time_password_opens_a_paused_sign_in(client: Browser, cast: Cast, ana: User) -> None:
    for _each in range(8):
        sign_in(client, ana.email, "wrong")
    password = make_one_time_password(by=cast.adi, at=BEGIN, person=ana)
    assert sign_in(client, ana.email, password).status_code == 302


def test_another_person_may_sign_in_while_one_is_paused(client: Browser, cast: Cast, ana: User) -> None:
    for _each in range(8):
        sign_in(client, cast.dov.email, "wrong")
    assert sign_in(client, ana.email).status_code == 302


def test_a_script_is_answered_in_json(client: Browser, ana: User) -> None:
    refused = sign_in(client, ana.email, "wrong", headers=JSON)
    assert (refused.status_code, refused.json()["message"]) == (
        400,
        "That did not work. Check the e-mail and the password.",
    )
    told = sign_in(client, ana.email, headers=JSON).json()
    assert told["signed_in"] is True
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post("/theme/", {"theme": "dark", "csrfmiddlewaretoken": told["csrf"]}).status_code == 302


@pytest.mark.parametrize("hostile", ["a\0b@clinic.example", "x" * 5000, "<script>@x.y", "' or 1=1 --"])
def test_hostile_addresses_get_a_sentence(client: Browser, ana: User, hostile: str) -> None:
    page = sign_in(client, hostile)
    assert page.status_code == 422
    assert "<script>@" not in page.content.decode()


def test_sign_out_is_a_post_and_recorded(client: Browser, ana: User) -> None:
    sign_in(client, ana.email)
    assert "Sign out?" in client.get(reverse("account_logout")).content.decode()
    assert client.post(reverse("account_logout")).headers["Location"] == "/"
    assert client.get("/me/").status_code == 302
    assert verbs(ana)[-1] == "sign out"


@pytest.mark.parametrize(
    "address",
    ["/signup/", "/sign-up/", "/accounts/signup/", "/me/email/", "/password/reset/", "/accounts/login/"],
)
def test_no_way_to_sign_up_or_reset_by_mail(client: Browser, address: str, db: None) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("theme", "kept"), [("dark", "dark"), ("light", "light"), ("pink", "")])
def test_colours_are_kept_at_the_browser(client: Browser, db: None, theme: str, kept: str) -> None:
    client.post("/theme/", {"theme": theme, "back": "/sign-in/"})
    page = client.get(SIGN_IN).content.decode()
    assert (f'data-theme="{kept}"' in page) is bool(kept)
    assert client.post("/theme/", {"theme": "", "back": "//evil.example"}).headers["Location"] == "/"
    assert "data-theme" not in client.get(SIGN_IN).content.decode()
