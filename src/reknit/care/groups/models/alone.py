"""Meetings alone round a group: before it, half way, after it, a month later, and when two sessions were missed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField
from reknit.care.encounters.models import Appointment, Encounter

from .runs import Member

PERSON = settings.AUTH_USER_MODEL


class MeetingAlone(models.Model):
    """One meeting that a member is owed: by when, booked or not, held or not."""

    class Kind(models.TextChoices):
        BEFORE = "before", _("Before the group")
        HALF_WAY = "half_way", _("Half way")
        AFTER = "after", _("After the group")
        MONTH = "month", _("One month later")
        MISSED = "missed", _("After two missed sessions")

    id = KeyField()
    member = models.ForeignKey(Member, models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    due_on = models.DateField()
    after_session = models.PositiveSmallIntegerField(
        default=0
    )  # of kind missed: the session that made it owed
    appointment = models.OneToOneField(
        Appointment, models.PROTECT, null=True, blank=True, related_name="group_meeting"
    )
    encounter = models.OneToOneField(
        Encounter, models.PROTECT, null=True, blank=True, related_name="group_meeting"
    )
    held_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "after_session"], name="meeting_owed_once"),
            models.CheckConstraint(
                condition=Q(held_at=None, encounter=None) | Q(held_at__isnull=False, encounter__isnull=False),
                name="meeting_held_pair",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="meeting_alone_owed", condition=Q(held_at=None))]

    class Personal:
        fields = ()
        plain = ("kind",)

    def __str__(self) -> str:
        return f"Meeting alone {self.pk}"
