"""The biopsychosocial grid: what is known in five cells, in versions, each cell pointing to what it rests on."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField
from reknit.care.programme.models import Episode

PERSON = settings.AUTH_USER_MODEL


class Grid(models.Model):
    """One version. It is never changed: a change is the next version, and the latest one stands."""

    class Cell(models.TextChoices):
        BIOLOGICAL = "biological", _("Biological")
        PSYCHOLOGICAL = "psychological", _("Psychological")
        SOCIAL = "social", _("Social")
        CULTURAL = "cultural", _("Cultural and spiritual")
        STRENGTHS = "strengths", _("Strengths")

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="grids")
    version = models.PositiveIntegerField()
    words = models.JSONField()  # cell: text
    rests_on = models.JSONField(
        default=dict
    )  # cell: keys such as measure:phq-9, event:<key>; links, never copies
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "version"], name="grid_version_once"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="grid_version_from_one"),
        ]

    class Personal:
        fields = ("words", "rests_on")
        plain = ()

    def __str__(self) -> str:
        return f"Grid {self.pk}"
