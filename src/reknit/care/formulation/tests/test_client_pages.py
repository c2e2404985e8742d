"""My story so far: only what was shared, four answers of equal weight, and only ever one's own."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast, meet_cleo

from reknit.care.formulation.actions import revise_formulation, share_formulation
from reknit.care.formulation.models import FormulationAnswer

from .factories import WORDS, agreed, draft, event, shared

pytestmark = pytest.mark.django_db
ADDRESS = "/my/story/"


def browser(person: Any) -> Browser:
    opened = Browser()
    opened.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return opened


def said(cast: Cast, who: str = "cleo_user") -> str:
    response = browser(cast.users()[who]).get(reverse("formulation:client-story"))
    assert response.status_code == 200
    return response.content.decode()


def test_address_tells_nothing(cast: Cast) -> None:
    assert reverse("formulation:client-story") == ADDRESS
    assert "<title>My notes" in said(cast).replace("\n", "")


def test_draft_is_shown_to_nobody(cast: Cast, at: dt.datetime) -> None:
    draft(cast, at)
    assert WORDS["told"] not in said(cast) and "nothing here yet" in said(cast)


def test_client_reads_the_shared_text_and_nobody_elses(cast: Cast, at: dt.datetime) -> None:
    shared(cast, at)
    assert WORDS["told"] in said(cast) and WORDS["told"] not in said(cast, "eli_user")
    for who in ("ana", "ben", "dov", "adi"):
        assert browser(cast.users()[who]).get(ADDRESS).status_code == 404


def test_page_holds_nothing_that_was_not_shared(cast: Cast, at: dt.datetime) -> None:
    event(cast, at, title="Something restricted", is_restricted=True)
    agreed(cast, at, named="a private name", reason="a private reason")
    shared(cast, at)
    page = said(cast)
    for hidden in ("Something restricted", "private", "PHQ", "Grief", "deficit", "dispute"):
        assert hidden not in page


def test_four_answers_weigh_the_same(cast: Cast, at: dt.datetime) -> None:
    shared(cast, at)
    buttons = re.findall(r'<button class="([^"]+)" name="response"', said(cast))
    assert buttons == ["btn big"] * 4


def send(cast: Cast, version: object, response: str, **more: str) -> Any:
    sent = {"version": str(version), "response": response, "key": str(uuid.uuid4()), "words": "", **more}
    return browser(cast.cleo_user).post(ADDRESS, sent)


@pytest.mark.parametrize("response", ["agreed", "not_agreed", "wants_time"])
def test_answer_is_kept_and_said_back(cast: Cast, at: dt.datetime, response: str) -> None:
    text = shared(cast, at)
    assert send(cast, text.pk, response).status_code == 302
    assert FormulationAnswer.objects.get().response == response and "You said:" in said(cast)


def test_change_asks_for_a_few_words_and_keeps_them(cast: Cast, at: dt.datetime) -> None:
    text = shared(cast, at)
    asked = send(cast, text.pk, "agreed_with_changes")
    assert asked.status_code == 422 and b"A few words are enough" in asked.content
    assert send(cast, text.pk, "agreed_with_changes", words="It was June.").status_code == 302
    assert "It was June." in said(cast)


def test_answer_to_a_text_that_was_replaced_is_asked_again(cast: Cast, at: dt.datetime) -> None:
    first = shared(cast, at)
    second = revise_formulation(by=cast.ana, at=at, formulation=first)
    share_formulation(by=cast.ana, at=at, formulation=second, revision=0, how="paper")
    assert send(cast, first.pk, "agreed").status_code == 302
    assert not FormulationAnswer.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"response": "maybe"},
        {"words": "one\x00two", "response": "agreed"},
        {"words": "x" * 2000, "response": "agreed"},
        {"key": "no key", "response": "agreed"},
        {"version": "\x00"},
    ],
)
def test_hostile_answer_changes_nothing(cast: Cast, at: dt.datetime, sent: dict[str, str]) -> None:
    text = shared(cast, at)
    good = {"version": str(text.pk), "response": "agreed", "key": str(uuid.uuid4()), "words": ""}
    answered = browser(cast.cleo_user).post(ADDRESS, {**good, **sent})
    assert answered.status_code in {302, 422} and not FormulationAnswer.objects.exists()
    assert browser(cast.eli_user).post(ADDRESS, good).status_code == 302
    assert not FormulationAnswer.objects.exists()


def test_page_says_where_the_client_is(cast: Cast, at: dt.datetime) -> None:
    shared(cast, at)
    assert "We will meet 16 times." in said(cast)
    meet_cleo(cast, at)
    assert (
        "Session 1 of 16." in said(cast)
        and "15 are left." in said(cast)
        and "We finish on 6 July." in said(cast)
    )
