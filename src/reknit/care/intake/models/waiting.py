"""The wait between a referral and a first session: its place, the contacts meanwhile, offers and barriers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters

from .referrals import Referral

PERSON = settings.AUTH_USER_MODEL
LINE = 200


def line(most: int = LINE) -> "models.CharField[str, str]":
    """One bounded line, empty when nothing was said."""
    return models.CharField(max_length=most, default="", blank=True, validators=[no_control_characters])


class WaitingPlace(models.Model):
    """Why a person waits and how soon they should be seen. A person sets the priority, and says why."""

    class Priority(models.TextChoices):
        NOT_SET = "", _("Not set")
        URGENT = "urgent", _("As soon as can be")
        SOON = "soon", _("Sooner than others")
        ROUTINE = "routine", _("In turn")

    class WaitsFor(models.TextChoices):
        NOT_SAID = "", _("Not said")
        PLACE = "place", _("A free place")
        ANSWER = "answer", _("The person’s answer")
        CONSENT = "consent", _("Consent or papers")
        INTERPRETER = "interpreter", _("An interpreter")
        CLINICIAN = "clinician", _("A certain therapist")
        LATER = "later", _("The person asked for later")
        OTHER = "other", _("Something else")

    id = KeyField()
    referral = models.OneToOneField(Referral, models.PROTECT, related_name="place")
    priority = models.CharField(max_length=8, choices=Priority.choices, default="", blank=True)
    priority_reason = line()
    waits_for = models.CharField(max_length=12, choices=WaitsFor.choices, default="", blank=True)
    waits_words = line()
    revision = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(priority__in=("urgent", "soon")) | ~Q(priority_reason=""),
                name="priority_has_its_reason",
            )
        ]

    class Personal:
        fields = ("priority_reason", "waits_words")
        plain = ("priority", "waits_for")

    def __str__(self) -> str:
        return f"Waiting place {self.pk}"


class InterimContact(models.Model):
    """One try to reach a person who waits. Written once; another try is another row."""

    class How(models.TextChoices):
        CALL = "call", _("Phone call")
        TEXT = "text", _("Text message")
        EMAIL = "email", _("E-mail")
        LETTER = "letter", _("Letter")
        IN_PERSON = "in_person", _("In person")

    class Answer(models.TextChoices):
        SPOKE = "spoke", _("We spoke")
        SENT = "sent", _("Message sent or left")
        NOT_REACHED = "not_reached", _("Not reached")

    id = KeyField()
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="contacts")
    on = models.DateField()
    how = models.CharField(max_length=10, choices=How.choices)
    answer = models.CharField(max_length=12, choices=Answer.choices)
    barrier_asked = models.BooleanField(default=False)
    note = line()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["referral", "on"])]

    class Personal:
        fields = ("on", "note")
        plain = ("how", "answer")

    def __str__(self) -> str:
        return f"Interim contact {self.pk}"


class Barrier(models.Model):
    """What stands between a person and a first session, as a task that somebody has until a day."""

    class Kind(models.TextChoices):
        TRANSPORT = "transport", _("Getting here")
        CHILDCARE = "childcare", _("Care for children or others")
        PHONE = "phone", _("Phone credit or data")
        INTERPRETER = "interpreter", _("An interpreter")
        HOURS = "hours", _("The hours we are open")
        MONEY = "money", _("Money or cover")
        FEAR = "fear", _("Worry about coming")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        SOLVED = "solved", _("Solved")
        DROPPED = "dropped", _("No longer needed")

    id = KeyField()
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="barriers")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    words = line()
    owner = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    outcome = line()
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    settled_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "kind"], condition=Q(state="open"), name="barrier_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None, settled_by=None)
                | (~Q(state="open") & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="barrier_settled_pair",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"])]

    class Personal:
        fields = ("words", "outcome")
        plain = ("kind", "state")

    def __str__(self) -> str:
        return f"Barrier {self.pk}"


class Wishes(models.Model):
    """What the person asks of a therapist and of the times. Wishes rank; they shut nobody out."""

    class Gender(models.TextChoices):
        ANY = "", _("No wish")
        WOMAN = "woman", _("A woman")
        MAN = "man", _("A man")

    id = KeyField()
    referral = models.OneToOneField(Referral, models.PROTECT, related_name="wishes")
    protocol = models.CharField(max_length=40, default="", blank=True)
    gender = models.CharField(max_length=8, choices=Gender.choices, default="", blank=True)
    days = models.JSONField(default=list, blank=True)  # weekdays, Monday is 0; none: any day
    skills = models.JSONField(default=list, blank=True)  # codes of reknit.core.intake.matching
    interpreter = models.BooleanField(default=False)  # one is arranged, so the language does not decide
    revision = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Personal:
        fields = ("gender", "days", "skills")
        plain = ("protocol",)

    def __str__(self) -> str:
        return f"Wishes {self.pk}"


class OfferedSlot(models.Model):
    """A time with a therapist that was offered for a first session, and what came of it."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered")
        TAKEN = "taken", _("Taken")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = KeyField()
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="offers")
    clinician = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=50)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    reason = line()  # why it was declined or withdrawn
    offered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    answered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "clinician", "starts_at"],
                condition=Q(state="offered"),
                name="slot_offered_once",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", answered_at=None, answered_by=None)
                | (~Q(state="offered") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="offer_answered_pair",
            ),
        ]
        indexes = [models.Index(fields=["clinician", "starts_at"])]

    class Personal:
        fields = ("starts_at", "reason")
        plain = ("state",)

    def __str__(self) -> str:
        return f"Offered slot {self.pk}"
