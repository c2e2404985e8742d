"""One client's course while it is told: what is planned, what the story is, and what the rooms hold of it so far."""

import datetime as dt
import random
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reknit.base.accounts.models import User
from reknit.care.encounters.actions import book_appointment
from reknit.care.encounters.models import Appointment, Intention, RolePlay
from reknit.care.encounters.models.analyses import CommunicationAnalysis, DecisionAnalysis
from reknit.care.formulation.models import FocusArea, TimelineEvent
from reknit.care.medication.models import Medication
from reknit.care.network.models import Relationship
from reknit.care.people.models import Client
from reknit.care.programme.models import Contract, Episode, Goal
from reknit.care.substance_use.models import UseEpisode

from . import words
from .answers import Person
from .diary import Hour, Meeting
from .plan import Part, Stage, Trait, Turn
from .staff import Clinic
from .use import Pattern

DAY = dt.timedelta(days=1)
BEFORE_COURSE = dt.timedelta(days=28)
"""How far before the first session the calendar reaches."""


@dataclass
class Course:
    """One client's course while it is told. The later fields fill up as the rooms are told their parts."""

    clinic: Clinic
    rng: random.Random
    part: Part
    index: int
    episode: Episode
    weekly: Hour
    meetings: list[Meeting]
    story: words.Story
    person: Person
    pattern: Pattern
    substances: tuple[str, ...]
    next_at: dt.datetime | None
    user: User | None = None
    totals: dict[int, int | None] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    tries: list[str] = field(default_factory=list)
    open_intention: Intention | None = None
    people: dict[str, Relationship] = field(default_factory=dict)
    tied: set[tuple[str, str]] = field(default_factory=set)
    events: dict[str, TimelineEvent] = field(default_factory=dict)
    focus: FocusArea | None = None
    contract: Contract | None = None
    goals: list[Goal] = field(default_factory=list)
    medication: Medication | None = None
    taken_until: dt.date | None = None
    has_discordant: bool = False
    use_episode: UseEpisode | None = None
    talk: CommunicationAnalysis | None = None
    rehearsed: RolePlay | None = None
    decided: DecisionAnalysis | None = None

    @property
    def client(self) -> Client:
        return self.episode.client

    @property
    def therapist(self) -> User:
        return self.clinic.therapists[self.part.therapist]

    @property
    def supervisor(self) -> User:
        return self.clinic.supervisor_of(self.part.therapist)

    @cached_property
    def first_on(self) -> dt.date:
        return self.episode.starts_on

    @cached_property
    def latest_slot(self) -> int:
        return sum(meeting.attended for meeting in self.meetings)

    def takes(self, turn: Turn) -> bool:
        """Whether this course takes this turn."""
        return turn in self.part.turns

    def tale(self, room: str) -> dict[str, Any]:
        """The story's words of one file, such as `account`."""
        found: dict[str, Any] = words.table(room)[self.story.key]
        return found

    def somebody(self, *aliases: str) -> list[Relationship]:
        """Those of these people who are on the circle."""
        return [self.people[alias] for alias in aliases if alias in self.people]

    @cached_property
    def near(self) -> tuple[str, str]:
        """The aliases of the two nearest people who support recovery, in the order in which they would be asked."""
        cast = self.tale("people")["people"]
        found = [one for one in cast if one.get("recovery", 0) > 0 and one.get("use") in ("none", "recovery")]
        found = [one for one in found if "joins" not in one and not one.get("status")]
        first, second = sorted(found, key=lambda one: (-one["recovery"], one["ring"]))[:2]
        return first["alias"], second["alias"]

    def said(self, text: str) -> str:
        """Words with the names of those who are near put in."""
        return text.format(close=self.near[0], second=self.near[1])

    def item9(self, slot: int) -> int | None:
        """The critical answer of a session: zero, unless this client shows otherwise."""
        if self.part.has(Trait.ITEM9_BLANK) and slot == self.latest_slot:
            return None
        return {3: 1, 5: 2}.get(slot, 0) if self.part.has(Trait.ITEM9_CLOSED) else 0

    def returns_before(self, slot: int) -> bool:
        """Whether the days before this session hold a return to use."""
        return slot == self.story.return_before


def book(course: Course, at: dt.datetime, starts_at: dt.datetime | None) -> Appointment | None:
    """Book the next meeting, where there is one."""
    if starts_at is None:
        return None
    therapist = course.therapist
    return book_appointment(
        by=therapist,
        at=at,
        episode=course.episode,
        clinician=therapist,
        starts_at=starts_at,
        may_overlap=True,  # in a large clinic hours are shared
    )


def is_early(part: Part) -> bool:
    """Whether a closed course ended before its planned last session."""
    return part.stage is Stage.CLOSED and part.sessions < 16
