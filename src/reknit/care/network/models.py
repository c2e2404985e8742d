"""The people in a client's life."""

from django.conf import settings
from django.db import models

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.people.models import Client

PERSON = settings.AUTH_USER_MODEL


class Relationship(models.Model):
    """A person in the client's life, under an alias. Kept for good, so that versions of the circle stay comparable."""

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="relationships")
    alias = models.CharField(max_length=40, validators=[no_control_characters])
    added_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Personal:
        fields = ("alias",)
        plain = ()

    def __str__(self) -> str:
        return f"Relationship {self.pk}"
