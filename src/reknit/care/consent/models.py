"""Consents as they were given: never edited, only revoked."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.people.models import Client

PERSON = settings.AUTH_USER_MODEL


class Consent(models.Model):
    """One agreement of one client, with how it was given."""

    class Kind(models.TextChoices):
        CARE = "care", _("Care and treatment here")
        SHARE = "share", _("Sharing with somebody named")
        RECORDING = "recording", _("Recording sessions")
        PORTAL = "portal", _("Pages of their own, with a sign-in")
        RESEARCH = "research", _("Research with their data")

    class Cover(models.TextChoices):
        ATTENDANCE = "attendance", _("Whether the client comes, and when the course ends")
        MEDICATION = "medication", _("Medication and how it is taken")
        MOOD = "mood", _("Mood scores and the condition")
        USE = "use", _("Substance use and test results")
        SAFETY = "safety", _("The safety plan and what to do in an emergency")
        LETTERS = "letters", _("The closing letter")

    class How(models.TextChoices):
        PAPER = "paper", _("Signed on paper")
        SCREEN = "screen", _("Signed on screen")
        SPOKEN = "spoken", _("Spoken, with a witness")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.CARE)
    how = models.CharField(max_length=20, choices=How.choices)
    # Of a consent to share alone: with whom, what it covers, what for; the key of that person where a room keeps them.
    recipient = models.CharField(max_length=160, default="", blank=True, validators=[no_control_characters])
    recipient_key = models.UUIDField(null=True, blank=True)
    covers = models.JSONField(default=list, blank=True)
    purpose = models.CharField(max_length=200, default="", blank=True, validators=[no_control_characters])
    witness = models.CharField(max_length=120, default="", blank=True, validators=[no_control_characters])
    given_at = models.DateTimeField()
    expires_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="consent_revoked_pair",
            ),
            models.CheckConstraint(
                condition=(Q(kind="share") & ~Q(recipient="") & ~Q(purpose=""))
                | (~Q(kind="share") & Q(recipient="")),
                name="share_names_recipient_and_purpose",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("given_at")), name="consent_times_in_order"
            ),
        ]
        indexes = [models.Index(fields=["client", "kind"])]

    class Personal:
        fields = ("witness", "recipient", "purpose")
        plain = ("kind", "how", "covers")

    def __str__(self) -> str:
        return f"Consent {self.pk}"

    def stands(self, *, on: dt.date) -> bool:
        """Whether it counts on a day: not taken back, and its end is not over."""
        return self.revoked_at is None and (self.expires_on is None or self.expires_on >= on)


class NotesConsent(models.Model):
    """A client's written agreement that one person's notes kept apart, of one kind, may be given to somebody named.

    A table of its own: 42 CFR 2.31(b) for counselling notes, and 45 CFR 164.508(b)(3)(ii) for psychotherapy notes, let
    such a consent be joined with no other sort, and neither lets care depend on it. So nothing else is asked with it,
    and no list of other consents shows it.
    """

    class About(models.TextChoices):
        RELATIONSHIP = "relationship", _("Process notes about the therapeutic relationship")
        COUNSELLING = "counselling", _("Counselling notes about substance use")

    class How(models.TextChoices):
        PAPER = "paper", _("Signed on paper")
        SCREEN = "screen", _("Signed on screen")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    about = models.CharField(max_length=20, choices=About.choices)
    author = models.ForeignKey(PERSON, models.PROTECT, related_name="+")  # whose notes, and who may give them
    recipient = models.CharField(max_length=160, validators=[no_control_characters])
    purpose = models.CharField(max_length=200, validators=[no_control_characters])
    how = models.CharField(max_length=20, choices=How.choices)
    signed_on = models.DateField()
    expires_on = models.DateField()
    recorded_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="notes_consent_revoked_pair",
            ),
            models.CheckConstraint(
                condition=~Q(recipient="") & ~Q(purpose=""), name="notes_consent_says_to_whom_and_why"
            ),
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("signed_on")), name="notes_consent_days_in_order"
            ),
        ]
        indexes = [models.Index(fields=["client", "author"])]

    class Personal:
        fields = ("recipient", "purpose")
        plain = ("about", "how")

    def __str__(self) -> str:
        return f"Notes consent {self.pk}"
