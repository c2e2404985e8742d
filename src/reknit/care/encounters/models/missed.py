"""What is written after a missed session: that somebody got in touch, and the plan to come back."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField
from reknit.care.programme.models import Episode

from .records import choice, line, words
from .sessions import Encounter

PERSON = settings.AUTH_USER_MODEL


class ContactAfterMiss(models.Model):
    """Somebody tried to reach the client after a missed session. Written once; another try is another row."""

    class How(models.TextChoices):
        PHONE = "phone", _("By phone")
        MESSAGE = "message", _("By message")
        LETTER = "letter", _("By letter")
        IN_PERSON = "in_person", _("In person")

    class Answer(models.TextChoices):
        REACHED = "reached", _("We spoke")
        MESSAGE_LEFT = "left", _("Left a message")
        NOT_REACHED = "not_reached", _("Not reached")

    ASKS = ("on", "how", "answer", "what_happened")

    id = KeyField()
    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="contacts")
    on = models.DateField(_("Which day"))
    how = choice(_("How"), How.choices)
    answer = choice(_("What came of it"), Answer.choices)
    what_happened = words(_("What had happened around then, and with whom"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Personal:
        fields = ("on", "what_happened")
        plain = ("how", "answer")

    def __str__(self) -> str:
        return f"Contact {self.pk}"


class ReEngagementPlan(models.Model):
    """How a client who missed sessions is helped to come back. A later one is a new row; none is changed."""

    ASKS = ("in_the_way", "easier", "steps", "who", "next_on")

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="re_engagement_plans")
    in_the_way = words(_("What got in the way, as far as is known"), required=True)
    easier = words(_("What would make coming easier"))
    steps = words(_("What we do to reach them"), required=True)
    who = line(_("Who of us does it"), required=True)
    next_on = models.DateField(_("Next step on"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Personal:
        fields = ("in_the_way", "easier", "steps")
        plain = ("who",)

    def __str__(self) -> str:
        return f"Re-engagement plan {self.pk}"
