"""Giving something to read, and taking back what was written down by mistake."""

import datetime as dt
import secrets
import uuid

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.people.models import Client
from reknit.care.programme.queries import clinical_content
from reknit.core.errors import BadInput
from reknit.core.materials.catalogue import material

from .models import MaterialGiven
from .queries import fingerprint

SECRET_BYTES = 24  # 192 bits: nobody guesses one
LINK_DAYS = 30


@action
def give_material(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    key: uuid.UUID,
    topic: str,
    language: str,
    how: str,
    encounter_id: uuid.UUID | None = None,
) -> tuple[MaterialGiven, str]:
    """Write down that a text was given. For a link its secret comes back, here and never again."""
    gate = clinical_content(client, at=at)
    if not gate.allowed:
        raise DomainError(gate.reason)
    hold(client)
    found = MaterialGiven.objects.filter(pk=key).first()
    if found:
        if found.client_id != client.pk or found.how == MaterialGiven.How.LINK:
            raise DomainError(_("This page was used before. Open it again, then try once more."))
        audit.unchanged()
        return found, ""
    try:
        text = material(topic, language)
    except BadInput as unknown:
        raise DomainError(_("Choose a text from the list."), field="topic") from unknown
    if how not in MaterialGiven.How.values:
        raise DomainError(_("Choose how it was given."), field="how")
    is_link = how == MaterialGiven.How.LINK
    secret = secrets.token_urlsafe(SECRET_BYTES) if is_link else ""
    given = MaterialGiven.objects.create(
        pk=key,
        client=client,
        topic=topic,
        language=language,
        version=text.version,
        how=how,
        encounter_id=encounter_id,
        given_by=by,
        given_at=at,
        fingerprint=fingerprint(secret) if is_link else None,
        expires_at=at + dt.timedelta(days=LINK_DAYS) if is_link else None,
    )
    detail = {"topic": topic, "language": language, "version": text.version, "how": how}
    audit.record("give material", by=by, at=at, subject=given, client=client, detail=detail)
    return given, secret


@action
def take_back_material(*, by: User, at: dt.datetime, given: MaterialGiven) -> MaterialGiven:
    """Say that something was not given after all. A link stops working; the row stays."""
    given = hold(given)
    if given.taken_back_at:
        audit.unchanged()
        return given
    given.taken_back_at, given.taken_back_by = at, by
    given.save(update_fields=["taken_back_at", "taken_back_by"])
    audit.record("take back material", by=by, at=at, subject=given, client=given.client_id)
    return given
