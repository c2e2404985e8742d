"""What each room is told about a course, in the order in which it comes up in a session."""

import datetime as dt

from reknit.care.encounters.models import Encounter
from reknit.care.substance_use.days import DayEntry

from .agreement import tell_agreement
from .apart import keep_apart
from .beside import tell_beside
from .care import look_after
from .closing import tell_closing
from .course import Course
from .nodes import place_nodes
from .people import name_people
from .records import keep_records
from .returns import review_return
from .story import tell_story


def tell_rooms(course: Course, encounter: Encounter, slot: int, days: list[DayEntry]) -> None:
    """Everything but sheets, days, ticks, the thing to try and the note itself."""
    at: dt.datetime = encounter.starts_at
    look_after(course, slot, at, days)
    place_nodes(course, slot, at)
    name_people(course, slot, at)
    tell_story(course, slot, at)
    keep_records(course, encounter, slot)
    review_return(course, encounter, slot, days)
    tell_agreement(course, slot, at)
    tell_beside(course, encounter, slot, at)
    tell_closing(course, slot, at)
    keep_apart(course, encounter, slot)
