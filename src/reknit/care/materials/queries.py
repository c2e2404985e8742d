"""Reads about what was given to read."""

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reknit.care.people.models import Client
from reknit.core.errors import BadInput
from reknit.core.materials.catalogue import Material, material

from .models import MaterialGiven


@dataclass(frozen=True, slots=True)
class Given:
    """What was given, with its title; the key of the topic where the library no longer has it."""

    row: MaterialGiven
    title: str

    @property
    def language(self) -> str:
        """The language in words."""
        return language_name(self.row.language)

    @property
    def sentence(self) -> str:
        """One line of a session's note."""
        return _("Given to read: “%(title)s” (%(language)s, version %(version)s), %(how)s.") % {
            "title": self.title,
            "language": self.language,
            "version": self.row.version,
            "how": str(self.row.get_how_display()).lower(),
        }


def language_name(code: str) -> str:
    """A language of the library in words."""
    return {"en": _("English"), "es": _("Spanish")}.get(code, code)


def given_to(client: Client) -> list[Given]:
    """Everything given to a client that was not taken back, latest first. One query."""
    rows = MaterialGiven.objects.filter(client=client, taken_back_at=None).select_related("given_by")
    return [_with_title(row) for row in rows.order_by("-given_at", "id")]


def has_reading(client: Client) -> bool:
    """Whether anything given to this client stands. One query."""
    return MaterialGiven.objects.filter(client=client, taken_back_at=None).exists()


def given_in(encounter_id: uuid.UUID) -> list[Given]:
    """What was given in a session, in order. One query."""
    rows = MaterialGiven.objects.filter(encounter_id=encounter_id, taken_back_at=None)
    return [_with_title(row) for row in rows.order_by("given_at", "id")]


def _with_title(row: MaterialGiven) -> Given:
    try:
        return Given(row, material(row.topic, row.language).title)
    except BadInput:
        return Given(row, row.topic)


def fingerprint(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def opened_by(secret: str, *, at: dt.datetime) -> Material | None:
    """The text that a link opens at an instant; nothing when it has ended or never was. One query."""
    row = MaterialGiven.objects.filter(
        fingerprint=fingerprint(secret), expires_at__gt=at, taken_back_at=None
    ).first()
    if row is None:
        return None
    try:
        return material(row.topic, row.language)
    except BadInput:
        return None
