"""Consent stands from when it was given until it is taken back, and not a moment longer."""

import datetime as dt

import pytest
from tests.cast import BEGIN, Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import DomainError
from reknit.care.consent.actions import grant_consent, revoke_consent
from reknit.care.consent.models import Consent
from reknit.care.consent.queries import has_care_consent
from reknit.care.people.actions import add_client
from reknit.care.people.models import Client


@pytest.fixture
def nia(cast: Cast) -> Client:
    """Referred, and not asked yet."""
    return add_client(by=cast.ina, at=BEGIN, programme=cast.programme, family_name="Moss")


def test_consent_counts_from_the_instant_it_was_given(cast: Cast, nia: Client, at: dt.datetime) -> None:
    grant_consent(by=cast.ina, at=at, client=nia, how="paper", given_at=at - dt.timedelta(days=1))
    assert has_care_consent(nia, at=at)
    assert not has_care_consent(nia, at=at - dt.timedelta(days=2))


@pytest.mark.parametrize("away", [dt.timedelta(minutes=1), dt.timedelta(days=-400)])
def test_consent_at_an_impossible_time_is_refused(
    cast: Cast, nia: Client, at: dt.datetime, away: dt.timedelta
) -> None:
    with pytest.raises(DomainError):
        grant_consent(by=cast.ina, at=at, client=nia, how="paper", given_at=at + away)
    assert not Consent.objects.filter(client=nia).exists()


def test_spoken_consent_needs_the_name_of_who_heard_it(cast: Cast, nia: Client, at: dt.datetime) -> None:
    with pytest.raises(DomainError, match="who heard"):
        grant_consent(by=cast.ina, at=at, client=nia, how="spoken", given_at=at, witness=" ")
    grant_consent(by=cast.ina, at=at, client=nia, how="spoken", given_at=at, witness="Ben")
    assert has_care_consent(nia, at=at)


def test_consent_taken_back_stops_at_once_and_is_kept(cast: Cast, at: dt.datetime) -> None:
    consent = Consent.objects.get(client=cast.cleo)
    revoke_consent(by=cast.ina, at=at, consent=consent)
    assert has_care_consent(cast.cleo, at=at - dt.timedelta(seconds=1))
    assert not has_care_consent(cast.cleo, at=at)
    with pytest.raises(DomainError, match="already"):
        revoke_consent(by=cast.ina, at=at, consent=consent)


def test_consent_that_expired_no_longer_counts(cast: Cast, nia: Client, at: dt.datetime) -> None:
    grant_consent(by=cast.ina, at=at, client=nia, how="paper", given_at=at, expires_on=at.date())
    assert has_care_consent(nia, at=at)
    assert not has_care_consent(nia, at=at + dt.timedelta(days=1))


def test_consent_audit_keeps_how_and_no_name(cast: Cast, nia: Client, at: dt.datetime) -> None:
    grant_consent(by=cast.ina, at=at, client=nia, how="spoken", given_at=at, witness="Ben Witness")
    event = AuditEvent.objects.get(verb="grant consent", client_id=nia.pk)
    assert event.detail == {"kind": "care", "how": "spoken"}
