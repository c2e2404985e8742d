"""The weekly summary: two people approve it before a member reads it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reknit.base.fields import KeyField, no_control_characters

from .sessions import GroupSession

PERSON = settings.AUTH_USER_MODEL


class WeeklySummary(models.Model):
    """What a session was about, for its members, naming nobody. A change takes both approvals away."""

    id = KeyField()
    session = models.OneToOneField(GroupSession, models.PROTECT, related_name="summary")
    words = models.TextField(max_length=4000, validators=[no_control_characters])
    revision = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    first_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    first_at = models.DateTimeField(null=True, blank=True)
    second_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    second_at = models.DateTimeField(null=True, blank=True)  # from then on members read it

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_by=None, first_at=None) | Q(first_by__isnull=False, first_at__isnull=False),
                name="summary_first_pair",
            ),
            models.CheckConstraint(
                condition=Q(second_by=None, second_at=None)
                | Q(second_by__isnull=False, second_at__isnull=False, first_by__isnull=False),
                name="summary_second_pair",
            ),
            models.CheckConstraint(
                condition=Q(second_by=None) | ~Q(second_by=F("first_by")), name="summary_two_people"
            ),
        ]

    class Personal:
        fields = ("words",)
        plain = ()

    def __str__(self) -> str:
        return f"Weekly summary {self.pk}"
