"""What a course came to, in one of four words, and which of them is still open to it.

Four words are kept apart because reports that hide them mislead: a course that was completed, one that gave part
of the dose, one that ended early by its own short list, and one in which the person hardly came. The word never
holds up the closing of a course. Gate G10 holds the word "completed" and nothing else.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Word = Literal["completed", "partial_dose", "ended_early", "did_not_engage"]

CLOSING_FACTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "C03": "gains_reviewed",
        "C04": "circle_compared",
        "C05": "warning_signs",
        "C06": "staying_well_plan",
        "C07": "contingency_plan",
        "C08": "disposition",
        "C09": "non_response_plan",
        "C12": "follow_ups_booked",
    }
)
"""The fact of a course that shows a closing task as done."""

CLOSING_WORK: Final = ("C03", "C05", "C06", "C08")
"""What gate G10 asks for in a template that does not say otherwise."""

ENGAGED_FROM: Final = 2
"""From this many attended sessions a person counts as having begun to work. A programme setting, no rule of IPT."""


@dataclass(frozen=True, slots=True)
class CourseCounts:
    """What completion is decided from: plain counts and facts of one course.

    `middle_planned` and `middle_attended` count sessions of the middle phase. `closing_done` holds task codes.
    `gate_passed` is a supervisor's written reason to pass G10. Maintenance goes on with the formulation of the course
    before it and `needs_formulation` no more.
    """

    attended: int
    middle_planned: int
    middle_attended: int
    formulation_agreed: bool
    closing_done: frozenset[str]
    ended_early: bool = False
    gate_passed: bool = False
    needs_formulation: bool = True


@dataclass(frozen=True, slots=True)
class Completion:
    """The word, and what "completed" still lacks: `formulation_agreed`, `middle_sessions`, or a task code."""

    word: Word
    missing: tuple[str, ...]

    @property
    def is_completed(self) -> bool:
        """Whether the course counts as complete."""
        return self.word == "completed"


def closing_done(facts: Collection[str]) -> frozenset[str]:
    """Codes of the closing tasks that these facts show as done.

    >>> sorted(closing_done({"warning_signs", "disposition", "session"}))
    ['C05', 'C08']
    """
    return frozenset(code for code, fact in CLOSING_FACTS.items() if fact in facts)


def middle_needed(planned: int) -> int:
    """How many middle sessions the word "completed" asks for: half of those planned, rounded up.

    >>> [middle_needed(n) for n in (10, 5, 1, 0)]
    [5, 3, 1, 0]
    """
    return (planned + 1) // 2


def completion(counts: CourseCounts, required: Collection[str] = CLOSING_WORK) -> Completion:
    """The word for a course. The smallest course that counts as complete is a programme setting:
    formulation agreed, at least half of the planned middle sessions, and the closing work of gate G10.

    A course that reached all of this is complete even if it ended before its date. One that did not says so in
    this order: hardly came, ended early by its short list, part of the dose.

    >>> counts = CourseCounts(14, 10, 9, True, frozenset({"C03", "C05", "C06", "C08"}))
    >>> completion(counts)
    Completion(word='completed', missing=())
    >>> completion(CourseCounts(6, 10, 3, True, frozenset({"C03"})))
    Completion(word='partial_dose', missing=('middle_sessions', 'C05', 'C06', 'C08'))
    """
    missing = []
    if counts.needs_formulation and not counts.formulation_agreed:
        missing.append("formulation_agreed")
    if counts.middle_attended < middle_needed(counts.middle_planned):
        missing.append("middle_sessions")
    if not counts.gate_passed:
        missing += [code for code in required if code not in counts.closing_done]
    return Completion(_word(counts, bool(missing)), tuple(missing))


def _word(counts: CourseCounts, lacks: bool) -> Word:
    if not lacks:
        return "completed"
    if counts.attended < ENGAGED_FROM:
        return "did_not_engage"
    return "ended_early" if counts.ended_early else "partial_dose"
