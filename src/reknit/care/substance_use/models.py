"""Days, returns to use, tests and cravings, as they were told. A correction keeps what stood before."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.network.models import Relationship
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode

PERSON = settings.AUTH_USER_MODEL


class MonitoredSubstance(models.Model):
    """A substance that is asked about for this client, from a date."""

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="monitored_substances")
    substance = models.CharField(max_length=30)  # a code of reknit.core.substance_use
    is_primary = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "substance"], name="substance_monitored_once"),
            models.UniqueConstraint(
                fields=["client"], condition=Q(is_primary=True), name="one_primary_substance"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="monitored_dates_in_order"
            ),
        ]

    class Personal:
        fields = ("substance",)
        plain = ()

    def __str__(self) -> str:
        return f"Monitored substance {self.pk}"


class UseDay(models.Model):
    """What was told about one substance on one day. No row means unknown."""

    class Source(models.TextChoices):
        INTERVIEW = "interview", _("Told in the session")
        CLIENT = "client", _("Entered by the client")
        OTHER = "other", _("Told by somebody else")
        IMPORT = "import", _("Imported")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="use_days")
    substance = models.CharField(max_length=30)
    on = models.DateField()
    used = models.BooleanField()
    amount = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=20, default="", blank=True)
    source = models.CharField(max_length=12, choices=Source.choices)
    entered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(superseded_by=None) | Q(superseded_at__isnull=False),
                name="use_day_superseded_pair",
            ),
            models.UniqueConstraint(
                fields=["client", "substance", "on"],
                condition=Q(superseded_at=None),
                name="one_current_use_day",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(used=True, amount__gt=0) | Q(used=False, amount=0),
                name="amount_agrees_with_used",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "on"], name="use_day_current", condition=Q(superseded_at=None))
        ]

    class Personal:
        fields = ("substance", "on", "used", "amount", "unit")
        plain = ("source",)

    def __str__(self) -> str:
        return f"Use day {self.pk}"


class Company(models.TextChoices):
    """Whether somebody was there."""

    NOT_TOLD = "", _("Not told")
    ALONE = "alone", _("Alone")
    WITH = "with", _("With someone")


class UseEpisode(models.Model):
    """A return to use, from a day to a day, as it was told. Only the first day is asked for; all else may stay open.

    What stood before a change is kept in `UseEpisodeVersion`.
    """

    class ReportedBy(models.TextChoices):
        CLIENT = "client", _("The client, on their own page")
        THERAPIST = "therapist", _("The client, in the session")
        TEST = "test", _("A test")
        OTHER = "other", _("Somebody else")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="use_episodes")
    episode = models.ForeignKey(Episode, models.PROTECT, null=True, blank=True, related_name="use_episodes")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    substances = models.JSONField(default=list)  # codes of reknit.core.substance_use; empty: not told
    company = models.CharField(max_length=5, choices=Company.choices, default="", blank=True)
    with_people = models.ManyToManyField(Relationship, blank=True, related_name="+")
    intended = models.BooleanField(null=True, blank=True)
    overdose_signs = models.BooleanField(null=True, blank=True)
    place = models.CharField(max_length=200, default="", blank=True, validators=[no_control_characters])
    trigger = models.TextField(default="", blank=True, max_length=2000, validators=[no_control_characters])
    stopped_by = models.TextField(default="", blank=True, max_length=2000, validators=[no_control_characters])
    told_whom = models.TextField(default="", blank=True, max_length=2000, validators=[no_control_characters])
    after_effects = models.TextField(
        default="", blank=True, max_length=2000, validators=[no_control_characters]
    )
    learned = models.TextField(default="", blank=True, max_length=2000, validators=[no_control_characters])
    reported_by = models.CharField(max_length=10, choices=ReportedBy.choices)
    revision = models.PositiveIntegerField(default=0)
    entered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    taken_back_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="use_episode_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_by=None) | Q(taken_back_at__isnull=False),
                name="use_episode_taken_back_pair",
            ),
        ]
        indexes = [models.Index(fields=["client", "starts_on"]), models.Index(fields=["episode"])]

    class Personal:
        fields = (
            "substances",
            "company",
            "place",
            "trigger",
            "stopped_by",
            "told_whom",
            "after_effects",
            "learned",
        )
        plain = ("reported_by",)

    def __str__(self) -> str:
        return f"Use episode {self.pk}"


class UseEpisodeVersion(models.Model):
    """What a use episode said before it was changed."""

    id = KeyField()
    use_episode = models.ForeignKey(UseEpisode, models.PROTECT, related_name="versions")
    revision = models.PositiveIntegerField()
    said = models.JSONField()
    replaced_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    replaced_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["use_episode", "revision"], name="one_version_per_revision")
        ]

    class Personal:
        fields = ("said",)
        plain = ()

    def __str__(self) -> str:
        return f"Use episode version {self.pk}"


class TestResult(models.Model):
    """What a test said about one substance. It never writes or changes a day."""

    __test__ = False  # its name looks like a test's, and it is none

    class Matrix(models.TextChoices):
        BREATH = "breath", _("Breath")
        URINE = "urine", _("Urine")
        SALIVA = "saliva", _("Saliva")
        BLOOD = "blood", _("Blood")

    class Result(models.TextChoices):
        NEGATIVE = "negative", _("Negative")
        POSITIVE = "positive", _("Positive")
        INCONCLUSIVE = "inconclusive", _("Inconclusive")
        NOT_GIVEN = "not_given", _("No sample given")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="test_results")
    episode = models.ForeignKey(Episode, models.PROTECT, null=True, blank=True, related_name="+")
    matrix = models.CharField(max_length=8, choices=Matrix.choices)
    substance = models.CharField(max_length=30)
    result = models.CharField(max_length=12, choices=Result.choices)
    value = models.DecimalField(max_digits=10, decimal_places=3, null=True, blank=True)
    unit = models.CharField(max_length=20, default="", blank=True, validators=[no_control_characters])
    taken_at = models.DateTimeField()
    window_days = models.PositiveSmallIntegerField(null=True, blank=True)  # as known when it was recorded
    entered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    taken_back_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_back_by=None) | Q(taken_back_at__isnull=False),
                name="test_result_taken_back_pair",
            ),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=0), name="test_value_not_below_0"),
        ]
        indexes = [models.Index(fields=["client", "taken_at"])]

    class Personal:
        fields = ("matrix", "substance", "result", "value", "unit")
        plain = ()

    def __str__(self) -> str:
        return f"Test result {self.pk}"


class Craving(models.Model):
    """How strong an urge was, 0 to 10: now, and at its peak since the last time. A number not given is not known."""

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="cravings")
    episode = models.ForeignKey(Episode, models.PROTECT, null=True, blank=True, related_name="+")
    now = models.PositiveSmallIntegerField(null=True, blank=True)
    peak = models.PositiveSmallIntegerField(null=True, blank=True)
    company = models.CharField(max_length=5, choices=Company.choices, default="", blank=True)
    with_people = models.ManyToManyField(Relationship, blank=True, related_name="+")
    feeling = models.CharField(max_length=200, default="", blank=True, validators=[no_control_characters])
    told_at = models.DateTimeField()
    entered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(now=None) | Q(now__lte=10), name="craving_now_to_10"),
            models.CheckConstraint(condition=Q(peak=None) | Q(peak__lte=10), name="craving_peak_to_10"),
            models.CheckConstraint(
                condition=Q(now__isnull=False) | Q(peak__isnull=False), name="craving_has_a_number"
            ),
        ]
        indexes = [models.Index(fields=["client", "told_at"])]

    class Personal:
        fields = ("now", "peak", "company", "feeling")
        plain = ()

    def __str__(self) -> str:
        return f"Craving {self.pk}"


class ClientLapseRule(models.Model):
    """Where regular use begins for one client, when it is not the project's setting."""

    id = KeyField()
    client = models.OneToOneField(Client, models.PROTECT, related_name="lapse_rule")
    window_days = models.PositiveSmallIntegerField()
    regular_from = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(regular_from__gte=1, regular_from__lte=F("window_days"), window_days__lte=366),
                name="lapse_rule_possible",
            )
        ]

    class Personal:
        fields = ()
        plain = ()

    def __str__(self) -> str:
        return f"Lapse rule {self.pk}"
