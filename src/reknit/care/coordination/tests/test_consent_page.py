"""Consent to care: the page that Today opens before it ends, what it keeps, and the day it is taken back."""

import datetime as dt
import uuid

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast, today

from reknit.base.accounts.models import User
from reknit.base.audit.models import AuditEvent
from reknit.base.clock import now
from reknit.care.consent.actions import grant_consent, revoke_consent
from reknit.care.consent.models import Consent
from reknit.care.consent.queries import has_care_consent

DAY = dt.timedelta(days=1)


def browser(user: User) -> Browser:
    found = Browser()
    found.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def address(cast: Cast) -> str:
    return reverse("coordination:consent-show", args=[cast.cleo.pk])


def ending(cast: Cast) -> Consent:
    """The one consent of Cleo, with an end in five days."""
    for one in Consent.objects.filter(client=cast.cleo):
        revoke_consent(by=cast.ana, at=now(), consent=one)
    said = {"how": "paper", "given_at": now(), "expires_on": today() + 5 * DAY}
    return grant_consent(by=cast.ana, at=now(), client=cast.cleo, **said)


def sent(**more: str) -> dict[str, str]:
    return {
        "key": str(uuid.uuid4()),
        "how": "paper",
        "given_on": today().isoformat(),
        "expires_on": "",
    } | more


def test_consent_that_ends_is_renewed_from_today_in_one_form(cast: Cast) -> None:
    ending(cast)
    ana = browser(cast.ana)
    listed = ana.get(reverse("home:today")).content.decode()
    assert address(cast) in listed and "in 5 days" in listed
    form = sent(expires_on=(today() + 365 * DAY).isoformat())
    for _twice in range(2):
        assert ana.post(address(cast), form).headers["Location"] == address(cast)
    renewed = Consent.objects.get(pk=form["key"])
    assert (renewed.kind, renewed.how, renewed.expires_on) == ("care", "paper", today() + 365 * DAY)
    assert Consent.objects.filter(client=cast.cleo, revoked_at=None).count() == 2
    assert "No consent ends in the next 30 days" in ana.get(reverse("home:today")).content.decode()
    assert AuditEvent.objects.filter(verb="grant consent", subject_id=renewed.pk).count() == 1


def test_consent_taken_back_closes_the_chart_to_clinical_words_and_stays_readable(cast: Cast) -> None:
    consent = ending(cast)
    ana = browser(cast.ana)
    back = reverse("coordination:consent-take-back", args=[cast.cleo.pk, consent.pk])
    ana.post(back)
    assert not has_care_consent(cast.cleo, at=now())
    page = ana.get(address(cast)).content.decode()
    assert "No consent to care stands" in page and "written down by Ana Test" in page
    assert "already taken back" in ana.post(back, follow=True).content.decode()
    ana.post(address(cast), sent())
    assert has_care_consent(cast.cleo, at=now())


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"how": "spoken"}, "who heard the client"),
        ({"how": "shouted"}, "not one of the available choices"),
        ({"given_on": "2199-01-01"}, "in the future"),
        ({"expires_on": "2020-01-01"}, "from today to ten years"),
    ],
)
def test_what_cannot_be_is_refused_under_its_field(cast: Cast, more: dict[str, str], sentence: str) -> None:
    count = Consent.objects.count()
    answer = browser(cast.ana).post(address(cast), sent(**more))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Consent.objects.count() == count


def test_supervisor_reads_it_and_strangers_find_nothing(cast: Cast) -> None:
    consent = Consent.objects.filter(client=cast.cleo).first()
    assert consent
    back = reverse("coordination:consent-take-back", args=[cast.cleo.pk, consent.pk])
    assert "Write the agreement down" not in browser(cast.ben).get(address(cast)).content.decode()
    assert browser(cast.ben).post(address(cast), sent()).status_code == 403
    for person in (cast.dov, cast.ina, cast.adi, cast.cleo_user):
        assert browser(person).get(address(cast)).status_code == 404
        assert browser(person).post(back).status_code == 404
    other = reverse("coordination:consent-take-back", args=[cast.eli.pk, consent.pk])
    assert browser(cast.dov).post(other).status_code == 404
    consent.refresh_from_db()
    assert consent.revoked_at is None
