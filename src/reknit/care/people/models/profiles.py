"""What a clinician can take on: training, languages, days and room. Empty means not written down, never none."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField

PERSON = settings.AUTH_USER_MODEL


class ClinicianProfile(models.Model):
    """One clinician's own profile. Read when a therapist is looked for."""

    class CountsIn(models.TextChoices):
        PLACES = "places", _("Clients at one time")
        HOURS = "hours", _("Hours of sessions a week")

    class Gender(models.TextChoices):
        NOT_SAID = "", _("Not said")
        WOMAN = "woman", _("A woman")
        MAN = "man", _("A man")
        ANOTHER = "another", _("Another")

    id = KeyField()
    clinician = models.OneToOneField(PERSON, models.PROTECT, related_name="profile")
    taking_new = models.BooleanField(default=True)
    counts_in = models.CharField(max_length=6, choices=CountsIn.choices, default=CountsIn.PLACES)
    capacity = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(200)]
    )
    languages = models.JSONField(default=list, blank=True)
    protocols = models.JSONField(default=list, blank=True)  # codes of protocols the clinician is trained in
    skills = models.JSONField(default=list, blank=True)
    days = models.JSONField(default=list, blank=True)  # weekdays, Monday is 0
    gender = models.CharField(max_length=8, choices=Gender.choices, default="", blank=True)
    revision = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(capacity=None) | Q(capacity__lte=200), name="capacity_can_be")
        ]

    class Personal:
        fields = ("gender", "languages")
        plain = ("counts_in", "protocols", "skills", "days")

    def __str__(self) -> str:
        return f"Clinician profile {self.pk}"
