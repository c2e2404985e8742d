"""The sessions of a run: who came, who worked and who responded, the shared note and each member's private line."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.contact.models import Message
from reknit.care.encounters.models import ContactAfterMiss, Encounter, Room
from reknit.care.formulation.models import FocusArea

from .runs import GroupRun, Member

PERSON = settings.AUTH_USER_MODEL


class GroupSession(models.Model):
    """One planned session. While it is a draft both facilitators write; signing gives each member their own note."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DRAFT = "draft", _("Written, not signed")
        SIGNED = "signed", _("Signed")
        CANCELLED = "cancelled", _("Cancelled")

    id = KeyField()
    run = models.ForeignKey(GroupRun, models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    place = models.CharField(
        max_length=120, default="", blank=True, validators=[no_control_characters]
    )  # where this one meets, if it is not where the group meets: here in words, or in this room
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="group_sessions")
    changed_at = models.DateTimeField(null=True, blank=True)  # when it was last moved or called off
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    revision = models.PositiveIntegerField(default=0)
    note = models.TextField(max_length=8000, default="", blank=True, validators=[no_control_characters])
    done = models.JSONField(default=list, blank=True)  # codes of the guide's parts that were done
    climate_plan = models.CharField(
        max_length=400, default="", blank=True, validators=[no_control_characters]
    )
    cancelled_because = models.CharField(
        max_length=200, default="", blank=True, validators=[no_control_characters]
    )
    saved_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="group_session_numbered_once"),
            models.CheckConstraint(
                condition=Q(state="signed", signed_at__isnull=False, signed_by__isnull=False)
                | (~Q(state="signed") & Q(signed_at=None, signed_by=None)),
                name="group_session_signed_pair",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_because=""), name="group_session_cancel_reason"
            ),
        ]
        indexes = [models.Index(fields=["starts_at"])]

    class Personal:
        fields = ("note", "climate_plan", "cancelled_because")
        plain = ("state", "done", "place")

    def __str__(self) -> str:
        return f"Group session {self.pk}"

    @property
    def where(self) -> str:
        """Where this one meets: its own room or place, else that of its group."""
        return self.room.name if self.room else self.place or self.run.where

    @property
    def room_taken(self) -> uuid.UUID | None:
        """The room of the clinic that it takes, if it takes one."""
        return self.room_id or (None if self.place else self.run.room_id)


class SessionChange(models.Model):
    """One session was moved or called off: from when to when, and why. Written once."""

    class Kind(models.TextChoices):
        MOVED = "moved", _("Moved")
        CANCELLED = "cancelled", _("Called off")

    id = KeyField()
    session = models.ForeignKey(GroupSession, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=200, validators=[no_control_characters])
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="moved", to_at__isnull=False) | Q(kind="cancelled", to_at=None),
                name="only_a_moved_session_leads_somewhere",
            )
        ]
        indexes = [models.Index(fields=["session", "at"])]

    class Personal:
        fields = ("why",)
        plain = ("kind",)

    def __str__(self) -> str:
        return f"Session change {self.pk}"


class Telling(models.Model):
    """Somebody tried to tell a member of a changed time. Written once; another try is another row."""

    Answer = ContactAfterMiss.Answer

    id = KeyField()
    message = models.ForeignKey(Message, models.PROTECT, related_name="tellings")
    session = models.ForeignKey(GroupSession, models.PROTECT, related_name="tellings")
    member = models.ForeignKey(Member, models.PROTECT, related_name="tellings")
    answer = models.CharField(max_length=12, choices=Answer.choices)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    class Personal:
        fields = ()
        plain = ("answer",)

    def __str__(self) -> str:
        return f"Telling {self.pk}"


class Attendance(models.Model):
    """One member in one session: whether they came, what is theirs alone, and their own session in their chart."""

    class Outcome(models.TextChoices):
        ATTENDED = Encounter.Outcome.ATTENDED.value, _("Came")
        NO_SHOW = Encounter.Outcome.NO_SHOW.value, _("Did not come")
        LATE_CANCEL = Encounter.Outcome.LATE_CANCEL.value, _("Cancelled late")
        CANCELLED = Encounter.Outcome.CANCELLED.value, _("Cancelled in time")
        CLINICIAN = Encounter.Outcome.CLINICIAN.value, _("Cancelled by us")

    class Safety(models.TextChoices):
        NO_CONCERN = "no_concern", _("Asked, no concern")
        SPOKEN = "spoken", _("Asked, spoken with alone")
        NOT_ASKED = "not_asked", _("Not asked")

    id = KeyField()
    session = models.ForeignKey(GroupSession, models.PROTECT, related_name="attendances")
    member = models.ForeignKey(Member, models.PROTECT, related_name="attendances")
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.ATTENDED)
    place = models.CharField(max_length=10, choices=Encounter.Place.choices, default=Encounter.Place.HERE)
    minutes_late = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(240)])
    minutes_early = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(240)])
    absent_because = models.CharField(
        max_length=200, default="", blank=True, validators=[no_control_characters]
    )
    safety = models.CharField(max_length=12, choices=Safety.choices, default=Safety.NOT_ASKED)
    private_line = models.CharField(
        max_length=600, default="", blank=True, validators=[no_control_characters]
    )
    to_try = models.CharField(max_length=400, default="", blank=True, validators=[no_control_characters])
    encounter = models.OneToOneField(
        Encounter, models.PROTECT, null=True, blank=True, related_name="group_attendance"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "member"], name="attendance_once"),
            models.CheckConstraint(
                condition=Q(outcome="attended")
                | Q(minutes_late=0, minutes_early=0, private_line="", to_try="", safety="not_asked"),
                name="only_who_came_has_minutes_and_lines",
            ),
        ]

    class Personal:
        fields = ("absent_because", "private_line", "to_try", "safety")
        plain = ("outcome", "place")

    def __str__(self) -> str:
        return f"Attendance {self.pk}"


class Turn(models.Model):
    """One member's work in a session, and on which focus."""

    id = KeyField()
    session = models.ForeignKey(GroupSession, models.PROTECT, related_name="turns")
    position = models.PositiveSmallIntegerField()
    member = models.ForeignKey(Member, models.PROTECT, related_name="turns")
    focus = models.CharField(max_length=12, choices=FocusArea.Area.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "position"], name="turn_in_place")]

    class Personal:
        fields = ("focus",)
        plain = ()

    def __str__(self) -> str:
        return f"Turn {self.pk}"


class Response(models.Model):
    """A member who responded to another's work."""

    id = KeyField()
    turn = models.ForeignKey(Turn, models.CASCADE, related_name="responses")
    member = models.ForeignKey(Member, models.PROTECT, related_name="responses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["turn", "member"], name="responded_once")]

    class Personal:
        fields = ()
        plain = ()

    def __str__(self) -> str:
        return f"Response {self.pk}"
