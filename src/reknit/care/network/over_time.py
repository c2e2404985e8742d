"""The signed versions of a circle one after another: each step in words, and two of them side by side. No query here."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from .models import CircleVersion
from .pages import CirclePage, version_page
from .queries import Comparison, Signed, compare
from .sifting import Sieve


@dataclass(frozen=True, slots=True)
class Step:
    """One version and what changed on the way to it, as names; the first has nothing before it."""

    number: int
    slot: int | None
    signed_at: dt.datetime
    listed: int
    counted: int
    new: tuple[str, ...] = ()
    closer: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Played:
    """The version that is looked at, with the one before and the one after."""

    page: CirclePage
    version: CircleVersion
    place: int
    of: int
    first: int
    before: int | None
    after: int | None


def steps(signed: Sequence[Signed]) -> list[Step]:
    """Every version, oldest first."""
    earlier: list[Signed | None] = [None, *signed]
    return [_step(one, before) for before, one in zip(earlier, signed, strict=False)]


def played(versions: Sequence[CircleVersion], number: int | None, sieve: Sieve) -> Played | None:
    """One step of the course: the version of this number, or the first. `versions` come latest first."""
    signed = [one for one in reversed(versions) if one.state == CircleVersion.State.SIGNED]
    if not signed:
        return None
    numbers = [one.number for one in signed]
    place = numbers.index(number) if number in numbers else 0
    return Played(
        page=version_page(signed[place], versions, sieve),
        version=signed[place],
        place=place + 1,
        of=len(signed),
        first=numbers[0],
        before=numbers[place - 1] if place else None,
        after=numbers[place + 1] if place + 1 < len(numbers) else None,
    )


def two_of(signed: Sequence[Signed], then: int | None, now: int | None) -> tuple[Signed, Signed] | None:
    """The two that were asked for, the earlier first; else the first and the latest. None below two."""
    if len(signed) < 2:
        return None
    known = {one.number: one for one in signed}
    asked = sorted({one for one in (then, now) if one in known})
    if len(asked) == 2:
        return known[asked[0]], known[asked[1]]
    return signed[0], signed[-1]


def _step(one: Signed, before: Signed | None) -> Step:
    found = compare(before.circle, one.circle) if before else None
    return Step(
        number=one.number,
        slot=one.slot,
        signed_at=one.signed_at,
        listed=len(one.circle.people),
        counted=len(one.circle.counted()),
        **(_names(found) if found else {}),
    )


def _names(found: Comparison) -> dict[str, tuple[str, ...]]:
    return {
        "new": tuple(one.alias for one in found.arrived),
        "closer": tuple(one.alias for one in found.moves if one.inward > 0),
        "further": tuple(one.alias for one in found.moves if one.inward < 0),
        "gone": tuple(one.alias for one in found.left),
    }
