"""The agenda that builds itself: what the facts of one course raise for the supervision hour.

The list of reasons is the one of the clinical content, section 7.4. What stands open is raised as long as it stands;
what happened once (a gate passed, a focus switched, a second miss) is raised until an hour has talked about it.
A reason sorts attention. It decides nothing.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from reknit.core.programme.conditions import holds
from reknit.core.programme.course import MISSED, Course

KINDS: Final = (
    "risk",
    "response",
    "lapse",
    "returns",
    "missed",
    "formulation",
    "contract",
    "override",
    "switch",
    "ending",
)
"""Every reason a course can be raised for, most pressing first."""

OPENING_SLOT: Final = 3
"""By which session formulation and agreement are due where the protocol's gate G07 does not say (section 1.5)."""

ENDING_WITHIN: Final = 3
"""Sessions left from which the ending is on the agenda: the closure phase of section 1.2."""

MISSES: Final = 2
"""Missed sessions that bring a course on the agenda."""


@dataclass(frozen=True, slots=True)
class Raised:
    """One reason with the numbers its sentence needs."""

    kind: str
    facts: MappingProxyType[str, int | str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def rank(self) -> int:
        return KINDS.index(self.kind)


def raised(
    course: Course,
    *,
    risks: int = 0,
    returns: int | None = None,
    discussed_at: dt.datetime | None = None,
    is_open: bool = True,
) -> tuple[Raised, ...]:
    """What one course raises, most pressing first. `discussed_at` is when an hour last talked about it.

    `returns` says that a rule of section 6.1 is met, a second return to use or regular use, with how many were told.

    >>> from reknit.core.programme.template import template
    >>> course = Course(template("ipt-16"), slot=4)
    >>> [one.kind for one in raised(course, risks=1)]
    ['risk', 'formulation', 'contract']
    """
    found = [Raised("risk", _facts(n=risks))] if risks else []
    if is_open and returns is not None:
        found.append(Raised("returns", _facts(n=returns)))
    if is_open:
        found += [*_standing(course), *_happened(course, discussed_at)]
    return tuple(sorted(found, key=lambda one: one.rank))


def _standing(course: Course) -> Iterator[Raised]:
    by = next((gate.from_slot for gate in course.template.gates if gate.code == "G07"), None) or OPENING_SLOT
    late = course.slot >= by
    if not holds(course, "response_or_plan_b"):
        yield Raised("response")
    if course.lapses:
        yield Raised("lapse", _facts(n=len(course.lapses)))
    if course.misses_in_a_row >= MISSES:
        yield Raised("missed", _facts(n=course.misses_in_a_row, row=1))
    if late and course.template.asks_for_formulation and not course.stands("formulation_shared"):
        yield Raised("formulation", _facts(slot=by))
    if late and not course.stands("contract_agreed"):
        yield Raised("contract", _facts(slot=by))
    left = course.planned - course.slot
    if course.slot and left <= ENDING_WITHIN:
        yield Raised("ending", _facts(n=max(left, 0)))


def _happened(course: Course, since: dt.datetime | None) -> Iterator[Raised]:
    if course.overrides and _is_new(course, "gate_override", since):
        yield Raised("override", _facts(gates=", ".join(sorted(course.overrides))))
    if course.switches and _is_new(course, "focus_switched", since):
        yield Raised("switch", _facts(n=course.switches))
    misses = sum(course.standing[f"session/{one}"] for one in MISSED)
    latest = any(_is_new(course, f"session/{one}", since) for one in MISSED)
    if course.misses_in_a_row < MISSES <= misses and latest:
        yield Raised("missed", _facts(n=misses, row=0))


def _is_new(course: Course, name: str, since: dt.datetime | None) -> bool:
    fact = course.latest.get(name)
    return fact is not None and (since is None or fact.at > since)


def _facts(**facts: int | str) -> MappingProxyType[str, int | str]:
    return MappingProxyType(facts)
