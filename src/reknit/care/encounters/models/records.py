"""Short typed records of what was done in a session. Each is open as long as the session's note is a draft.

Migration 0004 holds them to it: once the note waits for its co-signature or is signed, the database refuses any change.
What a field asks is its `verbose_name`: the pages take their words from here.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.network.models import Relationship
from reknit.core.programme.strategies import steps

from .sessions import Encounter

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

PERSON = settings.AUTH_USER_MODEL
LINE, WORDS = 300, 2000  # characters of a line, and of a few sentences
MONTH_OF_HOURS = 720


class YesNo(models.TextChoices):
    """An answer; blank means that nobody asked or nobody knows, which is never a no."""

    YES = "yes", _("Yes")
    NO = "no", _("No")


def line(label: "StrPromise", *, required: bool = False, longest: int = LINE) -> "models.CharField[str, str]":
    """A line of words."""
    return models.CharField(
        label,
        max_length=longest,
        blank=not required,
        default="",
        validators=[no_control_characters],
    )


def words(label: "StrPromise", *, required: bool = False) -> "models.TextField[str, str]":
    """A few sentences."""
    return models.TextField(
        label,
        max_length=WORDS,
        blank=not required,
        default="",
        validators=[no_control_characters],
    )


def choice(
    label: "StrPromise", choices: Sequence[tuple[Any, Any]], *, required: bool = True
) -> "models.CharField[str, str]":
    """One of a few."""
    return models.CharField(label, max_length=16, choices=choices, blank=not required, default="")


def scale(label: "StrPromise", most: int = 10) -> "models.PositiveSmallIntegerField[int | None, int | None]":
    """A number from zero; blank means not asked."""
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MaxValueValidator(most)]
    )


def somebody(label: "StrPromise") -> "models.ForeignKey[Relationship | None, Relationship | None]":
    """One person of the client's life, if one is named."""
    return models.ForeignKey(
        Relationship, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


def people(label: "StrPromise") -> "models.ManyToManyField[Relationship, Any]":
    """People of the client's life."""
    return models.ManyToManyField(Relationship, blank=True, related_name="+", verbose_name=label)


class SessionRecord(models.Model):
    """What every record has: its session, a revision so that two editors never overwrite, and who wrote when."""

    KIND: ClassVar[str]  # in addresses and audit events
    FACT: ClassVar[str] = ""  # what it reports about the course, if anything
    SECTION: ClassVar[str]  # the part of the note it stands in
    ASKS: ClassVar[tuple[str, ...]]  # the fields a person fills in, in order
    PEOPLE: ClassVar[str] = ""  # the field that holds several people
    ALSO: ClassVar[tuple[str, ...]] = ()  # rows behind its foreign keys that a line of it needs too
    ROWS: ClassVar[
        dict[str, str]
    ] = {}  # lists of rows: their name on the record, and their field that must be there

    id = KeyField()
    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def fact_value(self) -> dict[str, Any]:
        """The small value of its fact."""
        return {}


class MoodEventUseLink(SessionRecord):
    """One shift in mood, craving or use, tied to something between people."""

    class Direction(models.TextChoices):
        EVENT_MOOD = "event_mood", _("Something between people, then mood")
        MOOD_EVENT = "mood_event", _("Mood, then something between people")
        EVENT_CRAVING = "event_craving", _("Something between people, then craving")
        CRAVING_USE = "craving_use", _("Craving, then use")
        USE_EVENT = "use_event", _("Use, then something between people")

    class SaidBy(models.TextChoices):
        CLIENT = "client", _("The client")
        THERAPIST = "therapist", _("The therapist")

    KIND, FACT, SECTION = "link", "mood_link", "links"
    ASKS = ("direction", "relationship", "words", "mood", "craving", "lag_hours", "said_by")

    direction = choice(_("What came first"), Direction.choices)
    relationship = somebody(_("With whom"))
    words = words(_("What happened, in a few words"), required=True)
    mood = scale(_("Mood then, 0 to 10"))
    craving = scale(_("Craving then, 0 to 10"))
    lag_hours = scale(_("Hours between the two"), MONTH_OF_HOURS)
    said_by = choice(_("Who made the link"), SaidBy.choices)

    class Personal:
        fields = ("words", "mood", "craving", "lag_hours")
        plain = ("direction", "said_by")

    def __str__(self) -> str:
        return f"Link {self.pk}"

    def fact_value(self) -> dict[str, Any]:
        return {"direction": self.direction}


class StrategyStep(SessionRecord):
    """One step of a focus area, and how far it went."""

    KIND, FACT, SECTION = "step", "strategy_step", "focus"
    ASKS = ("code", "relationships", "depth", "note", "client_response", "next_step")
    PEOPLE = "relationships"

    code = line(_("Which step"), required=True, longest=8)  # of reknit.core.programme.strategies
    relationships = people(_("With whom it had to do"))
    depth = models.PositiveSmallIntegerField(_("How far it went"), validators=[MaxValueValidator(3)])
    note = words(_("What was worked on"))
    client_response = line(_("How the client took it"))
    next_step = line(_("What follows from it"))

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(depth__lte=3), name="step_depth_to_three")]

    class Personal:
        fields = ("note", "client_response", "next_step")
        plain = ("code",)

    def __str__(self) -> str:
        return f"Strategy step {self.pk}"

    def fact_value(self) -> dict[str, Any]:
        return {"area": steps()[self.code].area, "code": self.code, "depth": self.depth}


