"""Fields that many rooms share: client-made keys and bounded plain text."""

import uuid
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

CONTROL_CHARACTERS = {chr(code) for code in range(32) if chr(code) not in "\n\r\t"} | {"\x7f"}


def no_control_characters(value: str) -> None:
    """Refuse characters that no keyboard types and that some databases cannot hold."""
    if any(character in CONTROL_CHARACTERS for character in value):
        raise ValidationError(_("Remove the invisible characters from this text, then try again."))


def key() -> uuid.UUID:
    """A new key. Keys may also be made by a client before it has a connection, so they are never counted."""
    return uuid.uuid4()


if TYPE_CHECKING:
    _UUIDField = models.UUIDField[Any, Any]
    _BigAutoField = models.BigAutoField[Any, Any]
else:
    _UUIDField = models.UUIDField
    _BigAutoField = models.BigAutoField


class KeyField(_UUIDField):
    """The primary key of every clinical row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("primary_key", True)
        kwargs.setdefault("default", key)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


class CountedKeyField(_BigAutoField):
    """A key the database counts, for rows that are never removed.

    SQLite then needs no table beside it in which the highest key ever given is kept, and written anew at each insert.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("primary_key", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def db_type_suffix(self, connection: Any) -> str | None:
        """Nothing where Django would ask SQLite for a counter of its own."""
        return None if connection.vendor == "sqlite" else super().db_type_suffix(connection)
