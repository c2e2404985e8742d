"""Which course a clinician held to be right for a client, with the facts as they stood. Never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField
from reknit.care.programme.models import Episode

from .waiting import line

PERSON = settings.AUTH_USER_MODEL


class CourseChoice(models.Model):
    """A clinician confirmed a proposed course, or chose another with a reason. The latest stands."""

    class Asked(models.TextChoices):
        NOT_ASKED = "", _("Not asked yet")
        YES = "yes", _("Yes")
        NO = "no", _("No")

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="course_choices")
    people_problem = models.CharField(max_length=4, choices=Asked.choices, default="", blank=True)
    unsettled = models.CharField(max_length=4, choices=Asked.choices, default="", blank=True)
    proposed = models.JSONField(default=list)  # codes, as they were shown
    facts = models.JSONField(default=list)  # as they stood: sentence, day
    chosen = models.CharField(max_length=40)
    reason = line(500)
    is_proposed = models.BooleanField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_proposed=True) | ~Q(reason=""), name="other_course_has_its_reason"
            )
        ]
        indexes = [models.Index(fields=["episode", "at"])]

    class Personal:
        fields = ("people_problem", "unsettled", "facts", "reason")
        plain = ("proposed", "chosen")

    def __str__(self) -> str:
        return f"Course choice {self.pk}"
