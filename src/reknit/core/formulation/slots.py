"""The nine slots of an interpersonal formulation, and the five elements without which it is not shared.

Slots after Markowitz & Weissman's formulation as taught in interpersonal psychotherapy; the elements are gate G06.
What a text covers is never guessed from its words: some elements come with a slot that is written, the others are
marked by the author on a slot that is written.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

GAP: Final = "…"
"""What only the author can fill in: a starting point leaves it open."""

ELEMENTS: Final = ("condition", "focus", "anchor", "time_link", "hope")
"""Gate G06: the condition, the focus, a person, role or event, when it was, and the hope or plan."""

ELEMENT_WORDS: Final[Mapping[str, str]] = {
    "condition": "the condition in plain words",
    "focus": "the one thing we work on",
    "anchor": "a person, a role or an event",
    "time_link": "when it began or grew worse",
    "hope": "the hope or the plan",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One part of the text. `holds` comes with being written; `may_hold` is for the author to mark."""

    key: str
    number: int
    title: str
    prompt: str
    holds: tuple[str, ...] = ()
    may_hold: tuple[str, ...] = ()


SLOTS: Final = (
    Slot(
        "told",
        1,
        "What you have told me",
        "The main trouble in plain words, and how long it has lasted. Use the client's own words.",
        may_hold=("time_link",),
    ),
    Slot(
        "condition",
        2,
        "The name of it",
        "What doctors call it. Name each condition once, in plain words.",
        holds=("condition",),
    ),
    Slot(
        "treatable",
        3,
        "It can be treated",
        "It is common, it can be treated, and it is not a fault of the client.",
        may_hold=("hope",),
    ),
    Slot(
        "people",
        4,
        "What went on with people",
        "What happened with people around the time it began or grew worse. Name who and when.",
        may_hold=("anchor", "time_link"),
    ),
    Slot(
        "use",
        5,
        "How use fits in",
        "Before it, after it, as relief or as company; then what it made harder.",
        may_hold=("anchor", "time_link"),
    ),
    Slot(
        "focus",
        6,
        "What we work on",
        "The one area, in the words you use with the client.",
        holds=("focus",),
        may_hold=("anchor",),
    ),
    Slot(
        "strengths",
        7,
        "What is on your side",
        "What the client does well, and who helps already.",
        may_hold=("anchor", "hope"),
    ),
    Slot(
        "plan",
        8,
        "What we propose",
        "To work on what, in how many sessions, until which date.",
        holds=("hope",),
    ),
    Slot("invite", 9, "Please correct me", "Ask whether it fits and what the client would change."),
)
KEYS: Final = tuple(slot.key for slot in SLOTS)
PARAGRAPHS: Final = (
    ("told", "condition", "treatable"),
    ("people", "use"),
    ("focus", "strengths"),
    ("plan", "invite"),
)
"""Slots that are read together."""


def slot(key: str) -> Slot:
    """The slot of this key.

    >>> slot("plan").number
    8
    """
    return SLOTS[KEYS.index(key)]


def covered(words: Mapping[str, str], marks: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The elements that a text covers, in the order of the gate.

    >>> covered({"condition": "Doctors call this depression.", "people": "Your sister died."}, {"people": ["anchor"]})
    ('condition', 'anchor')
    >>> covered({"people": "  "}, {"people": ["anchor"]})  # a mark on an empty slot counts for nothing
    ()
    """
    written = [one for one in SLOTS if words.get(one.key, "").strip()]
    found = {element for one in written for element in one.holds}
    found |= {element for one in written for element in marks.get(one.key, ()) if element in one.may_hold}
    return tuple(element for element in ELEMENTS if element in found)


def missing(words: Mapping[str, str], marks: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The elements that a text does not cover yet.

    >>> missing({"plan": "We meet 16 times."}, {})
    ('condition', 'focus', 'anchor', 'time_link')
    """
    there = covered(words, marks)
    return tuple(element for element in ELEMENTS if element not in there)


def open_places(words: Mapping[str, str]) -> tuple[Slot, ...]:
    """The slots in which a place of the starting point was left open. A sentence that trails off is none.

    >>> [one.title for one in open_places({"use": "Drink became a way to … and then it made … harder."})]
    ['How use fits in']
    >>> open_places({"told": "You said: I do not know…"})
    ()
    """
    return tuple(one for one in SLOTS if re.search(rf"(?:^|\s){GAP}", words.get(one.key, "")))


def assemble(words: Mapping[str, str]) -> str:
    r"""The text as it is read: slots in order, in paragraphs. An empty slot leaves nothing behind.

    >>> assemble({"condition": "It is depression.", "told": "You sleep badly.", "invite": "Does this fit?"})
    'You sleep badly. It is depression.\n\nDoes this fit?'
    """
    paragraphs = [
        " ".join(text for key in keys if (text := " ".join(words.get(key, "").split())))
        for keys in PARAGRAPHS
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
