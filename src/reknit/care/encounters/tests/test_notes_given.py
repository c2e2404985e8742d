"""A note kept apart leaves by one way: given by its author, on a consent the client signed for such notes alone."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.urls import reverse
from tests.cast import Cast, today
from tests.test_every_address import browser_of

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import DomainError, Refused
from reknit.care.consent.actions import grant_notes_consent, revoke_notes_consent
from reknit.care.consent.models import Consent, NotesConsent
from reknit.care.consent.queries import has_care_consent, live_sharing
from reknit.care.encounters.apart.actions import give_note
from reknit.care.encounters.models import Encounter
from reknit.care.encounters.models.apart import NoteGiven

from .records import person
from .test_notes_kept_apart import SECRET, keep, show


def signed(cast: Cast, at: dt.datetime, about: str = "counselling", **more: Any) -> NotesConsent:
    wanted: dict[str, Any] = {
        "by": cast.ana, "at": at, "client": cast.cleo, "key": uuid.uuid4(), "about": about, "recipient": "Dr Lind",
        "purpose": "A second view", "how": "paper", "signed_on": at.date(), "is_free": True,
        "expires_on": at.date() + dt.timedelta(days=30),
    } | more  # fmt: skip
    return grant_notes_consent(**wanted)


def give(cast: Cast, at: dt.datetime, note: Any, consent: NotesConsent) -> NoteGiven:
    return give_note(by=cast.ana, at=at, key=uuid.uuid4(), note=note, consent=consent)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"how": "spoken"}, "signed"),
        ({"is_free": False}, "does not depend"),
        ({"recipient": " "}, "who"),
        ({"purpose": ""}, "what it is for"),
        ({"expires_on": dt.date(2000, 1, 1)}, "end"),
        ({"signed_on": dt.date(2000, 1, 1)}, "signed"),
    ],
)
def test_consent_for_such_notes_is_written_specific_and_free(
    cast: Cast, at: dt.datetime, wrong: dict[str, Any], says: str
) -> None:
    with pytest.raises(DomainError, match=says):
        signed(cast, at, **wrong)
    assert not NotesConsent.objects.exists()


def test_it_is_joined_with_no_other_consent(cast: Cast, at: dt.datetime) -> None:
    before = list(Consent.objects.values())
    signed(cast, at)
    assert list(Consent.objects.values()) == before and not live_sharing(cast.cleo, at=at)
    assert not {"counselling", "relationship", "notes"} & set(Consent.Cover.values)
    assert has_care_consent(cast.cleo, at=at)


def test_note_is_given_on_its_own_consent_and_written_down(
    cast: Cast, at: dt.datetime, session: Encounter
) -> None:
    note = keep(cast, at, session, "counselling")
    given = give(cast, at, note, signed(cast, at))
    assert (given.revision, given.given_by, given.encounter) == (note.revision, cast.ana, session)
    event = AuditEvent.objects.get(verb="give note kept apart")
    assert event.detail == {"kind": "counselling"} and event.client_id == cast.cleo.pk
    again = give_note(by=cast.ana, at=at, key=given.pk, note=note, consent=given.consent)
    assert again == given and NoteGiven.objects.count() == 1


def test_consent_for_one_kind_or_client_opens_no_other(
    cast: Cast, at: dt.datetime, session: Encounter
) -> None:
    note = keep(cast, at, session, "relationship")
    for consent in (signed(cast, at, "counselling"), signed(cast, at, "relationship", client=cast.eli)):
        with pytest.raises(DomainError, match="other notes"):
            give(cast, at, note, consent)


def test_consent_taken_back_or_over_gives_nothing(cast: Cast, at: dt.datetime, session: Encounter) -> None:
    note, consent = keep(cast, at, session, "counselling"), signed(cast, at)
    with pytest.raises(DomainError, match="no longer"):
        give(cast, at + dt.timedelta(days=31), note, consent)
    revoke_notes_consent(by=cast.ana, at=at, consent=consent)
    with pytest.raises(DomainError, match="no longer"):
        give(cast, at, note, consent)
    assert not NoteGiven.objects.exists()


def test_nobody_but_the_author_gives_it(cast: Cast, at: dt.datetime, session: Encounter) -> None:
    note = keep(cast, at, session, "counselling")
    for consent in (signed(cast, at), signed(cast, at, by=cast.ben)):
        with pytest.raises(Refused):
            give_note(by=cast.ben, at=at, key=uuid.uuid4(), note=note, consent=consent)
    with pytest.raises(Refused):
        give(cast, at, note, NotesConsent.objects.get(author=cast.ben))


def test_pages_lead_from_the_consent_to_a_sheet_without_the_name_of_anybody_else(
    cast: Cast, at: dt.datetime, session: Encounter
) -> None:
    keep(cast, at, session, "relationship", outside=person(cast.cleo, by=cast.ana, at=at, alias="Quillon"))
    ana, args = browser_of(cast.ana), [cast.cleo.pk, session.pk]
    form = {"recipient": "Dr Lind", "purpose": "A second view", "how": "paper", "key": uuid.uuid4(),
            "signed_on": today(), "expires_on": today() + dt.timedelta(days=9)}  # fmt: skip
    address = reverse("encounters:apart-consent", args=[*args, "relationship"])
    refused = ana.post(address, form)
    assert refused.status_code == 422 and "does not depend" in refused.content.decode()
    assert ana.post(address, {**form, "is_free": "on"}).status_code == 302
    consent = NotesConsent.objects.get()
    assert "Dr Lind" in show(ana, session).content.decode()
    sent = ana.post(
        reverse("encounters:apart-give", args=[*args, consent.pk]), {"key": uuid.uuid4()}, follow=True
    )
    sheet = sent.content.decode()
    assert SECRET in sheet and "42 CFR part 2 prohibits" in sheet and "A second view" in sheet
    assert "Quillon" not in sheet and "Quillon" in show(ana, session).content.decode()
    address = sent.redirect_chain[-1][0]
    assert {browser_of(user).get(address).status_code for user in (cast.ben, cast.dov)} == {403, 404}
    keep(cast, at, session, "relationship", words="Other words.")
    assert "changed since" in ana.get(address, follow=True).content.decode()
    ana.post(reverse("encounters:apart-consent-end", args=[*args, consent.pk]))
    assert "no longer stands" in ana.get(address, follow=True).content.decode()
