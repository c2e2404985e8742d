"""My people: what was shown, in easy words, and nothing else."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast

from reknit.base.accounts.models import User
from reknit.care.network import actions

from .factories import add, sign
from .test_clinician_pages import browser

pytestmark = pytest.mark.django_db


def shown_to(user: User) -> str:
    answer = browser(user).get(reverse("network:my-people"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_nothing_is_there_until_it_was_shown(cast: Cast, at: dt.datetime) -> None:
    add(cast, at, "Zebedee")
    version = sign(cast, at)
    assert "Zebedee" not in shown_to(cast.cleo_user)
    assert "My people" not in browser(cast.cleo_user).get(reverse("home:client-front")).content.decode()
    actions.release_version(by=cast.ana, at=at, version=version)
    assert "Zebedee" in shown_to(cast.cleo_user)
    assert "My people" in browser(cast.cleo_user).get(reverse("home:client-front")).content.decode()
    actions.take_back_version(by=cast.ana, at=at, version=version)
    assert "Zebedee" not in shown_to(cast.cleo_user)


def test_another_client_and_the_staff_do_not_see_it(cast: Cast, at: dt.datetime) -> None:
    add(cast, at, "Zebedee")
    actions.release_version(by=cast.ana, at=at, version=sign(cast, at))
    assert "Zebedee" not in shown_to(cast.eli_user)
    assert browser(cast.ana).get(reverse("network:my-people")).status_code == 404
    assert Browser().get(reverse("network:my-people")).status_code in {302, 404}


def test_no_index_no_use_no_risk_and_no_private_word(cast: Cast, at: dt.datetime) -> None:
    add(
        cast, at, "M.", alcohol="heavy", drugs="heavy", is_risk=True, supplies=True, conflict=9,
        hard_things="Private words.", supports_recovery=-2,
    )  # fmt: skip
    actions.release_version(by=cast.ana, at=at, version=sign(cast, at, note="For the team."))
    text = shown_to(cast.cleo_user).lower()
    for word in (
        "private words",
        "for the team",
        "unsafe",
        "density",
        "heavy",
        "supplies",
        "conflict",
        "against",
    ):
        assert word not in text
    assert "p-shape" not in text and "p-half" not in text  # no mark says use or support


def test_what_is_new_is_said_in_easy_words(cast: Cast, at: dt.datetime) -> None:
    jo, dee, bex = (add(cast, at, name, ring=2) for name in ("Jo", "Dee", "Bex"))
    actions.release_version(by=cast.ana, at=at, version=sign(cast, at))
    assert "What is new" not in shown_to(cast.cleo_user)
    actions.place(by=cast.ana, at=at, relationship=jo, ring=1)
    actions.place(by=cast.ana, at=at, relationship=dee, ring=3)
    actions.set_aside(by=cast.ana, at=at, relationship=bex)
    add(cast, at, "Pri")
    assert "Pri" not in shown_to(cast.cleo_user)
    actions.release_version(by=cast.ana, at=at, version=sign(cast, at))
    text = shown_to(cast.cleo_user)
    for sentence in (
        "Pri is new here.", "Jo is closer than before.", "Dee is further away than before.", "Bex is not on it now.",
    ):  # fmt: skip
        assert sentence in text


def test_the_page_asks_as_often_for_thirty_people_as_for_three(cast: Cast, at: dt.datetime) -> None:
    def asked() -> int:
        cleo = browser(cast.cleo_user)
        cleo.get(reverse("network:my-people"))
        with CaptureQueriesContext(connection) as queries:
            cleo.get(reverse("network:my-people"))
        return len(queries)

    counts = []
    for start, end in ((0, 3), (3, 30)):
        for n in range(start, end):
            add(cast, at, f"P{n}", ring=1 + n % 4)
        actions.release_version(by=cast.ana, at=at, version=sign(cast, at))
        counts.append(asked())
    assert counts[0] == counts[1]
