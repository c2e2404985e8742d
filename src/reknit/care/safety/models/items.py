"""Risk items and their history."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.people.models import Client

PERSON = settings.AUTH_USER_MODEL


class RiskItem(models.Model):
    """Something that waits for a human: one open item per client and reason, refreshed, never doubled."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    class Closing(models.TextChoices):
        SPOKEN_SAFE = "spoken", _("Spoken with the client; plan agreed")
        PLAN_MADE = "plan", _("Safety plan made or revised")
        REFERRED = "referred", _("Handed to emergency or crisis care")
        ASKED = "asked", _("Asked at the next contact")
        MISTAKE = "mistake", _("Answered by mistake, as the client said")
        READ = "read", _("Read through; follow-up decided for each person")
        REVIEWED = "reviewed", _("Looked at together with a senior colleague; next step agreed")
        ARRIVED = "arrived", _("Arrived, as the place or the client said")
        NOT_ARRIVED = "not_arrived", _("Did not arrive; next step agreed with the client")
        TASKS = "tasks", _("Each task is settled")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, null=True, blank=True, related_name="risk_items")
    reason = models.CharField(max_length=40)  # a key of reknit.core.safety.triggers
    klass = models.CharField(max_length=20)  # critical, ask_next_contact, triage
    source = models.CharField(max_length=40)  # what recorded it: a label and a key, no link upwards
    source_id = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)  # item, value, counts; never free text
    owner = models.ForeignKey(PERSON, models.PROTECT, related_name="risk_items")
    # Who answered for it first, for good; and the person to whom somebody last gave it, from whom it goes on by itself.
    first_owner = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    entrusted_to = models.ForeignKey(PERSON, models.PROTECT, related_name="entrusted_items")
    due_at = models.DateTimeField()
    # How far up it went (a rung of reknit.core.safety.escalation), why and when; until when its present owner has it.
    rung = models.PositiveSmallIntegerField(default=0)
    because = models.CharField(max_length=10, default="", blank=True)
    handed_on_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField()
    # Since when nobody is left to whom it could go: its time passed with the last one.
    stuck_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    opened_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    refreshed_at = models.DateTimeField(null=True)
    seen_count = models.PositiveIntegerField(default=1)
    closed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closing = models.CharField(max_length=20, choices=Closing.choices, default="", blank=True)
    closing_note = models.TextField(
        default="", blank=True, max_length=4000, validators=[no_control_characters]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "reason"], condition=Q(status="open"), name="one_open_item_per_reason"
            ),
            models.CheckConstraint(
                condition=Q(client__isnull=False) | Q(klass="triage"), name="only_triage_without_client"
            ),
            models.CheckConstraint(
                condition=Q(status="open", closed_at=None, closed_by=None, closing="")
                | (Q(status="closed", closed_at__isnull=False, closed_by__isnull=False) & ~Q(closing="")),
                name="risk_closed_with_reason",
            ),
            models.CheckConstraint(condition=Q(rung__lte=3), name="risk_rung_exists"),
            models.CheckConstraint(
                condition=Q(because="", handed_on_at=None) | (~Q(because="") & Q(handed_on_at__isnull=False)),
                name="risk_handed_on_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_at"], name="risk_open_by_owner", condition=Q(status="open")),
            models.Index(fields=["due_at"], name="risk_open_by_due", condition=Q(status="open")),
            models.Index(
                fields=["entrusted_to", "due_at"], name="risk_open_entrusted", condition=Q(status="open")
            ),
        ]

    class Personal:
        fields = ("facts", "closing_note")
        plain = ("reason", "klass", "source", "status", "closing", "because")

    def __str__(self) -> str:
        return f"Risk item {self.pk}"


class RiskEntry(models.Model):
    """One line of an item's history: opened, refreshed, handed over, closed."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        REFRESHED = "refreshed", _("Answered again")
        HANDED_OVER = "handed_over", _("Handed over")
        HANDED_ON = "handed_on", _("Handed on")
        NOBODY_LEFT = "nobody_left", _("Nobody is left to hand it on to")
        HANDED_BACK = "handed_back", _("Handed back")
        CLOSED = "closed", _("Closed")

    id = KeyField()
    item = models.ForeignKey(RiskItem, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["item", "at"])]

    class Personal:
        fields = ("facts",)
        plain = ("kind",)

    def __str__(self) -> str:
        return f"Risk entry {self.pk}"
