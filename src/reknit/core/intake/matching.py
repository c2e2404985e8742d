"""Who can be offered to a person, and why somebody cannot (ipt.md 10.1.5).

Four things shut a clinician out: no new people now, no free place, a language not spoken without an interpreter, and a
conflict. Of a conflict nothing but "cannot be placed here" is ever said. A protocol the clinician is known not to be
trained in shuts out too; where nothing is written about training it is said to be not known, and ranks lower. Wishes
(days, gender, skills) rank and shut nobody out. The order of the rank is our default [D].
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

SKILLS: Final = (
    "trauma",
    "perinatal",
    "young",
    "older",
    "pain",
    "stimulants",
    "opioids",
    "couples",
    "groups",
    "justice",
)
"""Skills a clinician may name, in our own words [D]; the words stand with the form."""


class Reason(StrEnum):
    """Why somebody is not offered, or what speaks for and against them."""

    CONFLICT = "conflict"
    NOT_TAKING = "not_taking"
    FULL = "full"
    LANGUAGE = "language"
    NOT_TRAINED = "not_trained"
    NO_PROFILE = "no_profile"
    CAPACITY_UNKNOWN = "capacity_unknown"
    TRAINING_UNKNOWN = "training_unknown"
    WITH_INTERPRETER = "with_interpreter"
    NOT_THESE_DAYS = "not_these_days"
    WISH_NOT_MET = "wish_not_met"
    SKILLS = "skills"
    WISH_MET = "wish_met"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clinician as far as their profile says. `free` is places or hours; none: not written down."""

    key: str
    taking: bool = True
    has_profile: bool = True
    free: float | None = None
    languages: frozenset[str] = frozenset()
    protocols: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    days: frozenset[int] = frozenset()
    gender: str = ""
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """What a person needs (language, protocol) and wishes (the rest)."""

    language: str = "en"
    interpreter: bool = False
    protocol: str = ""
    skills: frozenset[str] = frozenset()
    days: frozenset[int] = frozenset()
    gender: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """A candidate with why not (empty: can be offered), and remarks that rank."""

    candidate: Candidate
    why_not: tuple[Reason, ...] = ()
    remarks: tuple[Reason, ...] = field(default=())

    @property
    def can_be_offered(self) -> bool:
        """Whether nothing shuts this clinician out."""
        return not self.why_not


AGAINST: Final = {
    Reason.NO_PROFILE,
    Reason.CAPACITY_UNKNOWN,
    Reason.TRAINING_UNKNOWN,
    Reason.WITH_INTERPRETER,
    Reason.NOT_THESE_DAYS,
    Reason.WISH_NOT_MET,
}


def fit(candidate: Candidate, need: Need) -> Fit:
    """One clinician against one need. A conflict hides every other reason.

    >>> fit(Candidate("a", free=0, languages=frozenset({"en"})), Need()).why_not
    (<Reason.FULL: 'full'>,)
    >>> fit(Candidate("a", free=0, conflict=True), Need()).why_not
    (<Reason.CONFLICT: 'conflict'>,)
    """
    if candidate.conflict:
        return Fit(candidate, (Reason.CONFLICT,))
    return Fit(candidate, tuple(_why_not(candidate, need)), tuple(_remarks(candidate, need)))


def _why_not(candidate: Candidate, need: Need) -> Iterable[Reason]:
    if not candidate.taking:
        yield Reason.NOT_TAKING
    if candidate.free is not None and candidate.free <= 0:
        yield Reason.FULL
    if candidate.languages and need.language not in candidate.languages and not need.interpreter:
        yield Reason.LANGUAGE
    if need.protocol and candidate.protocols and need.protocol not in candidate.protocols:
        yield Reason.NOT_TRAINED


def _remarks(candidate: Candidate, need: Need) -> Iterable[Reason]:
    if not candidate.has_profile:
        yield Reason.NO_PROFILE
        return
    if candidate.free is None:
        yield Reason.CAPACITY_UNKNOWN
    if need.protocol and not candidate.protocols:
        yield Reason.TRAINING_UNKNOWN
    if need.interpreter and need.language not in candidate.languages:
        yield Reason.WITH_INTERPRETER
    if need.days and candidate.days and not need.days & candidate.days:
        yield Reason.NOT_THESE_DAYS
    if need.gender:
        yield Reason.WISH_MET if candidate.gender == need.gender else Reason.WISH_NOT_MET
    if need.skills & candidate.skills:
        yield Reason.SKILLS


def ranked(candidates: Iterable[Candidate], need: Need) -> list[Fit]:
    """Those who can be offered first; among them fewest remarks against, most skills shared, most free room.

    >>> need = Need(skills=frozenset({"pain"}))
    >>> [one.candidate.key for one in ranked([Candidate("a", free=5), Candidate("b", free=1, skills=frozenset({"pain"}))], need)]
    ['b', 'a']
    """
    return sorted((fit(one, need) for one in candidates), key=lambda found: _rank(found, need))


def _rank(found: Fit, need: Need) -> tuple[bool, int, int, float, str]:
    one = found.candidate
    against = sum(reason in AGAINST for reason in found.remarks)
    return (not found.can_be_offered, against, -len(one.skills & need.skills), -(one.free or 0), one.key)
