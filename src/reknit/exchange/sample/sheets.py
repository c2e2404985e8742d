"""The sheets of a course, session by session; the first entry holds those of the intake."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING

from reknit.care.measures.models import Administration
from reknit.care.measures.sheets import Sheet
from reknit.core.programme.sets import measures_due
from reknit.core.programme.template import template

from .answers import left_blank
from .plan import Trait
from .referrals import MINUTE, key

if TYPE_CHECKING:
    from .course import Course

NOT_GIVEN = {"phq-9": 0.07, "gad-7": 0.07, "session-checkin": 0.15}
"""How often a measure that was due was not given: a real course has gaps. The sample gives no other measures."""


def all_sheets(course: "Course") -> list[list[Sheet]]:
    """Every sheet of the course. The mood sheet of a session comes first, where there is one."""
    at = course.episode.opened_at + MINUTE
    found = [[_sheet(course, measure, 0, at, None) for measure in ("phq-9", "gad-7")]]
    slot = 0
    for meeting in course.meetings:
        if meeting.attended:
            slot += 1
            found.append(_of_session(course, slot, meeting.starts_at))
    return found


def _of_session(course: "Course", slot: int, starts_at: dt.datetime) -> list[Sheet]:
    plan = template(course.episode.protocol, course.episode.protocol_version)
    due = [measure for measure in measures_due(plan, slot) if measure in NOT_GIVEN]
    given = [measure for measure in due if _is_given(course, measure, slot)]
    encounter = key(course.rng)
    late = {"session-checkin": 49}
    return [
        _sheet(course, measure, slot, starts_at + late.get(measure, 5) * MINUTE, encounter)
        for measure in given
    ]


def _is_given(course: "Course", measure: str, slot: int) -> bool:
    certain = slot in (1, course.latest_slot) or course.item9(slot) != 0 or slot in _special(course)
    return (certain and measure == "phq-9") or course.rng.random() >= NOT_GIVEN[measure]


def _special(course: "Course") -> Mapping[int, int]:
    """Sessions whose mood sheet has blanks, with how many: two can be made up for, four cannot."""
    found = {}
    if course.part.has(Trait.PRORATED):
        found[4] = 2
    if course.part.has(Trait.INCOMPLETE):
        found[6] = 4
    if course.part.has(Trait.CORRECTED):
        found[2] = 0
    return found


def _sheet(course: "Course", measure: str, slot: int, at: dt.datetime, encounter: uuid.UUID | None) -> Sheet:
    answers = {
        "phq-9": lambda: course.person.mood(slot, item9=course.item9(slot) if slot else 0),
        "gad-7": lambda: course.person.worry(slot),
        "session-checkin": lambda: course.person.check_in(slot),
    }[measure]()
    blanks = _special(course).get(slot, 0) or (1 if slot and course.rng.random() < 0.03 else 0)
    if measure == "phq-9" and blanks and course.item9(slot) == 0:
        answers = left_blank(answers, blanks, course.rng)
    paper = slot == 0 or (measure == "session-checkin" and course.rng.random() < 0.2)
    return Sheet(
        client=course.client,
        measure=measure,
        answers=answers,
        mode=Administration.Mode.PAPER if paper else Administration.Mode.SESSION,
        answered_at=at,
        at=at,
        by=course.therapist,
        episode=course.episode,
        slot=slot,
        encounter_id=encounter,
        key=key(course.rng),
    )
