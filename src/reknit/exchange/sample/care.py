"""Care beside the talks: screens at intake, medication, tests, cravings, plans for a crisis, and the flag about violence."""

import datetime as dt

from reknit.base.clock import local_date
from reknit.care.medication.actions import add_medication, record_taking, review_medication
from reknit.care.medication.models import MedicationReview, Taking
from reknit.care.safety.actions import (
    close_risk_item,
    flag_violence,
    record_medical_review,
    record_withdrawal_screen,
    release_safety_plan,
    save_overdose_plan,
    save_safety_plan,
)
from reknit.care.safety.models import MedicalReview, OverdosePlan, RiskItem
from reknit.care.substance_use.actions import record_craving, record_test_result
from reknit.care.substance_use.days import DayEntry
from reknit.core.safety.withdrawal import RED_FLAGS
from reknit.core.substance_use.windows import detection_window

from . import words
from .course import DAY, Course
from .diary import ZONE, wall
from .people import mark_unsafe
from .plan import Trait, Turn
from .referrals import MINUTE, key

HOUR = dt.timedelta(hours=1)
TESTED, REVIEWED, FLAGGED_AT = (1, 8), (1, 8), 7
Decision, How = MedicationReview.Decision, Taking.How
DETECTED = 3  # days, where no window is known
UNSAFE = "S."


def screen(course: Course) -> None:
    """The withdrawal screen at intake. One that asks for a medical view gets it on the same day."""
    at = course.episode.opened_at + 3 * MINUTE
    answers = {flag.key: "no" for flag in RED_FLAGS}
    answers["many_before"] = course.rng.choice(("no", "no", "unknown"))
    if course.takes(Turn.WITHDRAWAL):
        answers["heavy_daily"] = "yes"
    record_withdrawal_screen(
        by=course.therapist, at=at, client=course.client, key=key(course.rng), answers=answers
    )
    if course.takes(Turn.WITHDRAWAL):
        _see_doctor(course, at + 2 * HOUR)


def _see_doctor(course: Course, at: dt.datetime) -> None:
    told = words.table("care")["words"]
    record_medical_review(
        by=course.therapist,
        at=at,
        client=course.client,
        key=key(course.rng),
        reviewed_on=local_date(at, ZONE),
        outcome=MedicalReview.Outcome.NOTHING_MORE,
        reviewer=told["medical_by"],
        note=told["medical"],
    )
    for item in RiskItem.objects.filter(client=course.client, status="open", reason="withdrawal"):
        close_risk_item(
            by=course.therapist,
            at=at + 5 * MINUTE,
            item=item,
            closing=RiskItem.Closing.REFERRED,
            note=told["withdrawal_closed"],
        )


def look_after(course: Course, slot: int, starts_at: dt.datetime, days: list[DayEntry]) -> None:
    """What is asked, tested and written down beside the talk of one session."""
    if slot == 1:
        _prescribe(course, starts_at + 18 * MINUTE)
        _plan_for_crisis(course, starts_at + 44 * MINUTE)
    if slot in REVIEWED:
        _review(course, slot, starts_at + 20 * MINUTE)
    if course.medication and slot > 1 and course.rng.random() < 0.7:
        _ask_taken(course, starts_at + 19 * MINUTE)
    if course.rng.random() < 0.6:
        _ask_craving(course, slot, starts_at + 14 * MINUTE)
    if slot in TESTED and course.index % 3 or _can_be_discordant(course, slot, starts_at, days):
        _test(course, slot, starts_at, days)
    if slot == FLAGGED_AT and course.takes(Turn.VIOLENCE):
        _flag(course, starts_at + 40 * MINUTE)


def _kind(course: Course) -> str:
    """Which medication, if any: one for opioids, for some one for alcohol, for some one for mood."""
    if course.substances[0] == "opioids":
        return "opioids"
    if course.substances[0] == "alcohol" and course.index % 3 == 0:
        return "alcohol"
    return "mood" if course.index % 4 == 1 else ""


def _prescribe(course: Course, at: dt.datetime) -> None:
    kind = _kind(course)
    if not kind:
        return
    told = words.table("care")
    course.medication = add_medication(
        by=course.therapist,
        at=at,
        client=course.client,
        key=key(course.rng),
        starts_on=course.first_on - course.rng.randint(0, 30) * DAY,
        prescriber=told["words"]["prescriber"],
        **told["medication"][kind],
    )
    course.taken_until = course.medication.starts_on


def _review(course: Course, slot: int, at: dt.datetime) -> None:
    told = words.table("care")["words"]
    decision, said = (
        (Decision.CONTINUE, "review_go_on")
        if course.medication
        else (Decision.DECLINED, "review_declined")
        if course.index % 5 == 0
        else (Decision.NONE_NEEDED, "review_none")
        if slot == 1
        else (Decision.REFER, "review_refer")
    )
    review_medication(
        by=course.therapist,
        at=at,
        client=course.client,
        key=key(course.rng),
        decision=decision,
        reviewed_on=local_date(at, ZONE),
        note=told[said],
    )


