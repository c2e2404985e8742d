"""Letters: live while a draft, frozen once issued."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.programme.models import Episode

PERSON = settings.AUTH_USER_MODEL


class Letter(models.Model):
    """A letter of one course. Its facts are read fresh while it is a draft and kept as they were once issued."""

    class Kind(models.TextChoices):
        CLOSING = "closing", _("Closing letter to the care team")
        PLAIN = "plain", _("Letter to the client in plain words")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ISSUED = "issued", _("Issued")

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    recipient = models.CharField(max_length=200, default="", blank=True, validators=[no_control_characters])
    words = models.JSONField(default=dict)  # part key -> the author's own words
    facts = models.JSONField(default=dict)  # as issued
    pdf = models.BinaryField(null=True, blank=True)
    digest = models.CharField(max_length=64, default="", blank=True)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "kind"], condition=Q(state="draft"), name="one_draft_letter_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", issued_at=None, issued_by=None)
                | (Q(state="issued", issued_at__isnull=False, issued_by__isnull=False) & ~Q(digest="")),
                name="letter_issued_pair",
            ),
        ]

    class Personal:
        fields = ("recipient", "words", "facts", "pdf")
        plain = ("kind", "state", "digest")

    def __str__(self) -> str:
        return f"Letter {self.pk}"
