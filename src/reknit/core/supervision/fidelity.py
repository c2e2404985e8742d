"""Layer 2 of fidelity, observed quality: items rated 1 to 5 by people who heard the session. Data: `fidelity.toml`.

A blank item was not rated. It is left out of the mean and never counts as zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from reknit.core.data import read_table
from reknit.core.errors import BadInput


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is rated, with what its two ends mean."""

    key: str
    title: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Form:
    """The whole form: its items, its scale, the mean that counts as adherent, and how many items a mean needs."""

    title: str
    version: str
    licence: str
    low: int
    high: int
    adherent: float
    enough: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """One rating in numbers. `mean` is None when too few items were rated."""

    n: int
    of: int
    mean: float | None
    adherent: bool | None


@cache
def form() -> Form:
    """The form as the file has it."""
    table = read_table("reknit.core.supervision", "fidelity.toml")
    items = tuple(
        Item(one.text("key"), one.text("title"), one.text("low"), one.text("high"))
        for one in table.tables("items")
    )
    if len({one.key for one in items}) != len(items):
        table.refuse("each item needs a key of its own.", "items")
    return Form(
        title=table.text("title"),
        version=table.text("version"),
        licence=table.text("licence"),
        low=table.whole("low"),
        high=table.whole("high"),
        adherent=table.number("adherent"),
        enough=table.whole("enough"),
        items=items,
    )


def check_scores(scores: Mapping[str, int]) -> None:
    """Raise `BadInput` where a score is of no item of the form or off its scale."""
    known = {one.key for one in form().items}
    for key, score in scores.items():
        if key not in known:
            raise BadInput(f"'{key}' is not an item of this form.")
        if type(score) is not int or not form().low <= score <= form().high:
            raise BadInput(f"Rate each item from {form().low} to {form().high}, or leave it out.")


def quality(scores: Mapping[str, int]) -> Quality:
    """Mean over the items that were rated, with their number.

    >>> quality({one.key: 3 for one in form().items})
    Quality(n=17, of=17, mean=3.0, adherent=True)
    >>> quality({"frame": 5}).mean is None
    True
    """
    check_scores(scores)
    n, of = len(scores), len(form().items)
    if n < form().enough:
        return Quality(n, of, None, None)
    mean = sum(scores.values()) / n
    return Quality(n, of, mean, mean >= form().adherent)


def clock(seconds: int) -> str:
    """A place in a recording as people write it.

    >>> clock(754), clock(3725)
    ('12:34', '1:02:05')
    """
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def seconds_of(text: str) -> int:
    """A place in a recording from what somebody wrote: 12:34, 1:02:05 or whole minutes.

    >>> seconds_of("12:34"), seconds_of("1:02:05"), seconds_of("7")
    (754, 3725, 420)
    """
    parts = text.strip().split(":")
    if not 1 <= len(parts) <= 3 or not all(p.isascii() and p.isdigit() and len(p) <= 3 for p in parts):
        raise BadInput("Write the time as minutes and seconds, such as 12:34.")
    numbers = [int(part) for part in parts]
    if len(numbers) == 1:
        return numbers[0] * 60
    if any(part > 59 for part in numbers[1:]):
        raise BadInput("Write the time as minutes and seconds, such as 12:34.")
    hours, minutes, seconds = [0, *numbers][-3:]
    return hours * 3600 + minutes * 60 + seconds
