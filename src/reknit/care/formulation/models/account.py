"""The formulation: versions that freeze once shared, and what the client answered to each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.programme.models import Episode

PERSON = settings.AUTH_USER_MODEL


class Formulation(models.Model):
    """One version of the shared account. Words may change in a draft alone; a change later is a new version."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SHARED = "shared", _("Shared, not answered yet")
        AGREED = "agreed", _("Agreed")
        NOT_AGREED = "not_agreed", _("Not agreed")
        SUPERSEDED = "superseded", _("Replaced by a newer version")

    class How(models.TextChoices):
        SPOKEN = "spoken", _("Said in the session")
        PAPER = "paper", _("Given on paper")
        PORTAL = "portal", _("On the client's own page")

    STANDING = (State.SHARED, State.AGREED, State.NOT_AGREED)

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="formulations")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    words = models.JSONField(default=dict)  # slot -> the author's words
    marks = models.JSONField(default=dict)  # slot -> elements the author marked on it
    elements = models.JSONField(default=list)  # as covered when shared
    text = models.TextField(default="", blank=True)  # as assembled when shared
    diagnosis = models.CharField(max_length=200, default="", blank=True, validators=[no_control_characters])
    grade = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    language = models.CharField(max_length=12, default="en")
    begun_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    saved_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(null=True, blank=True)
    shared_how = models.CharField(max_length=8, choices=How.choices, default="", blank=True)
    shared_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    shared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "number"], name="formulation_numbered_once"),
            models.UniqueConstraint(
                fields=["episode"], condition=Q(state="draft"), name="one_draft_formulation"
            ),
            models.UniqueConstraint(
                fields=["episode"],
                condition=Q(state__in=["shared", "agreed", "not_agreed"]),
                name="one_standing_formulation",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", shared_at=None, shared_by=None)
                | (~Q(state="draft") & Q(shared_at__isnull=False, shared_by__isnull=False) & ~Q(text="")),
                name="formulation_shared_pair",
            ),
        ]

    class Personal:
        fields = ("words", "text", "diagnosis", "language")
        plain = ("state", "marks", "elements", "shared_how")

    def __str__(self) -> str:
        return f"Formulation {self.pk}"


class FormulationAnswer(models.Model):
    """What the client said to a version, in their own words. Every answer is kept; a no is worth as much as a yes."""

    class Response(models.TextChoices):
        AGREED = "agreed", _("Agreed")
        AGREED_WITH_CHANGES = "agreed_with_changes", _("Agreed with changes")
        NOT_AGREED = "not_agreed", _("Not agreed")
        WANTS_TIME = "wants_time", _("Wants more time")

    class How(models.TextChoices):
        CLIENT = "client", _("By the client, on their own page")
        WITNESSED = "witnessed", _("Said aloud and witnessed")

    id = KeyField()
    formulation = models.ForeignKey(Formulation, models.PROTECT, related_name="answers")
    response = models.CharField(max_length=20, choices=Response.choices)
    words = models.CharField(max_length=1000, default="", blank=True, validators=[no_control_characters])
    how = models.CharField(max_length=10, choices=How.choices)
    witness = models.CharField(max_length=80, default="", blank=True, validators=[no_control_characters])
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["formulation", "at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(how="client", witness="") | (Q(how="witnessed") & ~Q(witness="") & ~Q(words="")),
                name="answer_witness_named",
            ),
        ]

    class Personal:
        fields = ("words", "witness")
        plain = ("response", "how")

    def __str__(self) -> str:
        return f"Answer {self.pk}"
