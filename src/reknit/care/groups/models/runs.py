"""A run of a group and its members, each from a date to a date."""

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.encounters.models import Room
from reknit.care.formulation.models import FocusArea
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode
from reknit.core.groups.roster import LARGEST, SMALLEST

if TYPE_CHECKING:
    from .facilitation import Facilitation

PERSON = settings.AUTH_USER_MODEL


class GroupRun(models.Model):
    """One group from its first session to its last, under one version of a group protocol, with two facilitators."""

    class State(models.TextChoices):
        FORMING = "forming", _("Being formed")
        RUNNING = "running", _("Under way")
        CLOSED = "closed", _("Closed")

    id = KeyField()
    title = models.CharField(_("Name of the group"), max_length=80, validators=[no_control_characters])
    protocol = models.CharField(max_length=20)
    protocol_version = models.CharField(max_length=20)
    planned_sessions = models.PositiveSmallIntegerField()
    starts_on = models.DateField(_("First session"))
    starts_time = models.TimeField(_("Time"))
    weekday = models.PositiveSmallIntegerField(default=0)  # on which it meets now; Monday is 0
    minutes = models.PositiveSmallIntegerField(_("Minutes"), default=90)
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="group_runs")
    place = models.CharField(
        _("Place"), max_length=120, default="", blank=True, validators=[no_control_characters]
    )
    video_link = models.URLField(_("Link for video"), max_length=300, default="", blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("Places"), default=8, validators=[MinValueValidator(SMALLEST), MaxValueValidator(LARGEST)]
    )
    is_closed_group = models.BooleanField(_("Closed after the first sessions"), default=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.FORMING)
    ending_tasks = models.JSONField(default=list, blank=True)  # codes of what was done at the end, as a group
    lessons = models.TextField(max_length=2000, default="", blank=True, validators=[no_control_characters])
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    closed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__gte=SMALLEST, capacity__lte=LARGEST), name="group_six_to_ten_places"
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="group_meets_on_a_weekday"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, closed_by__isnull=False)
                | (~Q(state="closed") & Q(closed_at=None, closed_by=None)),
                name="group_closed_pair",
            ),
        ]

    class Personal:
        fields = ("lessons",)
        plain = ("title", "protocol", "protocol_version", "place", "video_link", "state", "ending_tasks")

    def __str__(self) -> str:
        return f"Group run {self.pk}"

    @property
    def day(self) -> str:
        """The weekday on which it meets, in words."""
        return str(WEEKDAYS[self.weekday])

    @property
    def where(self) -> str:
        """The room where it meets, or the place in words."""
        return self.room.name if self.room else self.place

    def led_by(self, on: dt.date) -> "list[Facilitation]":
        """Who leads it on a day, the lead first. No query where the facilitations are fetched already."""
        return [one for one in self.facilitations.all() if one.covers(on)]

    def is_facilitator(self, user_id: object, *, on: dt.date) -> bool:
        """Whether this is one of the two who lead it on that day."""
        return user_id in {one.person_id for one in self.led_by(on)}


class Member(models.Model):
    """One person's place in a run: waiting, then in it from a date to a date. Sessions derive their list from the dates."""

    class Ended(models.TextChoices):
        COMPLETED = "completed", _("Came to the end of the group")
        CLIENT = "client", _("The client chose to stop")
        OTHER_CARE = "other_care", _("Other care instead")
        MOVED = "moved", _("Moved away, or cannot come")
        NEVER_STARTED = "never_started", _("Did not start")
        DIED = "died", _("Died")

    class NextStep(models.TextChoices):
        NONE = "none", _("Nothing more for now")
        FOLLOW_UP = "follow_up", _("Follow-up as planned")
        ALONE = "alone", _("Sessions alone")
        MAINTENANCE = "maintenance", _("Maintenance sessions")
        MUTUAL_HELP = "mutual_help", _("Mutual help")
        MORE_CARE = "more_care", _("More care, or other care")

    id = KeyField()
    run = models.ForeignKey(GroupRun, models.PROTECT, related_name="members")
    client = models.ForeignKey(Client, models.PROTECT, related_name="group_places")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="group_places")
    focus = models.CharField(
        _("Focus area"), max_length=12, choices=FocusArea.Area.choices, default="", blank=True
    )
    shared_goals = models.TextField(
        _("Goals to share in the group"), max_length=1000, default="", blank=True, validators=[no_control_characters]
    )  # fmt: skip
    private_goals = models.TextField(
        _("Goals that stay private"), max_length=1000, default="", blank=True, validators=[no_control_characters]
    )  # fmt: skip
    revision = models.PositiveIntegerField(default=0)  # of focus and goals: two editors never overwrite
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    starts_on = models.DateField(null=True, blank=True)  # null: waits for the meeting before the group
    joined_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    joined_at = models.DateTimeField(null=True, blank=True)
    started_without = models.CharField(
        max_length=400, default="", blank=True, validators=[no_control_characters]
    )  # G14: why this member started before the meeting alone was complete
    ends_on = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=14, choices=Ended.choices, default="", blank=True)
    ended_words = models.CharField(max_length=400, default="", blank=True, validators=[no_control_characters])
    ended_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    next_step = models.CharField(
        _("Next step"), max_length=12, choices=NextStep.choices, default="", blank=True
    )
    next_words = models.CharField(
        _("In words"), max_length=400, default="", blank=True, validators=[no_control_characters]
    )
    teams = models.JSONField(default=list, blank=True)  # keys of the care-team parts that this place opened

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "client"], condition=Q(ended_at=None), name="one_place_in_a_group"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None, joined_at=None, joined_by=None)
                | Q(starts_on__isnull=False, joined_at__isnull=False, joined_by__isnull=False),
                name="member_joined_pair",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None, ended_at=None, ended_by=None, ended_because="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False, ends_on__isnull=False) & ~Q(ended_because="")),
                name="member_ended_pair",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="member_dates_in_order",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["run", "starts_on"])]

    class Personal:
        fields = ("shared_goals", "private_goals", "ended_words", "next_words", "started_without", "focus")
        plain = ("ended_because", "next_step", "teams")

    def __str__(self) -> str:
        return f"Member {self.pk}"

    @property
    def goals(self) -> list[str]:
        """The goals that may be said in the group, one to a line."""
        return [line.strip() for line in self.shared_goals.splitlines() if line.strip()]


class SmallGroupDecision(models.Model):
    """What the facilitators decided when the group was small for two sessions. Written once."""

    class Choice(models.TextChoices):
        GO_ON = "go_on", _("Go on as it is")
        TAKE_IN = "take_in", _("Take new members in")
        JOIN = "join", _("Join with another group")
        END = "end", _("End the group early, with goodbyes")

    id = KeyField()
    run = models.ForeignKey(GroupRun, models.PROTECT, related_name="decisions")
    after_session = models.PositiveSmallIntegerField()
    choice = models.CharField(_("What you decided"), max_length=8, choices=Choice.choices)
    why = models.CharField(_("Why"), max_length=400, validators=[no_control_characters])
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "after_session"], name="small_group_decided_once")
        ]

    class Personal:
        fields = ("why",)
        plain = ("choice",)

    def __str__(self) -> str:
        return f"Small group decision {self.pk}"
