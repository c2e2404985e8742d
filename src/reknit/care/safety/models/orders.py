"""Orders and agreements that two people stay apart."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.people.models import Client

PERSON = settings.AUTH_USER_MODEL


class NoContactOrder(models.Model):
    """A client and a person named here are to be kept apart, from a date on. It is lifted, never changed or removed.

    The other person is written as the order names them: whether they are a client here as well is asked by the check
    before two people are placed together, and nobody who writes the order learns the answer.
    """

    class Kind(models.TextChoices):
        COURT = "court", _("A court or the police ordered it")
        CLINIC = "clinic", _("The clinic decided it")
        ASKED = "asked", _("The client asked for it")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="no_contact_orders")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    given_name = models.CharField(max_length=80, validators=[no_control_characters])
    family_name = models.CharField(max_length=80, validators=[no_control_characters])
    birth_date = models.DateField(null=True, blank=True)
    reason = models.TextField(max_length=2000, default="", blank=True, validators=[no_control_characters])
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lifted_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_why = models.TextField(max_length=2000, default="", blank=True, validators=[no_control_characters])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="order_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lifted_why="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_why="")),
                name="order_lifted_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(given_name="") & ~Q(family_name=""), name="order_names_somebody"
            ),
        ]
        indexes = [models.Index(fields=["client", "at"])]

    class Personal:
        fields = ("given_name", "family_name", "birth_date", "reason", "lifted_why")
        plain = ("kind",)

    def __str__(self) -> str:
        return f"Order of no contact {self.pk}"
