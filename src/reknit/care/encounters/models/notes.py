"""Notes of sessions: a state machine that the database holds too. Addenda, and the one thing to try."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters

from .sessions import Encounter

PERSON = settings.AUTH_USER_MODEL


class ProgressNote(models.Model):
    """The note of one session: draft, then waiting for a co-signature where one is due, then signed and locked."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        AWAITING_COSIGN = "awaiting_cosign", _("Waiting for co-signature")
        SIGNED = "signed", _("Signed")

    # What may follow what. The model holds it, the actions ask it, and a trigger guards the signed row.
    MOVES = {
        State.DRAFT: {State.AWAITING_COSIGN, State.SIGNED},
        State.AWAITING_COSIGN: {State.DRAFT, State.SIGNED},
        State.SIGNED: set(),
    }

    id = KeyField()
    encounter = models.OneToOneField(Encounter, models.PROTECT, related_name="note")
    author = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=0)  # rises with each save: two editors never overwrite
    words = models.JSONField(default=dict)  # section key -> the author's own words
    text = models.JSONField(default=dict)  # the whole note as signed, section by section; frozen
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    cosigner = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="notes_to_cosign"
    )
    cosigned_at = models.DateTimeField(null=True, blank=True)
    returned_reason = models.CharField(
        max_length=400, default="", blank=True, validators=[no_control_characters]
    )
    digest = models.CharField(
        max_length=64, default="", blank=True
    )  # of `text`, checked whenever it is shown

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", signed_at=None, signed_by=None)
                | (~Q(state="draft") & Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(digest="")),
                name="note_signed_pair",
            ),
            models.CheckConstraint(
                condition=~Q(state="awaiting_cosign") | Q(cosigner__isnull=False, cosigned_at=None),
                name="awaiting_names_a_cosigner",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(cosigner=None) | Q(cosigned_at__isnull=False),
                name="signed_after_cosign",
            ),
        ]
        indexes = [
            models.Index(fields=["author"], name="note_unsigned", condition=~Q(state="signed")),
            models.Index(fields=["cosigner"], name="note_to_cosign", condition=Q(state="awaiting_cosign")),
        ]

    class Personal:
        fields = ("words", "text", "returned_reason")
        plain = ("state", "digest")

    def __str__(self) -> str:
        return f"Progress note {self.pk}"


class Addendum(models.Model):
    """Words added after signing. It stands under the note and alters nothing in it."""

    id = KeyField()
    note = models.ForeignKey(ProgressNote, models.PROTECT, related_name="addenda")
    text = models.TextField(max_length=8000, validators=[no_control_characters])
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Personal:
        fields = ("text",)
        plain = ()

    def __str__(self) -> str:
        return f"Addendum {self.pk}"


class Intention(models.Model):
    """One thing the client means to try before next time, and how it went. Never "failed": "not yet"."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("Not asked yet")
        DID = "did", _("Did it")
        PARTLY = "partly", _("Partly")
        NOT_YET = "not_yet", _("Not yet")
        CHANGED = "changed", _("Changed their mind")

    id = KeyField()
    encounter = models.OneToOneField(Encounter, models.PROTECT, related_name="intention")
    text = models.CharField(max_length=400, validators=[no_control_characters])
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    what_happened = models.CharField(
        max_length=400, default="", blank=True, validators=[no_control_characters]
    )
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Personal:
        fields = ("text", "what_happened")
        plain = ("outcome",)

    def __str__(self) -> str:
        return f"Intention {self.pk}"
