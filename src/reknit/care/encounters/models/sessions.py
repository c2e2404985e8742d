"""Appointments and sessions."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode

PERSON = settings.AUTH_USER_MODEL


class Where(models.TextChoices):
    """How client and clinician meet."""

    HERE = "here", _("In the room")
    PHONE = "phone", _("By phone")
    VIDEO = "video", _("By video")


class Appointment(models.Model):
    """A session that was booked, by itself or as one of a series. Its number in the series never changes."""

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
    series = models.ForeignKey(
        "encounters.AppointmentSeries", models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    number = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # null in a series: added beside its rule
    way = models.CharField(_("How you meet"), max_length=10, choices=Where.choices, default=Where.HERE)
    room = models.ForeignKey(
        "encounters.Room", models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    link = models.CharField(_("Video link"), max_length=400, default="", blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)  # by the client, for this day and time
    declined_at = models.DateTimeField(null=True, blank=True)  # the same: when they said they cannot come
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="number_used_once_in_a_series"),
            models.CheckConstraint(
                condition=Q(number=None) | Q(series__isnull=False), name="only_a_series_has_numbers"
            ),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__startswith="https://", way="video"),
                name="appointment_link_is_https_by_video",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(declined_at=None), name="client_comes_or_cannot"
            ),
        ]
        indexes = [
            models.Index(fields=["clinician", "starts_at"]),
            models.Index(fields=["episode", "starts_at"]),
            models.Index(fields=["room", "starts_at"]),
            models.Index(fields=["status", "starts_at"]),
            # The next session of each of ten thousand clients, one look each.
            models.Index(fields=["client", "status", "starts_at"]),
        ]

    class Personal:
        fields = ("starts_at", "link")
        plain = ("status", "way")

    def __str__(self) -> str:
        return f"Appointment {self.pk}"

    @property
    def ends_at(self) -> dt.datetime:
        """When it is over."""
        return self.starts_at + dt.timedelta(minutes=self.minutes)


class Encounter(models.Model):
    """One meeting, kept or missed. Slot is the planned number; attended number counts meetings that took place.

    A safety session took place and has a note; it stands beside the course and by default uses no slot. The meeting
    before session 1 (intake, or engagement) is slot 0 and no session of the course. In a course that is a group the
    slots are the group's own sessions; a meeting alone stands beside them.
    """

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", _("Alone")
        GROUP = "group", _("In a group")

    class Outcome(models.TextChoices):
        ATTENDED = "attended", _("Attended")
        NO_SHOW = "no_show", _("Did not come")
        LATE_CANCEL = "late_cancel", _("Cancelled late")
        CANCELLED = "cancelled", _("Cancelled in time")
        CLINICIAN = "clinician", _("Cancelled by us")
        SAFETY = "safety", _("Safety session")
        BEFORE = "before", _("Meeting before session 1")

    Place = Where

    HELD = (Outcome.ATTENDED, Outcome.SAFETY, Outcome.BEFORE)  # somebody met the client, and there is a note

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="encounters")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="encounters")
    appointment = models.OneToOneField(
        Appointment, models.PROTECT, null=True, blank=True, related_name="encounter"
    )
    clinician = models.ForeignKey(PERSON, models.PROTECT, related_name="encounters")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.INDIVIDUAL)
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
        plain = ("kind", "outcome", "place")

    def __str__(self) -> str:
        return f"Encounter {self.pk}"
