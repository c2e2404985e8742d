"""Care beside IPT in the invented courses: who else is in care, the whole view, what a plan B began, what was given to read."""

import datetime as dt
import random
import uuid

from reknit.base.clock import local_date
from reknit.care.coordination.actions import (
    add_care_contact,
    add_entry,
    add_treatment,
    agree_sharing,
    map_care_team,
    record_level,
)
from reknit.care.coordination.models import Treatment
from reknit.care.encounters.conjoint.actions import save_conjoint_plan
from reknit.care.encounters.models import Encounter
from reknit.care.encounters.techniques.actions import keep_conjoint
from reknit.care.formulation.actions import save_grid
from reknit.care.materials.actions import give_material
from reknit.care.safety.queries import is_conjoint_barred

from . import words
from .course import DAY, Course
from .diary import ZONE
from .referrals import MINUTE, key

READ = {1: "depression", 2: "craving", 4: "mood-and-people", 6: "medication", 14: "overdose"}
PLAN_B_RUNS = (9, 10, 11, 12)
CONJOINT_AT, LEVEL_AT, EVERY = 10, 9, 3
SHARED_FOR = 180 * DAY


def tell_beside(course: Course, encounter: Encounter, slot: int, at: dt.datetime) -> None:
    """What stands beside the talk of one session. It draws from a die of its own, so that the talks stay as they are."""
    rng = random.Random(f"beside {course.index} {slot}")
    if slot in READ and (slot != 6 or course.medication):
        _give(course, encounter, READ[slot], rng, at + 41 * MINUTE)
    if slot == 2:
        _care_team(course, rng, at + 42 * MINUTE)
    if slot == 3:
        _whole_view(course, at + 43 * MINUTE)
    if slot in PLAN_B_RUNS:
        _plan_b_runs(course, rng, at + 44 * MINUTE)
    if slot == LEVEL_AT and course.index % EVERY == 0:
        _level(course, rng, at + 45 * MINUTE)
    if slot == CONJOINT_AT and course.index % EVERY == 1:
        _conjoint(course, encounter, rng, at + 46 * MINUTE)


def _give(course: Course, encounter: Encounter, topic: str, rng: random.Random, at: dt.datetime) -> None:
    give_material(
        by=course.therapist,
        at=at,
        client=course.client,
        key=_key(course, rng),
        topic=topic,
        language="en",
        how=rng.choice(("session", "paper", "link")),
        encounter_id=encounter.pk,
    )


def _key(course: Course, rng: random.Random) -> uuid.UUID:
    """A key of this course: two clinics of other seeds share none."""
    return uuid.uuid5(course.episode.pk, str(key(rng)))


def _care_team(course: Course, rng: random.Random, at: dt.datetime) -> None:
    told, client, by = words.table("care")["beside"], course.client, course.therapist
    for role, name in told["contacts"][: 1 + course.index % 2]:
        contact = add_care_contact(by=by, at=at, client=client, key=_key(course, rng), role=role, name=name)
        if role == "doctor":
            agree_sharing(
                by=by,
                at=at,
                contact=contact,
                covers=["attendance", "medication", "letters"],
                purpose=told["purpose"],
                how="paper",
                expires_on=local_date(at, ZONE) + SHARED_FOR,
            )
    map_care_team(by=by, at=at, client=client)


def _whole_view(course: Course, at: dt.datetime) -> None:
    told = words.table("care")["beside"]["grid"]
    close = [f"person:{one.pk}" for one in course.people.values()][:1]
    links = {"strengths": close, "psychological": ["measure:phq-9"] if course.totals else []}
    if course.medication:
        links["biological"] = [f"medication:{course.medication.pk}"]
    said = {cell: course.said(text) for cell, text in told.items()}
    save_grid(by=course.therapist, at=at, episode=course.episode, based_on=0, words=said, rests_on=links)


def _plan_b_runs(course: Course, rng: random.Random, at: dt.datetime) -> None:
    """What a plan B planned is begun; mutual help is a group of the client's choice in one course of three."""
    by, client, told = course.therapist, course.client, words.table("care")["beside"]
    if not Treatment.objects.filter(client=client).exists() and course.index % EVERY == 2:
        add_treatment(
            by=by,
            at=at,
            client=client,
            key=_key(course, rng),
            kind="mutual_help",
            group=rng.choice(("twelve_step", "smart")),
            starts_on=local_date(at, ZONE),
        )
    open_now = Treatment.objects.filter(
        client=client, kind__in=("cbt", "mutual_help"), state__in=Treatment.OPEN
    )
    for one in open_now.order_by("kind"):
        is_group = one.kind == "mutual_help"
        add_entry(
            by=by,
            at=at,
            treatment=one,
            key=_key(course, rng),
            on=local_date(at, ZONE) - rng.randint(1, 5) * DAY,
            what=rng.choice(told["modules"]) if not is_group else "",
            liked=rng.choice(("yes", "yes", "mixed", "")) if is_group else "",
            contacts=rng.choice((None, 1, 2)) if is_group else None,
        )


def _level(course: Course, rng: random.Random, at: dt.datetime) -> None:
    told = words.table("care")["beside"]
    record_level(
        by=course.therapist,
        at=at,
        client=course.client,
        key=_key(course, rng),
        edition=rng.choice(("asam-3", "asam-4")),
        wanted="intensive" if course.index % 2 else "outpatient",
        given="outpatient",
        gap_reason=told["gap"] if course.index % 2 else "",
        why=told["why"],
    )


def _conjoint(course: Course, encounter: Encounter, rng: random.Random, at: dt.datetime) -> None:
    """One session with somebody close, where nothing bars it."""
    guest = next(
        iter(one for one in course.people.values() if not one.not_a_person and one.set_aside_at is None), None
    )
    if guest is None or is_conjoint_barred(course.client):
        return
    told, on = words.table("care")["beside"], local_date(at, ZONE)
    plan = save_conjoint_plan(
        by=course.therapist,
        at=at,
        episode=course.episode,
        key=_key(course, rng),
        relationship=guest,
        screened_on=on - 7 * DAY,
        client_agreed_on=on - 7 * DAY,
        person_agreed_on=on - 2 * DAY,
        **told["conjoint_plan"],
    )
    keep_conjoint(
        by=course.therapist,
        at=at,
        encounter=encounter,
        key=_key(course, rng),
        plan=plan,
        came="yes",
        **told["conjoint"],
    )
