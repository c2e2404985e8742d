"""Letters and closing records: live while a draft, frozen once issued or given. Follow-up, and what a course came to."""

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


class ClosingRecord(models.Model):
    """One version of one closing record. Written with the client, then given: from then on it never changes.

    A change makes a new version; the latest given and not taken back stands. `people` holds keys and aliases of
    relationships, as they were when the record was given.
    """

    class Kind(models.TextChoices):
        ENDING_TALK = "ending_talk", _("Talk about the ending")
        GAINS = "gains", _("Review of gains")
        SIGNS = "signs", _("Warning signs")
        STAYING_WELL = "staying_well", _("Staying-well plan")
        CONTINGENCY = "contingency", _("Plan for hard times")
        DISPOSITION = "disposition", _("What comes next")
        NON_RESPONSE = "non_response", _("When it did not help enough")
        EARLY_ENDING = "early_ending", _("Early ending")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        GIVEN = "given", _("Given")

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="closing_records")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    words = models.JSONField(default=dict)  # part key -> words, a choice, or a list of choices
    people = models.JSONField(default=list)  # [{"id": relationship, "alias": as given}]
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, default="", blank=True)
    taken_back_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_reason = models.CharField(
        max_length=200, default="", blank=True, validators=[no_control_characters]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "kind"], condition=Q(state="draft"), name="one_draft_record_of_a_kind"
            ),
            models.UniqueConstraint(
                fields=["episode", "kind", "version"], name="closing_record_version_counted_once"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", given_at=None, given_by=None, digest="")
                | (Q(state="given", given_at__isnull=False, given_by__isnull=False) & ~Q(digest="")),
                name="closing_record_given_pair",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None, taken_back_reason="")
                | (
                    Q(state="given", taken_back_at__isnull=False, taken_back_by__isnull=False)
                    & ~Q(taken_back_reason="")
                ),
                name="closing_record_taken_back_pair",
            ),
        ]

    class Personal:
        fields = ("words", "people", "taken_back_reason")
        plain = ("kind", "state", "digest")

    def __str__(self) -> str:
        return f"Closing record {self.pk}"


class FollowUp(models.Model):
    """One follow-up after a course, some months from its end."""

    class State(models.TextChoices):
        DUE = "due", _("To do")
        DONE = "done", _("Done")
        MISSED = "missed", _("Not reached")
        CALLED_OFF = "called_off", _("Called off")

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="follow_ups")
    months = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    words = models.CharField(max_length=400, default="", blank=True, validators=[no_control_characters])
    booked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    booked_at = models.DateTimeField()
    settled_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "months"], name="one_follow_up_of_a_month"),
            models.CheckConstraint(condition=Q(months__gte=1), name="follow_up_after_the_end"),
            models.CheckConstraint(
                condition=Q(state="due", settled_at=None, settled_by=None)
                | (~Q(state="due") & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="follow_up_settled_pair",
            ),
            models.CheckConstraint(condition=~Q(state="missed", words=""), name="missed_follow_up_says_why"),
        ]
        indexes = [models.Index(fields=["state", "due_on"])]

    class Personal:
        fields = ("words",)
        plain = ("state",)

    def __str__(self) -> str:
        return f"Follow-up {self.pk}"


class CourseEnding(models.Model):
    """What a course came to when it was closed: one of four words, with the counts it was decided from."""

    class Word(models.TextChoices):
        COMPLETED = "completed", _("Completed")
        PARTIAL_DOSE = "partial_dose", _("Partial dose")
        ENDED_EARLY = "ended_early", _("Ended early")
        DID_NOT_ENGAGE = "did_not_engage", _("Did not engage")

    id = KeyField()
    episode = models.OneToOneField(Episode, models.PROTECT, related_name="ending")
    word = models.CharField(max_length=16, choices=Word.choices)
    basis = models.JSONField(default=dict)  # counts, and what "completed" lacked
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Personal:
        fields = ("basis",)
        plain = ("word",)

    def __str__(self) -> str:
        return f"Course ending {self.pk}"


class Wording(models.Model):
    """One version of a clinic's wording of one document: text with fields, and no code. Versions are never changed."""

    id = KeyField()
    kind = models.CharField(max_length=16)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=80, validators=[no_control_characters])
    body = models.TextField(max_length=6000, validators=[no_control_characters])
    with_notice = models.BooleanField(default=False)  # of 42 CFR Part 2, under the document
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="wording_version_counted_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="wording_ships_as_version_zero"),
        ]

    class Personal:
        fields = ()
        plain = ("kind", "title", "body")

    def __str__(self) -> str:
        return f"Wording {self.kind} {self.version}"


class Printed(models.Model):
    """A document that was made of a course: what it says, and the version of the wording it was made from. Never changed."""

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="printed")
    kind = models.CharField(max_length=16)
    wording_version = models.PositiveIntegerField()
    title = models.CharField(max_length=80)
    content = models.JSONField(default=dict)  # the blocks, the head and the foot as made
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["episode", "kind", "made_at"])]

    class Personal:
        fields = ("content",)
        plain = ("kind", "title", "digest")

    def __str__(self) -> str:
        return f"Printed document {self.pk}"
