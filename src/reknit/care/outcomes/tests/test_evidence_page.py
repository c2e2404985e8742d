"""The evidence panel as people read it."""

import datetime as dt

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils.html import escape
from tests.cast import Cast

from reknit.base.accounts.models import User
from reknit.core.evidence.library import claims, resources, reviewed_on, studies

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
    on = dt.date.fromisoformat(reviewed_on())
    assert f"last gone through on {on.day} {on:%B %Y}." in said_to(cast.ben)


def test_each_study_says_how_far_it_was_checked_and_why_it_does_not_count(
    cast: Cast, at: dt.datetime
) -> None:
    said = said_to(cast.ana)
    for study in studies():
        assert escape(study.citation) in said
    assert "Not checked: from memory." in said and "Checked at its source." in said
    assert "Gamble 2013: no randomised comparison" in said
    assert "Good studies against: 1 (Reynolds 2006)" in said


def test_claims_stand_with_what_checking_gave_and_a_wording(cast: Cast, at: dt.datetime) -> None:
    said = said_to(cast.dara)
    for one in claims():
        assert escape(one.claim) in said and escape(one.verdict) in said
    assert said.count("Do not use.") == 1
    assert "In trials of Network Support treatment, another treatment than IPT" in said


def test_resources_lead_on_without_saying_from_where(cast: Cast, at: dt.datetime) -> None:
    said = said_to(cast.ana)
    for words in ("TIP 48", "TEDS", "SUPRT-A", "42 CFR Part 2", "NREPP"):
        assert words in said
    assert said.count('rel="noreferrer"') == sum(one.link is not None for one in resources())
