"""Which line of a TOML file a value stands on, so that a complaint about it can say where to look.

The reader of the standard library forgets lines. This goes over the text once more and remembers where tables, keys and
members of lists begin. It takes for granted that the text is valid TOML; where it is not, the reader has said so before.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

Place = tuple[str | int, ...]
HEADER: Final = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]")
KEY: Final = re.compile(r"""^\s*([A-Za-z0-9_.\-]+|"[^"]*")\s*=\s*""")
TOKEN: Final = re.compile(
    r"\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\])*\"|'[^']*'|#[^\n]*|[\[\]{},\n]", re.DOTALL
)


def lines_of(text: str) -> dict[Place, int]:
    r"""The line of each place.

    >>> lines_of('code = "x"\n[[gates]]\ncode = "G01"\nrows = [\n  { a = 1 },\n  { a = 2 },\n]')[("gates", 0, "rows", 1)]
    6
    """
    found: dict[Place, int] = {(): 1}
    lists: Counter[Place] = Counter()
    place: Place = ()
    rest, number = text, 1
    while rest:
        line, _, after = rest.partition("\n")
        if header := HEADER.match(line):
            place = _named(header[2])
            if header[1] == "[[":
                found.setdefault(place, number)
                lists[place] += 1
                place = (*place, lists[place] - 1)
            found.setdefault(place, number)
        elif key := KEY.match(line):
            here = (*place, *_named(key[1]))
            found.setdefault(here, number)
            used = _value(rest[key.end() :], number, here, found)
            after = rest[key.end() + used :].partition("\n")[2]
            number += rest[: key.end() + used].count("\n")
        rest, number = after, number + 1
    return found


def line_of(lines: Mapping[Place, int], place: Place) -> int | None:
    """The line of a place, or of the nearest thing around it; nothing for a table that came from no file."""
    while place not in lines and place:
        place = place[:-1]
    return lines.get(place)


def _named(text: str) -> Place:
    return tuple(part.strip().strip('"') for part in text.split("."))


def _value(text: str, number: int, place: Place, found: dict[Place, int]) -> int:
    """Remember the members of a list that begins here. Returns how far the value goes."""
    depth = member = 0
    for sign, at in _tokens(text):
        if sign in "[{":
            depth += 1
            if depth == 2 and text.lstrip().startswith("["):
                found[(*place, member)] = number + text[:at].count("\n")
        elif sign in "]}":
            depth -= 1
        elif sign == "," and depth == 1:
            member += 1
        if depth == 0 and sign in "]}\n":
            return at if sign == "\n" else at + 1
    return len(text)


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Brackets, commas and ends of lines that stand outside quotes and remarks."""
    for match in TOKEN.finditer(text):
        if match[0] in "[]{},\n":
            yield match[0], match.start()
