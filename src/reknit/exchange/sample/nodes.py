"""What stands on an invented circle and is no person: named in session 2, moved when the circle is drawn anew."""

import datetime as dt
import uuid

from reknit.care.network.actions import add_relationship, place

from . import words
from .course import Course
from .people import DRAWN_AGAIN, DRAWN_AT
from .referrals import MINUTE


def place_nodes(course: Course, slot: int, starts_at: dt.datetime) -> None:
    """Before the people of that session. Their keys come from whoever was named first, so no die is thrown for them."""
    if slot not in (DRAWN_AT, *DRAWN_AGAIN):
        return
    first = next(iter(course.people.values()))
    for one in words.table("nodes")[course.story.key]["nodes"]:
        alias = one["alias"]
        if slot == DRAWN_AT:
            course.people[alias] = add_relationship(
                by=course.therapist,
                at=starts_at + 25 * MINUTE,
                client=course.client,
                alias=alias,
                relation=one["relation"],
                ring=one["ring"],
                key=uuid.uuid5(uuid.UUID(str(first.pk)), alias),
            )
        elif ring := one.get(f"ring{slot}"):
            place(
                by=course.therapist,
                at=starts_at + 33 * MINUTE,
                relationship=course.people[alias],
                ring=ring,
            )
