"""What is prescribed, how it was taken over a span of days, and the reviews. Corrections keep what stood before."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode

PERSON = settings.AUTH_USER_MODEL


class Medication(models.Model):
    """One prescribed medication from a day to a day. A change of dose ends it and begins another."""

    class Kind(models.TextChoices):
        OPIOID = "opioid", _("For opioid use disorder")
        ALCOHOL = "alcohol", _("For alcohol use disorder")
        MOOD = "mood", _("For mood")
        OTHER = "other", _("For something else")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="medications")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=80, validators=[no_control_characters])
    dose = models.CharField(max_length=120, default="", blank=True, validators=[no_control_characters])
    prescriber = models.CharField(max_length=120, default="", blank=True, validators=[no_control_characters])
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, default="", blank=True, validators=[no_control_characters])
    added_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    ended_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="medication_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None, ended_by=None, ended_at=None)
                | Q(ends_on__isnull=False, ended_at__isnull=False),
                name="medication_ended_pair",
            ),
        ]
        indexes = [models.Index(fields=["client", "starts_on"])]

    class Personal:
        fields = ("name", "dose", "prescriber", "end_reason", "kind")
        plain = ()

    def __str__(self) -> str:
        return f"Medication {self.pk}"


class Taking(models.Model):
    """How one medication was taken over a span of days, as told. Days no row covers are not known."""

    class How(models.TextChoices):
        AS_PRESCRIBED = "as_prescribed", _("As prescribed")
        MISSED_SOME = "missed_some", _("Missed some")
        NOT_TAKEN = "not_taken", _("Not taken")
        UNKNOWN = "unknown", _("Not known")

    id = KeyField()
    medication = models.ForeignKey(Medication, models.PROTECT, related_name="takings")
    starts_on = models.DateField()
    ends_on = models.DateField()
    how = models.CharField(max_length=16, choices=How.choices)
    entered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="taking_dates_in_order")
        ]
        indexes = [models.Index(fields=["medication", "starts_on"])]

    class Personal:
        fields = ("how",)
        plain = ()

    def __str__(self) -> str:
        return f"Taking {self.pk}"


class MedicationReview(models.Model):
    """Whether medication is needed was looked at, and what was decided. A later look is a new row."""

    class Decision(models.TextChoices):
        NONE_NEEDED = "none_needed", _("None needed")
        REFER = "refer", _("Refer to a prescriber")
        START = "start", _("Start")
        CHANGE = "change", _("Change")
        CONTINUE = "continue", _("Go on as it is")
        DECLINED = "declined", _("Offered; the client does not want it now")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="medication_reviews")
    episode = models.ForeignKey(Episode, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.CharField(max_length=12, choices=Decision.choices)
    note = models.TextField(default="", blank=True, max_length=4000, validators=[no_control_characters])
    reviewed_on = models.DateField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["client", "at"])]

    class Personal:
        fields = ("decision", "note")
        plain = ()

    def __str__(self) -> str:
        return f"Medication review {self.pk}"
