"""A log of what came in."""

from django.conf import settings
from django.db import models

from reknit.base.fields import KeyField


class ImportRun(models.Model):
    """One import that was carried out, with what it made. The file itself is not kept, only its fingerprint."""

    id = KeyField()
    system = models.CharField(max_length=80)
    file_digest = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Personal:
        fields = ()
        plain = ("system", "file_digest", "counts")

    def __str__(self) -> str:
        return f"Import run {self.pk}"
