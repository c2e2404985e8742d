"""The evidence panel as people read it."""

import datetime as dt

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast

from reknit.base.accounts.models import User

pytestmark = pytest.mark.django_db


def said_to(person: User) -> str:
    browser = Browser()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = browser.get(reverse("outcomes:evidence-show"))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_negative_trials_stand_beside_the_others(cast: Cast, at: dt.datetime) -> None:
    said = said_to(cast.ana)
    for words in (
        "Evidence against",
        "IPT did less well",
        "9 % against 54 %",
        "no comparison group",
        "no result found",
    ):
        assert words in said


def test_wording_that_may_be_used_is_given_and_what_must_not_be_said(cast: Cast, at: dt.datetime) -> None:
    said = said_to(cast.dara)
    assert "trials have not shown IPT to reduce use on its own" in said
    assert "Do not say:" in said


def test_the_day_of_the_last_review_is_said(cast: Cast, at: dt.datetime) -> None:
    assert "last gone through on" in said_to(cast.ben)
