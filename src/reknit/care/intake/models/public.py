"""What the public form sent. Nothing here is a client until somebody at intake takes it over."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.contact.models import SafeContact

from .referrals import Referral
from .waiting import line

PERSON = settings.AUTH_USER_MODEL


class PublicReferral(models.Model):
    """Somebody without a sign-in asked for care, for themself or for another. No word about health is asked."""

    class Who(models.TextChoices):
        SELF = "self", _("It is for me")
        OTHER = "other", _("It is for someone else")

    class Tie(models.TextChoices):
        NOT_SAID = "", _("Not said")
        FAMILY = "family", _("Family or friend")
        HEALTH = "health", _("Doctor or nurse")
        ADDICTION = "addiction", _("Drug or drink service")
        SOCIAL = "social", _("Help with home or money")
        COURT = "court", _("Court or probation")
        EMPLOYER = "employer", _("Work or school")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        TAKEN_OVER = "taken_over", _("Taken over")
        SET_ASIDE = "set_aside", _("Set aside")

    class Aside(models.TextChoices):
        NONE = "", "—"
        TWICE = "twice", _("Sent twice")
        NOT_A_REQUEST = "no_request", _("No request for care")
        WITHDRAWN = "withdrawn", _("They asked us to")
        OTHER_SERVICE = "elsewhere", _("Meant for another service")

    id = KeyField()
    who = models.CharField(max_length=8, choices=Who.choices)
    given_name = line(80)
    family_name = models.CharField(max_length=80, validators=[no_control_characters])
    language = models.CharField(max_length=12, default="en")
    channel = models.CharField(max_length=10, choices=SafeContact.Channel.choices)
    value = models.CharField(max_length=254, validators=[no_control_characters])
    may_leave_message = models.BooleanField(default=False)
    safe_times = line(160)
    tie = models.CharField(max_length=12, choices=Tie.choices, default="", blank=True)
    referrer_name = line(120)
    referrer_phone = line(40)
    knows = models.BooleanField(default=False)  # for someone else: that person knows of it
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    aside = models.CharField(max_length=12, choices=Aside.choices, default="", blank=True)
    referral = models.OneToOneField(
        Referral, models.PROTECT, null=True, blank=True, related_name="public_form"
    )
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None, decided_by=None)
                | (~Q(state="waiting") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="public_referral_decided_pair",
            ),
            models.CheckConstraint(
                condition=Q(state="taken_over", referral__isnull=False)
                | (~Q(state="taken_over") & Q(referral=None)),
                name="public_referral_taken_over_pair",
            ),
            models.CheckConstraint(
                condition=~Q(state="set_aside") | ~Q(aside=""), name="public_referral_aside_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["state", "received_at"])]

    class Personal:
        fields = (
            "given_name",
            "family_name",
            "language",
            "value",
            "safe_times",
            "referrer_name",
            "referrer_phone",
        )
        plain = ("who", "channel", "tie", "state", "aside")

    def __str__(self) -> str:
        return f"Public referral {self.pk}"

    @property
    def name(self) -> str:
        """The name that was written."""
        return f"{self.given_name} {self.family_name}".strip()
