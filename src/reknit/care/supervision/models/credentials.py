"""Which certification somebody works towards, and proofs that no record here shows by itself."""

from django.db import models
from django.db.models import Q

from reknit.base.fields import KeyField

from .common import PERSON, line


class CredentialGoal(models.Model):
    """A level of a body that a person works towards."""

    id = KeyField()
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="credential_goals")
    credential = models.CharField(max_length=40)  # a key of core/supervision/credentials.toml
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "credential"], condition=Q(ended_at=None), name="one_goal_each"
            )
        ]

    class Personal:
        fields = ()
        plain = ("credential",)

    def __str__(self) -> str:
        return f"Credential goal {self.pk}"


class CredentialProof(models.Model):
    """Hours of a course, a portfolio and the like, with where the proof is kept. A mistake is taken back, not removed."""

    id = KeyField()
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="credential_proofs")
    kind = models.CharField(max_length=20)  # one of core.supervision.credentials.TOLD
    amount = models.DecimalField(max_digits=6, decimal_places=1)
    on = models.DateField()
    kept_where = line(200, blank=False)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="proof_of_something")]
        indexes = [models.Index(fields=["person", "kind"])]

    class Personal:
        fields = ("kept_where",)
        plain = ("kind",)

    def __str__(self) -> str:
        return f"Credential proof {self.pk}"
