"""What a closed review asks the writers of protocols to change. It names no client, for directors read no chart."""

from django.db import models
from django.db.models import Q

from reknit.base.fields import KeyField
from reknit.care.programme.models import ProtocolVersion

from .common import PERSON, line, words
from .reviews import EventReview


class ProtocolRequest(models.Model):
    """One request, and what the directors did with it: the version that takes it up, or why none does."""

    id = KeyField()
    review = models.OneToOneField(EventReview, models.PROTECT, related_name="protocol_request")
    protocol = models.CharField(max_length=20)  # the code of the protocol that the course followed
    words = words()
    made_at = models.DateTimeField()
    version = models.ForeignKey(
        ProtocolVersion, models.PROTECT, null=True, blank=True, related_name="protocol_requests"
    )
    answer = line()
    answered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, version=None, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False)
                & (Q(version__isnull=False) | ~Q(answer="")),
                name="protocol_request_answered_pair",
            )
        ]

    class Personal:
        fields = ("words", "answer")
        plain = ("protocol",)

    def __str__(self) -> str:
        return f"Protocol request {self.pk}"
