"""What a therapist practises: at most two things at a time, each one item of the form that recordings are rated on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField

from .common import PERSON, line


class SkillGoal(models.Model):
    """One item that a therapist works on, how they practise it, and when it is looked at again."""

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Reached")
        ANOTHER = "another", _("Something else comes first")

    id = KeyField()
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="skill_goals")
    item = models.CharField(max_length=40)  # a key of core/supervision/fidelity.toml
    words = line(blank=False)
    review_on = models.DateField()
    set_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default="", blank=True)
    ended_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "item"], condition=Q(ended_at=None), name="skill_worked_on_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at=None, ended_by=None)
                | ~Q(outcome="") & Q(ended_at__isnull=False, ended_by__isnull=False),
                name="skill_goal_ended_pair",
            ),
        ]

    class Personal:
        fields = ("words",)
        plain = ("item", "outcome")

    def __str__(self) -> str:
        return f"Skill goal {self.pk}"
