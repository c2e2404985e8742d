"""Longer records of a session: a conversation taken apart, a decision weighed, a talk rehearsed, and how it went."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField

from .records import SessionRecord, YesNo, choice, line, people, scale, somebody, words


class CommunicationAnalysis(SessionRecord):
    """One conversation that mattered, line by line."""

    class Channel(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        PHONE = "phone", _("On the phone")
        TEXT = "text", _("By message")
        ONLINE = "online", _("Online")

    class Mismatch(models.TextChoices):
        AMBIGUOUS = "ambiguous", _("It could be taken in two ways")
        INDIRECT = "indirect", _("It was said around the point")
        SILENCE = "silence", _("It was not said at all")
        HINT = "hint", _("It was hinted at")
        HOSTILE = "hostile", _("It came out as an attack")
        ASSUMPTION = "assumption", _("Somebody took something for granted")
        CLOUDED = "clouded", _("Drink or drugs clouded it")
        NONE = "none", _("What was meant was understood")

    KIND, FACT, SECTION = "conversation", "communication_analysis", "focus"
    ASKS = (
        "happened_on", "happened_at", "channel", "place", "relationships", "before", "mood_before",
        "craving_before", "client_intoxicated", "other_intoxicated", "meant", "feelings_behind", "other_heard",
        "client_heard", "mismatch", "client_expects", "other_expects", "mood_after", "craving_after",
        "used_after", "try_by", "written",
    )  # fmt: skip
    PEOPLE = "relationships"
    ROWS = {"turns": "words", "alternatives": "words"}

    class Written(models.TextChoices):
        THERAPIST = "therapist", _("The therapist")
        TOGETHER = "together", _("Both, together")
        CLIENT = "client", _("The client")

    happened_on = models.DateField(_("Which day"), null=True, blank=True)
    happened_at = models.TimeField(_("About what time"), null=True, blank=True)
    channel = choice(_("How they talked"), Channel.choices, required=False)
    place = line(_("Where"))
    relationships = people(_("With whom"))
    before = words(_("What was going on before"))
    mood_before = scale(_("Mood before, 0 to 10"))
    craving_before = scale(_("Craving before, 0 to 10"))
    client_intoxicated = choice(_("Had the client used?"), YesNo.choices, required=False)
    other_intoxicated = choice(_("Had the other person used?"), YesNo.choices, required=False)
    meant = words(_("What the client meant to say"))
    feelings_behind = line(_("The feelings behind it"))
    other_heard = line(_("What the other person heard, as the client guesses"))
    client_heard = line(_("What the client heard"))
    mismatch = choice(_("Where it came apart"), Mismatch.choices, required=False)
    client_expects = line(_("What the client expects"))
    other_expects = line(_("What the other person expects"))
    mood_after = scale(_("Mood after, 0 to 10"))
    craving_after = scale(_("Craving after, 0 to 10"))
    used_after = choice(_("Use within 24 hours?"), YesNo.choices, required=False)
    try_by = models.DateField(_("To try by"), null=True, blank=True)
    written = choice(_("Who wrote this down"), Written.choices)

    class Personal:
        fields = (
            "happened_on", "happened_at", "place", "before", "mood_before", "craving_before", "client_intoxicated",
            "other_intoxicated", "meant", "feelings_behind", "other_heard", "client_heard", "client_expects",
            "other_expects", "mood_after", "craving_after", "used_after",
        )  # fmt: skip
        plain = ("channel", "mismatch", "written")

    def __str__(self) -> str:
        return f"Communication analysis {self.pk}"

    def fact_value(self) -> dict[str, Any]:
        return {"turns": self.turns.count()}


class Row(models.Model):
    """One row of a list within a record, in its place. The database locks it with the record."""

    id = KeyField()
    place_in_list = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True
        ordering = ["place_in_list"]


class ExchangeTurn(Row):
    """One turn of the conversation."""

    class Speaker(models.TextChoices):
        CLIENT = "client", _("The client")
        OTHER = "other", _("The other")

    ASKS = ("speaker", "words", "tone", "feeling", "thought")

    record = models.ForeignKey(CommunicationAnalysis, models.CASCADE, related_name="turns")
    speaker = choice(_("Who"), Speaker.choices)
    words = line(_("Said, or did"), required=True, longest=600)
    tone = line(_("Tone, face, silence"))
    feeling = line(_("What the client felt"))
    thought = line(_("What the client thought"))

    class Meta(Row.Meta):
        constraints = [models.UniqueConstraint(fields=["record", "place_in_list"], name="turn_in_its_place")]

    class Personal:
        fields = ("words", "tone", "feeling", "thought")
        plain = ("speaker",)

    def __str__(self) -> str:
        return f"Turn {self.pk}"


class Alternative(Row):
    """Another way to say it."""

    ASKS = ("words", "likely_response", "comfort", "chosen")

    record = models.ForeignKey(CommunicationAnalysis, models.CASCADE, related_name="alternatives")
    words = line(_("Another way to say it"), required=True, longest=600)
    likely_response = line(_("How it might be taken"))
    comfort = scale(_("How easy to say, 0 to 10"))
    chosen = models.BooleanField(_("This one is to be tried"), default=False)

    class Meta(Row.Meta):
        constraints = [
            models.UniqueConstraint(fields=["record", "place_in_list"], name="alternative_in_its_place"),
            models.UniqueConstraint(
                fields=["record"], condition=Q(chosen=True), name="one_alternative_chosen"
            ),
        ]

    class Personal:
        fields = ("words", "likely_response", "comfort")
        plain = ()

    def __str__(self) -> str:
        return f"Alternative {self.pk}"


class DecisionAnalysis(SessionRecord):
    """One open decision, with its options weighed for people and for use."""

    KIND, FACT, SECTION = "decision", "decision_analysis", "focus"
    ASKS = (
        "decision",
        "why_now",
        "relationships",
        "wishes_and_fears",
        "first_step",
        "by_when",
        "review_on",
        "review",
    )
    PEOPLE = "relationships"
    ROWS = {"options": "words"}

    decision = line(_("What is to be decided"), required=True)
    why_now = line(_("Why now"))
    relationships = people(_("Whom it touches"))
    wishes_and_fears = words(_("Wishes and fears"))
    first_step = line(_("The first step"))
    by_when = models.DateField(_("By when"), null=True, blank=True)
    review_on = models.DateField(_("To look back on it on"), null=True, blank=True)
    review = line(_("Looking back: keep it or change it"))

    class Personal:
        fields = ("decision", "why_now", "wishes_and_fears", "first_step", "review")
        plain = ()

    def __str__(self) -> str:
        return f"Decision analysis {self.pk}"


class DecisionOption(Row):
    """One option of a decision."""

    ASKS = ("words", "upsides", "downsides", "for_people", "for_use", "feasible", "who_can_help", "chosen")

    record = models.ForeignKey(DecisionAnalysis, models.CASCADE, related_name="options")
    words = line(_("Option"), required=True)
    upsides = line(_("What speaks for it"))
    downsides = line(_("What speaks against it"))
    for_people = line(_("What it would do to the people"))
    for_use = line(_("What it would do to use"))
    feasible = scale(_("How doable, 0 to 10"))
    who_can_help = line(_("Who could help"))
    chosen = models.BooleanField(_("Chosen"), default=False)

    class Meta(Row.Meta):
        constraints = [
            models.UniqueConstraint(fields=["record", "place_in_list"], name="option_in_its_place"),
            models.UniqueConstraint(fields=["record"], condition=Q(chosen=True), name="one_option_chosen"),
        ]

    class Personal:
        fields = ("words", "upsides", "downsides", "for_people", "for_use", "feasible", "who_can_help")
        plain = ()

    def __str__(self) -> str:
        return f"Decision option {self.pk}"


class RolePlay(SessionRecord):
    """A talk that is planned, rehearsed."""

    KIND, FACT, SECTION = "role-play", "role_play", "focus"
    ASKS = ("scenario", "relationship", "purpose", "confidence_before", "confidence_after", "analysis")
    ROWS = {"rounds": "tried"}

    scenario = line(_("Which talk"), required=True)
    relationship = somebody(_("With whom it will be"))
    purpose = line(_("What it is for"))
    confidence_before = scale(_("Sure of it before, 0 to 10"))
    confidence_after = scale(_("Sure of it after, 0 to 10"))
    analysis = models.ForeignKey(
        CommunicationAnalysis,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rehearsals",
        verbose_name=_("It rehearses what came out of"),
    )

    class Personal:
        fields = ("scenario", "purpose", "confidence_before", "confidence_after")
        plain = ()

    def __str__(self) -> str:
        return f"Role play {self.pk}"


class RolePlayRound(Row):
    """One round of a role play."""

    class Who(models.TextChoices):
        SELF = "self", _("The client as themself")
        OTHER = "other", _("The client as the other")

    ASKS = ("who", "tried", "feedback")

    record = models.ForeignKey(RolePlay, models.CASCADE, related_name="rounds")
    who = choice(_("Who played whom"), Who.choices)
    tried = line(_("What was tried"), required=True, longest=600)
    feedback = line(_("What was noticed"))

    class Meta(Row.Meta):
        constraints = [models.UniqueConstraint(fields=["record", "place_in_list"], name="round_in_its_place")]

    class Personal:
        fields = ("tried", "feedback")
        plain = ("who",)

    def __str__(self) -> str:
        return f"Role play round {self.pk}"


class FollowUp(SessionRecord):
    """How something rehearsed, decided or taken apart in an earlier session went in life. "Not yet" is an answer.

    The earlier record is locked with its own note; what became of it belongs to the session in which it was told.
    """

    class Outcome(models.TextChoices):
        DID = "did", _("Did it")
        PARTLY = "partly", _("Partly")
        NOT_YET = "not_yet", _("Not yet")
        CHANGED = "changed", _("Changed their mind")

    KIND, SECTION = "went", "since_last"
    ASKS = ("about", "outcome", "words")

    role_play = models.ForeignKey(RolePlay, models.PROTECT, null=True, blank=True, related_name="follow_ups")
    decision = models.ForeignKey(
        DecisionAnalysis, models.PROTECT, null=True, blank=True, related_name="follow_ups"
    )
    analysis = models.ForeignKey(
        CommunicationAnalysis, models.PROTECT, null=True, blank=True, related_name="follow_ups"
    )
    outcome = choice(_("How did it go?"), Outcome.choices)
    words = words(_("What happened, and what stays or changes"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role_play__isnull=False, decision=None, analysis=None)
                | Q(role_play=None, decision__isnull=False, analysis=None)
                | Q(role_play=None, decision=None, analysis__isnull=False),
                name="follow_up_of_one_thing",
            )
        ]

    class Personal:
        fields = ("words",)
        plain = ("outcome",)

    def __str__(self) -> str:
        return f"Follow-up {self.pk}"

    @property
    def about(self) -> RolePlay | DecisionAnalysis | CommunicationAnalysis | None:
        """What it is about."""
        return self.role_play or self.decision or self.analysis
