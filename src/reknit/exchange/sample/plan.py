"""Who is where in care: which stage each made-up client has reached, with whom, and what is special about them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum, auto

CLIENTS_PER_THERAPIST = 30
FEWEST_THERAPISTS = 4


class Stage(StrEnum):
    """How far a client has come."""

    REFERRED_TODAY = auto()  # phone safety not asked yet
    REFERRED_URGENT = auto()  # an answer on the phone that somebody must act on
    REFERRED_WAITING = auto()
    NOT_TAKEN_UP = auto()
    ACCEPTED = auto()  # no session yet
    START = auto()
    MIDDLE = auto()
    CLOSING = auto()
    CLOSED = auto()

    @property
    def has_course(self) -> bool:
        """Whether consent was given and a course opened."""
        return self in COURSES


COURSES = frozenset({Stage.ACCEPTED, Stage.START, Stage.MIDDLE, Stage.CLOSING, Stage.CLOSED})


class Trait(StrEnum):
    """What one client shows that the others need not."""

    TODAY = auto()  # has a session today
    SIGN_IN = auto()
    LIVE_LINK = auto()
    EXPIRED_LINK = auto()
    ITEM9_OPEN = auto()
    ITEM9_CLOSED = auto()
    ITEM9_BLANK = auto()
    PRORATED = auto()
    INCOMPLETE = auto()
    DRAFT = auto()  # the latest note waits unsigned for four days
    AWAITING_COSIGN = auto()
    ADDENDUM = auto()
    FACILITATOR = auto()  # a group facilitator is on the care team too
    CORRECTED = auto()  # one sheet was written down wrongly at first


class Turn(StrEnum):
    """A turn that one course takes, told in the rooms of the course."""

    DRAFT_AT_FOUR = auto()  # account and agreement are still drafts at session 4: gates G02 and G07 say so
    NOT_AGREED = auto()  # the client does not agree with the account
    WITH_CHANGES = auto()
    REVISED = auto()  # a second version of the account, agreed as well
    PASSED = auto()  # the supervisor passed the gate of the middle phase, with a reason
    SWITCHED = auto()  # another focus than the one chosen first
    NO_PLAN_B = auto()  # too little response, and nothing decided yet: gate G09 says so
    ENDING_MOVED = auto()
    EXTENSION_ASKED = auto()
    EXTENSION_APPROVED = auto()
    MISSED_TWICE = auto()  # two missed sessions in a row, and a plan to come back
    NOT_REVIEWED = auto()  # a return to use of this week, before today's session
    DISCORDANT = auto()  # a test that does not fit the days told
    WITHDRAWAL = auto()  # a screen at intake that asked for a medical view
    VIOLENCE = auto()
    ENDED_EARLY = auto()


@dataclass(frozen=True, slots=True)
class Part:
    """One client's part in the clinic: stage, sessions that took place, whose client, traits, and turns of the course."""

    stage: Stage
    sessions: int = 0
    therapist: int = 0
    traits: frozenset[Trait] = frozenset()
    turns: frozenset[Turn] = frozenset()

    def has(self, trait: Trait) -> bool:
        """Whether the client shows this."""
        return trait in self.traits


TRAINEE = 3
"""Which of the first four therapists is in training; in a large clinic one in twelve is."""


def _part(stage: Stage, sessions: int = 0, therapist: int = 0, *traits: Trait) -> Part:
    return Part(stage, sessions, therapist, frozenset(traits))


