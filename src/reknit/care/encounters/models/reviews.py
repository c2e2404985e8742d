"""Reviews: of one return to use, of the course half way, and the written plan B."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from .analyses import CommunicationAnalysis
from .records import SessionRecord, YesNo, choice, line, people, words


class LapseReview(SessionRecord):
    """A return to use looked at together: safety first, then the chain of people, feeling and place.

    The return itself is kept by `substance_use`; it is named by its key and its day. Nothing is reset by it.
    """

    class Raised(models.TextChoices):
        NOTHING = "no", _("Nothing raised")
        SOMETHING = "yes", _("Something raised")

    KIND, FACT, SECTION = "lapse", "lapse_reviewed", "links"
    SAFETY = ("overdose", "withdrawal", "suicide", "driving", "children")
    ASKS = (
        "use_episode_id", "on", *SAFETY, "relationships", "chain", "feeling", "place", "analysis", "stopped_by",
        "to_tell", "plan_change", "learned", "shame_named",
    )  # fmt: skip
    PEOPLE = "relationships"

    use_episode_id = models.UUIDField(_("Which return to use"), null=True, blank=True)
    on = models.DateField(_("Which day"))
    overdose = choice(_("Overdose"), Raised.choices, required=False)
    withdrawal = choice(_("Withdrawal"), Raised.choices, required=False)
    suicide = choice(_("Thoughts of ending their life"), Raised.choices, required=False)
    driving = choice(_("Driving"), Raised.choices, required=False)
    children = choice(_("Children in their care"), Raised.choices, required=False)
    relationships = people(_("Who was part of it"))
    chain = words(_("What happened between people before it"))
    feeling = line(_("The feeling just before"))
    place = line(_("Where"))
    analysis = models.ForeignKey(
        CommunicationAnalysis,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("The conversation before it, taken apart"),
    )
    stopped_by = line(_("What helped to stop"))
    to_tell = line(_("What to tell whom"))
    plan_change = words(_("What changes in the plan"))
    learned = words(_("What was learned"))
    shame_named = choice(_("Shame was named, and that it is common"), YesNo.choices, required=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["encounter", "use_episode_id"], name="lapse_reviewed_once_a_session"
            )
        ]

    class Personal:
        fields = (
            "on", "overdose", "withdrawal", "suicide", "driving", "children", "chain", "feeling", "place",
            "stopped_by", "to_tell", "plan_change", "learned",
        )  # fmt: skip
        plain = ("shame_named",)

    def __str__(self) -> str:
        return f"Lapse review {self.pk}"

    def fact_value(self) -> dict[str, Any]:
        return {"use_episode": str(self.use_episode_id) if self.use_episode_id else None}


class MidcourseReview(SessionRecord):
    """Half way: is the focus still right, is the response adequate? The figures are kept as they stood."""

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        CANNOT_TELL = "cannot_tell", _("Cannot tell")

    KIND, FACT, SECTION = "midcourse", "midcourse_review", "plan"
    ASKS = ("focus_right", "focus_words", "adequate", "words")

    focus_right = choice(_("Is the focus still right?"), Answer.choices)
    focus_words = line(_("If not, what would be"))
    adequate = choice(_("Is the response adequate so far?"), Answer.choices)
    words = words(_("How you both see it"))
    drop_percent = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    use_change = models.CharField(max_length=8, default="unknown")
    verdict = models.CharField(max_length=12, default="cannot_tell")  # what the rule asked, by core

    class Meta:
        constraints = [models.UniqueConstraint(fields=["encounter"], name="one_midcourse_review_a_session")]

    class Personal:
        fields = ("focus_words", "words", "drop_percent", "use_change")
        plain = ("focus_right", "adequate", "verdict")

    def __str__(self) -> str:
        return f"Mid-course review {self.pk}"

    def fact_value(self) -> dict[str, Any]:
        return {
            "phq9_drop_percent": None if self.drop_percent is None else float(self.drop_percent),
            "use_change": self.use_change,
            "adequate": {"yes": True, "no": False}.get(self.adequate),
        }


class PlanB(SessionRecord):
    """What is done differently when the response is not enough: chosen together, with the reason and the day."""

    class Choice(models.TextChoices):
        CBT = "cbt", _("Add cognitive behavioural work")
        CM = "cm", _("Add contingency management")
        MEDICATION = "medication", _("Review medication")
        LEVEL = "level", _("Review the level of care")
        MUTUAL_HELP = "mutual_help", _("Mutual help or a peer worker")
        OTHER = "other", _("Something else")
        STAY = "stay", _("Stay with the plan, for a reason")

    KIND, FACT, SECTION = "plan-b", "plan_b", "plan"
    ASKS = ("choices", "reason", "decided_on")

    choices = models.JSONField(_("What changes"), default=list)  # codes of Choice
    reason = words(_("Why"), required=True)
    decided_on = models.DateField(_("Decided on"))

    class Personal:
        fields = ("choices", "reason")
        plain = ()

    def __str__(self) -> str:
        return f"Plan B {self.pk}"

    def fact_value(self) -> dict[str, Any]:
        return {"choice": list(self.choices)}
