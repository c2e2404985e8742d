"""Meetings alone round a group: before it, half way, after it, a month later, and when two sessions were missed.

Held is a meeting whose record is there: its note is signed, or saved with words in it. Until then it has only begun, and
stays owed: an empty draft says that somebody pressed a button, and no more. A session alone is counted for dose by its
outcome, and its note waits with its author; of a meeting alone more hangs on it, as nobody starts in the group (G14), no
place is completed and nothing is ticked off a list by a page that was opened.
"""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField
from reknit.care.encounters.models import Appointment, Encounter, ProgressNote

from .runs import Member

PERSON = settings.AUTH_USER_MODEL


class MeetingQuerySet(models.QuerySet["MeetingAlone"]):
    """Meetings alone by whether their record is there."""

    def held(self) -> "MeetingQuerySet":
        """Those whose note is signed, or saved with words."""
        return self.filter(_recorded())

    def owed(self) -> "MeetingQuerySet":
        """Those whose note has no words yet, begun or not."""
        return self.filter(~_recorded())


def _recorded() -> Exists:
    notes = ProgressNote.objects.filter(encounter=OuterRef("encounter"))
    return Exists(notes.exclude(state=ProgressNote.State.DRAFT, words={}))


class MeetingAlone(models.Model):
    """One meeting that a member is owed: by when, booked or not, begun or not; held once its note says something."""

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
    begun_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "after_session"], name="meeting_owed_once"),
            models.CheckConstraint(
                condition=Q(begun_at=None, encounter=None)
                | Q(begun_at__isnull=False, encounter__isnull=False),
                name="meeting_begun_pair",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="meeting_alone_due")]

    class Personal:
        fields = ()
        plain = ("kind",)

    def __str__(self) -> str:
        return f"Meeting alone {self.pk}"

    @property
    def is_booked(self) -> bool:
        """Whether a time stands for it. One that was missed or called off does not: another is booked."""
        return self.appointment is not None and self.appointment.status == Appointment.Status.BOOKED

    @property
    def is_held(self) -> bool:
        """Whether its record is there. One query, where the note is not fetched with it."""
        if self.encounter is None:
            return False
        note: ProgressNote = self.encounter.note
        return note.state != ProgressNote.State.DRAFT or bool(note.words)
