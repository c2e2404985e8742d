"""What the actions of this room check before they write."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from reknit.base.errors import DomainError
from reknit.base.fields import no_control_characters
from reknit.care.programme.queries import clinical_content

from .models import Encounter, ProgressNote
from .sections import EMERGENCY


def check_key(model: type[models.Model], key: uuid.UUID | None) -> None:
    """Refuse a key that stands for something else already: no page of ours makes one twice."""
    if key and model._default_manager.filter(pk=key).exists():
        raise DomainError(_("This page was used before. Open it again, then fill it in once more."))


def check_characters(value: str, *, field: str) -> None:
    try:
        no_control_characters(value)
    except ValidationError as error:
        raise DomainError(error.messages[0], field=field) from error


def sentence(value: str, *, field: str, most: int = 400, required: bool = True) -> str:
    """Words of one field: trimmed, of a length that fits, with nothing invisible in them."""
    value = value.strip()
    if required and not value:
        raise DomainError(_("Write a few words first."), field=field)
    if len(value) > most:
        raise DomainError(
            _("This holds at most %(most)s characters. Shorten it.") % {"most": most}, field=field
        )
    check_characters(value, field=field)
    return value


def clean(row: models.Model, fields: Iterable[str]) -> None:
    """Hold a row that is about to be written to the shape its model states: choices, lengths, ranges, no odd characters.

    Words are trimmed. The first fault is told with its field; keys of other rows are the caller's to check.
    """
    for name in fields:
        field = row._meta.get_field(name)
        if not isinstance(field, models.Field) or isinstance(
            field, models.ForeignKey | models.ManyToManyField
        ):
            continue
        value = getattr(row, name)
        if isinstance(field, models.CharField | models.TextField):
            value = sentence(
                value or "",
                field=name,
                most=field.max_length or 400,
                required=not field.blank and not field.choices,
            )
        try:
            value = field.clean(value, row)
        except ValidationError as error:
            raise DomainError(error.messages[0], field=name) from error
        setattr(row, name, value)


def check_consent(note: ProgressNote, words: Mapping[str, str], *, at: dt.datetime) -> bool:
    """Gate G01: consent stood when the client was seen, or stands now; else an emergency needs its reason."""
    encounter = note.encounter
    if clinical_content(encounter.client, at=at).allowed:
        return True
    if clinical_content(encounter.client, at=encounter.starts_at).allowed:
        return True
    gate = clinical_content(encounter.client, at=at, emergency_reason=words.get(EMERGENCY))
    if not gate.allowed:
        raise DomainError(gate.reason, field=EMERGENCY)
    return False


def check_unlocked(encounter: Encounter) -> ProgressNote:
    """The note of a session while it is still a draft, held until the write is done so that nobody signs meanwhile."""
    if encounter.outcome not in Encounter.HELD:
        raise DomainError(_("This session did not take place, so there is nothing to write in it."))
    note = ProgressNote.objects.select_for_update().filter(encounter=encounter).first()
    if note is None or note.state != ProgressNote.State.DRAFT:
        raise DomainError(_("This session's note is signed. Add an addendum to it instead."))
    note.encounter = encounter
    return note
