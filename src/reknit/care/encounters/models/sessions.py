"""Appointments and sessions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode

PERSON = settings.AUTH_USER_MODEL


class Appointment(models.Model):
    """A session that was booked."""

    class Status(models.TextChoices):
        BOOKED = "booked", _("Booked")
        KEPT = "kept", _("Kept")
        CANCELLED = "cancelled", _("Cancelled")
        MISSED = "missed", _("Missed")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="appointments")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="appointments")
    clinician = models.ForeignKey(PERSON, models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=50)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.BOOKED)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["clinician", "starts_at"]),
            models.Index(fields=["episode", "starts_at"]),
        ]

    class Personal:
        fields = ("starts_at",)
        plain = ("status",)

    def __str__(self) -> str:
        return f"Appointment {self.pk}"


class Encounter(models.Model):
    """One meeting, kept or missed. Slot is the planned number; attended number counts meetings that took place.

    A safety session took place and has a note; it stands beside the course and by default uses no slot. The meeting
    before session 1 (intake, or engagement) is slot 0 and no session of the course.
    """

    class Outcome(models.TextChoices):
        ATTENDED = "attended", _("Attended")
        NO_SHOW = "no_show", _("Did not come")
        LATE_CANCEL = "late_cancel", _("Cancelled late")
        CANCELLED = "cancelled", _("Cancelled in time")
        CLINICIAN = "clinician", _("Cancelled by us")
        SAFETY = "safety", _("Safety session")
        BEFORE = "before", _("Meeting before session 1")

    class Place(models.TextChoices):
        HERE = "here", _("In the room")
        PHONE = "phone", _("By phone")
        VIDEO = "video", _("By video")

    HELD = (Outcome.ATTENDED, Outcome.SAFETY, Outcome.BEFORE)  # somebody met the client, and there is a note

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="encounters")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="encounters")
    appointment = models.OneToOneField(
        Appointment, models.PROTECT, null=True, blank=True, related_name="encounter"
    )
    clinician = models.ForeignKey(PERSON, models.PROTECT, related_name="encounters")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    place = models.CharField(max_length=10, choices=Place.choices, default=Place.HERE)
    slot = models.PositiveSmallIntegerField(null=True, blank=True)  # null: it used up no planned session
    attended_number = models.PositiveSmallIntegerField(null=True, blank=True)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=50)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "slot"], name="slot_used_once"),
            models.UniqueConstraint(fields=["episode", "attended_number"], name="attended_number_used_once"),
            models.CheckConstraint(
                condition=Q(outcome="attended", attended_number__isnull=False)
                | (~Q(outcome="attended") & Q(attended_number=None)),
                name="only_attended_is_numbered",
            ),
        ]
        indexes = [models.Index(fields=["episode", "starts_at"])]

    class Personal:
        fields = ("starts_at",)
        plain = ("outcome", "place")

    def __str__(self) -> str:
        return f"Encounter {self.pk}"
