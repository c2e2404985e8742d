"""Referrals with their source, time and phone safety answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.people.models import Client

PERSON = settings.AUTH_USER_MODEL


class Referral(models.Model):
    """Somebody asked for care for a person, or the person asked."""

    class Source(models.TextChoices):
        SELF = "self", _("The person themself")
        FAMILY = "family", _("Family or friend")
        HEALTH = "health", _("Doctor or other health service")
        ADDICTION = "addiction", _("Addiction service")
        SOCIAL = "social", _("Social or community service")
        COURT = "court", _("Court or probation")
        EMPLOYER = "employer", _("Employer or school")
        OTHER = "other", _("Other")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        CLOSED = "closed", _("Closed")

    class Lost(models.TextChoices):
        NOT_SAID = "", _("Not sorted")
        ELSEWHERE = "elsewhere", _("Chose another service")
        NOT_REACHED = "not_reached", _("Could not be reached")
        NOT_NOW = "not_now", _("Does not want it now")
        OTHER_CARE = "other_care", _("Needs other care first")
        WAITED = "waited", _("Waited too long")
        BARRIER = "barrier", _("A barrier we could not remove")
        MOVED = "moved", _("Moved away or in custody")
        DIED = "died", _("Died")
        OTHER = "other", _("Other")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="referrals")
    source = models.CharField(max_length=12, choices=Source.choices)
    source_name = models.CharField(max_length=120, default="", blank=True, validators=[no_control_characters])
    received_at = models.DateTimeField()
    safety = models.JSONField(default=dict)  # question key -> yes, no, not_answered
    safety_asked_at = models.DateTimeField(null=True, blank=True)
    screened_at = models.DateTimeField(null=True, blank=True)  # when safety was asked for the first time
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    closing_kind = models.CharField(max_length=12, choices=Lost.choices, default="", blank=True)
    closing_reason = models.CharField(
        max_length=200, default="", blank=True, validators=[no_control_characters]
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="open", decided_at=None, decided_by=None)
                | (~Q(status="open") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="referral_decided_pair",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | ~Q(closing_reason=""), name="referral_closed_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["status", "received_at"])]

    class Personal:
        fields = ("source_name", "safety", "closing_reason")
        plain = ("source", "status", "closing_kind")

    def __str__(self) -> str:
        return f"Referral {self.pk}"
