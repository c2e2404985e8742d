"""A course told in brief, for the many clients of a large clinic: the same sessions, sheets and days, in few writes.

The opening ends as it should: two people on a signed circle, a focus, an account and an agreement. Left out are what no
list or figure counts: booked appointments of the past, ticks, things to try, records of sessions, the own words of all
but the latest note, and letters.
"""

import datetime as dt
from collections.abc import Iterator

from reknit.care.encounters.actions import save_note, start_encounter
from reknit.care.encounters.models import Encounter
from reknit.care.measures.actions import record_administrations
from reknit.care.substance_use.actions import monitor_imported, record_imported_days
from reknit.care.substance_use.models import MonitoredSubstance, UseDay

from . import words
from .agreement import AGREED, tell_agreement
from .course import BEFORE_COURSE, Course, book
from .courses import days_before, sign
from .people import DRAWN_AT, name_first_alone
from .referrals import MINUTE
from .sheets import all_sheets
from .story import tell_account_alone


def tell_in_brief(course: Course) -> None:
    """The same course with one write for all sheets and one for all days."""
    by, at = course.therapist, course.clinic.at
    sheets = all_sheets(course)
    everything = [sheet for session in sheets for sheet in session]
    record_administrations(by=by, at=at, sheets=everything)
    slot = 0
    for meeting in course.meetings:
        slot += meeting.attended
        encounter = start_encounter(
            by=by,
            at=meeting.starts_at,
            episode=course.episode,
            outcome=Encounter.Outcome.ATTENDED if meeting.attended else Encounter.Outcome.NO_SHOW,
            starts_at=meeting.starts_at,
        )
        if not meeting.attended:
            continue
        _agree(course, slot, meeting.starts_at)
        note, is_latest = encounter.note, slot == course.latest_slot
        if is_latest:
            own = words.note(course.rng, course.story, slot=slot, before=None, now=None, item9=0)
            own["since_last"] = course.rng.choice(words.SAME)
            note = save_note(by=by, at=meeting.starts_at + 53 * MINUTE, note=note, revision=0, words=own)
        sign(course, note, meeting, is_latest=is_latest)
    if course.meetings:
        monitor_imported(by=by, at=at, rows=list(_substances(course)))
        record_imported_days(by=by, at=at, days=list(_days(course)))
    book(course, at - 30 * MINUTE, course.next_at)


def _agree(course: Course, slot: int, starts_at: dt.datetime) -> None:
    """What opens the middle of a course: people, focus, account and agreement, with nothing beside them."""
    if slot == DRAWN_AT and course.latest_slot >= AGREED:
        name_first_alone(course, starts_at)
    if slot == AGREED:
        tell_account_alone(course, starts_at)
        tell_agreement(course, slot, starts_at)


def _substances(course: Course) -> Iterator[MonitoredSubstance]:
    for rank, substance in enumerate(course.substances):
        yield MonitoredSubstance(
            client=course.client,
            substance=substance,
            is_primary=rank == 0,
            starts_on=course.first_on,
            made_by=course.therapist,
            made_at=course.meetings[0].starts_at + 15 * MINUTE,
        )


def _days(course: Course) -> Iterator[UseDay]:
    since, slot = course.first_on - BEFORE_COURSE, 0
    for meeting in course.meetings:
        if not meeting.attended:
            continue
        slot += 1
        entries, since = days_before(course, meeting, slot, since)
        for entry in entries:
            yield UseDay(
                client=course.client,
                substance=entry.substance,
                on=entry.on,
                used=bool(entry.used),
                amount=entry.amount,
                unit=entry.unit,
                source=UseDay.Source.INTERVIEW,
                entered_by=course.therapist,
                entered_at=meeting.starts_at + 23 * MINUTE,
            )
