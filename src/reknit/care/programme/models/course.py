"""Episodes of care, the facts reported about them, and the tasks done in them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, key, no_control_characters
from reknit.care.people.models import Client

PERSON = settings.AUTH_USER_MODEL


class Episode(models.Model):
    """One course of one client under one version of a protocol."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="episodes")
    protocol = models.CharField(max_length=20)
    protocol_version = models.CharField(max_length=20)
    planned_sessions = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)  # the ending date agreed; not when it was closed
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_reason = models.CharField(
        max_length=200, default="", blank=True, validators=[no_control_characters]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=Q(status="open"), name="one_open_episode"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="episode_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(status="open", closed_at=None, closed_by=None)
                | Q(status="closed", closed_at__isnull=False, closed_by__isnull=False),
                name="episode_closed_pair",
            ),
        ]

    class Personal:
        fields = ("closing_reason",)
        plain = ("protocol", "protocol_version", "status")

    def __str__(self) -> str:
        return f"Episode {self.pk}"


class CourseFact(models.Model):
    """Something a room reported about a course: a kind, a small value, and where it came from.

    Gates, due lists and fidelity are decided from these rows and the protocol, and from nothing else.
    """

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="facts", db_index=False)
    kind = models.CharField(max_length=40)
    value = models.JSONField(default=dict)
    source = models.CharField(max_length=40)
    source_id = models.UUIDField(null=True)
    slot = models.PositiveSmallIntegerField(null=True, blank=True)  # the planned session it belongs to
    by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    # A fact that no longer holds stays, with who took it back and when: a signature was corrected, a tick undone.
    withdrawn_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["episode", "kind", "at"]),
            # Whoever leaves is looked for among these; a fact of the system or one that holds needs no entry.
            models.Index(fields=["by"], name="fact_by", condition=Q(by__isnull=False)),
            models.Index(
                fields=["withdrawn_by"], name="fact_withdrawn_by", condition=Q(withdrawn_by__isnull=False)
            ),
        ]

    class Personal:
        fields = ("value",)
        plain = ("kind", "source")

    def __str__(self) -> str:
        return f"Course fact {self.pk}"


# The agreement: contract, goals, amendments.


