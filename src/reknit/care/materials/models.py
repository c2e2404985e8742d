"""What was given to read: which text in which version and language, how, when and by whom. Never changed, only taken back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField
from reknit.care.people.models import Client

PERSON = settings.AUTH_USER_MODEL


class MaterialGiven(models.Model):
    """One text given to one client once. For a link only a fingerprint of its secret is kept."""

    class How(models.TextChoices):
        SESSION = "session", _("Gone through together")
        PAPER = "paper", _("On paper")
        LINK = "link", _("By a link on the phone")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="materials_given")
    topic = models.CharField(max_length=40)  # of reknit.core.materials
    language = models.CharField(max_length=5)
    version = models.PositiveSmallIntegerField()
    how = models.CharField(max_length=10, choices=How.choices)
    encounter_id = models.UUIDField(
        null=True, blank=True
    )  # the session it was given in: a key, no link upwards
    given_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    fingerprint = models.CharField(max_length=64, null=True, blank=True, unique=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(how="link", fingerprint__isnull=False, expires_at__isnull=False)
                | (~Q(how="link") & Q(fingerprint=None, expires_at=None)),
                name="material_link_pair",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("given_at")), name="material_link_in_order"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="material_taken_back_pair",
            ),
        ]
        indexes = [models.Index(fields=["client", "given_at"]), models.Index(fields=["encounter_id"])]

    class Personal:
        fields = ("topic", "language")
        plain = ("how", "fingerprint")

    def __str__(self) -> str:
        return f"Material given {self.pk}"
