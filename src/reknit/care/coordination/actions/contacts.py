"""Who else is in care, and what they may be told."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.consent.actions import grant_sharing, revoke_consent
from reknit.care.consent.models import Consent
from reknit.care.coordination.models import CareContact
from reknit.care.people.models import Client
from reknit.care.programme.actions import record_fact

from .common import check_day, held, open_course, same_client, words


@action
def add_care_contact(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    key: uuid.UUID,
    role: str,
    name: str,
    service: str = "",
    reach: str = "",
    note: str = "",
    starts_on: dt.date | None = None,
) -> CareContact:
    """Write down somebody outside who is in the client's care. It tells them nothing. Sent twice it is one row."""
    client = held(client, at=at)
    if found := CareContact.objects.filter(pk=key).first():
        same_client(found.client_id, client)
        audit.unchanged()
        return found
    if role not in CareContact.Role.values:
        raise DomainError(_("Choose what they do."), field="role")
    check_day(starts_on, at=at, field="starts_on")
    contact = CareContact.objects.create(
        pk=key,
        client=client,
        role=role,
        name=words(name, field="name", most=120, required=True),
        service=words(service, field="service", most=120),
        reach=words(reach, field="reach", most=120),
        note=words(note, field="note"),
        starts_on=starts_on,
        added_by=by,
        added_at=at,
    )
    audit.record("add care contact", by=by, at=at, subject=contact, client=client, detail={"role": role})
    return contact


@action
def end_care_contact(*, by: User, at: dt.datetime, contact: CareContact, ends_on: dt.date) -> CareContact:
    """Write down the last day. Whatever the client agreed to share with them ends with it."""
    contact = hold(contact)
    if contact.ends_on is not None:
        audit.unchanged()
        return contact
    check_day(ends_on, at=at, field="ends_on")
    if contact.starts_on and ends_on < contact.starts_on:
        raise DomainError(_("The last day cannot be before the first."), field="ends_on")
    contact.ends_on, contact.ended_by, contact.ended_at = ends_on, by, at
    contact.save(update_fields=["ends_on", "ended_by", "ended_at"])
    audit.record("end care contact", by=by, at=at, subject=contact, client=contact.client_id)
    for consent in Consent.objects.filter(recipient_key=contact.pk, revoked_at=None):
        revoke_consent(by=by, at=at, consent=consent)
    return contact


@action
def agree_sharing(
    *,
    by: User,
    at: dt.datetime,
    contact: CareContact,
    covers: Sequence[str],
    purpose: str,
    how: str,
    expires_on: dt.date | None,
    witness: str = "",
) -> Consent:
    """Write down what the client agreed that this person may be told. An earlier agreement about them ends."""
    client = held(contact.client, at=at)
    if hold(contact).ends_on is not None:
        raise DomainError(_("They are no longer in this client's care."))
    earlier = list(Consent.objects.filter(recipient_key=contact.pk, revoked_at=None))
    consent = grant_sharing(
        by=by,
        at=at,
        client=client,
        recipient=contact.name,
        recipient_key=contact.pk,
        covers=covers,
        purpose=purpose,
        how=how,
        expires_on=expires_on,
        witness=witness,
    )
    for one in earlier:
        revoke_consent(by=by, at=at, consent=one)
    return consent


@action
def end_sharing(*, by: User, at: dt.datetime, contact: CareContact) -> None:
    """Write down that the client took it back. From now on they are told nothing."""
    standing = list(Consent.objects.filter(recipient_key=contact.pk, revoked_at=None))
    if not standing:
        audit.unchanged()
    for consent in standing:
        revoke_consent(by=by, at=at, consent=consent)


@action
def map_care_team(*, by: User, at: dt.datetime, client: Client) -> None:
    """Say that it was gone through with the client who else is in care and who is told what (task I20)."""
    client = held(client, at=at)
    episode = open_course(client)
    if episode is None:
        raise DomainError(_("There is no open course."))
    record_fact(by=by, at=at, episode=episode, kind="care_team_mapped", source="coordination")
    audit.record("map care team", by=by, at=at, subject=episode, client=client)
