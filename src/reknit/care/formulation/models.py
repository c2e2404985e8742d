"""Focus areas of a course."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField
from reknit.care.network.models import Relationship
from reknit.care.programme.models import Episode

PERSON = settings.AUTH_USER_MODEL


class FocusArea(models.Model):
    """One of the four problem areas of IPT, chosen for a course and tied to a person or an event."""

    class Area(models.TextChoices):
        GRIEF = "grief", _("Grief")
        DISPUTE = "dispute", _("Role dispute")
        TRANSITION = "transition", _("Role transition")
        SENSITIVITY = "sensitivity", _("Interpersonal sensitivity")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ACTIVE = "active", _("Active")
        RESOLVED = "resolved", _("Resolved")
        SWITCHED = "switched", _("Switched")

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="focus_areas")
    area = models.CharField(max_length=12, choices=Area.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    relationships = models.ManyToManyField(Relationship, blank=True, related_name="+")
    proposed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Personal:
        fields = ()
        plain = ("area", "status")

    def __str__(self) -> str:
        return f"Focus area {self.pk}"
