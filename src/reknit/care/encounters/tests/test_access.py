"""Who gets onto which page of sessions: the team writes, its supervisor reads and co-signs, nobody else exists."""

import datetime as dt

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast

from reknit.care.encounters.models import Encounter

READING = ("session-list", "session-show")
WRITING = (
    "session-start",
    "appointment-book",
    "note-sign",
    "task-tick",
    "note-save",
    "intention-set",
    "intention-went",
)
EVERYBODY = ("ana", "ben", "tess", "dov", "fay", "ina", "dara", "rea", "adi", "cleo_user", "eli_user")
NAMED = ("session-list", "session-start", "appointment-book")
GET_TOO = (*READING, "session-start", "appointment-book", "note-sign")


def address(name: str, session: Encounter) -> str:
    keys = [session.client_id] if name in NAMED else [session.client_id, session.pk]
    return reverse(f"encounters:{name}", args=keys)


def ask(cast: Cast, who: str, name: str, session: Encounter) -> int:
    browser = Browser()
    browser.force_login(getattr(cast, who), backend="allauth.account.auth_backends.AuthenticationBackend")
    send = browser.get if name in GET_TOO else browser.post
    return send(address(name, session)).status_code


@pytest.mark.parametrize("name", [*READING, *WRITING])
def test_only_the_team_and_its_supervisor_learn_that_the_page_exists(
    cast: Cast, session: Encounter, name: str
) -> None:
    """Dov cannot, Eli cannot, nor can anyone outside the care team and its supervisory line."""
    for who in set(EVERYBODY) - {"ana", "ben"}:
        assert ask(cast, who, name, session) in {403, 404}, who
    assert ask(cast, "dov", name, session) == 404


@pytest.mark.parametrize("name", READING)
def test_supervisor_reads(cast: Cast, session: Encounter, name: str) -> None:
    assert ask(cast, "ben", name, session) == 200


@pytest.mark.parametrize("name", WRITING)
def test_supervisor_does_not_write(cast: Cast, session: Encounter, name: str) -> None:
    assert ask(cast, "ben", name, session) == 403


@pytest.mark.parametrize("name", ["addendum-add", "note-cosign"])
def test_stranger_neither_adds_nor_cosigns(cast: Cast, session: Encounter, name: str) -> None:
    assert ask(cast, "dov", name, session) == 404
    assert ask(cast, "ana", "note-cosign", session) == 403


def test_session_is_found_only_through_its_own_client(cast: Cast, session: Encounter) -> None:
    browser = Browser()
    browser.force_login(cast.dov, backend="allauth.account.auth_backends.AuthenticationBackend")
    wrong = reverse("encounters:session-show", args=[cast.eli.pk, session.pk])
    assert browser.get(wrong).status_code == 404


def test_cosign_list_is_the_supervisors_own(cast: Cast, at: dt.datetime) -> None:
    for who in EVERYBODY:
        browser = Browser()
        browser.force_login(getattr(cast, who), backend="allauth.account.auth_backends.AuthenticationBackend")
        status = browser.get(reverse("encounters:cosign-list")).status_code
        assert status == 200 if who == "ben" else status in {302, 403}, who
