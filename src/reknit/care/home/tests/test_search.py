"""The search: it finds whom one may see and nobody else, keeps words out of addresses and records, and is quick by number."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast, today

from reknit.base.accounts.models import User
from reknit.base.audit.models import AuditEvent
from reknit.base.clock import now
from reknit.care.learning.actions import open_sandbox
from reknit.care.people.actions import add_client, join_care_team
from reknit.care.people.models import Client

from .factories import a_course

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HOSTILE = [
    "'; DROP TABLE people_client; --", "%", "_", "\\", "%%%", "a\x00b", "\u202e", "<script>", "é" * 80, "((((", "1/1/1/1",
    "99/99/9999", "0000-00-00", " ", "\t\n", "🙂", "\ud83d",
]  # fmt: skip


def signed_in(person: User) -> Browser:
    browser = Browser()
    browser.force_login(person, backend=BACKEND)
    return browser


def find(person: User, words: str, **more: Any) -> str:
    answer = signed_in(person).post(reverse("home:client-search"), {"words": words, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def on_anas_team(cast: Cast, **fields: Any) -> Client:
    client = add_client(by=cast.ina, at=now(), programme=cast.programme, **fields)
    join_care_team(by=cast.ina, at=now(), client=client, clinician=cast.ana, starts_on=today())
    return client


@pytest.mark.parametrize(
    "words",
    ["zoë", "ZOE", "brien", "obrien", "o'brien", "zoe luka", "lük", "Susie", "14/2/1990", "1990-02-14", "14.02.1990",
     "2/14/1990", "zoe 14.2.1990"],
)  # fmt: skip
def test_names_parts_of_names_and_birthdays_find_a_client(cast: Cast, words: str) -> None:
    on_anas_team(
        cast,
        given_name="Zoë",
        family_name="O’Brien-Łuka",
        preferred_name="Susie",
        birth_date=dt.date(1990, 2, 14),
    )
    assert "Susie (Zoë) O’Brien-Łuka" in find(cast.ana, words)


def test_another_birthday_or_another_name_finds_nobody(cast: Cast) -> None:
    on_anas_team(cast, given_name="Zoë", family_name="Łuka", birth_date=dt.date(1990, 2, 14))
    assert "Nobody like that" in find(cast.ana, "zoe 1991-02-14")
    assert "Nobody like that" in find(cast.ana, "zoe moss")


def test_names_that_begin_as_typed_come_first(cast: Cast) -> None:
    on_anas_team(cast, family_name="Anders")
    on_anas_team(cast, family_name="Sander")
    on_anas_team(cast, family_name="Xander")
    shown = find(cast.ana, "ander")
    assert shown.index("Anders") < shown.index("Sander") < shown.index("Xander")
    assert find(cast.ana, "xand").count('class="name"') == 1


class TestWhoFindsWhom:
    def test_therapist_and_supervisor_find_their_own_and_a_stranger_does_not(self, cast: Cast) -> None:
        assert "Cleo Case" in find(cast.ana, "case") and "Eli Case" not in find(cast.ana, "case")
        assert "Cleo Case" in find(cast.ben, "case") and "Eli Case" not in find(cast.ben, "case")
        assert "Cleo Case" not in find(cast.dov, "case") and "Nobody like that" in find(cast.fay, "case")

    def test_intake_finds_who_was_referred_and_opens_the_referral_not_the_chart(self, cast: Cast) -> None:
        episode = a_course(cast)
        shown = find(cast.ina, "moss")
        assert "Nia Moss" in shown and "/referrals/" in shown
        assert reverse("home:client-course", args=[episode.client_id]) not in shown
        assert "Nobody like that" in find(cast.ina, "cleo")  # never referred

    @pytest.mark.parametrize("name", ["dara", "rea", "adi", "cleo_user"])
    def test_other_roles_have_no_search(self, cast: Cast, name: str) -> None:
        answer = signed_in(getattr(cast, name)).post(reverse("home:client-search"), {"words": "case"})
        assert answer.status_code in (403, 404) and "Cleo Case" not in answer.content.decode()

    def test_practice_clients_are_never_found(self, cast: Cast) -> None:
        made = open_sandbox(by=cast.ana, at=now(), name="Quill", protocol="ipt-16", version="1")
        assert made.sought == ""
        Client.objects.filter(pk=made.pk).update(sought=" quill practice")
        for person in (cast.ana, cast.ben, cast.ina):
            assert "Nobody like that" in find(person, "quill")

    def test_somebody_who_left_the_team_finds_the_client_no_more(self, cast: Cast) -> None:
        cast.cleo.care_team.update(
            starts_on=today() - dt.timedelta(days=9), ends_on=today() - dt.timedelta(days=1)
        )
        assert "Nobody like that" in find(cast.ana, "cleo")


class TestNothingLeaks:
    def test_record_says_that_somebody_searched_and_not_for_what(self, cast: Cast) -> None:
        find(cast.ana, "case")
        event = AuditEvent.objects.filter(verb="read", detail__page="search").get()
        assert event.client_id is None and event.by == cast.ana.pk
        assert event.detail == {"page": "search", "number": 1, "shown": 1}

    def test_words_in_an_address_are_not_searched_for(self, cast: Cast) -> None:
        shown = signed_in(cast.ana).get(reverse("home:client-search"), {"words": "case"}).content.decode()
        assert "Cleo Case" not in shown and 'method="post"' in shown
        assert not AuditEvent.objects.filter(detail__page="search").exists()

    def test_pages_go_on_by_post_and_hold_the_words_in_the_form(self, cast: Cast) -> None:
        for number in range(22):
            on_anas_team(cast, family_name=f"Person {number:02d}")
        first, second = find(cast.ana, "person"), find(cast.ana, "person", page="2")
        assert "1 to 20 of 22" in first and 'name="page" value="2"' in first and "?page" not in first
        assert "21 to 22 of 22" in second and "Person 21" in second
        assert "21 to 22 of 22" in find(cast.ana, "person", page="999")


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_find_nobody_and_break_nothing(cast: Cast, words: str) -> None:
    answer = signed_in(cast.ana).post(
        reverse("home:client-search"), {"words": words.encode("utf-8", "replace").decode()}
    )
    assert answer.status_code in (200, 422)
    assert b"Cleo Case" not in answer.content and b"<script>alert" not in answer.content


def test_too_many_words_are_answered_with_a_sentence(cast: Cast) -> None:
    answer = signed_in(cast.ana).post(reverse("home:client-search"), {"words": "x" * 81})
    assert answer.status_code == 422 and "Search for fewer words." in answer.content.decode()


def test_hostile_name_is_shown_as_text(cast: Cast) -> None:
    on_anas_team(cast, family_name="<script>alert(1)</script>")
    shown = find(cast.ana, "script")
    assert "&lt;script&gt;alert" in shown and "<script>alert" not in shown


def test_number_of_queries_is_the_same_for_few_and_for_many(cast: Cast) -> None:
    browser, counts = signed_in(cast.ana), []
    for n in (1, 40):
        for number in range(n):
            on_anas_team(cast, family_name=f"Person {number}")
        browser.post(reverse("home:client-search"), {"words": "person"})
        with CaptureQueriesContext(connection) as found:
            browser.post(reverse("home:client-search"), {"words": "person"})
        counts.append(len(found))
    assert counts[0] == counts[1] <= 8
