"""Times at which tolerance is lost, and what is done each time so that the dose of before does not kill."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.people.models import Client

PERSON = settings.AUTH_USER_MODEL


class ToleranceLoss(models.Model):
    """One such time: somebody comes home, a spell without use, an overdose that was survived."""

    class Kind(models.TextChoices):
        RELEASE = "release", _("Release from prison or custody")
        HOSPITAL = "hospital", _("Home from hospital")
        DETOX = "detox", _("After supervised withdrawal")
        RESIDENTIAL = "residential", _("Home from a residential stay")
        ABSTINENT = "abstinent", _("After a time without use")
        OVERDOSE = "overdose", _("After an overdose that was survived")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="tolerance_losses")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    happened_on = models.DateField()
    note = models.TextField(default="", blank=True, max_length=2000, validators=[no_control_characters])
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["client", "happened_on"])]

    class Personal:
        fields = ("kind", "happened_on", "note")
        plain = ()

    def __str__(self) -> str:
        return f"Tolerance loss {self.pk}"


class ToleranceTask(models.Model):
    """One thing to do about it. It is settled with what came of it, once; nothing settles it by itself."""

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        DECLINED = "declined", _("Offered; the client does not want it now")
        NOT_NEEDED = "not_needed", _("Not needed")

    id = KeyField()
    loss = models.ForeignKey(ToleranceLoss, models.PROTECT, related_name="tasks")
    task = models.CharField(max_length=20)  # a key of reknit.core.safety.tolerance
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default="", blank=True)
    settled_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["loss", "task"], name="one_tolerance_task_each"),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at=None, settled_by=None)
                | (~Q(outcome="") & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="tolerance_task_settled_whole",
            ),
        ]

    class Personal:
        fields = ("outcome",)
        plain = ("task",)

    def __str__(self) -> str:
        return f"Tolerance task {self.pk}"
