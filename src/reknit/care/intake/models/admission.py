"""Facts at admission, captured once for each course. A blank is not known and has no code."""

from django.conf import settings
from django.db import models

from reknit.base.fields import KeyField
from reknit.care.programme.models import Episode

PERSON = settings.AUTH_USER_MODEL


class AdmissionFacts(models.Model):
    """What was asked at admission, in codes of `reknit.core.intake.teds`."""

    id = KeyField()
    episode = models.OneToOneField(Episode, models.PROTECT, related_name="admission_facts")
    codes_version = models.CharField(max_length=40)
    answers = models.JSONField(default=dict)  # key of the fact -> code
    revision = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Personal:
        fields = ("answers",)
        plain = ("codes_version",)

    def __str__(self) -> str:
        return f"Admission facts {self.pk}"
