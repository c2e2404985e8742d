"""The words of the sample: names, notes and letters. Plain, short, about people; nobody in them exists."""

import math
import random
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from .answers import Trend
from .plan import Stage


@dataclass(frozen=True, slots=True)
class Story:
    """What one course is about: lines for each session, and words for the letters."""

    key: str
    area: str
    came: str
    worked: str
    plain_came: str
    plain_worked: str
    plain_signal: str
    initial: tuple[str, ...]
    middle: tuple[str, ...]
    closing: tuple[str, ...]
    tries: tuple[str, ...]
    return_before: int | None = None

    def focus(self, slot: int) -> str:
        """The line of one planned session."""
        lines = (*self.initial, *self.middle, *self.closing)
        return lines[min(slot, len(lines)) - 1]


@cache
def table(name: str) -> dict[str, Any]:
    """One file of words of this folder, such as `people`."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def stories() -> tuple[Story, ...]:
    """Every story, in the order of the file."""
    lists = ("initial", "middle", "closing", "tries")
    told: list[dict[str, Any]] = table("stories")["stories"]
    return tuple(Story(**{**one, **{name: tuple(one[name]) for name in lists}}) for one in told)


@cache
def _names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    names = table("names")
    return tuple(map(str, names["given"])), tuple(map(str, names["family"]))


def name(index: int, seed: int) -> tuple[str, str]:
    """A given and a family name. No two clients share both until every pair was used once."""
    given, family = _names()
    pairs = len(given) * len(family)
    rng = random.Random(f"names {seed}")
    step = rng.randrange(pairs // 3, pairs // 2)
    while math.gcd(step, pairs) != 1:
        step += 1
    place = (rng.randrange(pairs) + index * step) % pairs
    return given[place % len(given)], family[place // len(given)]


EASIER = (
    "The week was lighter than the one before.",
    "Some better days, and they could say which ones.",
    "A little more rest, and more talk with others.",
)
SAME = (
    "Much as last week, with one good evening in it.",
    "Neither up nor down; they came anyway and said so.",
    "The days are alike, they said; we looked for the ones that were not.",
)
HARDER = (
    "A harder week, and they came.",
    "Tired, and slow to begin; we took it slowly.",
    "Mood was lower; we looked at what had happened between people.",
)
FIRST_TIME = "Came on time and told us why now."
NO_SHEET = "No mood sheet today: we spoke instead."

SAFE = (
    "Asked directly: no thoughts of ending their life.",
    "Asked about safety: none to report, and they know whom to ring.",
    "No thoughts of harm to themselves or others.",
)
PASSING = "Marked the last question above zero. Asked at once: thoughts come and go, no plan, nothing at hand. Agreed whom to ring, then us."
BLANK = "Left the last question blank. To be asked again at the next contact, in a quiet moment."

PLANS = (
    "Same hour next week.",
    "Go on with the focus; look at the thing to try first.",
    "Bring the map next time.",
    "Stay with this theme; ask about the weekend first.",
)
WENT = {
    "did": (
        "It went better than feared.",
        "It was short, and it was done.",
        "They were glad of it afterwards.",
    ),
    "partly": ("Began it, and stopped half way.", "Did it once instead of twice."),
    "not_yet": ("The right moment did not come.", "A full week; wants to keep it for the next one."),
    "changed": ("Something else mattered more, and they did that.",),
}
CLOSING_NOTE = (
    "Rang the same day. Thoughts come and go, no plan, not alone tonight. Agreed whom to ring, then us.",
    "Spoke after the session. No plan and nothing at hand; a friend stays over. Looked at the plan together.",
    "Seen again the same day. Safe at home, sister is there until Friday. Plan written down and taken along.",
)
PHONE_NOTE = (
    "Rang back within the hour. Safe now, not alone; told them whom to ring at night.",
    "Spoke with them by the safe way. Medical view arranged for the same day.",
)
ADDENDUM = (
    "They rang the next morning and asked me to add: the talk with the family took place that same evening."
)
NOT_TAKEN_UP = (
    "Chose a service nearer to home; we passed the referral on with their agreement.",
    "Prefers to wait until after the summer; knows how to reach us.",
    "Did not answer by the safe way on three days; letter sent with how to come back.",
)
DONE = "Course completed as planned."
EARLY = (
    "Ended early by agreement: moved to another town.",
    "Ended early by agreement: took up work with other hours; knows how to come back.",
)


def since_last(rng: random.Random, before: int | None, now: int | None, slot: int) -> str:
    """How the time since was, in step with the scores: two points or more make a difference here."""
    if slot == 1:
        return FIRST_TIME
    if now is None or before is None:
        return NO_SHEET if now is None else rng.choice(SAME)
    if abs(now - before) < 2:
        return rng.choice(SAME)
    return rng.choice(EASIER if now < before else HARDER)


def note(
    rng: random.Random, story: Story, *, slot: int, before: int | None, now: int | None, item9: int | None
) -> dict[str, str]:
    """The own words of one note."""
    return {
        "since_last": since_last(rng, before, now, slot),
        "safety": BLANK if item9 is None else PASSING if item9 else rng.choice(SAFE),
        "focus": story.focus(slot),
        "plan": rng.choice(PLANS),
    }


PROGRESS = {
    Trend.IMPROVES: "Mood lifted over the course, first in the mornings. They put it down to the people, and so do I.",
    Trend.STAYS: "Mood stayed much as it was. What changed is who is there on a hard day, and that it is said aloud.",
    Trend.WORSENS: "Mood was lower at the end than at the start. We spoke about this openly and agreed on further care.",
}
PLAN = {
    Trend.IMPROVES: "A visit here after three months is agreed. Please keep the present medicines as they are and ask about the signs named above.",
    Trend.STAYS: "A visit here after six weeks is agreed. Please see them within the month and look at the treatment of mood.",
    Trend.WORSENS: "Please see them within two weeks. A further course with medical treatment of mood has been arranged with us.",
}
PLAIN_NEXT = {
    Trend.IMPROVES: "Come and see us in three months. If things get harder before that, ring us.",
    Trend.STAYS: "Come and see us in six weeks. Your doctor will talk with you about more help for your mood.",
    Trend.WORSENS: "Your doctor will see you in the next two weeks. We go on together after that.",
}
EARLIER = "The course ended before its planned last session, by agreement. "


def closing_letter(story: Story, trend: Trend, *, early: bool) -> dict[str, str]:
    """The letter to the care team."""
    return {
        "opening": story.came,
        "work": story.worked,
        "progress": (EARLIER if early else "") + PROGRESS[trend],
        "plan": PLAN[trend],
    }


def plain_letter(story: Story, trend: Trend) -> dict[str, str]:
    """The letter to the client."""
    return {
        "opening": story.plain_came,
        "work": story.plain_worked,
        "signals": story.plain_signal,
        "next": PLAIN_NEXT[trend],
    }


STAGES = {
    Stage.REFERRED_TODAY: "referred today",
    Stage.REFERRED_URGENT: "referred, with an urgent answer on the phone",
    Stage.REFERRED_WAITING: "referred and waiting",
    Stage.NOT_TAKEN_UP: "not taken up",
    Stage.ACCEPTED: "accepted, before the first session",
    Stage.START: "in sessions 1 to 3",
    Stage.MIDDLE: "in the middle of their course",
    Stage.CLOSING: "in the last sessions",
    Stage.CLOSED: "closed",
}
"""Stages in words, for the sentence that says what was made."""
