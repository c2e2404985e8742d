"""Somebody was sent to be seen elsewhere, and it is owed to look whether they arrived."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters

from .referrals import Referral
from .waiting import LINE, line

PERSON = settings.AUTH_USER_MODEL


class Transfer(models.Model):
    """A medical slot or a transfer before a first session. It stays on the chase list until somebody says what came of it."""

    class Kind(models.TextChoices):
        MEDICAL = "medical", _("Medical view on the same day")
        EMERGENCY = "emergency", _("Emergency care")
        SERVICE = "service", _("Transfer to another service")

    class State(models.TextChoices):
        OWED = "owed", _("Not known yet")
        ARRIVED = "arrived", _("Arrived")
        NOT_ARRIVED = "not_arrived", _("Did not arrive")

    URGENT = (Kind.MEDICAL, Kind.EMERGENCY)

    id = KeyField()
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="transfers")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    place = models.CharField(max_length=LINE, validators=[no_control_characters])
    expected_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.OWED)
    outcome = line()
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="owed", answered_at=None, answered_by=None)
                | (~Q(state="owed") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="transfer_answered_pair",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_arrived") | ~Q(outcome=""), name="transfer_not_arrived_says_what_next"
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("expected_at")), name="transfer_times_in_order"),
        ]
        indexes = [models.Index(fields=["state", "due_at"])]

    class Personal:
        fields = ("kind", "place", "expected_at", "outcome")
        plain = ("state",)

    def __str__(self) -> str:
        return f"Transfer {self.pk}"
