"""Granting and revoking consent."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.people.models import Client

from .models import Consent, NotesConsent

LONGEST_CARE = dt.timedelta(days=10 * 366)  # an end further away than that is a slip of the pen
MOST_SHARING = dt.timedelta(days=2 * 366)  # a programme setting: nothing is shared without an end


@action
def grant_consent(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    how: str,
    given_at: dt.datetime,
    witness: str = "",
    kind: str = Consent.Kind.CARE,
    expires_on: dt.date | None = None,
    key: uuid.UUID | None = None,
) -> Consent:
    """Record that a client agreed. One that stood before stays as it was given. `key` is made by the page: sent twice,
    it is one consent.
    """
    if key and (known := Consent.objects.filter(pk=key).first()):
        if known.client_id != client.pk:
            raise DomainError(_("This page is out of date. Open it again, then try once more."))
        audit.unchanged()
        return known
    if how not in Consent.How.values:
        raise DomainError(_("Choose how the client agreed."), field="how")
    if given_at > at:
        raise DomainError(_("The consent cannot be given in the future. Check the date."), field="given_on")
    if given_at < at - dt.timedelta(days=366):
        raise DomainError(_("This consent is more than a year old. Ask for a new one."), field="given_on")
    if how == Consent.How.SPOKEN and not witness.strip():
        raise DomainError(_("Write who heard the client say yes."), field="witness")
    if expires_on and not at.date() <= expires_on <= at.date() + LONGEST_CARE:
        raise DomainError(
            _("Choose an end from today to ten years from now, or leave it empty."), field="expires_on"
        )
    consent = Consent.objects.create(
        **({"pk": key} if key else {}),
        client=client,
        kind=kind,
        how=how,
        witness=witness.strip(),
        given_at=given_at,
        expires_on=expires_on,
        recorded_by=by,
        recorded_at=at,
    )
    audit.record(
        "grant consent", by=by, at=at, subject=consent, client=client, detail={"kind": kind, "how": how}
    )
    return consent


@action
def grant_sharing(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    recipient: str,
    recipient_key: uuid.UUID,
    covers: Sequence[str],
    purpose: str,
    how: str,
    expires_on: dt.date | None,
    witness: str = "",
) -> Consent:
    """Record that a client agreed to share named things with somebody named, what for, and until when."""
    recipient, purpose, witness = recipient.strip(), purpose.strip(), witness.strip()
    if not covers or set(covers) - set(Consent.Cover.values):
        raise DomainError(_("Choose what may be shared."), field="covers")
    if not recipient or not purpose:
        raise DomainError(_("Write what it is for."), field="purpose")
    if expires_on is None or not at.date() <= expires_on <= at.date() + MOST_SHARING:
        raise DomainError(_("Choose an end from today to two years from now."), field="expires_on")
    if how not in Consent.How.values:
        raise DomainError(_("Choose how the client agreed."), field="how")
    if how == Consent.How.SPOKEN and not witness:
        raise DomainError(_("Write who heard the client say yes."), field="witness")
    hold(client)
    consent = Consent.objects.create(
        client=client,
        kind=Consent.Kind.SHARE,
        how=how,
        witness=witness,
        recipient=recipient,
        recipient_key=recipient_key,
        covers=sorted(set(covers)),
        purpose=purpose,
        given_at=at,
        expires_on=expires_on,
        recorded_by=by,
        recorded_at=at,
    )
    detail = {"kind": Consent.Kind.SHARE, "how": how, "covers": consent.covers}
    audit.record("grant consent", by=by, at=at, subject=consent, client=client, detail=detail)
    return consent


@action
def revoke_consent(*, by: User, at: dt.datetime, consent: Consent) -> Consent:
    """Record that a client took a consent back; it stops counting from this instant."""
    if hold(consent).revoked_at:
        raise DomainError(_("This consent was already taken back."))
    consent.revoked_at, consent.revoked_by = at, by
    consent.save(update_fields=["revoked_at", "revoked_by"])
    audit.record("revoke consent", by=by, at=at, subject=consent, client=consent.client_id)
    return consent


@action
def grant_notes_consent(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    key: uuid.UUID,
    about: str,
    recipient: str,
    purpose: str,
    how: str,
    signed_on: dt.date,
    expires_on: dt.date,
    is_free: bool,
) -> NotesConsent:
    """Record what a client signed about one kind of the recorder's own notes kept apart. Sent twice it is one row.

    `is_free`: the client was told that care does not depend on it; without that nothing is recorded.
    """
    client = hold(client)
    if found := NotesConsent.objects.filter(pk=key, client=client, author=by).first():
        audit.unchanged()
        return found
    recipient, purpose = recipient.strip(), purpose.strip()
    if not recipient:
        raise DomainError(_("Write who may be given the notes."), field="recipient")
    if not purpose:
        raise DomainError(_("Write what it is for."), field="purpose")
    if how not in NotesConsent.How.values:
        raise DomainError(_("This consent must be signed, on paper or on screen."), field="how")
    if not at.date() - dt.timedelta(days=366) <= signed_on <= at.date() + dt.timedelta(days=1):
        raise DomainError(_("Check the day it was signed: within the last year."), field="signed_on")
    if not at.date() <= expires_on <= at.date() + MOST_SHARING:
        raise DomainError(_("Choose an end from today to two years from now."), field="expires_on")
    if not is_free:
        raise DomainError(
            _("Tell the client first that their care here does not depend on it."), field="is_free"
        )
    consent = NotesConsent.objects.create(
        pk=key,
        client=client,
        about=NotesConsent.About(about),
        author=by,
        recipient=recipient,
        purpose=purpose,
        how=how,
        signed_on=signed_on,
        expires_on=expires_on,
        recorded_at=at,
    )
    detail = {"about": about, "how": how}
    audit.record("grant notes consent", by=by, at=at, subject=consent, client=client, detail=detail)
    return consent


@action
def revoke_notes_consent(*, by: User, at: dt.datetime, consent: NotesConsent) -> NotesConsent:
    """Record that the client took it back; from this instant no note is given on it."""
    consent = hold(consent)
    if consent.revoked_at:
        audit.unchanged()
        return consent
    consent.revoked_at, consent.revoked_by = at, by
    consent.save(update_fields=["revoked_at", "revoked_by"])
    audit.record("revoke notes consent", by=by, at=at, subject=consent, client=consent.client_id)
    return consent
