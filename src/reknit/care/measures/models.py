"""Administrations with their scores, and the links by which a client answers on a phone."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode

PERSON = settings.AUTH_USER_MODEL


class Administration(models.Model):
    """One sheet, answered once. Answers are one JSON row; the score carries the version of its definition."""

    class Mode(models.TextChoices):
        SESSION = "session", _("In the session")
        LINK = "link", _("On the client's phone")
        DEVICE = "device", _("On the clinic's device")
        PAPER = "paper", _("From paper")
        IMPORT = "import", _("Imported")

    id = KeyField()
    # Each index costs a sheet a page to write: none where a longer one begins the same, and no entry for a blank.
    client = models.ForeignKey(Client, models.PROTECT, related_name="administrations", db_index=False)
    episode = models.ForeignKey(
        Episode, models.PROTECT, null=True, blank=True, related_name="administrations"
    )
    measure = models.CharField(max_length=40)  # an id of reknit.core.measures.catalogue
    definition_version = models.CharField(max_length=20)
    mode = models.CharField(max_length=10, choices=Mode.choices)
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    encounter_id = models.UUIDField(null=True, blank=True)
    answers = models.JSONField()
    state = models.CharField(max_length=12)  # complete, prorated, incomplete, invalid
    total = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    band = models.CharField(max_length=40, default="", blank=True)
    answered_at = models.DateTimeField()
    recorded_by = models.ForeignKey(  # null: by link
        PERSON, models.PROTECT, null=True, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)  # a correction stands in its place
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(total=None) | Q(state__in=["complete", "prorated"]), name="no_total_unless_scored"
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__gte=F("answered_at")), name="administration_times_in_order"
            ),
        ]
        indexes = [
            # With the score, so that the latest of everybody is read from here and no answers are fetched for it.
            models.Index(fields=["client", "measure", "answered_at", "superseded_at", "total"]),
            # Worded as "is not null": in this form alone SQLite finds these by a key, as its own checks of keys must.
            models.Index(
                fields=["recorded_by"],
                name="administration_recorded_by",
                condition=Q(recorded_by__isnull=False),
            ),
            models.Index(
                fields=["corrects"], name="administration_corrects", condition=Q(corrects__isnull=False)
            ),
        ]

    class Personal:
        fields = ("answers",)
        plain = ("measure", "definition_version", "mode", "state", "band")

    def __str__(self) -> str:
        return f"Administration {self.pk}"


class FormLink(models.Model):
    """A link that opens exactly one form for one client. Only a fingerprint of its secret is kept."""

    id = KeyField()
    fingerprint = models.CharField(max_length=64, unique=True)  # SHA-256 of the secret in the address
    client = models.ForeignKey(Client, models.PROTECT, related_name="form_links")
    episode = models.ForeignKey(Episode, models.PROTECT, null=True, blank=True, related_name="+")
    measure = models.CharField(max_length=40)
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    at_clinic = models.BooleanField(default=False)  # filled in on the clinic's device, in a sitting
    # Answers so far, shown only on the device that began: its own secret is kept as a fingerprint too.
    device = models.CharField(max_length=64, default="", blank=True)
    draft = models.JSONField(default=dict, blank=True)
    draft_saved_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    # One sheet from one link, held by a constraint that leaves out the blanks: each sending writes one page less.
    administration = models.ForeignKey(
        Administration, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "measure"],
                condition=Q(superseded_at=None, submitted_at=None),
                name="one_live_link_per_form",
            ),
            models.UniqueConstraint(
                fields=["administration"],
                condition=Q(administration__isnull=False),
                name="one_link_per_sheet",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, administration=None)
                | Q(submitted_at__isnull=False, administration__isnull=False),
                name="link_submitted_pair",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="link_times_in_order"),
        ]

    class Personal:
        fields = ("draft",)
        plain = ("measure", "fingerprint", "device")

    def __str__(self) -> str:
        return f"Form link {self.pk}"
