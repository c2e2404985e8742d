"""Sex for a limit, and the like: asked on the form because the definition says how, and never guessed."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast

from reknit.base.clock import now
from reknit.care.measures.models import Administration
from reknit.care.programme import queries as programme
from reknit.core.measures import catalogue
from reknit.core.measures.site import Site

from .factories import link_to
from .test_clinician_pages import address, browser, fields, text

THREE = {"auditc_1": 1, "auditc_2": 1, "auditc_3": 1}
QUESTION = "Are you a man or a woman?"


@pytest.fixture(autouse=True)
def pack_switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(packs=frozenset({"audit"}))
    monkeypatch.setattr(programme, "_site", lambda *_what: site)


@pytest.mark.parametrize(("sex", "band"), [(1, "negative"), (2, "positive"), (None, "")])
def test_limit_by_sex_is_used_only_where_the_sex_was_said(
    sex: int | None, band: str, cast: Cast, at: dt.datetime
) -> None:
    ana = browser(cast.ana)
    page = address(cast, "administration-add", "audit-c")
    assert QUESTION in text(ana.get(page))
    assert ana.post(page, fields(THREE | {"auditc_sex": sex})).status_code == 302
    row = Administration.objects.get()
    assert row.total == 3 and row.band == band and row.answers["auditc_sex"] == sex
    shown = text(ana.get(address(cast, "administration-show", row.pk)))
    assert QUESTION in shown and f"4. {QUESTION}" not in shown
    people = {1: "drawn from Men", 2: "drawn from Women"}
    assert [words in shown for words in people.values()] == [sex == one for one in people]


def test_link_asks_for_the_sex_and_takes_no_answer_for_one(cast: Cast, client: Browser) -> None:
    _link, secret = link_to(cast, now(), measure="audit-c")
    page = reverse("measures:form-fill", args=[secret])
    asked = text(client.get(page))
    assert all(words in asked for words in (QUESTION, "Not said", "You need not say."))
    sent: dict[str, Any] = fields(THREE)
    assert client.post(page, sent).status_code == 302
    assert Administration.objects.get().band == ""


def test_sex_that_is_no_choice_is_refused_with_a_sentence(cast: Cast, at: dt.datetime) -> None:
    page = address(cast, "administration-add", "audit-c")
    answer = browser(cast.ana).post(page, fields(THREE | {"auditc_sex": 7}))
    assert answer.status_code == 422
    assert "This question has only the answers shown here." in text(answer)
    assert not Administration.objects.exists()


def test_only_helpers_are_asked_in_our_own_words() -> None:
    for one in catalogue.measures():
        for item in one.items:
            assert not item.ask or (item.helper and not item.scored)
