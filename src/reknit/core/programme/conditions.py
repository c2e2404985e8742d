"""What a gate or a task of a template may ask of a course, by name.

A name is a kind of fact (`inventory_signed`), a narrower one (`score/phq-9`), the code of a task (`C03`), or one of
the conditions below, which look at several facts together.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final

from reknit.core.programme.course import Course
from reknit.core.programme.facts import fact_kinds
from reknit.core.programme.recurrence import recurrence

ELEMENTS: Final = frozenset({"condition", "focus", "anchor", "time_link", "hope"})
"""What a formulation must name before it may be called shared: G06."""
MOST_FOCUSES: Final = 2


def _focus_area(course: Course) -> bool:
    return bool(course.focuses) or course.stands("focus_proposed")


def _no_acute_safety(course: Course) -> bool:
    return not course.value("acute_safety", "open")


def _withdrawal_reviewed(course: Course) -> bool:
    screen, review = course.latest.get("withdrawal_screen"), course.latest.get("medical_review")
    if screen is None or not screen.value.get("positive"):
        return True
    return review is not None and review.at >= screen.at


def _at_most_two_focuses(course: Course) -> bool:
    return len(course.focuses) <= MOST_FOCUSES


def _whole_formulation(course: Course) -> bool:
    return set(course.value("formulation_shared", "elements") or ()) >= ELEMENTS


def _response_or_plan_b(course: Course) -> bool:
    """A review that found too little needs a decision after it; what cannot be told asks for none."""
    review, plan = course.latest.get("midcourse_review"), course.latest.get("plan_b")
    if review is None or review.value.get("adequate") is not False:
        return True
    return plan is not None and plan.at >= review.at


def _no_violence_flag(course: Course) -> bool:
    return not course.value("violence_flag", "on")


def _using_tie(course: Course) -> bool:
    return bool((course.value("use_map", "using") or 0) + (course.value("use_map", "supplying") or 0))


def _open_lapse(course: Course) -> bool:
    return bool(course.lapses)


def _little_response(course: Course) -> bool:
    return course.value("midcourse_review", "adequate") is False


def _recurrence(course: Course) -> bool:
    return recurrence(course) is not None


def _treatment_beside(course: Course) -> bool:
    """Whether other treatment for substance use goes on."""
    return course.value("treatment_beside", "any") is True


CONDITIONS: Final = MappingProxyType[str, Callable[[Course], bool]](
    {
        "focus_area": _focus_area,
        "no_acute_safety": _no_acute_safety,
        "withdrawal_reviewed": _withdrawal_reviewed,
        "at_most_two_focuses": _at_most_two_focuses,
        "whole_formulation": _whole_formulation,
        "response_or_plan_b": _response_or_plan_b,
        "no_violence_flag": _no_violence_flag,
        "using_tie": _using_tie,
        "open_lapse": _open_lapse,
        "little_response": _little_response,
        "recurrence": _recurrence,
        "treatment_beside": _treatment_beside,
    }
)


TITLES: Final = MappingProxyType(
    {
        "focus_area": "A focus area is chosen",
        "no_acute_safety": "No acute risk is open",
        "withdrawal_reviewed": "A medical review follows a positive withdrawal screen",
        "at_most_two_focuses": "At most two focus areas are active",
        "whole_formulation": "The formulation has its five elements",
        "response_or_plan_b": "The response is enough, or a decision is written down",
        "no_violence_flag": "The violence flag is off",
        "using_tie": "A person or place tied to use is on the map",
        "open_lapse": "A return to use is not reviewed yet",
        "little_response": "The mid-course review found too little change",
        "recurrence": "Symptoms or use have come back over the mark",
        "treatment_beside": "Other treatment for substance use goes on beside IPT",
    }
)
"""Each condition in words."""


def title(course: Course, name: str) -> str:
    """What is asked for by this name, in words.

    >>> from reknit.core.programme.template import template
    >>> title(Course(template("ipt-16")), "C03"), title(Course(template("ipt-16")), "inventory_signed")
    ('Review what was gained and who did it', 'A version of the circle was signed off')
    """
    if name in TITLES:
        return TITLES[name]
    if name in course.template.library:
        return course.template.library[name].title
    kind = fact_kinds().get(name.split("/")[0])
    return kind.title if kind else name


def is_known(name: str, tasks: Any) -> bool:
    """Whether a template may ask for this name. `tasks` holds the codes of the task library."""
    return name in CONDITIONS or name in tasks or name.split("/")[0] in fact_kinds()


def holds(course: Course, name: str) -> bool:
    """Whether what a template asks for by this name is so.

    >>> from reknit.core.programme.template import template
    >>> course = Course(template("ipt-16"))
    >>> holds(course, "no_acute_safety"), holds(course, "inventory_signed"), holds(course, "C03")
    (True, False, False)
    """
    if condition := CONDITIONS.get(name):
        return condition(course)
    if course.stands(name):
        return True
    words = course.template.library.get(name)
    return bool(words) and bool(task_slots(course, name))


def task_slots(course: Course, code: str) -> list[int]:
    """The slots in which a task was done: ticked, or left behind as a record. In order, a slot once."""
    words = course.template.library.get(code)
    slots = set(course.done.get(code, ()))
    for name in words.left_by if words else ():
        slots.update(course.slot_of.get(name, ()))
    if words and words.left_by_all:
        each = [course.slot_of.get(name, []) for name in words.left_by_all]
        if all(each):
            slots.add(max(min(one) for one in each))
    return sorted(slots)
