"""What every answer carries, pages and refusals and papers alike; and that errors and the log tell nothing."""

import datetime as dt
import logging
import re
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from reknit.base.accounts.models import User
from reknit.base.audit.logs import NoClientData, WithoutValues
from reknit.base.audit.models import AuditEvent
from reknit.care.encounters import actions as encounters
from reknit.care.measures.actions import make_link
from reknit.care.people.models import Client
from tests.cast import Cast
from tests.test_every_address import ADDRESSES, browser_of
from tests.world import world

pytestmark = pytest.mark.django_db

CANARY = "Xanthippe Quillfeather"


def directives(response: Any) -> dict[str, list[str]]:
    policy = response["Content-Security-Policy"]
    return {words[0]: words[1:] for part in policy.split(";") if (words := part.split())}


def assert_strict(response: Any) -> None:
    policy = directives(response)
    assert policy["default-src"] == ["'none'"] and policy["frame-ancestors"] == ["'none'"]
    assert policy["script-src"] == ["'self'"] and policy["style-src"] == ["'self'"]
    assert policy["base-uri"] == ["'none'"] and policy["form-action"] == ["'self'"]
    assert not re.search(r"unsafe|\*|https?:", response["Content-Security-Policy"])
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_address_answers_with_the_strict_policy_and_stays_in_no_browser(
    name: str, cast: Cast, at: dt.datetime
) -> None:
    address, things = ADDRESSES[name], world(cast, at)
    url = reverse(name, args=[things[arg] for arg in address.args])
    for who in ("nobody", "ana", "dov", "cleo_user", "adi"):
        browser = browser_of(cast.users().get(who))
        for method in ("get", "post", "head", "options", "put"):
            response = getattr(browser, method)(url)
            assert_strict(response)
            if who != "nobody" and method == "get":
                assert "no-store" in response["Cache-Control"]


def test_policy_is_the_one_of_the_settings_to_the_letter(client: Browser, db: None) -> None:
    wanted = {name: list(words) for name, words in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()}
    for answer in (client.get("/sign-in/"), client.get("/nowhere/"), client.post("/f/unknown/")):
        assert directives(answer) == wanted


def test_no_page_holds_script_or_style_of_its_own(cast: Cast, at: dt.datetime) -> None:
    things = world(cast, at)
    for name, address in ADDRESSES.items():
        who = next(
            (who for who in ("ana", "ben", "ina", "adi", "dara", "cleo_user") if who in address.who), ""
        )
        url = reverse(name, args=[things[arg] for arg in address.args])
        response = getattr(browser_of(cast.users().get(who)), address.method)(url)
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        page = response.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", page), name


def error_pages(cast: Cast, at: dt.datetime, settings: Any, monkeypatch: Any) -> dict[int, HttpResponse]:
    """One answer of each kind of error, on a chart whose client has the canary's name."""
    chart = reverse("home:client-course", args=[cast.cleo.pk])
    ana, checked = browser_of(cast.ana), Browser(enforce_csrf_checks=True, raise_request_exception=False)
    checked.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    ana.raise_request_exception = False
    found: dict[int, Any] = {}
    found[404] = browser_of(cast.dov).get(chart)
    found[403] = browser_of(cast.ben).get(reverse("encounters:session-start", args=[cast.cleo.pk]))
    found[4030] = checked.post(reverse("closure:course-close", args=[cast.cleo.pk]), {"reason": CANARY})
    found[400] = ana.get(chart, HTTP_HOST="elsewhere.example")
    found[413] = ana.post(
        reverse("encounters:session-start", args=[cast.cleo.pk]), {"words": CANARY + "x" * 1_100_000}
    )

    def broken(**_options: Any) -> None:
        raise ValueError(f"could not read {CANARY}")

    monkeypatch.setattr(encounters, "start_encounter", broken)
    key = uuid.uuid4()
    found[500] = ana.post(reverse("encounters:session-start", args=[cast.cleo.pk]), {"key": str(key)})
    return found


