"""Who leads a run, each from a date to a date; and who may sit in, once every member has agreed."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters

from .runs import GroupRun, Member

PERSON = settings.AUTH_USER_MODEL


class Facilitation(models.Model):
    """One facilitator of a run for some days. The two parts are held by two people on every day of the run."""

    class Part(models.TextChoices):
        LEAD = "lead", _("Lead facilitator")
        CO = "co", _("Co-facilitator")

    id = KeyField()
    run = models.ForeignKey(GroupRun, models.PROTECT, related_name="facilitations")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="facilitations")
    part = models.CharField(max_length=4, choices=Part.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    why = models.CharField(max_length=200, default="", blank=True, validators=[no_control_characters])
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-part", "starts_on", "pk"]  # the lead first
        constraints = [
            models.UniqueConstraint(
                fields=["run", "part"], condition=Q(ends_on=None), name="one_facilitator_of_each_part"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="facilitation_dates_in_order"
            ),
        ]
        indexes = [models.Index(fields=["person", "starts_on"])]

    class Personal:
        fields = ("why",)
        plain = ("part",)

    def __str__(self) -> str:
        return f"Facilitation {self.pk}"

    def covers(self, on: dt.date) -> bool:
        """Whether they lead on that day."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


class Observer(models.Model):
    """Somebody who learns by sitting in. They open no page of the group and no chart, and write nothing."""

    id = KeyField()
    run = models.ForeignKey(GroupRun, models.PROTECT, related_name="observers")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "person"], condition=Q(ends_on=None), name="sits_in_a_group_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="observer_dates_in_order"
            ),
        ]

    class Personal:
        fields = ()
        plain = ()

    def __str__(self) -> str:
        return f"Observer {self.pk}"


class ObserverWord(models.Model):
    """What one member said to somebody sitting in. The latest stands: a member may change their mind."""

    id = KeyField()
    observer = models.ForeignKey(Observer, models.PROTECT, related_name="words")
    member = models.ForeignKey(Member, models.PROTECT, related_name="observer_words")
    agrees = models.BooleanField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    class Personal:
        fields = ("agrees",)
        plain = ()

    def __str__(self) -> str:
        return f"Observer word {self.pk}"
