"""Who pays, for how many sessions, from when to when."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField
from reknit.care.people.models import Client

from .waiting import line

PERSON = settings.AUTH_USER_MODEL


class Cover(models.Model):
    """One insurer's or payer's word on what it pays for. Ended, never removed."""

    class Kind(models.TextChoices):
        PRIVATE = "private", _("Private insurance")
        PUBLIC = "public", _("Public insurance")
        SELF = "self", _("The person pays")
        FREE = "free", _("No charge")
        OTHER = "other", _("Other payer")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="covers")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    payer = line(120)
    member_id = line(60)
    authorisation = line(60)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)  # empty: no last day is known
    # Empty: not known, which is not none and not without limit.
    sessions = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    used_before = models.PositiveSmallIntegerField(default=0)  # paid for elsewhere under the same word
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(ended_at=None), name="one_cover_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="cover_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="cover_ended_pair",
            ),
        ]

    class Personal:
        fields = ("payer", "member_id", "authorisation")
        plain = ("kind",)

    def __str__(self) -> str:
        return f"Cover {self.pk}"
