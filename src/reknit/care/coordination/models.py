"""People and services outside, treatments beside IPT with what came of them, and notes on the level of care."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode

PERSON = settings.AUTH_USER_MODEL
LINE = 200


def line(most: int = LINE) -> "models.CharField[str, str]":
    """A line of words, which may stay empty."""
    return models.CharField(max_length=most, default="", blank=True, validators=[no_control_characters])


def words() -> "models.TextField[str, str]":
    """A few sentences, which may stay empty."""
    return models.TextField(max_length=2000, default="", blank=True, validators=[no_control_characters])


class CareContact(models.Model):
    """Somebody outside the clinic who is in the client's care, from a day to a day. What they may be told is a consent."""

    class Role(models.TextChoices):
        DOCTOR = "doctor", _("Family doctor")
        PRESCRIBER = "prescriber", _("Prescriber of medication")
        ADDICTION = "addiction", _("Addiction service")
        MENTAL_HEALTH = "mental_health", _("Psychiatrist or other mental health service")
        PAIN = "pain", _("Pain care")
        HOSPITAL = "hospital", _("Hospital or residential care")
        PEER = "peer", _("Peer worker")
        SPONSOR = "sponsor", _("Sponsor or contact of a mutual-help group")
        SOCIAL = "social", _("Social work, housing or children's services")
        LEGAL = "legal", _("Court, probation or lawyer")
        OTHER = "other", _("Somebody else")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="care_contacts")
    role = models.CharField(max_length=16, choices=Role.choices)
    name = models.CharField(max_length=120, validators=[no_control_characters])
    service = line(120)
    reach = line(120)  # how they are reached, as the client or they said
    note = line()
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="care_contact_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None, ended_by=None, ended_at=None)
                | Q(ends_on__isnull=False, ended_by__isnull=False, ended_at__isnull=False),
                name="care_contact_ended_pair",
            ),
        ]
        indexes = [models.Index(fields=["client", "added_at"])]

    class Personal:
        fields = ("name", "service", "reach", "note")
        plain = ("role",)

    def __str__(self) -> str:
        return f"Care contact {self.pk}"


class Treatment(models.Model):
    """Something that runs beside IPT. It is kept apart from IPT's tasks, so that fidelity stays readable."""

    class Kind(models.TextChoices):
        MI = "mi", _("Motivational interviewing")
        CBT = "cbt", _("Cognitive behavioural work or relapse prevention")
        CM = "cm", _("Contingency management")
        MEDICATION = "medication", _("Medication, looked at again")
        MUTUAL_HELP = "mutual_help", _("Mutual help")
        COUPLE_FAMILY = "couple_family", _("Couple or family work")
        PEER = "peer", _("Peer support")
        PAIN = "pain", _("Pain care")
        LEVEL = "level", _("Level of care, looked at again")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("Running")
        ENDED = "ended", _("Ended")
        NOT_BEGUN = "not_begun", _("Not begun after all")

    class Group(models.TextChoices):
        TWELVE_STEP = "twelve_step", _("A 12-step group")
        SMART = "smart", _("SMART Recovery")
        LIFERING = "lifering", _("LifeRing")
        WOMEN = "women", _("Women for Sobriety")
        DHARMA = "dharma", _("Recovery Dharma")
        OTHER = "other", _("Another group")

    OPEN = (State.PLANNED, State.RUNNING)

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="treatments")
    episode = models.ForeignKey(Episode, models.PROTECT, null=True, blank=True, related_name="treatments")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    group = models.CharField(max_length=12, choices=Group.choices, default="", blank=True)  # of mutual help
    what = line()
    given_by = line(120)
    why = words()
    # Of mutual help for somebody who takes medication: whether it was talked through what to say there. Blank: not yet.
    is_prepared = models.BooleanField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    end_reason = line()
    source = models.CharField(
        max_length=20, default="", blank=True
    )  # plan-b: a label and a key, no link upwards
    source_id = models.UUIDField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="planned", starts_on=None, ends_on=None)
                | Q(state="running", starts_on__isnull=False, ends_on=None)
                | (Q(state="ended", starts_on__isnull=False, ends_on__gte=F("starts_on")) & ~Q(end_reason=""))
                | (Q(state="not_begun", starts_on=None, ends_on=None) & ~Q(end_reason="")),
                name="treatment_state_has_its_days",
            ),
            models.CheckConstraint(
                condition=Q(kind="mutual_help") | Q(group="", is_prepared=None),
                name="group_of_mutual_help_alone",
            ),
            models.UniqueConstraint(
                fields=["source_id", "kind"],
                condition=Q(source="plan-b"),
                name="one_treatment_for_each_choice",
            ),
        ]
        indexes = [models.Index(fields=["client", "state"])]

    class Personal:
        fields = ("what", "given_by", "why", "end_reason", "is_prepared")
        plain = ("kind", "group", "state", "source")

    def __str__(self) -> str:
        return f"Treatment {self.pk}"


