"""Requests that a supervisor answers: to pass a gate, to switch the focus, and questions about an extension."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.formulation.models import FocusArea
from reknit.care.programme.models import Amendment, Episode

from .common import PERSON, line, words


class Approval(models.Model):
    """One request with its reason and the facts as they stood. It asks; the gate or the focus itself is in the chart."""

    class Kind(models.TextChoices):
        GATE = "gate", _("Pass a gate")
        SWITCH = "switch", _("Switch the focus")
        EXTENSION = "extension", _("Extend the course")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for an answer")
        ASKED_BACK = "asked_back", _("Waits for the therapist")
        YES = "yes", _("Yes")
        NO = "no", _("No")
        TAKEN_BACK = "taken_back", _("Taken back")

    OPEN = (State.WAITING, State.ASKED_BACK)

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    gate = models.CharField(max_length=12, default="", blank=True)
    # Of a switch: from which area to which, as the client would hear it. Requests before this was asked hold neither.
    focus = models.ForeignKey(FocusArea, models.PROTECT, null=True, blank=True, related_name="+")
    to_area = models.CharField(max_length=12, choices=FocusArea.Area.choices, default="", blank=True)
    to_named = models.CharField(max_length=120, default="", blank=True, validators=[no_control_characters])
    amendment = models.OneToOneField(Amendment, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    why = words()
    facts = models.JSONField(default=list)  # sentences, as they stood
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "kind", "gate"],
                condition=Q(state__in=("waiting", "asked_back")) & ~Q(kind="extension"),
                name="asked_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(kind="gate", amendment=None) & ~Q(gate="")
                | Q(kind="switch", amendment=None, gate="")
                | Q(kind="extension", amendment__isnull=False, gate=""),
                name="approval_names_what",
            ),
            models.CheckConstraint(
                condition=Q(focus=None, to_area="", to_named="")
                | Q(kind="switch", focus__isnull=False) & ~Q(to_area=""),
                name="approval_switches_from_and_to",
            ),
        ]
        indexes = [models.Index(fields=["asked_by", "state"])]

    class Personal:
        fields = ("why", "facts", "to_named")
        plain = ("kind", "gate", "state", "to_area")

    def __str__(self) -> str:
        return f"Approval {self.pk}"


class ApprovalEntry(models.Model):
    """One turn of the talk about a request. Only added to."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("asked")
        QUESTION = "question", _("asked back")
        REPLY = "reply", _("answered")
        YES = "yes", _("said yes")
        NO = "no", _("said no")
        TAKEN_BACK = "taken_back", _("took it back")

    id = KeyField()
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = line()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["approval", "at"])]

    class Personal:
        fields = ("words",)
        plain = ("kind",)

    def __str__(self) -> str:
        return f"Approval entry {self.pk}"
