"""Audits of one chart, with their reason; and fair reviews of events, which look for what to learn and for nobody's fault."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode

from .common import PERSON, line, words


class ChartAudit(models.Model):
    """One look through one chart, with why. The page is opened under this row and under no other."""

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    why = line(blank=False)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Personal:
        fields = ("why",)
        plain = ()

    def __str__(self) -> str:
        return f"Chart audit {self.pk}"


class EventReview(models.Model):
    """A serious event looked at together. It has no field for a fault."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    class What(models.TextChoices):
        DEATH = "death", _("A death")
        OVERDOSE = "overdose", _("An overdose")
        SUICIDE_ATTEMPT = "suicide_attempt", _("A suicide attempt or serious self-harm")
        VIOLENCE = "violence", _("Violence against a person")
        CONTACT_LOST = "contact_lost", _("Contact was lost while a risk was open")
        PRIVACY = "privacy", _("Something private was disclosed")
        OTHER = "other", _("Something else")

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="+")
    what = models.CharField(max_length=16, choices=What.choices)
    on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    revision = models.PositiveIntegerField(default=0)
    went_well = words()
    made_hard = words()  # conditions, tools, rules, workload: what made the right thing hard to do
    learned = words()
    protocol_change = words()  # what the protocol's writers are asked to change
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | Q(state="closed", closed_at__isnull=False),
                name="review_closed_pair",
            )
        ]

    class Personal:
        fields = ("went_well", "made_hard", "learned", "protocol_change")
        plain = ("what", "state")

    def __str__(self) -> str:
        return f"Event review {self.pk}"


class ReviewAction(models.Model):
    """What the clinic does differently from now on: who, by when."""

    id = KeyField()
    review = models.ForeignKey(EventReview, models.PROTECT, related_name="actions")
    words = line(blank=False)
    owner = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    due_on = models.DateField()
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Personal:
        fields = ("words",)
        plain = ()

    def __str__(self) -> str:
        return f"Review action {self.pk}"
