"""The end of a course: both letters issued, then the course closed."""

import datetime as dt

from reknit.care.closure.actions import begin_letter, close_course, issue_letter, save_letter
from reknit.care.closure.models import Letter

from . import words
from .closing import end_early
from .course import Course, is_early
from .diary import next_working_day, office_time
from .papers import print_papers
from .plan import Turn
from .referrals import MINUTE

FEWEST_FOR_LETTERS = 3
READER = "Quayside health centre (made up), to the family doctor"


def end_course(course: Course, *, in_full: bool) -> None:
    """On the working days after the last session. Whoever hardly came has no letters."""
    letters_on = next_working_day(course.meetings[-1].starts_at.date())
    at = office_time(letters_on, course.rng, earliest=13, latest=15)
    if in_full and course.takes(Turn.ENDED_EARLY):
        end_early(course, at - 40 * MINUTE)
    if in_full and course.latest_slot >= FEWEST_FOR_LETTERS:
        _write_letters(course, at)
    closed_at = office_time(next_working_day(letters_on), course.rng, earliest=9, latest=11)
    reason = course.rng.choice(words.EARLY) if is_early(course.part) else words.DONE
    close_course(by=course.therapist, at=closed_at, episode=course.episode, reason=reason)
    if in_full:
        print_papers(course, closed_at + 5 * MINUTE)


def _write_letters(course: Course, at: dt.datetime) -> None:
    by, story, trend = course.therapist, course.story, course.person.trend
    contents = {
        Letter.Kind.CLOSING: words.closing_letter(story, trend, early=is_early(course.part)),
        Letter.Kind.PLAIN: words.plain_letter(story, trend),
    }
    for kind, own in contents.items():
        letter = begin_letter(by=by, at=at, episode=course.episode, kind=kind)
        recipient = READER if kind == Letter.Kind.CLOSING else ""
        letter = save_letter(
            by=by,
            at=at + 12 * MINUTE,
            letter=letter,
            revision=letter.revision,
            recipient=recipient,
            words=own,
        )
        issue_letter(by=by, at=at + 20 * MINUTE, letter=letter, revision=letter.revision)
        at += 25 * MINUTE
