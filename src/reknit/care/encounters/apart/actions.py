"""Changes to notes kept apart. The audit says that one was written or opened, never what it says."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.base.races import hold
from reknit.care.consent.models import NotesConsent
from reknit.care.encounters.checks import clean
from reknit.care.encounters.models import Encounter
from reknit.care.encounters.models.apart import APART, NoteGiven, NoteKeptApart
from reknit.care.network.models import Relationship
from reknit.care.people.queries import zone
from reknit.care.programme.queries import clinical_content


@action
def save_apart(
    *, by: User, at: dt.datetime, encounter: Encounter, kind: str, revision: int, values: Mapping[str, Any]
) -> NoteKeptApart:
    """Save the author's own note of this kind for a session, made at its first save. Recorded once for each day."""
    model = next(one for one in APART if kind == one.KIND)
    hold(encounter)
    if encounter.outcome not in Encounter.HELD:
        raise DomainError(_("This session did not take place, so there is nothing to write about it."))
    known = model._default_manager.filter(encounter=encounter, author=by).first()
    filled = {name: values[name] for name in model.ASKS}
    if known and known.revision != revision and not _same(known, filled):
        raise Conflict(
            _("You saved this note in another window since you opened it here."), theirs=_said(known)
        )
    if known and _same(known, filled):
        audit.unchanged()
        return known
    _check(encounter, filled, at=at)
    note = known or model(encounter=encounter, author=by, made_at=at, revision=0)
    is_new_day = known is None or local_date(known.saved_at, zone()) != local_date(at, zone())
    for name, value in filled.items():
        setattr(note, name, value)
    clean(note, model.ASKS)
    note.revision, note.saved_at = note.revision + 1, at
    note.save(force_insert=known is None)
    if is_new_day:
        audit.record(
            "write note kept apart", by=by, at=at, subject=note, client=encounter.client_id, detail={"kind": kind}
        )  # fmt: skip
    else:
        audit.unchanged()
    return note


@action
def open_to_supervision(*, by: User, at: dt.datetime, note: NoteKeptApart, is_open: bool) -> NoteKeptApart:
    """Let the author's own supervisor read this note, or no longer."""
    stands = (
        type(note)
        ._default_manager.select_for_update(of=("self",))
        .select_related("encounter")
        .get(pk=note.pk)
    )
    if by.pk != stands.author_id:
        raise Refused(_("Only the author decides who reads this note."))
    if is_open == (stands.opened_at is not None):
        audit.unchanged()
        return stands
    stands.opened_at = at if is_open else None
    stands.save(update_fields=["opened_at"])
    audit.record(
        "open note kept apart to supervision" if is_open else "close note kept apart to supervision",
        by=by, at=at, subject=stands, client=stands.encounter.client_id, detail={"kind": stands.KIND},
    )  # fmt: skip
    return stands


@action
def give_note(
    *, by: User, at: dt.datetime, key: uuid.UUID, note: NoteKeptApart, consent: NotesConsent
) -> NoteGiven:
    """Write down that the author gives this note, as it reads now, to whom the client signed for. Sends nothing.

    Refused for anybody but the author, and unless the consent is about this client, this author and this kind of note
    and stands at this moment.
    """
    consent = hold(consent)
    note = type(note)._default_manager.select_related("encounter__client").get(pk=note.pk)
    if by.pk != note.author_id or by.pk != consent.author_id:
        raise Refused(_("Only the author gives a note that is kept apart."))
    if consent.client_id != note.encounter.client_id or consent.about != note.KIND:
        raise DomainError(_("The client signed this for other notes, not for this one."))
    if consent.revoked_at or consent.expires_on < local_date(at, zone()):
        raise DomainError(_("This consent no longer stands. Nothing was given."))
    if note.encounter.client.is_sandbox:
        raise DomainError(_("This client is made up, so nothing is given to anybody."))
    if found := NoteGiven.objects.filter(pk=key, consent=consent, given_by=by).first():
        audit.unchanged()
        return found
    given = NoteGiven.objects.create(
        pk=key, encounter=note.encounter, consent=consent, revision=note.revision, given_by=by, given_at=at
    )
    audit.record(
        "give note kept apart",
        by=by,
        at=at,
        subject=given,
        client=consent.client_id,
        detail={"kind": note.KIND},
    )
    return given


def _check(encounter: Encounter, filled: Mapping[str, Any], *, at: dt.datetime) -> None:
    """Consent to care as for every clinical word (G01), and a person of this client's life."""
    if not any(clinical_content(encounter.client, at=one).allowed for one in (at, encounter.starts_at)):
        raise DomainError(_("Consent is not recorded. Record it before you write here."))
    outside = filled.get("outside")
    if outside and not Relationship.objects.filter(pk=outside.pk, client=encounter.client_id).exists():
        raise DomainError(_("Choose somebody of this client’s life."), field="outside")


def _same(note: NoteKeptApart, filled: Mapping[str, Any]) -> bool:
    return all(
        getattr(note, name) == (value.strip() if isinstance(value, str) else value)
        for name, value in filled.items()
    )


def _said(note: NoteKeptApart) -> dict[str, str]:
    return {name: str(getattr(note, name) or "") for name in note.ASKS if name != "outside"}