class TreatmentEntry(models.Model):
    """One meeting, module or visit of a treatment, as it was told. Never changed; taken back with who and when."""

    class Liked(models.TextChoices):
        YES = "yes", _("Liked it")
        MIXED = "mixed", _("So so")
        NO = "no", _("Did not like it")

    id = KeyField()
    treatment = models.ForeignKey(Treatment, models.PROTECT, related_name="entries")
    on = models.DateField()
    what = line()
    liked = models.CharField(max_length=6, choices=Liked.choices, default="", blank=True)
    # Numbers exchanged or people got to know; blank is not known, and never none.
    contacts = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(99)])
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["treatment", "on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="entry_taken_back_pair",
            )
        ]

    class Personal:
        fields = ("on", "what", "liked", "contacts")
        plain = ()

    def __str__(self) -> str:
        return f"Treatment entry {self.pk}"


class Incentive(models.Model):
    """One line of the ledger of contingency management. What somebody tells in IPT can never earn or cost anything."""

    class EarnedFor(models.TextChoices):
        TEST = "test", _("A test that was negative")
        CAME = "came", _("Coming to an appointment of the programme")
        ACTIVITY = "activity", _("An activity agreed beforehand")

    id = KeyField()
    treatment = models.ForeignKey(Treatment, models.PROTECT, related_name="incentives")
    on = models.DateField()
    earned_for = models.CharField(max_length=10, choices=EarnedFor.choices)
    what = models.CharField(max_length=120, validators=[no_control_characters])  # the voucher, prize or sum
    worth = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    is_handed_over = models.BooleanField(default=False)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["treatment", "on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(worth=None) | Q(worth__gte=0), name="incentive_worth_not_below_zero"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="incentive_taken_back_pair",
            ),
        ]

    class Personal:
        fields = ("on", "what", "worth")
        plain = ("earned_for",)

    def __str__(self) -> str:
        return f"Incentive {self.pk}"


class LevelOfCareNote(models.Model):
    """What a clinician held to be right and what could be had, with the facts as they stood. Never changed."""

    class Level(models.TextChoices):
        OUTPATIENT = "outpatient", _("Sessions at the clinic")
        INTENSIVE = "intensive", _("Intensive outpatient or day programme")
        RESIDENTIAL = "residential", _("Residential")
        WITHDRAWAL = "withdrawal", _("Withdrawal under medical care")
        HOSPITAL = "hospital", _("Hospital")
        OTHER = "other", _("Something else")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="level_notes")
    episode = models.ForeignKey(Episode, models.PROTECT, null=True, blank=True, related_name="+")
    edition = models.CharField(max_length=10)  # of reknit.core.coordination
    on = models.DateField()
    wanted = models.CharField(max_length=12, choices=Level.choices)
    given = models.CharField(max_length=12, choices=Level.choices)
    gap_reason = words()
    why = words()
    client_wants = line()
    facts = models.JSONField()  # as they stood: topic, sentence, day
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(wanted=F("given")) | ~Q(gap_reason=""), name="level_gap_has_its_reason"
            )
        ]
        indexes = [models.Index(fields=["client", "at"])]

    class Personal:
        fields = ("gap_reason", "why", "client_wants", "facts", "wanted", "given")
        plain = ("edition",)

    def __str__(self) -> str:
        return f"Level-of-care note {self.pk}"
