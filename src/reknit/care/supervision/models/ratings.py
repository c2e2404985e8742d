"""Sessions drawn to be rated, and ratings. The recording itself is kept elsewhere; here stands only where."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField
from reknit.care.encounters.models import Encounter

from .common import PERSON, line, words


class SampleDraw(models.Model):
    """One draw of one therapist's sessions: the seed and the pool, so that anybody can draw it again. Never changed."""

    id = KeyField()
    supervisee = models.ForeignKey(PERSON, models.PROTECT, related_name="sample_draws")
    seed = models.PositiveBigIntegerField()
    pool = models.JSONField()  # [key of a session, stage], of every session that could be drawn
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Personal:
        fields = ()
        plain = ("pool",)

    def __str__(self) -> str:
        return f"Sample draw {self.pk}"


class SampledSession(models.Model):
    """One session to rate. When it cannot be, another takes its place, and the reason stays."""

    class Stage(models.TextChoices):
        INITIAL = "initial", _("Initial phase")
        MIDDLE = "middle", _("Middle phase")
        CLOSING = "closing", _("Closing phase")

    class Why(models.TextChoices):
        NOT_RECORDED = "not_recorded", _("It was not recorded")
        NO_CONSENT = "no_consent", _("The client does not agree to the recording being heard")
        CANNOT_BE_HEARD = "cannot_be_heard", _("The recording cannot be heard")
        TOO_SHORT = "too_short", _("The session was too short to rate")

    id = KeyField()
    draw = models.ForeignKey(SampleDraw, models.PROTECT, related_name="sessions")
    encounter = models.OneToOneField(Encounter, models.PROTECT, related_name="+")
    therapist = models.ForeignKey(PERSON, models.PROTECT, related_name="sampled_sessions")
    stage = models.CharField(max_length=8, choices=Stage.choices)
    rated_twice = models.BooleanField(default=False)
    second_rater = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    kept_where = line(200)
    drawn_at = models.DateTimeField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    left_out = models.CharField(max_length=16, choices=Why.choices, default="", blank=True)
    left_out_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    left_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(left_out="", left_out_at=None, left_out_by=None)
                | ~Q(left_out="") & Q(left_out_at__isnull=False, left_out_by__isnull=False),
                name="sampled_left_out_pair",
            ),
            models.CheckConstraint(
                condition=Q(rated_twice=True) | Q(second_rater=None), name="second_rater_only_of_some"
            ),
        ]
        indexes = [models.Index(fields=["therapist", "drawn_at"])]

    class Personal:
        fields = ("kept_where",)
        plain = ("stage", "left_out")

    def __str__(self) -> str:
        return f"Sampled session {self.pk}"


class Rating(models.Model):
    """One person's rating of one session. Seen by nobody else until every rating that is asked for is in."""

    class Part(models.TextChoices):
        SELF = "self", _("Therapist")
        FIRST = "first", _("Supervisor")
        SECOND = "second", _("Second rater")

    id = KeyField()
    sampled = models.ForeignKey(SampledSession, models.PROTECT, related_name="ratings")
    part = models.CharField(max_length=8, choices=Part.choices)
    rater = models.ForeignKey(PERSON, models.PROTECT, related_name="ratings_given")
    form_version = models.CharField(max_length=12)
    scores = models.JSONField(default=dict)  # key of an item -> 1 to 5; an item that was not rated is absent
    comments = models.JSONField(default=list)  # [seconds into the recording, words]
    words = words()
    revision = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True, blank=True)
    n = models.PositiveSmallIntegerField(null=True, blank=True)  # items rated, counted when it was handed in
    mean = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sampled", "part"], name="rated_once_a_part"),
            models.CheckConstraint(
                condition=Q(handed_in_at=None, n=None, mean=None)
                | Q(handed_in_at__isnull=False, n__isnull=False, mean__isnull=False),
                name="rating_handed_in_pair",
            ),
        ]
        indexes = [models.Index(fields=["rater", "begun_at"])]

    class Personal:
        fields = ("scores", "comments", "words")
        plain = ("part", "form_version")

    def __str__(self) -> str:
        return f"Rating {self.pk}"
