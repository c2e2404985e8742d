"""Episodes of care, the facts reported about them, and the tasks done in them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.people.models import Client

PERSON = settings.AUTH_USER_MODEL


class Episode(models.Model):
    """One course of one client under one version of a protocol."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="episodes")
    protocol = models.CharField(max_length=20)
    protocol_version = models.CharField(max_length=20)
    planned_sessions = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)  # the ending date agreed; not when it was closed
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_reason = models.CharField(
        max_length=200, default="", blank=True, validators=[no_control_characters]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=Q(status="open"), name="one_open_episode"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="episode_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(status="open", closed_at=None, closed_by=None)
                | Q(status="closed", closed_at__isnull=False, closed_by__isnull=False),
                name="episode_closed_pair",
            ),
        ]

    class Personal:
        fields = ("closing_reason",)
        plain = ("protocol", "protocol_version", "status")

    def __str__(self) -> str:
        return f"Episode {self.pk}"


class CourseFact(models.Model):
    """Something a room reported about a course: a kind, a small value, and where it came from.

    Gates, due lists and fidelity are decided from these rows and the protocol, and from nothing else.
    """

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=40)
    value = models.JSONField(default=dict)
    source = models.CharField(max_length=40)
    source_id = models.UUIDField(null=True)
    slot = models.PositiveSmallIntegerField(null=True, blank=True)  # the planned session it belongs to
    by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    # A fact that no longer holds stays, with who took it back and when: a signature was corrected, a tick undone.
    withdrawn_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["episode", "kind", "at"])]

    class Personal:
        fields = ("value",)
        plain = ("kind", "source")

    def __str__(self) -> str:
        return f"Course fact {self.pk}"


class TaskCompletion(models.Model):
    """A task of the protocol done in an encounter."""

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="tasks_done")
    code = models.CharField(max_length=8)
    encounter_id = models.UUIDField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["encounter_id", "code"], name="task_ticked_once")]
        indexes = [models.Index(fields=["episode", "code"])]

    class Personal:
        fields = ()
        plain = ("code",)

    def __str__(self) -> str:
        return f"Task completion {self.pk}"
