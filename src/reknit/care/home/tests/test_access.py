"""Who gets to which front page."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast

from reknit.base.audit.models import AuditEvent

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CLINICIANS = {"ana", "ben", "tess", "dov", "fay"}
TOTALS = {"dara", "rea"}
CLIENTS = {"cleo_user", "eli_user"}


def visit(cast: Cast, name: str, url: str) -> int:
    browser = Browser()
    browser.force_login(getattr(cast, name), backend=BACKEND)
    return browser.get(url).status_code


@pytest.mark.parametrize(
    ("page", "allowed"),
    [
        ("home:today", CLINICIANS),
        ("home:caseload", CLINICIANS),
        ("home:programme", TOTALS),
        ("home:client-front", CLIENTS),
    ],
)
def test_front_page_opens_to_its_roles_and_to_nobody_else(cast: Cast, page: str, allowed: set[str]) -> None:
    for name in cast.users():
        expected = (200,) if name in allowed else (403, 404)
        assert visit(cast, name, reverse(page)) in expected, name


def test_chart_opens_to_the_team_and_its_line_and_to_nobody_else(cast: Cast) -> None:
    url = reverse("home:client-course", args=[cast.cleo.pk])
    for name in cast.users():
        assert visit(cast, name, url) == (200 if name in {"ana", "ben"} else 404), name


def test_chart_that_does_not_exist_answers_like_one_that_is_not_yours(cast: Cast) -> None:
    known = visit(cast, "dov", reverse("home:client-course", args=[cast.cleo.pk]))
    unknown = visit(cast, "dov", "/clients/00000000-0000-4000-8000-000000000000/")
    assert known == unknown == 404


def test_opening_a_chart_leaves_a_record_of_the_reading(cast: Cast) -> None:
    visit(cast, "ana", reverse("home:client-course", args=[cast.cleo.pk]))
    event = AuditEvent.objects.get(verb="read")
    assert (event.by, event.client_id) == (cast.ana.pk, cast.cleo.pk)


@pytest.mark.parametrize("page", ["home:today", "home:caseload", "home:programme", "home:client-front"])
def test_visitor_is_sent_to_sign_in(cast: Cast, page: str) -> None:
    answer = Browser().get(reverse(page))
    assert answer.status_code == 302 and "/sign-in/" in answer["Location"]


def test_root_shows_a_visitor_the_words_sign_in(cast: Cast) -> None:
    answer = Browser().get("/")
    assert answer.status_code == 200 and b"Sign in" in answer.content


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("ana", "home:today"),
        ("fay", "home:today"),
        ("ben", "safety:risk-board"),
        ("ina", "intake:referral-list"),
        ("dara", "home:programme"),
        ("rea", "home:programme"),
        ("adi", "accounts:person-list"),
        ("cleo_user", "home:client-front"),
    ],
)
def test_root_leads_each_person_to_where_their_day_begins(cast: Cast, name: str, place: str) -> None:
    browser = Browser()
    browser.force_login(getattr(cast, name), backend=BACKEND)
    assert browser.get("/")["Location"] == reverse(place)
