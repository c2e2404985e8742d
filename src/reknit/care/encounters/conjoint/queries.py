"""Reads about sessions with somebody else: whether they are barred, and what is planned."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from reknit.care.encounters.models import ConjointPlan, ConjointSession
from reknit.care.people.models import Client
from reknit.care.programme.models import CourseFact, Episode
from reknit.care.safety.models import SafetyPlan, ViolenceFlag
from reknit.care.safety.queries import is_conjoint_barred, latest_violence_flag

GATE = "G12"


@dataclass(frozen=True, slots=True)
class Bar:
    """How the flag about violence stands to a session with somebody else."""

    flag: ViolenceFlag | None
    passed: CourseFact | None
    has_safety_plan: bool

    @property
    def is_on(self) -> bool:
        """Whether the flag is on."""
        return self.flag is not None

    @property
    def is_barred(self) -> bool:
        """Whether no such session may take place."""
        return self.is_on and not (self.passed and self.has_safety_plan)

    @property
    def sentence(self) -> str:
        """What to do now, in one sentence."""
        if not self.is_barred:
            return ""
        if self.passed:
            return _("The supervisor agreed, but no safety plan stands. Make one with the client first.")
        return _(
            "The violence flag is on, so no session takes somebody else in. "
            "Only the supervisor can agree to one, and only while a safety plan stands."
        )


def bar_of(client: Client, episode: Episode | None) -> Bar:
    """Whether somebody else may be taken into a session now. One query while the flag is off, four while it is on."""
    if not is_conjoint_barred(client):
        return Bar(None, None, False)
    flag = latest_violence_flag(client)
    passed = (
        CourseFact.objects.filter(
            episode=episode, kind="gate_override", value__gate=GATE, withdrawn_at=None, at__gte=flag.at
        )
        .select_related("by")
        .order_by("-at")
        .first()
        if flag and episode
        else None
    )
    return Bar(flag, passed, SafetyPlan.objects.filter(client=client).exists())


def plans_of(episode: Episode) -> list[ConjointPlan]:
    """Every plan of a course, latest first, each saying whether its session was held. One query."""
    held = ConjointSession.objects.filter(plan=OuterRef("pk"))
    rows = ConjointPlan.objects.filter(episode=episode).select_related(
        "relationship", "made_by", "called_off_by"
    )
    return list(rows.annotate(was_held=Exists(held)).order_by("-made_at", "id"))


def open_plans(episode: Episode) -> list[ConjointPlan]:
    """Plans whose session may still be written down: not called off. One query."""
    rows = ConjointPlan.objects.filter(episode=episode, called_off_at=None).select_related("relationship")
    return list(rows.order_by("-made_at", "id"))
