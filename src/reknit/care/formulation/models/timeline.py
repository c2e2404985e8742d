"""Events of a client's life on one line, and the versions of the line that were signed off."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.network.models import Relationship
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode

PERSON = settings.AUTH_USER_MODEL


class TimelineEvent(models.Model):
    """Something that happened. "Something hard happened" is a good title: no detail is needed."""

    class Lane(models.TextChoices):
        LIFE = "life", _("Life")
        RELATIONSHIP = "relationship", _("People")
        TREATMENT = "treatment", _("Treatment")
        HEALTH = "health", _("Health")
        LEGAL = "legal", _("Law")
        MOOD = "mood", _("Mood")
        USE = "use", _("Use")

    class Kind(models.TextChoices):
        """What the author says it was, for the hint. Nothing is read out of a title."""

        OTHER = "", _("Something else")
        DEATH = "death", _("A death")
        ARGUMENT = "argument", _("An argument or a break")
        CHANGE = "change", _("A change of role")

    class Precision(models.TextChoices):
        DAY = "day", _("That day")
        MONTH = "month", _("That month")
        SEASON = "season", _("That season")
        YEAR = "year", _("That year")

    class UseChange(models.TextChoices):
        NONE = "", _("No change told")
        STARTED = "started", _("Use started")
        INCREASED = "increased", _("Use went up")
        DECREASED = "decreased", _("Use went down")
        STOPPED = "stopped", _("Use stopped")
        RETURNED = "returned", _("Use came back")

    class Source(models.TextChoices):
        CLIENT = "client", _("The client")
        THERAPIST = "therapist", _("The therapist")
        MEASURE = "measure", _("A questionnaire")
        RECORD = "record", _("A record")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="timeline_events")
    lane = models.CharField(max_length=12, choices=Lane.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices, default="", blank=True)
    title = models.CharField(max_length=120, validators=[no_control_characters])
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=6, choices=Precision.choices, default=Precision.DAY)
    relationships = models.ManyToManyField(Relationship, blank=True, related_name="+")
    linked = models.ManyToManyField("self", blank=True, symmetrical=True)
    impact = models.SmallIntegerField(null=True, blank=True)  # -5 hardest .. +5 best; None was not asked
    mood_then = models.PositiveSmallIntegerField(null=True, blank=True)  # 0-10 as remembered; None not asked
    use_change = models.CharField(max_length=10, choices=UseChange.choices, default="", blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.CLIENT)
    is_restricted = models.BooleanField(default=False)  # on no print and on no page of the client
    is_onset = models.BooleanField(default=False)
    is_closest_change = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    changed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)
    set_aside_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    set_aside_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["client", "starts_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="event_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(impact=None) | Q(impact__gte=-5, impact__lte=5), name="event_impact_on_scale"
            ),
            models.CheckConstraint(
                condition=Q(mood_then=None) | Q(mood_then__lte=10), name="event_mood_on_scale"
            ),
            models.CheckConstraint(
                condition=Q(set_aside_at=None, set_aside_by=None)
                | Q(
                    set_aside_at__isnull=False,
                    set_aside_by__isnull=False,
                    is_onset=False,
                    is_closest_change=False,
                ),
                name="event_set_aside_pair",
            ),
            models.UniqueConstraint(fields=["client"], condition=Q(is_onset=True), name="one_onset"),
            models.UniqueConstraint(
                fields=["client"], condition=Q(is_closest_change=True), name="one_closest_change"
            ),
        ]

    class Personal:
        fields = ("title", "starts_on", "ends_on", "impact", "mood_then")
        plain = ("lane", "kind", "precision", "use_change", "source")

    def __str__(self) -> str:
        return f"Timeline event {self.pk}"


class TimelineVersion(models.Model):
    """The timeline as it stood when clinician and client had gone through it together. Never changed."""

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="timeline_versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField(default=list)  # each event as plain values
    signed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "number"], name="timeline_version_numbered_once")
        ]

    class Personal:
        fields = ("content",)
        plain = ()

    def __str__(self) -> str:
        return f"Timeline version {self.pk}"


class LeftQuestion(models.Model):
    """A question of the line that somebody left alone: this event before that day. It is not asked again."""

    id = KeyField()
    event = models.ForeignKey(TimelineEvent, models.PROTECT, related_name="left_questions")
    on = models.DateField()
    left_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    left_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "on"], name="question_left_once")]

    class Personal:
        fields = ()
        plain = ("on",)

    def __str__(self) -> str:
        return f"Left question {self.pk}"
