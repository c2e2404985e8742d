"""What a clinic sets for its intake: the target, and whether the public form is open. One row."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from reknit.base.fields import KeyField
from reknit.core.intake.chase import TARGET_DAYS

PERSON = settings.AUTH_USER_MODEL


class IntakeSettings(models.Model):
    """How many days a person may wait for a first session, and whether the public may write to us."""

    id = KeyField()
    only = models.BooleanField(default=True, editable=False, unique=True)  # one row for the installation
    target_days = models.PositiveSmallIntegerField(
        default=TARGET_DAYS, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    public_form = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(only=True), name="intake_settings_one_row"),
            models.CheckConstraint(
                condition=Q(target_days__gte=1, target_days__lte=365), name="intake_target_is_days"
            ),
        ]

    class Personal:
        fields = ()
        plain = ()

    def __str__(self) -> str:
        return f"Intake settings {self.pk}"
