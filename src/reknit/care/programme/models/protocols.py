"""Protocols of the clinic's own: each version with its state, and what a second person answered."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters

PERSON = settings.AUTH_USER_MODEL
OWN = "own-"
"""How every code kept here begins, so that none is ever that of a file."""


class ProtocolVersion(models.Model):
    """One version of a protocol of the clinic's own. Once published it never changes; it can only be withdrawn."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waits for a second person")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = KeyField()
    code = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120, validators=[no_control_characters])  # as the body has it
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    body = models.JSONField()  # the template in the shape of its file; the loader of the core reads it
    based_on_code = models.CharField(max_length=20)
    based_on_version = models.CharField(max_length=20)
    revision = models.PositiveIntegerField(default=0)  # rises with each save: two directors never overwrite
    authors = models.JSONField(default=list)  # keys of everybody who changed it: none of them may approve it
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    saved_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(
        max_length=400, default="", blank=True, validators=[no_control_characters]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="protocol_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(state__in=("draft", "submitted")), name="one_protocol_draft"
            ),
            models.CheckConstraint(condition=Q(code__startswith=OWN), name="protocol_code_is_own"),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at=None, published_at=None, withdrawn_at=None)
                | Q(state="submitted", submitted_at__isnull=False, published_at=None, withdrawn_at=None)
                | Q(state="published", submitted_at__isnull=False, published_at__isnull=False, withdrawn_at=None)
                | Q(state="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawn_why=""),
                name="protocol_state_and_times",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{what}_at": None, f"{what}_by": None})
                    | Q(**{f"{what}_at__isnull": False, f"{what}_by__isnull": False}),
                    name=f"protocol_{what}_pair",
                )
                for what in ("saved", "submitted", "published", "withdrawn")
            ),
            models.CheckConstraint(
                condition=Q(published_by=None)
                | ~Q(published_by=F("made_by")) & ~Q(published_by=F("submitted_by")) & ~Q(published_by=F("saved_by")),
                name="protocol_published_by_another",
            ),
        ]  # fmt: skip

    class Personal:
        fields = ()
        plain = (
            "code", "title", "state", "body", "based_on_code", "based_on_version", "authors", "withdrawn_why",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"Protocol {self.code}, version {self.number}"

    @property
    def version(self) -> str:
        """The version as a course pins it."""
        return str(self.number)


class ProtocolAnswer(models.Model):
    """What a second person said to a version that was handed in. Added to, never changed."""

    class Answer(models.TextChoices):
        APPROVED = "approved", _("Approved and published")
        REFUSED = "refused", _("Not approved")

    id = KeyField()
    version = models.ForeignKey(ProtocolVersion, models.PROTECT, related_name="answers")
    revision = models.PositiveIntegerField()
    answer = models.CharField(max_length=10, choices=Answer.choices)
    words = models.CharField(max_length=400, default="", blank=True, validators=[no_control_characters])
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="approved") | ~Q(words=""), name="protocol_refusal_says_why"
            ),
        ]

    class Personal:
        fields = ()
        plain = ("answer", "words")

    def __str__(self) -> str:
        return f"Protocol answer {self.pk}"
