"""Forms that clients answered by link, and links that still wait or ran out."""

import datetime as dt
from typing import TYPE_CHECKING

from reknit.care.measures.actions import make_link, submit_link
from reknit.care.measures.sheets import Sheet

from .plan import Trait
from .referrals import MINUTE, key

if TYPE_CHECKING:
    from .course import Course

HOUR = dt.timedelta(hours=1)


def answer_by_link(course: "Course", mood: Sheet, *, evening_before: dt.datetime) -> None:
    """A mood sheet answered on the phone, between two and four hours into the evening before the session."""
    answered_at = evening_before.replace(hour=18) - dt.timedelta(days=1) + course.rng.randrange(110) * MINUTE
    _answer(
        course,
        dict(mood.answers),
        slot=mood.slot or 0,
        made_at=answered_at - 7 * HOUR,
        answered_at=answered_at,
    )


def _answer(
    course: "Course",
    answers: dict[str, int | None],
    *,
    slot: int,
    made_at: dt.datetime,
    answered_at: dt.datetime,
) -> None:
    link, _secret = make_link(
        by=course.therapist,
        at=made_at,
        client=course.client,
        measure="phq-9",
        episode=course.episode,
        slot=slot,
    )
    device = f"made-up telephone {course.rng.getrandbits(64):x}"
    submit_link(at=answered_at, link=link, device=device, answers=answers, key=key(course.rng))


def leave_links(course: "Course") -> None:
    """What the traits ask for: a critical answer of this morning, a link that waits, a link that ran out."""
    at, slot, part = course.clinic.at, course.latest_slot + 1, course.part
    if part.has(Trait.ITEM9_OPEN):
        answers = course.person.mood(slot, item9=1)
        _answer(course, answers, slot=slot, made_at=at - 18 * HOUR, answered_at=at - 2 * HOUR)
    if part.has(Trait.LIVE_LINK):
        make_link(
            by=course.therapist,
            at=at - 18 * HOUR,
            client=course.client,
            measure="phq-9",
            episode=course.episode,
            slot=slot,
        )
    if part.has(Trait.EXPIRED_LINK):
        make_link(
            by=course.therapist,
            at=course.episode.opened_at + HOUR,
            client=course.client,
            measure="gad-7",
            episode=course.episode,
            slot=1,
            hours=12,
        )
