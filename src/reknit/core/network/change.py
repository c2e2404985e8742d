"""What changed between two versions of a circle. People are matched by key, never by name.

Sizes compare only where people were asked for in the same way both times.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from .circle import MIDDLES

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody on both versions whose ring is not the same. `inward` is positive when closer now."""

    key: Hashable
    before: int
    after: int

    @property
    def inward(self) -> int:
        """How many rings closer the person is now; below zero when further away.

        >>> Move("Ann", before=3, after=1).inward
        2
        """
        return self.before - self.after


@dataclass(frozen=True, slots=True)
class Change:
    """Who moved, came and left, each in the order of the version that has them."""

    moves: tuple[Move, ...]
    arrived: tuple[Hashable, ...]
    left: tuple[Hashable, ...]
    kept: tuple[Hashable, ...]

    @property
    def jaccard(self) -> float | None:
        """kept / (kept + left + arrived), 1 when nobody changed; None when there was nobody.

        >>> Change(moves=(), arrived=("Fay",), left=("Cid", "Dee"), kept=("Ann",)).jaccard
        0.25
        """
        every = len(self.kept) + len(self.left) + len(self.arrived)
        return len(self.kept) / every if every else None

    @property
    def retention(self) -> float | None:
        """kept / people before; None when there was nobody before.

        >>> Change(moves=(), arrived=("Fay",), left=("Cid", "Dee", "Eli"), kept=("Ann",)).retention
        0.25
        """
        before = len(self.kept) + len(self.left)
        return len(self.kept) / before if before else None

    @property
    def turnover(self) -> float | None:
        """(left + arrived) / (people before + people after), 0 to 1; None when there was nobody.

        >>> Change(moves=(), arrived=("Fay",), left=("Cid", "Dee"), kept=("Ann", "Bob", "Gus")).turnover
        0.3333333333333333
        """
        both = 2 * len(self.kept) + len(self.left) + len(self.arrived)
        return (len(self.left) + len(self.arrived)) / both if both else None


def change(before: Mapping[Key, int | None], after: Mapping[Key, int | None]) -> Change:
    """Compare two versions, each a ring for every key; None is a ring that was not told.

    >>> then = dict.fromkeys(["Ann", "Bob", "Cid", "Dee", "Eli"], 2)
    >>> now = {"Ann": 1, "Bob": 2, "Fay": 3, "Gus": 3}
    >>> found = change(then, now)
    >>> found.moves, found.left
    ((Move(key='Ann', before=2, after=1),), ('Cid', 'Dee', 'Eli'))
    >>> round(found.jaccard, 4), found.retention, round(found.turnover, 4)
    (0.2857, 0.4, 0.5556)
    """
    kept = tuple(key for key in after if key in before)
    moves = [
        Move(key, was, stands)
        for key in kept
        if (was := before[key]) is not None and (stands := after[key]) is not None and was != stands
    ]
    return Change(
        moves=tuple(moves),
        arrived=tuple(key for key in after if key not in before),
        left=tuple(key for key in before if key not in after),
        kept=kept,
    )


def movement(
    before: Mapping[Key, int | None], after: Mapping[Key, int | None], among: Iterable[Key]
) -> float | None:
    """dRing: mean of (ring before - ring after) over those of a kind who are on both; positive is closer. None if nobody is.

    >>> movement({"a": 3, "b": 1, "c": 2}, {"a": 1, "b": 1, "d": 2}, among="abcd")
    1.0
    """
    steps = [
        was - stands
        for key in among
        if (was := before.get(key)) in MIDDLES and (stands := after.get(key)) in MIDDLES
    ]
    return sum(steps) / len(steps) if steps else None


@dataclass(frozen=True, slots=True)
class Shift:
    """A change in a share, in two parts that add up to `total`."""

    total: float
    within: float
    replacement: float


def shift_in_share(before: Mapping[Key, bool], after: Mapping[Key, bool]) -> Shift | None:
    """How much of a change in a share comes from people who stayed and changed, and how much from people who came and left.

    within = (k/n0 + k/n1) / 2 * (share among the kept now - share among the kept before), with k people kept of n0 and n1;
    replacement is the rest. The kept are weighted by the mean of both versions, as in Kitagawa (1955). Only people of whom
    the answer is known belong in either mapping. None when either is empty.

    >>> shift_in_share({"a": True, "b": True}, {"a": False, "b": True})
    Shift(total=-0.5, within=-0.5, replacement=0.0)
    >>> shift_in_share({"a": True, "b": False}, {"b": False, "c": False})
    Shift(total=-0.5, within=0.0, replacement=-0.5)
    """
    if not before or not after:
        return None
    kept = [key for key in after if key in before]
    total = sum(after.values()) / len(after) - sum(before.values()) / len(before)
    weight = (len(kept) / len(before) + len(kept) / len(after)) / 2
    step = sum(after[key] - before[key] for key in kept) / len(kept) if kept else 0.0
    within = weight * step
    return Shift(total, within, total - within)
