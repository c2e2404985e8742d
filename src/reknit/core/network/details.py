"""What is told of a person, as words and numbers of the chart, and the alter it makes. Empty is not known, everywhere.

The same names, words and scales as the chart's: a test of the room holds the two together.
"""

from collections.abc import Hashable, Mapping
from types import MappingProxyType
from typing import Final

from reknit.core.errors import BadInput

from .indices import Alter, Use

NO_PERSON: Final = frozenset({"group", "faith", "pet", "substance"})
NOT_IN_LIFE: Final = frozenset({"died", "prospective"})
"""Who has died, and who is only hoped for, counts in no index."""
USING: Final = frozenset({"light", "moderate", "heavy"})
WORDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "relation": frozenset(
            [
                "partner",
                "former",
                "mother",
                "father",
                "child",
                "sibling",
                "family",
                "friend",
                "work",
                "neighbour",
                "peer",
                "helper",
                "other",
            ]
        )
        | NO_PERSON,
        "status": frozenset({"current", "estranged", "died", "lost", "prospective"}),
        "reciprocity": frozenset({"mine", "even", "theirs"}),
        "alcohol": frozenset({"recovering", "abstainer"}) | USING,
        "drugs": frozenset({"recovering", "abstainer"}) | USING,
        "reaction_to_use": frozenset({"encouraged", "accepted", "neutral", "disapproved", "left", "unaware"}),
    }
)
SCALES: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "ring": (1, 4),
        "contact": (0, 7),
        "importance": (1, 6),
        "general_support": (1, 6),
        "practical_support": (1, 6),
        "emotional_support": (1, 6),
        "conflict": (0, 10),
        "uses_with_client": (0, 2),
        "supports_recovery": (-2, 2),
        "supports_treatment": (1, 6),
    }
)
"""Least and most of each number."""
RESEARCH_WORDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {"reaction_to_drugs": WORDS["reaction_to_use"]}
)
RESEARCH_SCALES: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {"alcohol_frequency": (0, 7), "drugs_frequency": (0, 7)}
)
"""What a study may have asked and the chart does not: how often a person drinks or uses, on the scale of contact."""
NUMBER_WORDS: Final[Mapping[str, Mapping[str, int]]] = MappingProxyType(
    {
        "contact": {
            "daily": 7, "some_days": 6, "weekly": 5, "fortnight": 4, "monthly": 3, "seldom": 2, "once": 1, "none": 0,
        },
        "uses_with_client": {"never": 0, "sometimes": 1, "often": 2},
        "supports_recovery": {"strong": 2, "for": 1, "mixed": 0, "against": -1, "strongly_against": -2},
    }
)  # fmt: skip
"""Words that may stand for a number."""


def use_of(alcohol: str | None, drugs: str | None) -> Use | None:
    """Uses now, in recovery, or neither. Light use counts; where nothing says that the person uses, both must be told, or
    that they are in recovery.

    >>> use_of("light", None), use_of("recovering", None), use_of("abstainer", None), use_of("abstainer", "abstainer")
    ('uses', 'recovery', None, 'none')
    """
    told = {alcohol or None, drugs or None}
    if told & USING:
        return "uses"
    if "recovering" in told:
        return "recovery"
    return None if None in told else "none"


def heavy_of(alcohol: str | None, drugs: str | None) -> bool | None:
    """Whether the person drinks or uses heavily.

    >>> heavy_of("heavy", None), heavy_of("light", None), heavy_of("light", "abstainer")
    (True, None, False)
    """
    if "heavy" in (alcohol, drugs):
        return True
    return False if alcohol and drugs else None


def number(name: str, text: str) -> int | None:
    """A number of the scale `name`, as a number or as its word. Raises `BadInput` for anything else.

    >>> number("contact", "daily"), number("contact", " 5 "), number("contact", "")
    (7, 5, None)
    """
    told = text.strip().lower()
    if not told:
        return None
    least, most = {**SCALES, **RESEARCH_SCALES}[name]
    known = NUMBER_WORDS.get(name, {}).get(told)
    if known is not None:
        return known
    try:
        value = float(told)
    except ValueError:
        raise BadInput(f"{name} is {text.strip()!r}, which is no answer on its scale") from None
    if not (value.is_integer() and least <= value <= most):
        raise BadInput(f"{name} is {text.strip()!r}, and runs from {least} to {most}")
    return int(value)


def word(name: str, text: str) -> str | None:
    """A word of the list `name`, nothing for a blank and for "unknown". Raises `BadInput` for one that is not on it.

    >>> word("alcohol", "Heavy"), word("alcohol", "unknown")
    ('heavy', None)
    """
    told = text.strip().lower()
    if told in ("", "unknown"):
        return None
    known = {**WORDS, **RESEARCH_WORDS}[name]
    if told not in known:
        raise BadInput(f"{name} is {text.strip()!r}, which is none of {', '.join(sorted(known))}")
    return told


def alter_of(
    key: Hashable,
    cells: Mapping[str, str],
    *,
    supplies: bool | None = None,
    from_treatment: bool | None = None,
    not_a_person: bool | None = None,
) -> Alter:
    """A person from what a table says of them: words and numbers by name, and what is yes or no. Raises `BadInput`.

    >>> found = alter_of("a", {"ring": "1", "contact": "daily", "alcohol": "abstainer", "drugs": "abstainer"})
    >>> found.use, found.contact, found.counted
    ('none', 7, True)
    """
    words = {name: word(name, cells.get(name, "")) for name in (*WORDS, *RESEARCH_WORDS)}
    numbers = {name: number(name, cells.get(name, "")) for name in (*SCALES, *RESEARCH_SCALES)}
    return Alter(
        key=key,
        ring=numbers["ring"],
        contact=numbers["contact"],
        use=use_of(words["alcohol"], words["drugs"]),
        heavy=heavy_of(words["alcohol"], words["drugs"]),
        uses_with=numbers["uses_with_client"],
        supplies=supplies,
        supports=numbers["supports_recovery"],
        importance=numbers["importance"],
        general=numbers["general_support"],
        practical=numbers["practical_support"],
        emotional=numbers["emotional_support"],
        reciprocity=words["reciprocity"],
        conflict=numbers["conflict"],
        treatment=numbers["supports_treatment"],
        relation=words["relation"],
        alcohol=words["alcohol"],
        drugs=words["drugs"],
        reaction=words["reaction_to_use"],
        reaction_to_drugs=words["reaction_to_drugs"],
        alcohol_frequency=numbers["alcohol_frequency"],
        drugs_frequency=numbers["drugs_frequency"],
        from_treatment=from_treatment,
        counted=not (not_a_person or words["relation"] in NO_PERSON or words["status"] in NOT_IN_LIFE),
    )
