"""Screens, plans and the flag about violence, of which nothing is ever changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.people.models import Client

PERSON = settings.AUTH_USER_MODEL


class Said(models.TextChoices):
    """What was said to one question."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class WithdrawalScreen(models.Model):
    """The red flags for withdrawal, asked once. Never changed; asking again is a new row."""

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="withdrawal_screens")
    answers = models.JSONField()  # key of a flag: yes, no, unknown
    positive = models.BooleanField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["client", "at"])]

    class Personal:
        fields = ("answers", "positive")
        plain = ()

    def __str__(self) -> str:
        return f"Withdrawal screen {self.pk}"


class MedicalReview(models.Model):
    """A medical view of withdrawal or detox, and what came of it."""

    class Outcome(models.TextChoices):
        NOTHING_MORE = "nothing_more", _("Seen; nothing more needed now")
        TREATED = "treated", _("Seen; treated as an outpatient")
        DETOX = "detox", _("Referred to supervised withdrawal")
        EMERGENCY = "emergency", _("Sent to emergency care")
        DECLINED = "declined", _("Offered; the client does not want it now")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="medical_reviews")
    reviewed_on = models.DateField()
    reviewer = models.CharField(max_length=120, default="", blank=True, validators=[no_control_characters])
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    note = models.TextField(default="", blank=True, max_length=4000, validators=[no_control_characters])
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["client", "at"])]

    class Personal:
        fields = ("reviewer", "outcome", "note")
        plain = ()

    def __str__(self) -> str:
        return f"Medical review {self.pk}"


class OverdosePlan(models.Model):
    """What was done against an overdose. A change is a new version; the latest one stands."""

    class Offer(models.TextChoices):
        NOT_NEEDED = "not_needed", _("Not needed")
        OFFERED = "offered", _("Offered; not decided yet")
        ACCEPTED = "accepted", _("Offered; the client wants it")
        DECLINED = "declined", _("Offered; not now")
        UNKNOWN = "unknown", _("Not known")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="overdose_plans")
    version = models.PositiveIntegerField()
    naloxone_client = models.CharField(max_length=7, choices=Said.choices, default=Said.UNKNOWN)
    trained_client = models.CharField(max_length=7, choices=Said.choices, default=Said.UNKNOWN)
    naloxone_circle = models.CharField(max_length=7, choices=Said.choices, default=Said.UNKNOWN)
    trained_circle = models.CharField(max_length=7, choices=Said.choices, default=Said.UNKNOWN)
    tolerance_talk = models.CharField(max_length=7, choices=Said.choices, default=Said.UNKNOWN)
    not_alone_talk = models.CharField(max_length=7, choices=Said.choices, default=Said.UNKNOWN)
    medication_offer = models.CharField(max_length=10, choices=Offer.choices, default=Offer.UNKNOWN)
    note = models.TextField(default="", blank=True, max_length=4000, validators=[no_control_characters])
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "version"], name="one_overdose_plan_per_version")
        ]

    class Personal:
        fields = (
            "naloxone_client",
            "trained_client",
            "naloxone_circle",
            "trained_circle",
            "tolerance_talk",
            "not_alone_talk",
            "medication_offer",
            "note",
        )
        plain = ()

    def __str__(self) -> str:
        return f"Overdose plan {self.pk}"


class SafetyPlan(models.Model):
    """One version of a client's safety plan. Its words never change; it may be shown to the client, and taken down."""

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="safety_plans")
    version = models.PositiveIntegerField()
    words = models.JSONField()  # key of a part: text
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    released_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "version"], name="one_safety_plan_per_version"),
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(released_at__isnull=False, withdrawn_at=None),
                name="one_shown_safety_plan",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="safety_plan_released_pair",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, released_at__isnull=False),
                name="safety_plan_withdrawn_pair",
            ),
        ]

    class Personal:
        fields = ("words",)
        plain = ()

    def __str__(self) -> str:
        return f"Safety plan {self.pk}"

    @property
    def is_shown(self) -> bool:
        """Whether the client can read it on their own page now."""
        return self.released_at is not None and self.withdrawn_at is None


class ViolenceFlag(models.Model):
    """Violence or coercion by somebody in the client's life is known or feared, or no longer. The latest row stands.

    It bars a session with somebody else in the room. It is for the care team alone and leaves the chart in no export.
    """

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="violence_flags")
    is_on = models.BooleanField()
    reason = models.TextField(max_length=2000, validators=[no_control_characters])
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="violence_flag_has_a_reason")]
        indexes = [models.Index(fields=["client", "at"])]

    class Personal:
        fields = ("is_on", "reason")
        plain = ()

    def __str__(self) -> str:
        return f"Violence flag {self.pk}"
