"""Which course was held to be right: proposed by intake on a referral, chosen by a clinician for a course. Never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField
from reknit.care.programme.models import Episode

from .referrals import Referral
from .waiting import line

PERSON = settings.AUTH_USER_MODEL


class CourseChoice(models.Model):
    """A course, with the facts as they stood. The latest stands.

    Of a referral it is what intake proposes; of a course it is what a clinician confirmed, or chose with a reason.
    """

    class Asked(models.TextChoices):
        NOT_ASKED = "", _("Not asked yet")
        YES = "yes", _("Yes")
        NO = "no", _("No")

    class Opioids(models.TextChoices):
        NOT_ASKED = "", _("Not asked yet")
        NONE = "none", _("No")
        TREATED = "treated", _("Yes, and medication for it is taken")
        UNTREATED = "untreated", _("Yes, and no medication for it is taken")

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, null=True, blank=True, related_name="course_choices")
    referral = models.ForeignKey(
        Referral, models.PROTECT, null=True, blank=True, related_name="course_choices"
    )
    people_problem = models.CharField(max_length=4, choices=Asked.choices, default="", blank=True)
    unsettled = models.CharField(max_length=4, choices=Asked.choices, default="", blank=True)
    opioids = models.CharField(max_length=10, choices=Opioids.choices, default="", blank=True)  # intake asks
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
            ),
            models.CheckConstraint(
                condition=Q(episode=None, referral__isnull=False) | Q(episode__isnull=False, referral=None),
                name="choice_of_a_course_or_a_referral",
            ),
        ]
        indexes = [models.Index(fields=["episode", "at"]), models.Index(fields=["referral", "at"])]

    class Personal:
        fields = ("people_problem", "unsettled", "opioids", "facts", "reason")
        plain = ("proposed", "chosen")

    def __str__(self) -> str:
        return f"Course choice {self.pk}"
