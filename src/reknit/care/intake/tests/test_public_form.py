"""The public form: kept once, the same answer whatever is known, no program, no flood, and shut when the clinic says so."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.clock import now
from reknit.base.errors import DomainError
from reknit.care.contact.queries import current_safe_contact
from reknit.care.intake import actions, wording
from reknit.care.intake.models import PublicReferral, Referral
from reknit.care.intake.views.client import MOST_FROM_ONE
from reknit.core.formulation.readability import TARGET_GRADE, read

from .factories import a_referral, safe_way

ASK, SENT = "/ask/", "/ask/sent/"


def words(**changes: str) -> dict[str, str]:
    return {
        "key": str(uuid.uuid4()),
        "who": "self",
        "given_name": "Nia",
        "family_name": "Moss",
        "channel": "text",
        "value": "01 99 88 77 66",
        "language": "es",
        **changes,
    }


@pytest.fixture
def form_open(cast: Cast) -> Cast:
    actions.change_intake_settings(by=cast.adi, at=now(), revision=0, target_days=14, public_form=True)
    return cast


@pytest.fixture
def ina(form_open: Cast) -> Browser:
    browser = Browser()
    browser.force_login(form_open.ina, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def main(answer: Any) -> str:
    assert isinstance(answer, HttpResponse)
    return answer.content.decode().split("<main")[1].split("</main>")[0]


def test_form_is_shut_until_the_clinic_opens_it(cast: Cast) -> None:
    assert Browser().get(ASK).status_code == Browser().post(ASK, words()).status_code == 404
    assert not PublicReferral.objects.exists()


def test_answer_is_the_same_for_a_person_who_is_known_and_one_who_is_not(form_open: Cast) -> None:
    a_referral(form_open, now())  # Nia Moss is known
    answers = [
        Browser().post(ASK, words(family_name=name), follow=True) for name in ("Moss", "Nobody", "Case")
    ]
    assert {answer.redirect_chain[-1] for answer in answers} == {(SENT, 302)}
    assert len({answer.content for answer in answers}) == 1
    assert "Moss" not in main(answers[0])


def test_sent_twice_is_kept_once_and_the_address_holds_no_key(form_open: Cast) -> None:
    told = words()
    for _ in range(2):
        assert Browser().post(ASK, told)["Location"] == SENT
    sent = PublicReferral.objects.get()
    assert (sent.language, sent.state) == ("es", "waiting")
    event = AuditEvent.objects.get(verb="receive public referral")
    assert event.by is None and event.detail == {"who": "self"}


def test_what_a_program_fills_in_gets_the_same_answer_and_is_not_kept(form_open: Cast) -> None:
    assert Browser().post(ASK, words(website="http://example.com"))["Location"] == SENT
    assert not PublicReferral.objects.exists()


def test_flood_from_one_address_is_braked_and_others_still_get_through(form_open: Cast) -> None:
    for _ in range(MOST_FROM_ONE):
        Browser().post(ASK, words())
    answer = Browser().post(ASK, words())
    assert answer.status_code == 429 and answer["Retry-After"] == "3600"
    assert Browser(REMOTE_ADDR="127.0.0.9").post(ASK, words()).status_code == 302
    assert PublicReferral.objects.count() == MOST_FROM_ONE + 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": "call me"}, "in digits"),
        ({"channel": "email"}, "whole e-mail"),
        ({"family_name": ""}, "required"),
        ({"channel": "post"}, "valid choice"),
        ({"who": "dog"}, "valid choice"),
        ({"language": "xx"}, "valid choice"),
        ({"key": "x"}, ""),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_nothing(
    form_open: Cast, changes: dict[str, str], said: str
) -> None:
    answer = Browser().post(ASK, words(**changes))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not PublicReferral.objects.exists()


def test_form_shows_whom_to_call_and_asks_nothing_about_health(form_open: Cast) -> None:
    page = main(Browser().get(ASK))
    assert "01 23 45 67 89" in page and "In danger now?" in page and "<textarea" not in page
    assert "01 23 45 67 89" in main(Browser().get(SENT))


def test_intake_takes_it_over_with_the_safe_way_and_goes_on_to_the_safety_questions(
    form_open: Cast, ina: Browser
) -> None:
    Browser().post(ASK, words(who="other", tie="family", referrer_name="Jo", may_leave_message="on"))
    sent = PublicReferral.objects.get()
    url = reverse("intake:public-show", args=[sent.pk])
    assert "before they know of it" in main(ina.get(url))
    told = {"step": "take", "given_name": "Nia", "family_name": "Moss", "programme": form_open.programme.pk}
    page = ina.post(url, told, follow=True)
    referral = Referral.objects.get()
    assert page.redirect_chain[-1][0] == reverse("intake:referral-show", args=[referral.pk])
    assert (referral.source, referral.source_name, referral.client.language) == ("family", "Jo", "es")
    way = current_safe_contact(referral.client)
    assert way and way.may_leave_message and way.value == "01 99 88 77 66"
    assert "Taken over" in main(ina.post(url, told))
    assert Referral.objects.count() == 1


def test_intake_sets_aside_with_a_reason_and_is_told_of_the_same_name(form_open: Cast, ina: Browser) -> None:
    a_referral(form_open, now())
    Browser().post(ASK, words())
    url = reverse("intake:public-show", args=[PublicReferral.objects.get().pk])
    assert "has the same name" in main(ina.get(url))
    assert ina.post(url, {"step": "aside", "aside": ""}).status_code == 422
    ina.post(url, {"step": "aside", "aside": "twice"})
    assert PublicReferral.objects.get().state == "set_aside"
    assert "Nia Moss" not in main(ina.get(reverse("intake:public-list")))
    assert "Sent twice" in main(ina.get(reverse("intake:public-list"), {"show": "all"}))


def test_settings_written_over_newer_ones_are_refused(form_open: Cast) -> None:
    with pytest.raises(DomainError, match="while you wrote"):
        actions.change_intake_settings(
            by=form_open.adi, at=now(), revision=0, target_days=9, public_form=False
        )


@pytest.mark.parametrize(
    ("way", "has_message", "has_script"),
    [
        ({"channel": "text"}, True, False),
        ({"channel": "phone", "may_leave_message": True}, True, True),
        ({"channel": "phone", "may_leave_message": False}, False, True),
        ({"channel": "none", "value": ""}, False, False),
    ],
)
def test_neutral_words_follow_the_safe_way(
    cast: Cast, way: dict[str, Any], has_message: bool, has_script: bool
) -> None:
    referral = a_referral(cast, now())
    safe_way(cast, referral, now(), **way)
    found = wording.words_for(
        current_safe_contact(referral.client), sender="Ina", clinic="Harbour clinic", phone="01 23"
    )
    assert (bool(found.message), bool(found.script)) == (has_message, has_script)
    for said in (found.message, found.script):
        assert "Harbour" not in said and "Nia" not in said


# Saturday and September: as many syllables as a day can have.
LATE = dt.datetime(2026, 9, 26, 15, tzinfo=dt.UTC)


def test_neutral_words_are_easy_to_read() -> None:
    for said in (
        wording.message(sender="Ina", clinic="the clinic", phone="01 23 45 67 89"),
        wording.message(sender="Ina", clinic="the clinic", phone="01 23 45 67 89", booked=LATE),
        wording.script(sender="Ina"),
    ):
        grade = read(said).grade
        assert grade is not None and grade <= TARGET_GRADE
