"""What a clinician makes of the danger of suicide, in words, kept apart from any score. Never changed; a new view is a new row."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.people.models import Client

from .plans import SafetyPlan, Said

PERSON = settings.AUTH_USER_MODEL


class RiskFormulation(models.Model):
    """One view, with its level, its reasons and what follows. A person sets the level; nothing counts it out."""

    class Level(models.TextChoices):
        LOWER = "lower", _("Lower")
        MODERATE = "moderate", _("Moderate")
        HIGH = "high", _("High")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="risk_formulations")
    version = models.PositiveIntegerField()
    level = models.CharField(max_length=10, choices=Level.choices)
    reasons = models.TextField(max_length=4000, validators=[no_control_characters])
    foreseeable = models.TextField(
        default="", blank=True, max_length=4000, validators=[no_control_characters]
    )
    plan = models.TextField(max_length=4000, validators=[no_control_characters])
    means = models.TextField(default="", blank=True, max_length=4000, validators=[no_control_characters])
    told = models.TextField(default="", blank=True, max_length=2000, validators=[no_control_characters])
    intoxicated = models.CharField(max_length=7, choices=Said.choices, default=Said.UNKNOWN)
    review_on = models.DateField()
    safety_plan = models.ForeignKey(SafetyPlan, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "version"], name="one_risk_formulation_per_version"),
            models.CheckConstraint(
                condition=~Q(reasons="") & ~Q(plan=""), name="risk_formulation_has_reasons"
            ),
        ]

    class Personal:
        fields = ("level", "reasons", "foreseeable", "plan", "means", "told", "intoxicated", "review_on")
        plain = ()

    def __str__(self) -> str:
        return f"Risk formulation {self.pk}"
