"""Notes kept apart in the invented courses: one about the relationship, one about what was said of use; by every third therapist."""

from typing import Any

from reknit.care.encounters.apart.actions import open_to_supervision, save_apart
from reknit.care.encounters.models import Encounter

from . import words
from .course import Course
from .referrals import MINUTE

WRITTEN = {5: "relationship", 9: "counselling"}
EVERY = 3
BLANK: dict[str, Any] = {"pattern": "", "example": "", "outside": None, "discussed": "", "words": ""}


def keep_apart(course: Course, encounter: Encounter, slot: int) -> None:
    """After the session. The first kind is opened to supervision, so that both ways can be seen."""
    kind = WRITTEN.get(slot)
    if kind is None or course.index % EVERY:
        return
    told = words.table("apart")[kind]
    at = encounter.starts_at + 55 * MINUTE
    note = save_apart(
        by=course.therapist,
        at=at,
        encounter=encounter,
        kind=kind,
        revision=0,
        values=BLANK | told[course.index // EVERY % len(told)],
    )
    if kind == "relationship":
        open_to_supervision(by=course.therapist, at=at + MINUTE, note=note, is_open=True)
