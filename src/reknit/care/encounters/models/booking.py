"""What bookings stand on: rooms, series with their rule, what was changed and why, and the private calendar address."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.clock import known_zones
from reknit.base.fields import KeyField, no_control_characters
from reknit.care.programme.models import Episode
from reknit.core.encounters.series import MOST, Every, Rule

from .sessions import Appointment

PERSON = settings.AUTH_USER_MODEL


def known_zone(value: str) -> None:
    """Refuse a zone that no clock follows."""
    if value not in known_zones():
        raise ValidationError(_("Choose a time zone from the list."))


class Room(models.Model):
    """A room of the clinic. One that is given up keeps its name in the appointments that were there."""

    id = KeyField()
    name = models.CharField(_("Name"), max_length=60, validators=[no_control_characters])
    capacity = models.PositiveSmallIntegerField(_("Seats"), default=2)
    has_video = models.BooleanField(_("Set up for video"), default=False)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(given_up_at=None), name="room_named_once"),
            models.CheckConstraint(condition=Q(capacity__gte=1, capacity__lte=200), name="room_has_seats"),
        ]

    class Personal:
        fields = ()
        plain = ("name",)

    def __str__(self) -> str:
        return f"Room {self.pk}"


class AppointmentSeries(models.Model):
    """The rule of a series. Its meetings are appointments of their own; what differs from the rule is read from them.

    `left_out` holds numbers that have no appointment here: days that were taken, and meetings that went on to the
    series that follows this one.
    """

    class Repeat(models.TextChoices):
        WEEK = Every.WEEK.value, _("Every week")
        FORTNIGHT = Every.FORTNIGHT.value, _("Every two weeks")
        MONTH = Every.MONTH.value, _("Every month")

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="appointment_series")
    clinician = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    time = models.TimeField()
    zone = models.CharField(max_length=64, validators=[known_zone])
    every = models.CharField(max_length=10, choices=Repeat.choices)
    count = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField(default=50)
    left_out = models.JSONField(default=list, blank=True)
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=1, count__lte=MOST), name="series_has_a_length"),
            models.CheckConstraint(condition=~Q(follows=F("id")), name="series_follows_another"),
        ]
        indexes = [models.Index(fields=["episode", "starts_on"])]

    class Personal:
        fields = ("starts_on", "time", "left_out")
        plain = ("zone", "every")

    def __str__(self) -> str:
        return f"Appointment series {self.pk}"

    @property
    def rule(self) -> Rule:
        """The rule, as the core reads it."""
        return Rule(self.starts_on, self.time, self.zone, Every(self.every), self.count)


class AppointmentChange(models.Model):
    """One appointment was moved or cancelled: by whose wish, from when to when, and why. Written once."""

    class Kind(models.TextChoices):
        MOVED = "moved", _("Moved")
        CANCELLED = "cancelled", _("Cancelled")

    class Wish(models.TextChoices):
        CLIENT = "client", _("The client")
        US = "us", _("Us")

    id = KeyField()
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    wish = models.CharField(max_length=10, choices=Wish.choices, default=Wish.US)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=300, default="", blank=True, validators=[no_control_characters])
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="moved", to_at__isnull=False) | Q(kind="cancelled", to_at=None),
                name="only_a_move_leads_somewhere",
            )
        ]
        indexes = [models.Index(fields=["appointment", "at"])]

    class Personal:
        fields = ("why", "from_at", "to_at")
        plain = ("kind", "wish")

    def __str__(self) -> str:
        return f"Appointment change {self.pk}"


class CalendarFeed(models.Model):
    """The private address under which a clinician's own calendar program reads their sessions. Only its hash is kept."""

    id = KeyField()
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="calendar_feeds")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_at=None), name="one_calendar_feed_each"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("made_at")), name="feed_times_in_order"
            ),
        ]

    class Personal:
        fields = ()
        plain = ("digest",)

    def __str__(self) -> str:
        return f"Calendar feed {self.pk}"