class Contract(models.Model):
    """One version of the agreement of a course. It never changes once agreed: what follows is another version."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        AGREED = "agreed", _("Agreed")
        SUPERSEDED = "superseded", _("Replaced by a later version")

    class Place(models.TextChoices):
        HERE = "here", _("In the room")
        PHONE = "phone", _("By phone")
        VIDEO = "video", _("By video")
        MIXED = "mixed", _("Some of each")

    class MissRule(models.TextChoices):
        ROLL_THEN_CONSUME = "roll_then_consume", _("The first few roll on, later ones count")
        CONSUME = "consume", _("Each counts as a session")
        ROLL = "roll", _("None counts as a session")

    class SubstanceGoal(models.TextChoices):
        ABSTINENCE = "abstinence", _("No use at all")
        REDUCE = "reduce", _("Use less")
        NONE_OF_ONE = "none_of_one", _("No use of one substance")
        MEDICATION = "medication", _("Stay on medication")
        NOT_DECIDED = "not_decided", _("Not decided yet")

    class How(models.TextChoices):
        CLIENT = "client", _("By the client, in their own pages")
        WITNESSED = "witnessed", _("Spoken, with a witness")

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="contracts")
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=0)  # rises with each save: two editors never overwrite
    why = models.CharField(max_length=400, default="", blank=True, validators=[no_control_characters])
    planned_sessions = models.PositiveSmallIntegerField()
    session_minutes = models.PositiveSmallIntegerField()
    cadence_days = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=8, choices=Place.choices, default=Place.HERE)
    ends_on = models.DateField(null=True, blank=True)
    miss_rule = models.CharField(max_length=20, choices=MissRule.choices, default=MissRule.ROLL_THEN_CONSUME)
    misses_that_roll = models.PositiveSmallIntegerField(default=2)
    late_cancel_hours = models.PositiveSmallIntegerField(default=24)
    afterwards = models.TextField(max_length=2000, default="", blank=True, validators=[no_control_characters])
    substance_goal = models.CharField(
        max_length=12, choices=SubstanceGoal.choices, default=SubstanceGoal.NOT_DECIDED
    )
    substance = models.CharField(max_length=40, default="", blank=True)  # only for no use of one substance
    substance_goal_words = models.TextField(
        max_length=1000, default="", blank=True, validators=[no_control_characters]
    )
    substance_goal_on = models.DateField(null=True, blank=True)
    lapse_plan = models.TextField(max_length=2000, default="", blank=True, validators=[no_control_characters])
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    saved_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(null=True, blank=True)
    # Shown to the client as it stands: the next save takes it back, so that nobody agrees to words that changed.
    offered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    offered_at = models.DateTimeField(null=True, blank=True)
    agreed_how = models.CharField(max_length=10, choices=How.choices, default="", blank=True)
    agreed_words = models.TextField(
        max_length=1000, default="", blank=True, validators=[no_control_characters]
    )
    witness = models.CharField(max_length=120, default="", blank=True, validators=[no_control_characters])
    agreed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "version"], name="contract_version_once"),
            models.UniqueConstraint(
                fields=["episode"], condition=Q(state="draft"), name="one_draft_contract"
            ),
            models.UniqueConstraint(
                fields=["episode"], condition=Q(state="agreed"), name="one_agreed_contract"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", agreed_at=None, agreed_by=None, agreed_how="", superseded_at=None)
                | (Q(state="agreed", superseded_at=None) | Q(state="superseded", superseded_at__isnull=False))
                & Q(agreed_at__isnull=False, agreed_by__isnull=False, ends_on__isnull=False)
                & ~Q(agreed_how=""),
                name="contract_agreed_pair",
            ),
            models.CheckConstraint(
                condition=~Q(agreed_how="witnessed") | ~Q(witness="") & ~Q(agreed_words=""),
                name="contract_spoken_names_a_witness",
            ),
            models.CheckConstraint(
                condition=Q(offered_at=None, offered_by=None)
                | Q(offered_at__isnull=False, offered_by__isnull=False),
                name="contract_offered_pair",
            ),
            models.CheckConstraint(
                condition=Q(substance_goal="none_of_one") | Q(substance=""),
                name="contract_names_one_substance",
            ),
            models.CheckConstraint(
                condition=Q(
                    planned_sessions__range=(1, 60),
                    session_minutes__range=(5, 480),
                    cadence_days__range=(1, 60),
                ),
                name="contract_numbers_in_range",
            ),
        ]

    class Personal:
        fields = (
            "why", "afterwards", "substance_goal_words", "lapse_plan", "agreed_words", "witness",
            "substance_goal", "substance",
        )  # fmt: skip
        plain = ("state", "place", "miss_rule", "agreed_how")

    def __str__(self) -> str:
        return f"Contract {self.pk}"


class ContractAnswer(models.Model):
    """What the client said to a version shown to them, in their own pages. Added to, never changed."""

    class Answer(models.TextChoices):
        AGREE = "agree", _("Yes, this fits")
        CHANGE = "change", _("Change some words")
        TALK = "talk", _("Not right, let’s talk")
        TIME = "time", _("I want more time")

    id = KeyField()
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="answers")
    revision = models.PositiveIntegerField()
    answer = models.CharField(max_length=8, choices=Answer.choices)
    words = models.TextField(max_length=1000, default="", blank=True, validators=[no_control_characters])
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Personal:
        fields = ("words",)
        plain = ("answer",)

    def __str__(self) -> str:
        return f"Contract answer {self.pk}"


class Goal(models.Model):
    """One goal of one version of the agreement, with a sentence for each level from -2 to +2.

    `line` is the same for a goal that goes on under the same scale in a later version, so that its ratings do too.
    """

    class Kind(models.TextChoices):
        INTERPERSONAL = "interpersonal", _("Goal with people")
        SUBSTANCE = "substance", _("Goal about use")

    id = KeyField()
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="goals")
    line = models.UUIDField(default=key, editable=False)
    kind = models.CharField(max_length=14, choices=Kind.choices, default=Kind.INTERPERSONAL)
    position = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=400, default="", blank=True, validators=[no_control_characters])
    observable = models.CharField(max_length=400, default="", blank=True, validators=[no_control_characters])
    levels = models.JSONField(default=dict)  # "-2" to "2" -> the sentence of that level
    baseline = models.SmallIntegerField(null=True, blank=True)
    focus = models.UUIDField(
        null=True, blank=True
    )  # the focus area it belongs to: a label, the room is above
    set_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "kind", "position"], name="goal_place_once"),
            models.CheckConstraint(
                condition=Q(kind="interpersonal", position__range=(1, 3)) | Q(kind="substance", position=1),
                name="goal_places",
            ),
            models.CheckConstraint(
                condition=Q(baseline=None) | Q(baseline__range=(-2, 2)), name="goal_baseline_is_a_level"
            ),
        ]
        indexes = [models.Index(fields=["line"])]

    class Personal:
        fields = ("words", "observable", "levels")
        plain = ("kind",)

    def __str__(self) -> str:
        return f"Goal {self.pk}"


class GoalRating(models.Model):
    """Where a goal stood at one session. Never overwritten: a correction is a later row."""

    class Whose(models.TextChoices):
        CLIENT = "client", _("Client")
        TOGETHER = "together", _("Together")
        CLINICIAN = "clinician", _("Clinician")

    id = KeyField()
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="ratings")
    level = models.SmallIntegerField()
    on = models.DateField()
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    whose = models.CharField(max_length=10, choices=Whose.choices)
    sheet = (
        models.UUIDField()
    )  # the ratings written down at once; made by the page, so that a double send is one
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__range=(-2, 2)), name="rating_is_a_level"),
            models.UniqueConstraint(fields=["sheet", "goal"], name="goal_rated_once_a_sheet"),
        ]
        indexes = [models.Index(fields=["goal", "on"])]

    class Personal:
        fields = ()
        plain = ("whose",)

    def __str__(self) -> str:
        return f"Goal rating {self.pk}"


class Amendment(models.Model):
    """A change to what was agreed: who, why, from what to what, and how the client agreed. Never changed once decided."""

    class What(models.TextChoices):
        ENDING_DATE = "ending_date", _("Ending date")
        EXTENSION = "extension", _("Extension")
        CONTRACT = "contract", _("New version of the agreement")

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for the supervisor")
        AGREED = "agreed", _("Agreed")
        DECLINED = "declined", _("Not approved")

    class Reason(models.TextChoices):
        PARTIAL_RESPONSE = "partial_response", _("Partly better, with a clear target that remains")
        NEW_EVENT = "new_event", _("A new major life event")
        SESSIONS_LOST = "sessions_lost", _("Sessions lost to illness or custody")

    class ClientAgreed(models.TextChoices):
        ROOM = "room", _("In the room")
        CALL = "call", _("By phone or video")
        WRITTEN = "written", _("In writing")
        PAGES = "pages", _("In their own pages")

    id = KeyField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=12, choices=What.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    reason = models.CharField(max_length=20, choices=Reason.choices, default="", blank=True)
    why = models.CharField(max_length=400, validators=[no_control_characters])
    from_ends_on = models.DateField()
    ends_on = models.DateField()
    from_sessions = models.PositiveSmallIntegerField()
    planned_sessions = models.PositiveSmallIntegerField()
    from_version = models.PositiveSmallIntegerField(null=True, blank=True)
    to_version = models.PositiveSmallIntegerField(null=True, blank=True)
    client_agreed = models.CharField(max_length=8, choices=ClientAgreed.choices)
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_words = models.CharField(
        max_length=400, default="", blank=True, validators=[no_control_characters]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "number"], name="amendment_number_once"),
            models.UniqueConstraint(
                fields=["episode"], condition=Q(state="asked"), name="one_amendment_waits"
            ),
            models.UniqueConstraint(
                fields=["episode"],
                condition=Q(what="extension", state="agreed"),
                name="course_extended_once",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", what="extension", answered_at=None, answered_by=None)
                | Q(state__in=("agreed", "declined"), answered_at__isnull=False, answered_by__isnull=False)
                | Q(state="agreed", answered_at=None, answered_by=None) & ~Q(what="extension"),
                name="amendment_answered_pair",
            ),
            models.CheckConstraint(
                condition=Q(what="extension", planned_sessions__gt=F("from_sessions")) & ~Q(reason="")
                | ~Q(what="extension") & Q(planned_sessions=F("from_sessions"), reason=""),
                name="only_an_extension_adds_sessions",
            ),
            models.CheckConstraint(condition=~Q(why=""), name="amendment_says_why"),
        ]

    class Personal:
        fields = ("why", "answer_words")
        plain = ("what", "state", "reason", "client_agreed")

    def __str__(self) -> str:
        return f"Amendment {self.pk}"
