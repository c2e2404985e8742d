"""The ending date is read from one place: moved by its amendment, it shows wherever it stands."""

import datetime as dt
import uuid

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast, staff

from reknit.base.accounts.models import User
from reknit.base.clock import now
from reknit.care.closure.actions import begin_letter
from reknit.care.closure.queries import letter_facts
from reknit.care.encounters.actions import start_encounter
from reknit.care.people.actions import give_sign_in
from reknit.care.programme.actions import agreement as actions
from reknit.care.programme.models import Amendment

from .factories import a_course

pytestmark = pytest.mark.django_db


def browser(user: User) -> Browser:
    signed_in = Browser()
    signed_in.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return signed_in


def test_ending_date_is_moved_by_its_form_and_shows_everywhere(cast: Cast) -> None:
    at, course = now(), a_course(cast, weeks=1)
    give_sign_in(by=cast.adi, at=at, client=course.client, user=staff("Nia", "client"))
    draft = actions.begin_contract(by=cast.ana, at=at, episode=course)
    actions.agree_contract(
        by=cast.ana, at=at, contract=draft, revision=0, how="witnessed", words="Yes.", witness="Fay"
    )
    held = start_encounter(by=cast.ana, at=at, episode=course, outcome="attended", starts_at=at)
    to = at.date() + dt.timedelta(days=150)
    ana, user = browser(cast.ana), course.client.user
    sent = {
        "ends_on": to.isoformat(),
        "why": "In hospital.",
        "client_agreed": "call",
        "key": str(uuid.uuid4()),
    }
    for _twice in range(2):
        assert (
            ana.post(reverse("programme:agreement-amend", args=[course.client_id]), sent).status_code == 302
        )
    assert Amendment.objects.count() == 1
    shown = f"{to.day} {to:%B}"
    for address in (
        reverse("home:client-course", args=[course.client_id]),
        reverse("encounters:session-list", args=[course.client_id]),
        reverse("encounters:session-show", args=[course.client_id, held.pk]),
        reverse("measures:measure-list", args=[course.client_id]),
    ):
        assert shown in ana.get(address).content.decode(), address
    assert user and shown in browser(user).get(reverse("home:client-front")).content.decode()
    assert shown in browser(user).get(reverse("programme:client-agreement")).content.decode()
    letter = begin_letter(by=cast.ana, at=at, episode=course, kind="plain")
    letter.episode.refresh_from_db()
    assert shown in letter_facts(letter, today=at.date(), author=cast.ana)["course"]["ends"]