# The first fourteen hold every stage and trait, so that a clinic of fourteen has them all.
FIRST = (
    _part(Stage.REFERRED_TODAY),
    _part(Stage.REFERRED_URGENT),
    _part(Stage.NOT_TAKEN_UP),
    _part(Stage.ACCEPTED, 0, 0, Trait.TODAY),
    _part(Stage.START, 2, 0, Trait.TODAY, Trait.LIVE_LINK),
    _part(Stage.MIDDLE, 6, 0, Trait.TODAY, Trait.ITEM9_OPEN, Trait.CORRECTED),
    _part(Stage.MIDDLE, 9, 0, Trait.TODAY, Trait.ITEM9_CLOSED, Trait.PRORATED),
    _part(Stage.MIDDLE, 11, 0, Trait.TODAY, Trait.SIGN_IN, Trait.FACILITATOR),
    _part(Stage.CLOSING, 15, 1, Trait.ADDENDUM, Trait.INCOMPLETE),
    _part(Stage.CLOSED, 16, 0, Trait.SIGN_IN),
    _part(Stage.MIDDLE, 5, TRAINEE, Trait.AWAITING_COSIGN),
    _part(Stage.MIDDLE, 10, 0, Trait.DRAFT),
    _part(Stage.START, 1, 2, Trait.EXPIRED_LINK, Trait.ITEM9_BLANK, Trait.FACILITATOR),
    _part(Stage.REFERRED_WAITING),
    _part(Stage.CLOSED, 9, 1),
    _part(Stage.CLOSED, 7, 2),
    _part(Stage.MIDDLE, 4, 1, Trait.TODAY),
    _part(Stage.MIDDLE, 7, 2, Trait.TODAY),
    _part(Stage.MIDDLE, 12, TRAINEE, Trait.TODAY),
    _part(Stage.CLOSING, 14, 0),
    _part(Stage.CLOSED, 1, 1),
    _part(Stage.START, 3, 1, Trait.TODAY),
    _part(Stage.MIDDLE, 10, 1),
    _part(Stage.ACCEPTED, 0, 2),
    _part(Stage.MIDDLE, 13, 2, Trait.TODAY),
    _part(Stage.CLOSED, 16, TRAINEE),
    _part(Stage.MIDDLE, 6, 1, Trait.TODAY, Trait.ITEM9_CLOSED),
    _part(Stage.START, 2, TRAINEE),
    _part(Stage.CLOSING, 15, 2),
    _part(Stage.NOT_TAKEN_UP),
    _part(Stage.REFERRED_TODAY),
    _part(Stage.MIDDLE, 8, TRAINEE, Trait.TODAY),
    _part(Stage.MIDDLE, 11, 2, Trait.LIVE_LINK),
    _part(Stage.CLOSED, 16, 0),
    _part(Stage.MIDDLE, 5, 2, Trait.TODAY, Trait.PRORATED),
    _part(Stage.CLOSING, 14, 1, Trait.ITEM9_CLOSED),
    _part(Stage.ACCEPTED, 0, TRAINEE),
    _part(Stage.CLOSED, 16, 2),
    _part(Stage.MIDDLE, 9, TRAINEE),
    _part(Stage.START, 1, 1),
)

TURNS = {
    6: (Turn.NO_PLAN_B, Turn.NOT_REVIEWED),
    7: (Turn.WITH_CHANGES,),
    8: (Turn.MISSED_TWICE, Turn.DISCORDANT, Turn.WITHDRAWAL),
    10: (Turn.NOT_AGREED,),
    11: (Turn.VIOLENCE,),
    14: (Turn.ENDED_EARLY,),
    16: (Turn.DRAFT_AT_FOUR,),
    18: (Turn.PASSED, Turn.EXTENSION_APPROVED),
    19: (Turn.REVISED, Turn.NO_PLAN_B),
    22: (Turn.ENDING_MOVED,),
    24: (Turn.SWITCHED, Turn.EXTENSION_ASKED),
}
"""Which of the first forty takes which turn. The others run as planned."""

# After those, most courses are closed or in their middle; one session a week.
REST = (
    *(_part(Stage.CLOSED, sessions) for sessions in (8, 6, 9, 7, 8, 9, 5, 7)),
    *(_part(Stage.MIDDLE, sessions) for sessions in (4, 7, 8, 5, 6, 9)),
    _part(Stage.MIDDLE, 6, 0, Trait.TODAY),
    _part(Stage.START, 1),
    _part(Stage.START, 3, 0, Trait.TODAY),
    _part(Stage.ACCEPTED),
    _part(Stage.NOT_TAKEN_UP),
    _part(Stage.REFERRED_WAITING),
)


def how_many_therapists(clients: int) -> int:
    """Four for the first forty clients, then one for each thirty.

    >>> how_many_therapists(40), how_many_therapists(100), how_many_therapists(10_000)
    (4, 6, 336)
    """
    return FEWEST_THERAPISTS + math.ceil(max(0, clients - len(FIRST)) / CLIENTS_PER_THERAPIST)


def parts(clients: int) -> Iterator[Part]:
    """The part of each client, in order; nothing is kept.

    >>> [part.stage.value for part in parts(3)]
    ['referred_today', 'referred_urgent', 'not_taken_up']
    """
    for index, first in enumerate(FIRST[:clients]):
        yield replace(first, turns=frozenset(TURNS.get(index, ())))
    others = how_many_therapists(clients) - FEWEST_THERAPISTS
    for index in range(clients - len(FIRST)):
        plain = REST[index % len(REST)]
        # The second term shifts each round, so that no therapist is given the same stage every time.
        therapist = FEWEST_THERAPISTS + (index + index // len(REST)) % others
        yield Part(plain.stage, plain.sessions, therapist, plain.traits)
