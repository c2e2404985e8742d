"""Lines and longer words of this room. All of them may speak of a client, so all are personal."""

from django.conf import settings
from django.db import models

from reknit.base.fields import no_control_characters

PERSON = settings.AUTH_USER_MODEL
LINE, WORDS = 400, 4000


def line(most: int = LINE, *, blank: bool = True) -> "models.CharField[str, str]":
    """A line of words."""
    if not blank:
        return models.CharField(max_length=most, validators=[no_control_characters])
    return models.CharField(max_length=most, default="", blank=True, validators=[no_control_characters])


def words() -> "models.TextField[str, str]":
    """A few sentences, which may stay empty."""
    return models.TextField(max_length=WORDS, default="", blank=True, validators=[no_control_characters])
