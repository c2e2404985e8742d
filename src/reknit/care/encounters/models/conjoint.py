"""A session with somebody else in the room: its plan, made with the client beforehand, and its record.

Both are about the client. What the other person tells of their own health, use or past belongs in nobody's record here.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField
from reknit.care.network.models import Relationship
from reknit.care.programme.models import Episode

from .records import PERSON, SessionRecord, YesNo, choice, line, words


class ConjointPlan(models.Model):
    """Who is asked, what for, what may be raised and what not, and that both agreed. Safety is asked about first."""

    ASKS = (
        "relationship", "screened_on", "purpose", "may_raise", "may_not_raise", "client_agreed_on", "person_agreed_on",
    )  # fmt: skip

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="conjoint_plans")
    relationship = models.ForeignKey(
        Relationship, models.PROTECT, related_name="+", verbose_name=_("Who is asked to come")
    )
    screened_on = models.DateField(
        _("Asked the client alone about violence and control, with nothing raised, on")
    )
    purpose = words(_("What it is for"), required=True)
    may_raise = words(_("What may be raised"), required=True)
    may_not_raise = words(_("What may not be raised"), required=True)
    client_agreed_on = models.DateField(_("The client agreed on"), null=True, blank=True)
    person_agreed_on = models.DateField(_("The other person agreed on"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)
    called_off_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    called_off_at = models.DateTimeField(null=True, blank=True)
    called_off_why = line(_("Why it is called off"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(called_off_at=None, called_off_by=None, called_off_why="")
                | (Q(called_off_at__isnull=False, called_off_by__isnull=False) & ~Q(called_off_why="")),
                name="conjoint_called_off_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(called_off_at=None) | Q(called_off_at__gte=F("made_at")),
                name="conjoint_times_in_order",
            ),
        ]
        indexes = [models.Index(fields=["episode", "made_at"])]

    class Personal:
        fields = ("purpose", "may_raise", "may_not_raise", "called_off_why")
        plain = ()

    def __str__(self) -> str:
        return f"Conjoint plan {self.pk}"

    @property
    def both_agreed(self) -> bool:
        """Whether client and guest have both said yes."""
        return bool(self.client_agreed_on and self.person_agreed_on)


class ConjointSession(SessionRecord):
    """What came of a session with somebody else in the room, as it concerns the client."""

    KIND, FACT, SECTION = "conjoint", "conjoint_session", "focus"
    ALSO = ("plan__relationship",)
    ASKS = ("plan", "came", "raised", "agreed", "client_after", "next_step")

    plan = models.ForeignKey(
        ConjointPlan, models.PROTECT, related_name="sessions", verbose_name=_("Which plan")
    )
    came = choice(_("Did they come?"), YesNo.choices)
    raised = words(_("What was talked about, as it concerns the client"))
    agreed = words(_("What both said they would do"))
    client_after = line(_("How it was for the client, asked alone afterwards"))
    next_step = line(_("What follows from it"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["encounter"], name="one_conjoint_record_a_session")]

    class Personal:
        fields = ("raised", "agreed", "client_after", "next_step")
        plain = ("came",)

    def __str__(self) -> str:
        return f"Conjoint session {self.pk}"

    def fact_value(self) -> dict[str, Any]:
        return {"came": self.came == YesNo.YES}