def test_errors_say_what_to_do_and_tell_nothing(
    cast: Cast, at: dt.datetime, settings: Any, monkeypatch: Any
) -> None:
    Client.objects.filter(pk=cast.cleo.pk).update(given_name=CANARY.split()[0], family_name=CANARY.split()[1])
    assert not settings.DEBUG
    for kind, response in error_pages(cast, at, settings, monkeypatch).items():
        wanted = {4030: 403, 413: 400}.get(kind, kind)
        assert response.status_code == wanted, kind
        assert_strict(response)
        page = response.content.decode()
        for leak in (*CANARY.split(), str(cast.cleo.pk), "Traceback", "Exception", "settings", "ValueError"):
            assert leak not in page, f"{kind} tells {leak}"
        text = re.sub(r"<[^>]+>", " ", page)
        assert re.search(r"[a-z]{2,}\.\s", text), f"{kind} says no sentence"


def test_the_log_holds_no_name_no_link_and_no_words(
    cast: Cast, at: dt.datetime, settings: Any, monkeypatch: Any
) -> None:
    Client.objects.filter(pk=cast.cleo.pk).update(given_name=CANARY.split()[0], family_name=CANARY.split()[1])
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Keep(level=0)
    handler.addFilter(NoClientData())
    handler.setFormatter(WithoutValues("%(levelname)s %(name)s %(message)s"))
    loggers = [
        logging.getLogger(name) for name in ("", "django", "django.request", "django.security", "axes")
    ]
    before = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    try:
        error_pages(cast, at, settings, monkeypatch)
        _link, secret = make_link(by=cast.ana, at=at, client=cast.cleo, measure="phq-9")
        Browser().post(reverse("measures:form-done", args=[secret]))
        Browser().get(reverse("measures:form-draft", args=[secret]))
        for name in (
            "measures:form-fill",
            "materials:page-read",
            "encounters:answer-show",
            "encounters:feed-read",
        ):
            Browser().get(reverse(name, args=["Quillfeather-not-a-secret"]))
        browser_of(cast.dov).post(reverse("home:client-search"), {"words": CANARY})
        for _try in range(12):
            Browser().post(
                reverse("account_login"), {"login": "quillfeather@clinic.example", "password": CANARY}
            )
    finally:
        for logger, level in before:
            logger.removeHandler(handler)
            logger.setLevel(level)
    said = "\n".join(lines)
    assert "start_encounter" in said or "broken" in said, "the error of the test is not in the log"
    assert "ValueError" in said
    for word in (*CANARY.split(), CANARY.lower().split()[1], secret):
        assert word not in said, [line for line in lines if word in line][:2]


def test_a_refusal_is_recorded_alike_for_what_is_not_theirs_and_what_is_not_there(cast: Cast) -> None:
    unknown = uuid.uuid4()
    for key in (cast.cleo.pk, unknown):
        browser_of(cast.dov).get(reverse("home:client-course", args=[key]))
    browser_of(cast.adi).get(reverse("intake:referral-list"))
    told = list(AuditEvent.objects.filter(verb="refuse").order_by("id"))
    assert [(event.by, event.client_id, event.detail["status"]) for event in told] == [
        (cast.dov.pk, cast.cleo.pk, 404),
        (cast.dov.pk, unknown, 404),
        (cast.adi.pk, None, 403),
    ]
    assert told[0].detail == {
        "page": "home:client-course",
        "status": 404,
        "client_id": str(cast.cleo.pk),
    }


def test_sessions_and_cookies_hold_no_client(cast: Cast, at: dt.datetime) -> None:
    things = world(cast, at)
    browser = browser_of(cast.ana)
    for name, address in ADDRESSES.items():
        if "ana" in address.who and name not in {"account_logout", "accounts:session-end"}:
            url = reverse(name, args=[things[arg] for arg in address.args])
            getattr(browser, address.method)(url)
    kept = [str(session.get_decoded()) for session in Session.objects.all()]
    kept += [f"{morsel.key}={morsel.value}" for morsel in browser.cookies.values()]
    assert kept
    for words in kept:
        assert "Cleo" not in words and str(cast.cleo.pk) not in words and things["secret"] not in words


def test_a_role_taken_away_or_a_sign_in_ended_closes_the_chart_at_once(cast: Cast) -> None:
    chart = reverse("home:client-course", args=[cast.cleo.pk])
    ana = browser_of(cast.ana)
    assert ana.get(chart).status_code == 200
    User.objects.filter(pk=cast.ana.pk).update(roles=["director"])
    assert ana.get(chart).status_code == 404
    assert ana.post(reverse("encounters:session-start", args=[cast.cleo.pk])).status_code == 404
    User.objects.filter(pk=cast.ana.pk).update(roles=["therapist"], is_active=False)
    assert ana.get(chart).status_code == 302
