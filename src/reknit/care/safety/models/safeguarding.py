"""Safeguarding, kept from everybody who need not know: one record, what was written and decided, who was let in.

What a clinic has to do, whom it calls and how soon, differs by country and is the clinic's own text, never a constant.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.people.models import Client

PERSON = settings.AUTH_USER_MODEL


class Concern(models.TextChoices):
    """What it is about."""

    CHILD = "child", _("A child at risk")
    ADULT = "adult", _("An adult at risk")
    PARTNER = "partner", _("Violence by a partner")
    TRAFFICKING = "trafficking", _("Trafficking or exploitation")
    THREAT = "threat", _("A threat to somebody else")


class DutyRule(models.Model):
    """What the clinic does about one kind of concern, as it wrote it down. A change is a new version; the latest stands."""

    id = KeyField()
    concern = models.CharField(max_length=12, choices=Concern.choices)
    version = models.PositiveIntegerField()
    duty = models.TextField(max_length=4000, validators=[no_control_characters])
    contacts = models.TextField(default="", blank=True, max_length=2000, validators=[no_control_characters])
    hours = models.PositiveSmallIntegerField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["concern", "version"], name="one_duty_rule_per_version"),
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=720), name="duty_rule_has_a_clock"),
        ]

    class Personal:
        fields = ()
        plain = ("concern", "duty", "contacts")

    def __str__(self) -> str:
        return f"Duty rule {self.pk}"


class SafeguardingRecord(models.Model):
    """One concern about one client, with an owner and a time until it is decided."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="safeguarding_records")
    concern = models.CharField(max_length=12, choices=Concern.choices)
    owner = models.ForeignKey(PERSON, models.PROTECT, related_name="safeguarding_records")
    due_at = models.DateTimeField()
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.OPEN)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["client", "at"]),
            models.Index(fields=["owner", "due_at"], name="safeguarding_open", condition=Q(status="open")),
        ]

    class Personal:
        fields = ("concern",)
        plain = ("status",)

    def __str__(self) -> str:
        return f"Safeguarding record {self.pk}"


class SafeguardingEntry(models.Model):
    """One line of a record: what was written, or what was decided and why. Never changed."""

    class Kind(models.TextChoices):
        NOTED = "noted", _("Written down")
        REPORTED = "reported", _("Decided: reported to the authority")
        NOT_REPORTED = "not_reported", _("Decided: not reported")
        CONSULTED = "consulted", _("Advice was asked")
        HANDED_OVER = "handed_over", _("Handed over")
        LET_IN = "let_in", _("Somebody was let in")
        CLOSED = "closed", _("Closed")

    id = KeyField()
    record = models.ForeignKey(SafeguardingRecord, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    words = models.TextField(max_length=8000, validators=[no_control_characters])
    person = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="safeguarding_entry_has_words")]
        indexes = [models.Index(fields=["record", "at"])]

    class Personal:
        fields = ("words",)
        plain = ("kind",)

    def __str__(self) -> str:
        return f"Safeguarding entry {self.pk}"


class SafeguardingReader(models.Model):
    """Somebody who was let in by name, beside the owner, their supervisors and whoever is on duty."""

    id = KeyField()
    record = models.ForeignKey(SafeguardingRecord, models.PROTECT, related_name="readers")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "person"], name="let_in_once")]

    class Personal:
        fields = ()
        plain = ()

    def __str__(self) -> str:
        return f"Safeguarding reader {self.pk}"
