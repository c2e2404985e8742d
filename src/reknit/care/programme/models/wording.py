"""What a clinic may show of measures whose words are not shipped, and those words as it was given them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reknit.base.fields import KeyField, no_control_characters

PERSON = settings.AUTH_USER_MODEL


class WordingPermission(models.Model):
    """A permission this clinic was given to show the words of a measure. Here, since a course asks what can be given."""

    id = KeyField()
    measure = models.CharField(max_length=40)  # an id of reknit.core.measures.catalogue
    given_by = models.CharField(max_length=200, validators=[no_control_characters])
    given_on = models.DateField()
    reference = models.CharField(max_length=300, validators=[no_control_characters])
    until = models.DateField(null=True, blank=True)  # its last day; nothing where it names none
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)  # taken back, or another stands in its place

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure"], condition=Q(ended_at=None), name="one_permission_stands"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="permission_ended_pair",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("given_on")), name="permission_dates_in_order"
            ),
        ]

    class Personal:
        fields = ("given_by", "reference")
        plain = ("measure",)

    def __str__(self) -> str:
        return f"Wording permission {self.pk}"


class OwnWording(models.Model):
    """The words of a measure as this clinic was given them, in one language. A newer copy stands in its place."""

    id = KeyField()
    measure = models.CharField(max_length=40)
    language = models.CharField(max_length=12)
    words = models.JSONField()  # as reknit.core.measures.own_words reads them
    loaded_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "language"], condition=Q(replaced_at=None), name="one_wording_stands"
            )
        ]

    class Personal:
        fields = ()
        plain = ("measure", "language", "words")

    def __str__(self) -> str:
        return f"Own wording {self.pk}"
