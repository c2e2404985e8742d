"""How somebody likes to read notes. It says nothing of anybody's care."""

from django.conf import settings
from django.db import models

from reknit.base.fields import KeyField


class NoteReading(models.Model):
    """The reading in which this person is shown notes, until they choose another."""

    id = KeyField()
    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    code = models.CharField(max_length=8)
    chosen_at = models.DateTimeField()

    class Personal:
        fields = ()
        plain = ("code",)

    def __str__(self) -> str:
        return f"Reading {self.pk}"
