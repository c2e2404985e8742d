"""Layer 1 of fidelity, process completeness: what the frame of IPT asks of a course, there or not there.

Counts and named items, never a grade; and never merged with what people rate from recordings (section 7.2).
"""

from dataclasses import dataclass

from reknit.core.programme.completion import CLOSING_FACTS, CLOSING_WORK
from reknit.core.programme.conditions import task_slots
from reknit.core.programme.course import Course
from reknit.core.programme.fidelity import Completeness, completeness
from reknit.core.programme.response import REVIEW, review_slots, review_standing

from .agenda import OPENING_SLOT

MOST_SWITCHES = 1
"""More than one switch of the focus is a flag for supervision (section 1.5)."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the frame asks for. `is_there` is None while it is not due yet."""

    code: str
    is_there: bool | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Process:
    """Core tasks with their counts, and the checks beside them."""

    tasks: Completeness
    checks: tuple[Check, ...]

    @property
    def due(self) -> int:
        return sum(one.is_there is not None for one in self.checks)

    @property
    def there(self) -> int:
        return sum(one.is_there is True for one in self.checks)


def process(course: Course, *, closed: bool = False) -> Process:
    """Layer 1 for one course, up to the latest planned session used.

    >>> from reknit.core.programme.template import template
    >>> [(one.code, one.is_there) for one in process(Course(template("ipt-16"))).checks]  # doctest: +NORMALIZE_WHITESPACE
    [('gates', True), ('formulation', None), ('ending_date', None), ('midcourse', None), ('closure', None),
     ('focus', True)]
    """
    return Process(
        tasks=completeness(course),
        checks=(
            Check("gates", not course.overrides, tuple(sorted(course.overrides))),
            *_formulation(course),
            _ending_date(course),
            *_midcourse(course),
            _closure(course, closed),
            Check("focus", course.switches <= MOST_SWITCHES),
        ),
    )


def _due_by(course: Course) -> int:
    return next((g.from_slot for g in course.template.gates if g.code == "G07"), None) or OPENING_SLOT


def _formulation(course: Course) -> tuple[Check, ...]:
    if not course.template.asks_for_formulation:
        return ()
    agreed = course.stands("formulation_agreed")
    return (Check("formulation", True if agreed else None if course.slot < _due_by(course) else False),)


def _ending_date(course: Course) -> Check:
    """Set at all, and set by the session by which it is due: a date set late is not in time."""
    by, slots = _due_by(course), course.slot_of.get("ending_date_set", [])
    if any(slot <= by for slot in slots):
        return Check("ending_date", True)
    return Check("ending_date", None if course.slot < by else False)


def _midcourse(course: Course) -> tuple[Check, ...]:
    if not review_slots(course.template):
        return ()
    standing = review_standing(course.template, course.slot, course.slot_of.get("midcourse_review", ()))
    if standing == "overdue":
        return (Check("midcourse", False, (REVIEW,)),)
    held = bool(course.slot_of.get("midcourse_review"))
    return (Check("midcourse", True if held else None),)


def _closure(course: Course, closed: bool) -> Check:
    """The closing set of gate G10, asked of a course that was closed or has used its sessions."""
    gate = next((one for one in course.template.gates if one.code == "G10"), None)
    wanted = gate.requires if gate else CLOSING_WORK
    lacks = tuple(
        code
        for code in wanted
        if not course.stands(CLOSING_FACTS.get(code, code)) and not task_slots(course, code)
    )
    is_due = closed or course.slot >= course.planned
    return Check("closure", (not lacks) if is_due else None, lacks if is_due else ())
