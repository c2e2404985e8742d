"""The code table of the clinic, its places of service, and diagnoses as codes."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.people.models import Client, Site

PERSON = settings.AUTH_USER_MODEL
is_code = RegexValidator(
    r"^[A-Z0-9]{5}\Z", _("A billing code has five letters or digits, such as 90834 or H0004.")
)
is_substance_code = RegexValidator(
    r"^F1[0-9](\.[0-9]{1,4})?\Z",
    _("Write a code from F10 to F19, such as F10.20. Nothing else is kept here."),
)
NPI = 10  # digits


def is_npi(value: str) -> None:
    """Refuse what is no National Provider Identifier: ten digits, the last one a check digit.

    The check is Luhn's over the number behind 80840, the prefix of health cards of the United States
    (45 CFR 162.406; CMS, "Requirements for NPI and NPI check digit").
    """
    is_whole = len(value) == NPI and value.isascii() and value.isdigit()
    digits = [int(one) for one in reversed("80840" + value)] if is_whole else [1]
    summed = sum(digits[0::2]) + sum(sum(divmod(2 * one, 10)) for one in digits[1::2])
    if summed % 10:
        raise ValidationError(
            _("An NPI has ten digits, and the last one checks the others. Look for a slip.")
        )


is_place = RegexValidator(r"^([0-9]{2})?\Z", _("A place of service is two digits, such as 11."))


class BillingCode(models.Model):
    """One line of the code table: which meetings it is for, by minutes, and on which days. Never changed, only ended."""

    class Meeting(models.TextChoices):
        INDIVIDUAL = "individual", _("A session with one client")
        GROUP = "group", _("A session of a group")
        BEFORE = "before", _("The meeting before session 1")

    id = KeyField()
    code = models.CharField(max_length=5, validators=[is_code])
    meeting = models.CharField(max_length=12, choices=Meeting.choices)
    minutes_from = models.PositiveSmallIntegerField()
    minutes_to = models.PositiveSmallIntegerField(null=True, blank=True)  # null: that long or longer
    unit_minutes = models.PositiveSmallIntegerField(null=True, blank=True)  # null: one unit a meeting
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, validators=[no_control_characters])
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes_to=None) | Q(minutes_to__gte=F("minutes_from")),
                name="code_minutes_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="code_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(unit_minutes=None) | Q(unit_minutes__gte=1), name="code_unit_is_a_minute_or_more"
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None, ended_at=None, ends_on=None)
                | Q(ended_by__isnull=False, ended_at__isnull=False, ends_on__isnull=False),
                name="code_ended_pair",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="code_names_its_source"),
        ]
        indexes = [models.Index(fields=["meeting", "starts_on"])]

    class Personal:
        fields = ()
        plain = ("code", "meeting", "source")

    def __str__(self) -> str:
        return f"Billing code {self.code}"


class PlacesOfService(models.Model):
    """The place-of-service codes of the clinic: of its rooms, of the phone and of video. Blank is not set."""

    id = KeyField()
    site = models.OneToOneField(Site, models.PROTECT, related_name="+")
    here = models.CharField(_("In the room"), max_length=2, default="", blank=True, validators=[is_place])
    phone = models.CharField(_("By phone"), max_length=2, default="", blank=True, validators=[is_place])
    video = models.CharField(_("By video"), max_length=2, default="", blank=True, validators=[is_place])
    revision = models.PositiveIntegerField(default=1)  # rises with each save: two editors never overwrite
    saved_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Personal:
        fields = ()
        plain = ("here", "phone", "video")

    def __str__(self) -> str:
        return f"Places of service {self.pk}"


class ProviderNumber(models.Model):
    """The NPI of somebody who holds or co-signs sessions, where payers ask for one. Blank is not set."""

    id = KeyField()
    person = models.OneToOneField(PERSON, models.PROTECT, related_name="+")
    npi = models.CharField(max_length=NPI, default="", blank=True)
    revision = models.PositiveIntegerField(default=1)  # rises with each save: two editors never overwrite
    saved_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["npi"], condition=~Q(npi=""), name="npi_is_one_persons"),
        ]

    class Personal:
        fields = ()
        plain = ("npi",)

    def __str__(self) -> str:
        return f"Provider number {self.pk}"


class CodedDiagnosis(models.Model):
    """A substance use diagnosis as a clinician wrote it down, from a day on. Never changed; ended with who and when."""

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="coded_diagnoses")
    code = models.CharField(max_length=8, validators=[is_substance_code])
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "code"], condition=Q(ends_on=None), name="diagnosis_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None, ended_by=None, ended_at=None)
                | Q(ends_on__gte=F("starts_on"), ended_by__isnull=False, ended_at__isnull=False),
                name="diagnosis_ended_pair",
            ),
        ]
        indexes = [models.Index(fields=["client", "starts_on"])]

    class Personal:
        fields = ("code", "starts_on", "ends_on")
        plain = ()

    def __str__(self) -> str:
        return f"Coded diagnosis {self.pk}"
