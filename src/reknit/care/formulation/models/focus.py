"""Focus areas of a course, what happened to each, and the stages of a dispute."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.network.models import Relationship
from reknit.care.programme.models import Episode

from .timeline import TimelineEvent

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
        SET_ASIDE = "set_aside", _("Not taken up")

    MOVES = {
        Status.PROPOSED: {Status.ACTIVE, Status.SWITCHED, Status.SET_ASIDE},
        Status.ACTIVE: {Status.RESOLVED, Status.SWITCHED},
        Status.RESOLVED: set(),
        Status.SWITCHED: set(),
        Status.SET_ASIDE: set(),
    }

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="focus_areas")
    area = models.CharField(max_length=12, choices=Area.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    relationships = models.ManyToManyField(Relationship, blank=True, related_name="+")
    event = models.ForeignKey(TimelineEvent, models.PROTECT, null=True, blank=True, related_name="+")
    named = models.CharField(max_length=120, default="", blank=True, validators=[no_control_characters])
    reason = models.CharField(max_length=400, default="", blank=True, validators=[no_control_characters])
    switched_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    proposed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["episode", "status"])]

    class Personal:
        fields = ("named", "reason")
        plain = ("area", "status")

    def __str__(self) -> str:
        return f"Focus area {self.pk}"


class FocusStep(models.Model):
    """What happened to a focus area, when and why. Only added to.

    `for_supervisor` marks what the supervisor should see: a switch after the mid-course review.
    """

    id = KeyField()
    focus = models.ForeignKey(FocusArea, models.PROTECT, related_name="steps")
    status = models.CharField(max_length=10, choices=FocusArea.Status.choices)
    reason = models.CharField(max_length=400, default="", blank=True, validators=[no_control_characters])
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    for_supervisor = models.BooleanField(default=False)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["focus", "at"])]

    class Personal:
        fields = ("reason",)
        plain = ("status",)

    def __str__(self) -> str:
        return f"Focus step {self.pk}"


class DisputeStage(models.Model):
    """Where a dispute stood from a date on. Only added to."""

    class Stage(models.TextChoices):
        RENEGOTIATION = "renegotiation", _("Renegotiation: both know, both still try")
        IMPASSE = "impasse", _("Impasse: talk has stopped")
        DISSOLUTION = "dissolution", _("Dissolution: it is ending")

    id = KeyField()
    focus = models.ForeignKey(FocusArea, models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=14, choices=Stage.choices)
    on = models.DateField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["focus", "on", "at"])]

    class Personal:
        fields = ()
        plain = ("stage",)

    def __str__(self) -> str:
        return f"Dispute stage {self.pk}"
