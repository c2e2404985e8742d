"""The supervision hour: who met, which courses were talked about, and what was decided. Signed, it stays as it is."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField
from reknit.care.programme.models import Episode

from .common import PERSON, line, words


class SupervisionHour(models.Model):
    """One meeting of a supervisor with one supervisee or several. Its minutes count in the file of each of them."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SIGNED = "signed", _("Signed")

    id = KeyField()
    supervisor = models.ForeignKey(PERSON, models.PROTECT, related_name="hours_given")
    on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    own_notes = words()  # the supervisor's alone
    made_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", signed_at=None) | Q(state="signed", signed_at__isnull=False),
                name="hour_signed_pair",
            ),
            models.CheckConstraint(condition=Q(minutes__range=(5, 480)), name="hour_minutes_in_range"),
        ]
        indexes = [models.Index(fields=["supervisor", "on"])]

    class Personal:
        fields = ("own_notes",)
        plain = ("state",)

    def __str__(self) -> str:
        return f"Supervision hour {self.pk}"


class HourMember(models.Model):
    """A supervisee who was there."""

    id = KeyField()
    hour = models.ForeignKey(SupervisionHour, models.PROTECT, related_name="members")
    supervisee = models.ForeignKey(PERSON, models.PROTECT, related_name="hours_received")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour", "supervisee"], name="in_an_hour_once")]

    class Personal:
        fields = ()
        plain = ()

    def __str__(self) -> str:
        return f"Hour member {self.pk}"


class HourCase(models.Model):
    """A course that was talked about: what had raised it, what was said, what was advised. Read by its therapist too."""

    id = KeyField()
    hour = models.ForeignKey(SupervisionHour, models.PROTECT, related_name="cases")
    supervisee = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="+")
    raised = models.JSONField(default=list)  # the kinds of reason that stood on the agenda
    discussed = words()
    advice = words()
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour", "episode"], name="course_once_an_hour")]
        indexes = [models.Index(fields=["episode", "saved_at"])]

    class Personal:
        fields = ("discussed", "advice")
        plain = ("raised",)

    def __str__(self) -> str:
        return f"Hour case {self.pk}"


class Decision(models.Model):
    """Something that was decided in an hour, with who does it and by when. Open ones come back until they are done."""

    id = KeyField()
    hour = models.ForeignKey(SupervisionHour, models.PROTECT, related_name="decisions")
    supervisee = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    case = models.ForeignKey(HourCase, models.PROTECT, null=True, blank=True, related_name="decisions")
    words = line(blank=False)
    owner = models.ForeignKey(PERSON, models.PROTECT, related_name="supervision_decisions")
    due_on = models.DateField()
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    done_words = line()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None, done_words="")
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="decision_done_pair",
            )
        ]
        indexes = [
            models.Index(fields=["owner", "due_on"], name="decision_open", condition=Q(done_at=None)),
        ]

    class Personal:
        fields = ("words", "done_words")
        plain = ()

    def __str__(self) -> str:
        return f"Supervision decision {self.pk}"