def _ask_taken(course: Course, at: dt.datetime) -> None:
    yesterday = local_date(at, ZONE) - DAY
    if course.medication is None or course.taken_until is None or course.taken_until > yesterday:
        return
    record_taking(
        by=course.therapist,
        at=at,
        medication=course.medication,
        starts_on=course.taken_until,
        ends_on=yesterday,
        how=course.rng.choices(
            (How.AS_PRESCRIBED, How.MISSED_SOME, How.NOT_TAKEN, How.UNKNOWN), (7, 2, 1, 1)
        )[0],
    )
    course.taken_until = yesterday + DAY


def _ask_craving(course: Course, slot: int, at: dt.datetime) -> None:
    """Cravings go down with the weeks for most, up and down for all."""
    rng = course.rng
    level = round(7 - slot * 0.3 + rng.gauss(0, 1.5))
    now = max(0, min(8, level - 2))
    names = [one["alias"] for one in course.tale("people")["people"] if one.get("together")]
    there = course.somebody(*names)
    company = rng.choice((["alone"], [""], there)) if there else [""]
    with_people = company if company is there else []
    record_craving(
        by=course.therapist,
        at=at,
        client=course.client,
        key=key(rng),
        now=now,
        peak=None if rng.random() < 0.2 else max(now, min(10, level + 1)),
        company="" if with_people else str(company[0]),
        with_people=[one.pk for one in there[:1]] if with_people else [],
        feeling=rng.choice(words.table("care")["words"]["feelings"]),
    )


def _seen_by_test(course: Course, taken_on: dt.date, days: list[DayEntry]) -> list[DayEntry | None]:
    """What was told of each day that a test of the main substance can see; None where nothing was."""
    window = detection_window("urine", course.substances[0])
    told = {one.on: one for one in days if one.substance == course.substances[0]}
    return [told.get(taken_on - back * DAY) for back in range((window.days if window else DETECTED) + 1)]


def _can_be_discordant(course: Course, slot: int, starts_at: dt.datetime, days: list[DayEntry]) -> bool:
    if not course.takes(Turn.DISCORDANT) or slot < 3 or course.has_discordant:
        return False
    seen = _seen_by_test(course, local_date(starts_at, ZONE) - DAY, days)
    course.has_discordant = all(one is not None and not one.used for one in seen)
    return course.has_discordant


def _test(course: Course, slot: int, starts_at: dt.datetime, days: list[DayEntry]) -> None:
    """A test of the day before, at the health centre. One does not fit the days told, and nobody is called a liar for it."""
    taken_on = local_date(starts_at, ZONE) - DAY
    told = any(one is not None and one.used for one in _seen_by_test(course, taken_on, days))
    is_positive = told or (course.has_discordant and slot not in TESTED)
    record_test_result(
        by=course.therapist,
        at=starts_at + 8 * MINUTE,
        client=course.client,
        key=key(course.rng),
        matrix="urine",
        substance=course.substances[0],
        result="positive" if is_positive else "negative",
        taken_at=wall(taken_on, 9, 20),
    )


def _plan_for_crisis(course: Course, at: dt.datetime) -> None:
    """A safety plan where thoughts of ending life were told, an overdose plan where opioids or such a loss are near."""
    part, told = course.part, words.table("care")
    by, client = course.therapist, course.client
    if part.has(Trait.ITEM9_CLOSED) or part.has(Trait.ITEM9_OPEN) or part.has(Trait.SIGN_IN):
        plan = save_safety_plan(
            by=by,
            at=at,
            client=client,
            based_on=0,
            words={name: course.said(text) for name, text in told["safety_plan"].items()},
        )
        if part.has(Trait.SIGN_IN):
            release_safety_plan(by=by, at=at + MINUTE, plan=plan)
    if course.substances[0] == "opioids" or course.story.key == "friend":
        offers = OverdosePlan.Offer
        save_overdose_plan(
            by=by,
            at=at + 2 * MINUTE,
            client=client,
            based_on=0,
            note=course.said(told["overdose"]["note"]),
            naloxone_client="yes",
            trained_client="yes",
            naloxone_circle="yes",
            trained_circle=course.rng.choice(("yes", "no", "unknown")),
            tolerance_talk="yes",
            not_alone_talk="yes",
            medication_offer=offers.ACCEPTED if course.medication else offers.NOT_NEEDED,
        )


def _flag(course: Course, at: dt.datetime) -> None:
    reason = words.table("care")["words"]["violence"]
    flag_violence(by=course.therapist, at=at, client=course.client, is_on=True, reason=reason)
    mark_unsafe(course, UNSAFE, at + MINUTE)
