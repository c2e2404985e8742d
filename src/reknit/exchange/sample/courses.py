"""A course told session by session, through the rooms' actions, as it would have been written down at the time."""

import datetime as dt

from reknit.care.encounters.actions import (
    add_addendum,
    cosign_note,
    record_intention,
    save_note,
    set_intention,
    sign_note,
    start_encounter,
    tick,
)
from reknit.care.encounters.models import Appointment, Encounter, ProgressNote
from reknit.care.measures.actions import correct_administration, record_administrations
from reknit.care.measures.models import Administration
from reknit.care.measures.sheets import Sheet
from reknit.care.safety.actions import close_risk_item
from reknit.care.safety.models import RiskItem
from reknit.care.substance_use.actions import monitor, record_use_days
from reknit.care.substance_use.days import DayEntry
from reknit.core.programme.template import tasks_due, template

from . import words
from .answers import ITEM9
from .care import screen
from .course import BEFORE_COURSE, DAY, Course, book
from .diary import Meeting, next_working_day, office_time
from .links import answer_by_link, leave_links
from .plan import Trait, Turn
from .referrals import MINUTE, key
from .returns import follow_miss, leave_unreviewed, report_ahead
from .rooms import tell_rooms
from .sheets import all_sheets
from .use import told

SAFETY_CHECK = "E06"
QUIET_FROM = 5


def tell_in_full(course: Course) -> None:
    """Every session with sheets, days, ticks, a thing to try and a note."""
    sheets = all_sheets(course)
    course.tries = list(course.story.tries)
    record_administrations(by=course.therapist, at=course.episode.opened_at + MINUTE, sheets=sheets[0])
    booked = book(course, course.episode.opened_at + MINUTE, _next_moment(course, 0))
    screen(course)
    told_until, slot, came = course.first_on - BEFORE_COURSE, 0, True
    for number, meeting in enumerate(course.meetings):
        following = _next_moment(course, number + 1)
        if not meeting.attended:
            booked = _missed(course, meeting, booked, following, is_second=not came)
            came = False
            continue
        slot, came = slot + 1, True
        days, told_until = days_before(course, meeting, slot, told_until)
        report_ahead(course, slot, meeting.starts_at, days)
        _record_sheets(course, sheets[slot], slot, meeting)
        encounter = start_encounter(
            by=course.therapist,
            at=meeting.starts_at,
            episode=course.episode,
            outcome=Encounter.Outcome.ATTENDED,
            starts_at=meeting.starts_at,
            place=course.rng.choice(("here", "here", "here", "here", "video", "phone")),
            appointment=booked,
            key=sheets[slot][0].encounter_id if sheets[slot] else key(course.rng),
        )
        _answer_risk(course, meeting)
        _tell_days(course, meeting, slot, days)
        tell_rooms(course, encounter, slot, days)
        _tick(course, encounter, slot, meeting)
        _try(course, encounter, slot, meeting)
        booked = book(course, meeting.starts_at + 50 * MINUTE, following)
        _write(course, encounter.note, slot, meeting)
    leave_links(course)
    leave_unreviewed(course)


def _next_moment(course: Course, number: int) -> dt.datetime | None:
    """When the meeting of this number is; after the latest, the one that is still to come."""
    return course.meetings[number].starts_at if number < len(course.meetings) else course.next_at


def _missed(
    course: Course,
    meeting: Meeting,
    booked: Appointment | None,
    following: dt.datetime | None,
    *,
    is_second: bool,
) -> Appointment | None:
    """A meeting to which the client did not come. The first two do not shorten the course."""
    at = meeting.starts_at + 20 * MINUTE
    encounter = start_encounter(
        by=course.therapist,
        at=at,
        episode=course.episode,
        outcome=Encounter.Outcome.NO_SHOW,
        starts_at=meeting.starts_at,
        appointment=booked,
    )
    follow_miss(course, encounter, is_second=is_second)
    return book(course, at, following)


def _record_sheets(course: Course, sheets: list[Sheet], slot: int, meeting: Meeting) -> None:
    """The sheets of one session; some moods are told by link on the evening before."""
    in_room = list(sheets)
    mood = next((sheet for sheet in sheets if sheet.measure == "phq-9"), None)
    course.totals[slot] = _points(mood)
    if mood and slot > 2 and not mood.answers[ITEM9] and course.rng.random() < 0.15:
        answer_by_link(course, mood, evening_before=meeting.starts_at)
        in_room.remove(mood)
    if not in_room:
        return
    made = record_administrations(by=course.therapist, at=in_room[0].at, sheets=in_room)
    if course.part.has(Trait.CORRECTED) and slot == 2:
        _correct(course, made, meeting)


def _points(mood: Sheet | None) -> int | None:
    """What the answers add up to, for the words of the note; nothing when some are missing."""
    if mood is None:
        return None
    scored = [value for item, value in mood.answers.items() if item != "phq9_difficulty"]
    return None if None in scored else sum(value or 0 for value in scored)


def _correct(course: Course, made: list[Administration], meeting: Meeting) -> None:
    """One answer was written down wrongly, and put right after the session."""
    for sheet in made:
        if sheet.measure == "phq-9":
            sleep = sheet.answers["phq9_3"]
            answers = {**sheet.answers, "phq9_3": sleep - 1 if sleep else 1}
            correct_administration(
                by=course.therapist, at=meeting.starts_at + 40 * MINUTE, administration=sheet, answers=answers
            )


