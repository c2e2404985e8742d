"""Who is away from when to when, and who sees to their clients meanwhile."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reknit.base.fields import KeyField, no_control_characters

from .clinic import CareTeamMember, Client

PERSON = settings.AUTH_USER_MODEL


class Absence(models.Model):
    """One clinician's leave, or other time away, with the colleague who covers. Why they are away is nobody's business here.

    It lasts until its last day, or until the work is handed back before that.
    """

    id = KeyField()
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="absences")
    cover = models.ForeignKey(PERSON, models.PROTECT, related_name="covers")
    starts_on = models.DateField()
    ends_on = models.DateField()
    # Why this cover all the same, where they work with somebody who is kept apart from one of these clients.
    apart_why = models.CharField(max_length=400, default="", blank=True, validators=[no_control_characters])
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # By whom is empty when the last day went by and nobody had to say so.
    ended_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_dates_in_order"),
            models.CheckConstraint(condition=~Q(person=F("cover")), name="nobody_covers_themselves"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(ended_by=None), name="absence_ended_by_with_time"
            ),
        ]
        indexes = [models.Index(fields=["person", "starts_on"])]

    class Personal:
        fields = ("apart_why",)
        plain = ()

    def __str__(self) -> str:
        return f"Absence {self.pk}"


class Handover(models.Model):
    """One client of an absence: the cover's place on the team, and that the cover has read the handover."""

    id = KeyField()
    absence = models.ForeignKey(Absence, models.PROTECT, related_name="handovers")
    client = models.ForeignKey(Client, models.PROTECT, related_name="handovers")
    # Empty where the cover was on the team anyway, and stays on it.
    member = models.ForeignKey(
        CareTeamMember, models.SET_NULL, null=True, blank=True, related_name="handovers"
    )
    read_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["absence", "client"], name="handed_over_once"),
            models.CheckConstraint(
                condition=Q(read_at=None, read_by=None) | Q(read_at__isnull=False, read_by__isnull=False),
                name="handover_read_pair",
            ),
        ]

    class Personal:
        fields = ()
        plain = ()

    def __str__(self) -> str:
        return f"Handover {self.pk}"
