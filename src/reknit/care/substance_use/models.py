"""Days as a client told them. A correction is a new row; the one before is kept as superseded."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField
from reknit.care.people.models import Client

PERSON = settings.AUTH_USER_MODEL


class MonitoredSubstance(models.Model):
    """A substance that is asked about for this client, from a date."""

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="monitored_substances")
    substance = models.CharField(max_length=30)  # a code of reknit.core.substance_use
    is_primary = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "substance"], name="substance_monitored_once"),
            models.UniqueConstraint(
                fields=["client"], condition=Q(is_primary=True), name="one_primary_substance"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="monitored_dates_in_order"
            ),
        ]

    class Personal:
        fields = ("substance",)
        plain = ()

    def __str__(self) -> str:
        return f"Monitored substance {self.pk}"


class UseDay(models.Model):
    """What was told about one substance on one day. No row means unknown."""

    class Source(models.TextChoices):
        INTERVIEW = "interview", _("Told in the session")
        CLIENT = "client", _("Entered by the client")
        IMPORT = "import", _("Imported")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="use_days")
    substance = models.CharField(max_length=30)
    on = models.DateField()
    used = models.BooleanField()
    amount = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=20, default="", blank=True)
    source = models.CharField(max_length=12, choices=Source.choices)
    entered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(superseded_by=None) | Q(superseded_at__isnull=False),
                name="use_day_superseded_pair",
            ),
            models.UniqueConstraint(
                fields=["client", "substance", "on"],
                condition=Q(superseded_at=None),
                name="one_current_use_day",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(used=True, amount__gt=0) | Q(used=False, amount=0),
                name="amount_agrees_with_used",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "on"], name="use_day_current", condition=Q(superseded_at=None))
        ]

    class Personal:
        fields = ("substance", "on", "used", "amount", "unit")
        plain = ("source",)

    def __str__(self) -> str:
        return f"Use day {self.pk}"