def _answer_risk(course: Course, meeting: Meeting) -> None:
    """Answer a critical item on the same day. Lost tolerance is answered by its tasks, in the review of the return."""
    items = RiskItem.objects.filter(client=course.client, status=RiskItem.Status.OPEN, klass="critical")
    for item in items.exclude(reason="tolerance_lost"):
        close_risk_item(
            by=course.therapist,
            at=meeting.starts_at + course.rng.randint(60, 150) * MINUTE,
            item=item,
            closing=RiskItem.Closing.SPOKEN_SAFE,
            note=course.rng.choice(words.CLOSING_NOTE),
        )


def days_before(
    course: Course, meeting: Meeting, slot: int, since: dt.date
) -> tuple[list[DayEntry], dt.date]:
    """What was told about the days since the last telling, and the first day that is still to be told."""
    on = meeting.starts_at.date()
    if on <= since:
        return [], since
    if slot > 1 and not course.returns_before(slot) and course.rng.random() < 0.1:
        return [], on  # a week that nobody asked about stays unknown
    entries = told(
        course.rng,
        course.pattern,
        course.substances,
        start=since,
        end=on - DAY,
        progress=0 if slot == 1 else slot / course.episode.planned_sessions,
        returned=course.returns_before(slot),
    )
    return _quiet(course, slot, list(entries), since, on - DAY), on


def _quiet(course: Course, slot: int, days: list[DayEntry], start: dt.date, end: dt.date) -> list[DayEntry]:
    """In one course a whole week is told as without use, so that a test can say otherwise whatever the dice say."""
    if slot < QUIET_FROM or course.has_discordant or not course.takes(Turn.DISCORDANT):
        return days
    week = [start + n * DAY for n in range((end - start).days + 1)]
    return [DayEntry(day, substance, False) for day in week for substance in course.substances]


def _tell_days(course: Course, meeting: Meeting, slot: int, days: list[DayEntry]) -> None:
    at = meeting.starts_at + 15 * MINUTE
    if slot == 1:
        for rank, substance in enumerate(course.substances):
            monitor(
                by=course.therapist,
                at=at,
                client=course.client,
                substance=substance,
                starts_on=course.first_on,
                is_primary=rank == 0,
            )
    if days:
        record_use_days(
            by=course.therapist, at=at + 8 * MINUTE, client=course.client, days=days, source="interview"
        )


def _tick(course: Course, encounter: Encounter, slot: int, meeting: Meeting) -> None:
    """Tick what was done: nearly all that is expected, some of the rest. What left a record ticks itself."""
    plan = template(course.episode.protocol, course.episode.protocol_version)
    codes: dict[str, str] = {}
    for task in tasks_due(plan, slot, course.done):
        if plan.library[task.code].left_by or plan.library[task.code].left_by_all:
            continue
        share = 0.9 if task.klass in ("CORE", "REQ") else 0.25
        if task.code == SAFETY_CHECK or course.rng.random() < share:
            codes.setdefault(task.code, task.key)
    at = meeting.starts_at + 46 * MINUTE
    for code, done_key in codes.items():
        tick(by=course.therapist, at=at, encounter=encounter, code=code, done=True)
        course.done.add(done_key)


def _try(course: Course, encounter: Encounter, slot: int, meeting: Meeting) -> None:
    """Ask how the last thing to try went, and agree on the next."""
    rng = course.rng
    if course.open_intention:
        outcome = rng.choices(tuple(words.WENT), (5, 2, 2, 1))[0]
        record_intention(
            by=course.therapist,
            at=meeting.starts_at + 10 * MINUTE,
            intention=course.open_intention,
            outcome=outcome,
            what_happened=rng.choice(words.WENT[outcome]),
        )
        course.open_intention = None
    if 3 <= slot < course.episode.planned_sessions and course.tries and rng.random() < 0.55:
        course.open_intention = set_intention(
            by=course.therapist,
            at=meeting.starts_at + 48 * MINUTE,
            encounter=encounter,
            text=course.tries.pop(0),
        )


def _write(course: Course, note: ProgressNote, slot: int, meeting: Meeting) -> None:
    """Write the note in the session's last minutes and sign it within the hour."""
    own = words.note(
        course.rng,
        course.story,
        slot=slot,
        before=course.totals.get(slot - 1),
        now=course.totals[slot],
        item9=course.item9(slot),
    )
    note = save_note(
        by=course.therapist, at=meeting.starts_at + 53 * MINUTE, note=note, revision=note.revision, words=own
    )
    is_latest = slot == course.latest_slot
    if not (is_latest and course.part.has(Trait.DRAFT)):
        sign(course, note, meeting, is_latest=is_latest)


def sign(course: Course, note: ProgressNote, meeting: Meeting, *, is_latest: bool) -> None:
    """Sign; for an author in training the supervisor co-signs on the next working day, if that has come."""
    signed_at = meeting.starts_at + course.rng.randint(55, 75) * MINUTE
    note = sign_note(by=course.therapist, at=signed_at, note=note, revision=note.revision)
    next_day = next_working_day(meeting.starts_at.date())
    if note.state == ProgressNote.State.AWAITING_COSIGN:
        at = office_time(next_day, course.rng, earliest=12, latest=16)
        if at < course.clinic.at and not (is_latest and course.part.has(Trait.AWAITING_COSIGN)):
            supervisor = course.clinic.supervisor_of(course.part.therapist)
            note = cosign_note(by=supervisor, at=at, note=note)
    if is_latest and course.part.has(Trait.ADDENDUM):
        at = office_time(next_day, course.rng, earliest=9, latest=9)
        if at < course.clinic.at:
            add_addendum(by=course.therapist, at=at, note=note, text=words.ADDENDUM)
