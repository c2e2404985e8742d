"""Returns to use, told and reviewed, and meetings to which a client did not come."""

import datetime as dt

from reknit.base.clock import local_date
from reknit.care.encounters.actions import record_contact, write_re_engagement_plan
from reknit.care.encounters.models import ContactAfterMiss, Encounter
from reknit.care.encounters.techniques.actions import keep_lapse
from reknit.care.safety.actions import close_risk_item
from reknit.care.safety.models import RiskItem, ToleranceTask
from reknit.care.safety.tolerance.actions import settle_tolerance_task
from reknit.care.substance_use.actions import report_use_episode
from reknit.care.substance_use.days import DayEntry
from reknit.care.substance_use.models import UseEpisode

from . import words
from .course import DAY, Course
from .diary import ZONE, next_working_day, office_time
from .plan import Turn
from .referrals import MINUTE, key

RECENT = 7
By, Answer, How = UseEpisode.ReportedBy, ContactAfterMiss.Answer, ContactAfterMiss.How


def report_ahead(course: Course, slot: int, starts_at: dt.datetime, days: list[DayEntry]) -> None:
    """A client with a sign-in tells of it on their own page, on the evening before the session; somebody rings."""
    first = _first_day(course, days, starts_at)
    if not (course.user and course.returns_before(slot) and first):
        return
    at = (starts_at - DAY).replace(hour=19)
    course.use_episode = report_use_episode(
        by=course.user,
        at=at,
        client=course.client,
        key=key(course.rng),
        reported_by=By.CLIENT,
        starts_on=first,
        substances=[course.substances[0]],
        trigger=course.tale("records")["lapse"]["chain"],
    ).use_episode
    for item in RiskItem.objects.filter(client=course.client, status="open", reason="use_reported"):
        close_risk_item(
            by=course.therapist,
            at=starts_at.replace(hour=8) + 20 * MINUTE,
            item=item,
            closing=RiskItem.Closing.SPOKEN_SAFE,
            note=words.table("care")["words"]["reported"],
        )


def review_return(course: Course, encounter: Encounter, slot: int, days: list[DayEntry]) -> None:
    """In the session after a return: tell of it, where it was not told before, and look at it together."""
    if not course.returns_before(slot):
        return
    at, tale = encounter.starts_at, course.tale("records")["lapse"]
    first = _first_day(course, days, at)
    if course.use_episode is None and first:
        course.use_episode = report_use_episode(
            by=course.therapist,
            at=at + 24 * MINUTE,
            client=course.client,
            key=key(course.rng),
            reported_by=By.THERAPIST,
            starts_on=first,
            substances=[course.substances[0]],
            with_people=[one.pk for one in course.somebody(tale["who"])],
            place=tale["place"],
            overdose_signs=False,
        ).use_episode
    if course.use_episode is None:
        return
    shared = words.table("records")["shared"]
    keep_lapse(
        by=course.therapist,
        at=at + 32 * MINUTE,
        encounter=encounter,
        key=key(course.rng),
        use_episode_id=course.use_episode.pk,
        on=course.use_episode.starts_on,
        overdose="no",
        withdrawal="no",
        suicide="no",
        driving="no",
        relationships=course.somebody(tale["who"]),
        chain=tale["chain"],
        feeling=tale["feeling"],
        place=tale["place"],
        stopped_by=shared["stopped"],
        to_tell=tale["tell"],
        plan_change=shared["plan_change"],
        learned=shared["learned"],
        shame_named="yes",
    )
    for task in ToleranceTask.objects.filter(loss__client=course.client, outcome="").order_by("task"):
        settle_tolerance_task(by=course.therapist, at=at + 40 * MINUTE, task=task, outcome="done")


def leave_unreviewed(course: Course) -> None:
    """Told on the phone yesterday, to be looked at in today's session."""
    if not course.takes(Turn.NOT_REVIEWED):
        return
    at = office_time(local_date(course.clinic.at, ZONE) - DAY, course.rng, earliest=14, latest=16)
    course.use_episode = report_use_episode(
        by=course.therapist,
        at=at,
        client=course.client,
        key=key(course.rng),
        reported_by=By.THERAPIST,
        starts_on=local_date(at, ZONE) - DAY,
        substances=[course.substances[0]],
        company="with",
        place=course.tale("records")["lapse"]["place"],
    ).use_episode


def _first_day(course: Course, days: list[DayEntry], starts_at: dt.datetime) -> dt.date | None:
    """The first day of use of the week before a session, as it was told."""
    since = local_date(starts_at, ZONE) - RECENT * DAY
    used = [one.on for one in days if one.substance == course.substances[0] and one.used and one.on >= since]
    return min(used, default=None)


def follow_miss(course: Course, encounter: Encounter, *, is_second: bool) -> None:
    """Somebody got in touch on the next working day; after a second miss in a row there is a plan to come back."""
    rng, told = course.rng, words.table("care")
    on = next_working_day(local_date(encounter.starts_at, ZONE))
    at = office_time(on, rng, earliest=10, latest=12)
    if at >= course.clinic.at:
        return
    answer = Answer.NOT_REACHED if is_second else rng.choice((Answer.REACHED, Answer.MESSAGE_LEFT))
    record_contact(
        by=course.therapist,
        at=at,
        encounter=encounter,
        on=on,
        how=How.PHONE if answer == Answer.REACHED else How.MESSAGE,
        answer=answer,
        what_happened=told["contact"]["spoke"] if answer == Answer.REACHED else "",
        key=key(rng),
    )
    if is_second:
        plan = told["re_engagement"]
        write_re_engagement_plan(
            by=course.therapist,
            at=at + 20 * MINUTE,
            episode=course.episode,
            next_on=on + DAY,
            key=key(rng),
            **plan,
        )