class AffectNote(SessionRecord):
    """A feeling that was invited and stayed with."""

    KIND, FACT, SECTION = "feeling", "affect_note", "focus"
    ASKS = ("feelings", "relationship", "intensity", "in_session", "link_to_use")

    feelings = line(_("Which feelings, in the client's words"), required=True)
    relationship = somebody(_("Towards whom"))
    intensity = scale(_("How strong, 0 to 10"))
    in_session = choice(_("Was it felt here, in the session?"), YesNo.choices, required=False)
    link_to_use = line(_("What it has to do with use, if anything"))

    class Personal:
        fields = ("feelings", "intensity", "link_to_use")
        plain = ("in_session",)

    def __str__(self) -> str:
        return f"Affect note {self.pk}"


class SupportAction(SessionRecord):
    """A step that strengthens one tie that supports recovery."""

    class Done(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DONE = "done", _("Done")

    KIND, FACT, SECTION = "support", "support_action", "links"
    ASKS = ("relationship", "words", "stands")

    relationship = somebody(_("Which tie"))
    words = words(_("What would make it stronger"), required=True)
    stands = choice(_("Where it stands"), Done.choices)

    class Personal:
        fields = ("words",)
        plain = ("stands",)

    def __str__(self) -> str:
        return f"Support action {self.pk}"

    def fact_value(self) -> dict[str, Any]:
        return {"stands": self.stands}


class ExposureAction(SessionRecord):
    """A step that lessens contact with a person or place tied to use, or changes how it goes."""

    class How(models.TextChoices):
        LESS = "less", _("Less of it")
        OTHERWISE = "otherwise", _("Another way or place")
        WITH = "with", _("Not alone")
        NONE = "none", _("Not at all for now")

    KIND, FACT, SECTION = "exposure", "exposure_action", "links"
    ASKS = ("relationship", "place", "how", "words", "stands")

    relationship = somebody(_("Which tie"))
    place = line(_("Or which place or time"))
    how = choice(_("What changes"), How.choices)
    words = words(_("How, in a few words"), required=True)
    stands = choice(_("Where it stands"), SupportAction.Done.choices)

    class Personal:
        fields = ("place", "words")
        plain = ("how", "stands")

    def __str__(self) -> str:
        return f"Exposure action {self.pk}"

    def fact_value(self) -> dict[str, Any]:
        return {"stands": self.stands}


class MutualHelpLink(SessionRecord):
    """A mutual-help group or a peer worker that was offered, and how it went. Free to say no to."""

    class Offer(models.TextChoices):
        GROUP = "group", _("A mutual-help group")
        PEER = "peer", _("A peer worker")
        ONLINE = "online", _("A group online")

    class Step(models.TextChoices):
        OFFERED = "offered", _("Offered")
        NOT_NOW = "not_now", _("Not now")
        PLANNED = "planned", _("Means to go")
        WENT = "went", _("Went")

    KIND, FACT, SECTION = "mutual-help", "mutual_help_offered", "links"
    ASKS = ("offer", "step", "words")

    offer = choice(_("What was offered"), Offer.choices)
    step = choice(_("What came of it"), Step.choices)
    words = words(_("In the client's words"))

    class Personal:
        fields = ("words",)
        plain = ("offer", "step")

    def __str__(self) -> str:
        return f"Mutual-help link {self.pk}"

    def fact_value(self) -> dict[str, Any]:
        return {"step": self.step}
