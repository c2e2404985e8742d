"""The name check: does a text that goes into one person's chart name another person?

Case and accents are ignored, a name is found at word bounds only, and a possessive is the name with something after
it. Compound names are looked for whole and by each of their parts, so that "Ana Lucía" is found in "as Ana said".
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

APOSTROPHES: Final = "'’ʼ`´ʹ"
SHORTEST_PART: Final = 2
"""Our default: an initial alone ("J.") names nobody; two letters ("Al", "Bo") do."""
PARTICLES: Final = frozenset(
    [
        "al",
        "bin",
        "da",
        "de",
        "del",
        "der",
        "des",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "la",
        "le",
        "les",
        "van",
        "von",
        "y",
    ]
)
"""Small words inside a name of several; none of them is a name by itself."""
ORDINARY: Final = frozenset(
    ["an", "can", "do", "in", "is", "may", "me", "my", "no", "on", "so", "to", "us", "we", "will"]
)
"""Words that no sentence can do without. As names they count when written with a capital, which is how a name is."""
AROUND: Final = 24  # characters shown on each side of a name that was found
FOLDED: Final = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"}
"""Letters that do not come apart into a letter and an accent."""


@dataclass(frozen=True, slots=True)
class Found:
    """One name in a text: as it was written, the line it stands in (from 1), and the words round it."""

    written: str
    line: int
    around: str
    start: int
    end: int


def folded(text: str) -> tuple[str, list[int]]:
    """The text without case and accents, and for each of its characters the place it came from.

    >>> folded("Zoë")[0], folded("Łukasz")[0]
    ('zoe', 'lukasz')
    """
    letters: list[str] = []
    places: list[int] = []
    for place, written in enumerate(text):
        for one in unicodedata.normalize("NFKD", written.casefold()):
            if unicodedata.combining(one) or unicodedata.category(one) == "Cf":
                continue  # accents, and what cannot be seen: a soft hyphen or a joiner hides no name
            for letter in FOLDED.get(one, one):
                letters.append("'" if letter in APOSTROPHES else letter)
                places.append(place)
    return "".join(letters), places


def parts_of(name: str) -> set[str]:
    """The forms under which a name is looked for, folded: whole, and each part of a name of several.

    >>> sorted(parts_of("Anne-Marie de Vries"))
    ['anne', 'anne-marie de vries', 'marie', 'vries']
    """
    whole = re.sub(r"\s+", " ", folded(name)[0]).strip(" .,-'")
    pieces = {piece.strip(".'") for piece in re.split(r"[\s\-]+", whole)} - PARTICLES
    return {one for one in {whole, *pieces} if sum(letter.isalnum() for letter in one) >= SHORTEST_PART}


def find(text: str, names: Iterable[str]) -> tuple[Found, ...]:
    """Every place where one of the names stands in the text, in order. `names` are given, family and preferred names.

    >>> [one.written for one in find("After MARÍA's turn, Bo spoke. Marian did not.", ["Maria Lopez", "Bo"])]
    ["MARÍA's", 'Bo']
    >>> find("The marina was closed, and we will see.", ["Marin", "Will"])
    ()
    """
    wanted = sorted({part for name in names for part in parts_of(name)}, key=len, reverse=True)
    if not wanted:
        return ()
    plain, places = folded(text)
    # A name of several words is found over line ends and double spaces too.
    forms = "|".join(r"[\s\-]+".join(map(re.escape, re.split(r"[\s\-]+", one))) for one in wanted)
    # Letters after the name end the match unless they are a possessive: "Bo's", "James'", and a plain "Marias".
    pattern = re.compile(rf"(?<!\w)(?:{forms})(?:'s|'|s)?(?!\w)")
    return tuple(
        _found(text, places, one.start(), one.end())
        for one in pattern.finditer(plain)
        if one.group() not in ORDINARY or text[places[one.start()]].isupper()
    )


def _found(text: str, places: list[int], start: int, end: int) -> Found:
    first, last = places[start], places[end - 1] + 1
    while last < len(text) and unicodedata.combining(text[last]):
        last += 1  # an accent written after its letter belongs to it
    before, after = max(0, first - AROUND), min(len(text), last + AROUND)
    around = re.sub(r"\s+", " ", text[before:after]).strip()
    return Found(text[first:last], text.count("\n", 0, first) + 1, around, first, last)


def others_in(text: str, others: Mapping[str, Iterable[str]]) -> dict[str, tuple[Found, ...]]:
    """Which other people a text names, by their key.

    A name that two members share counts as the other's: who reads the chart cannot tell which of them is meant.

    >>> others_in("Sam worked today.", {"b": ["Bo"]})
    {}
    >>> list(others_in("Sam worked today.", {"b": ["Sam"]}))
    ['b']
    """
    found = {key: find(text, names) for key, names in others.items()}
    return {key: places for key, places in found.items() if places}
