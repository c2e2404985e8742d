"""Who gets in: intake works on referrals; a clinician reads those of their own clients; nobody else comes near."""

import datetime as dt

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast

from reknit.care.intake import actions
from reknit.care.intake.models import Referral
from reknit.core.safety.triggers import PHONE_SAFETY

from .factories import a_referral, acceptance

OTHERS = ("dov", "eli_user", "cleo_user", "adi", "dara", "rea", "fay")


def status_for(cast: Cast, name: str, url: str, data: dict[str, str] | None = None) -> int:
    browser = Browser()
    browser.force_login(getattr(cast, name), backend="allauth.account.auth_backends.AuthenticationBackend")
    return (browser.post(url, data) if data else browser.get(url)).status_code


@pytest.mark.parametrize("page", ["intake:referral-list", "intake:referral-add"])
def test_lists_of_referrals_open_to_intake_alone(cast: Cast, page: str) -> None:
    assert status_for(cast, "ina", reverse(page)) == 200
    for name in (*OTHERS, "ana", "ben", "tess"):
        assert status_for(cast, name, reverse(page)) in (403, 404), name


def test_referral_before_acceptance_opens_to_intake_and_to_nobody_else(cast: Cast, at: dt.datetime) -> None:
    url = reverse("intake:referral-show", args=[a_referral(cast, at).pk])
    assert status_for(cast, "ina", url) == 200
    for name in (*OTHERS, "ana", "ben", "tess"):
        assert status_for(cast, name, url) in (403, 404), name


def test_referral_of_a_client_opens_to_the_team_and_the_line_above(cast: Cast) -> None:
    referral = accepted(cast)
    url = reverse("intake:referral-show", args=[referral.pk])
    for name in ("ina", "ana", "ben"):
        assert status_for(cast, name, url) == 200, name
    for name in OTHERS:
        assert status_for(cast, name, url) in (403, 404), name


def test_referral_opens_to_the_owner_of_its_risk_item_who_must_call_back(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    answers = {question.key: "yes" for question in PHONE_SAFETY}
    actions.record_phone_safety(by=cast.ina, at=at, referral=referral, answers=answers)
    url = reverse("intake:referral-show", args=[referral.pk])
    assert status_for(cast, "ben", url) == 200
    assert status_for(cast, "dov", url) == 404


def test_clinician_who_may_read_a_referral_may_not_change_it(cast: Cast) -> None:
    url = reverse("intake:referral-show", args=[accepted(cast).pk])
    assert status_for(cast, "ana", url, {"step": "close", "reason": "x"}) == 403


def test_referral_page_sends_a_visitor_to_sign_in(cast: Cast, at: dt.datetime) -> None:
    answer = Browser().get(reverse("intake:referral-show", args=[a_referral(cast, at).pk]))
    assert answer.status_code == 302 and "/sign-in/" in answer["Location"]


def accepted(cast: Cast) -> Referral:
    """A referral that Ana took on, by today's clock: pages read the clock themselves."""
    from reknit.base.clock import now

    referral = a_referral(cast, now())
    actions.accept_referral(referral=referral, **acceptance(cast, now()))
    return referral
