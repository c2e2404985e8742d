"""A ranked hint for the focus area, with the facts that point to it. It never chooses: the client and therapist do.

Order after Klerman, Weissman et al. as in the protocol: grief, dispute or transition come before sensitivity, which
is the fall-back when no recent event fits. Within those, more facts come first. Without facts there is no hint.
Limits here are rules of our own that sort attention and decide nothing.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

Area = Literal["grief", "dispute", "transition", "sensitivity"]
Kind = Literal["death", "argument", "change", ""]

ORDER: Final[tuple[Area, ...]] = ("grief", "dispute", "transition", "sensitivity")
NEAR_DAYS: Final = 365
"""An event this close to the onset or to the first use day is a fact worth naming."""
ROUGHLY_DAYS: Final = 92
"""Where a day is known to the month, the season or the year, nothing closer than this is told apart."""
HIGH_CONFLICT: Final = 6
"""Conflict of 6 of 10 and more is worth naming."""
FEW_PEOPLE: Final = 3
"""Up to three people in an inventory that was taken is worth naming."""
AREA_OF: Final[dict[str, Area]] = {"death": "grief", "argument": "dispute", "change": "transition"}
UNITS: Final = ((730, 365, "years"), (61, 30, "months"), (21, 7, "weeks"), (2, 1, "days"))


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody in the client's life; None is not known and points nowhere."""

    key: str
    alias: str
    conflict: int | None = None
    expectations_differ: bool | None = None
    is_silent: bool | None = None
    uses: bool | None = None
    has_died: bool | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something on the timeline. `kind` is what the author said it was; nothing is read out of the title."""

    key: str
    title: str
    on: dt.date
    kind: Kind = ""
    people: tuple[str, ...] = ()
    is_closest_change: bool = False
    is_onset: bool = False
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a hint stands on. `inventory_taken` says that few people means few, and not "not asked"."""

    people: tuple[Person, ...] = ()
    events: tuple[Event, ...] = ()
    onset_on: dt.date | None = None
    onset_is_exact: bool = True
    first_use_on: dt.date | None = None
    inventory_taken: bool = False


@dataclass(frozen=True, slots=True)
class Hint:
    """One area with what it is tied to, and the facts that point there, in words."""

    area: Area
    reasons: tuple[str, ...]
    people: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


@dataclass
class _Draft:
    reasons: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)


def hints(facts: Facts) -> tuple[Hint, ...]:
    """The areas that some fact points to, the best supported first and sensitivity always last.

    >>> m = Person("p1", "M.", conflict=8)
    >>> [(hint.area, hint.reasons) for hint in hints(Facts(people=(m,)))]
    [('dispute', ('conflict 8 of 10 with M.',))]
    >>> hints(Facts())
    ()
    """
    found = [*_events(facts), *_disputes(facts)]
    acute = sorted(_merged(found), key=lambda hint: (-len(hint.reasons), ORDER.index(hint.area)))
    lonely = _lonely(facts)
    return (*acute, *([Hint("sensitivity", tuple(lonely))] if lonely else []))


def gap(days: int) -> str:
    """A stretch of days in words, as people say it.

    >>> [gap(days) for days in (0, 1, 2, 21, 90, 800)]
    ['the same day', '1 day', '2 days', '3 weeks', '3 months', '2 years']
    """
    days = abs(days)
    if days < 2:
        return "1 day" if days else "the same day"
    length, unit = next((length, unit) for least, length, unit in UNITS if days >= least)
    return f"{days // length} {unit}"


def beside(on: dt.date, other: dt.date, what: str, *, exact: bool = True) -> str:
    """Where a day stands to another, in words; no closer than the days are known.

    >>> beside(dt.date(2026, 1, 1), dt.date(2026, 1, 22), "the first use day")
    '3 weeks before the first use day'
    >>> beside(dt.date(2026, 1, 1), dt.date(2026, 1, 22), "the onset", exact=False)
    'around the time of the onset'
    """
    days = (other - on).days
    if not exact and abs(days) <= ROUGHLY_DAYS:
        return f"around the time of {what}"
    if days == 0:
        return f"on the day of {what}"
    return f"{'' if exact else 'about '}{gap(days)} {'before' if days > 0 else 'after'} {what}"


def _events(facts: Facts) -> list[Hint]:
    """A hint for each death, argument or change that stands near the onset, the first use, or is marked."""
    found = []
    for event in facts.events:
        if event.kind in AREA_OF and (reasons := _of_event(event, facts)):
            people = () if AREA_OF[event.kind] == "transition" else event.people
            found.append(Hint(AREA_OF[event.kind], tuple(reasons), people, (event.key,)))
    return found


def _of_event(event: Event, facts: Facts) -> list[str]:
    reasons = []
    for day, what, is_exact in (
        (None if event.is_onset else facts.onset_on, "the onset", facts.onset_is_exact),
        (facts.first_use_on, "the first use day", True),
    ):
        if day and abs((day - event.on).days) <= NEAR_DAYS:
            where = beside(event.on, day, what, exact=event.is_exact and is_exact)
            reasons.append(f"{event.title}: {where}")
    if event.is_onset:
        reasons.append(f"{event.title}: marked as the onset")
    if event.is_closest_change:
        reasons.append(f"{event.title}: marked as the closest change")
    return reasons


def _disputes(facts: Facts) -> Iterable[Hint]:
    for person in facts.people:
        if person.has_died:
            continue
        reasons = []
        if person.conflict is not None and person.conflict >= HIGH_CONFLICT:
            reasons.append(f"conflict {person.conflict} of 10 with {person.alias}")
        if person.expectations_differ:
            reasons.append(f"{person.alias} and the client expect different things")
        if person.is_silent:
            reasons.append(f"talk with {person.alias} has stopped")
        if reasons:
            yield Hint("dispute", tuple(reasons), (person.key,))


def _merged(found: Sequence[Hint]) -> list[Hint]:
    """Disputes with the same person are one hint; every other hint stands by itself."""
    drafts: dict[tuple[str, ...], _Draft] = {}
    for hint in found:
        target = hint.people if hint.area == "dispute" and hint.people else (*hint.events, *hint.people)
        draft = drafts.setdefault((hint.area, *target), _Draft())
        draft.reasons += hint.reasons
        draft.people += [one for one in hint.people if one not in draft.people]
        draft.events += [one for one in hint.events if one not in draft.events]
    return [
        Hint(
            next(area for area in ORDER if area == key[0]), tuple(d.reasons), tuple(d.people), tuple(d.events)
        )
        for key, d in drafts.items()
    ]


def _lonely(facts: Facts) -> list[str]:
    """Few ties, or only ties who use, in an inventory that was taken. Blanks are not counted as either."""
    if not facts.inventory_taken:
        return []
    living = [person for person in facts.people if not person.has_died]
    reasons = []
    if len(living) <= FEW_PEOPLE:
        reasons.append(f"{len(living)} {'person' if len(living) == 1 else 'people'} in the inventory")
    if living and all(person.uses for person in living):
        reasons.append("everybody in the inventory uses")
    return reasons
