"""From facts to a course: the one way to know where a course stands."""

import datetime as dt
from collections.abc import Iterable

from reknit.core.programme.course import Course, Entry, take
from reknit.core.programme.facts import Fact
from reknit.core.programme.gates import blocking
from reknit.core.programme.protocol import ProtocolTemplate


def read_course(template: ProtocolTemplate, facts: Iterable[Fact]) -> Course:
    """Read a course from its facts, in the order of time whatever order they come in.

    A phase once entered stays entered. A fact that was taken back stops counting from then on.

    >>> from reknit.core.programme.template import template
    >>> at = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    >>> course = read_course(template("ipt-16"), [Fact("session", at, 1, {"outcome": "attended"})])
    >>> course.slot, course.attended, course.phase.code
    (1, 1, 'initial')
    """
    course, standing = Course(template), list[Fact]()
    for at, ends, fact in _moments(facts):
        if ends:
            standing.remove(fact)
            course = _again(course, standing)
            _advance(course, at)
        else:
            standing.append(fact)
            go_on(course, fact)
    return course


def go_on(course: Course, fact: Fact) -> None:
    """Let one more fact count, and reach what it opens. Facts come in the order of time."""
    take(course, fact)
    _advance(course, fact.at)


def _moments(facts: Iterable[Fact]) -> list[tuple[dt.datetime, bool, Fact]]:
    """Facts, and the taking back of facts, in one order of time."""
    rows = list(facts)
    begins = [(fact.at, False, fact) for fact in rows]
    ends = [(fact.withdrawn_at, True, fact) for fact in rows if fact.withdrawn_at]
    # Facts of one instant, as one write makes them, are taken in the order of their names, so that the order of
    # rows never matters; a fact is taken before it is taken back.
    return sorted(
        [*begins, *ends], key=lambda row: (row[0], row[1], row[2].kind, str(sorted(row[2].value.items())))
    )


def _again(course: Course, standing: Iterable[Fact]) -> Course:
    """The course from what still holds. Marks that were reached stay reached."""
    fresh = Course(course.base, entered=course.entered)
    for fact in standing:
        take(fresh, fact)
    return fresh


def _advance(course: Course, at: dt.datetime) -> None:
    """Reach the mark of each phase whose sessions have come and whose gates let it pass, one after the other."""
    for phase in course.template.phases[len(course.entered) :]:
        moment = f"enter_{phase.code}"
        if course.slot < phase.from_slot or blocking(course, moment):
            return
        asked = [gate.code for gate in course.template.gates if moment in gate.when]
        course.entered.append(
            Entry(phase.code, at, tuple(code for code in asked if code in course.overrides))
        )
