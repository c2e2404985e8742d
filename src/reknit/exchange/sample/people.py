"""The people in a client's life: named in sessions 1 and 2, signed off, and drawn anew in the middle and at the end."""

import datetime as dt
from typing import Any

from reknit.care.network.actions import (
    add_relationship,
    begin_version,
    describe_relationship,
    place,
    release_version,
    set_aside,
    set_ties_asked,
    sign_off_version,
    tie,
)
from reknit.care.network.models import CircleVersion, Relationship

from .course import Course
from .plan import Trait
from .referrals import MINUTE, key

DRAWN_AT, DRAWN_AGAIN = 2, (8, 16)
NOTES = {2: "Drawn together on paper first.", 8: "Looked at half way.", 16: "Drawn once more for the end."}
USE = {
    "none": ("abstainer", "abstainer"),
    "recovery": ("recovering", "abstainer"),
    "light": ("light", "abstainer"),
    "heavy": ("heavy", "abstainer"),
}
"""How somebody uses what the client used most, and how the other of the two that are asked about."""
PLAIN = {
    "contact": "contact",
    "importance": "importance",
    "conflict": "conflict",
    "emotional_support": "emotional",
    "practical_support": "practical",
    "uses_with_client": "together",
    "supports_recovery": "recovery",
    "supplies": "supplies",
    "knows_of_treatment": "knows",
    "same_household": "household",
    "relation_words": "said",
    "expectations_mine": "wish",
    "expectations_theirs": "theirs",
    "good_things": "good",
    "hard_things": "hard",
}
"""Details of a person, and what they are called in `people.toml`."""


def name_people(course: Course, slot: int, starts_at: dt.datetime) -> None:
    """Session 1 names the first; session 2 the rest, with what is known of each. Later sessions draw anew."""
    cast = course.tale("people")["people"]
    if slot == 1:
        for one in cast:
            if one.get("first"):
                _add(course, one, starts_at + 30 * MINUTE)
    elif slot == DRAWN_AT:
        for one in cast:
            if "joins" not in one and one["alias"] not in course.people:
                _add(course, one, starts_at + 26 * MINUTE)
        for one in cast:
            if "joins" not in one:
                _describe(course, one, starts_at + 32 * MINUTE)
        _sign(course, slot, starts_at + 40 * MINUTE)
    elif slot in DRAWN_AGAIN:
        _move(course, cast, slot, starts_at + 34 * MINUTE)
        _sign(course, slot, starts_at + 40 * MINUTE)


def name_first_alone(course: Course, starts_at: dt.datetime) -> None:
    """The two who come first, signed off without details, for courses told in brief."""
    for one in course.tale("people")["people"]:
        if one.get("first"):
            _add(course, one, starts_at + 30 * MINUTE)
    version = begin_version(by=course.therapist, at=starts_at + 39 * MINUTE, client=course.client)
    sign_off_version(
        by=course.therapist,
        at=starts_at + 40 * MINUTE,
        version=version,
        revision=version.revision,
        author=CircleVersion.Author.TOGETHER,
        treatment_asked=True,
    )


def mark_unsafe(course: Course, alias: str, at: dt.datetime) -> None:
    """For the team only: this person is not safe to meet."""
    row = course.people[alias]
    course.people[alias] = describe_relationship(
        by=course.therapist, at=at, relationship=row, revision=row.revision, details={"is_risk": True}
    )


def _add(course: Course, one: dict[str, Any], at: dt.datetime) -> None:
    course.people[one["alias"]] = add_relationship(
        by=course.therapist,
        at=at,
        client=course.client,
        alias=one["alias"],
        relation=one["relation"],
        ring=one["ring"],
        key=key(course.rng),
    )


def _describe(course: Course, one: dict[str, Any], at: dt.datetime) -> None:
    row = course.people[one["alias"]]
    course.people[one["alias"]] = describe_relationship(
        by=course.therapist, at=at, relationship=row, revision=row.revision, details=details(course, one)
    )


def details(course: Course, one: dict[str, Any]) -> dict[str, Any]:
    """What is known of somebody; what was not told is left out."""
    found = {name: one[told] for name, told in PLAIN.items() if told in one}
    found["status"] = one.get("status", "current")
    if "use" in one:
        mine, other = USE[one["use"]]
        is_alcohol = course.substances[0] == "alcohol"
        found["alcohol"], found["drugs"] = (mine, other) if is_alcohol else (other, mine)
    return found


def _move(course: Course, cast: list[dict[str, Any]], slot: int, at: dt.datetime) -> None:
    """Who came nearer, who is further out, who is new, and who is no longer there."""
    by = course.therapist
    for one in cast:
        alias, ring = one["alias"], one.get(f"ring{slot}")
        if one.get("joins") == slot:
            _add(course, one, at)
            _describe(course, one, at + MINUTE)
        elif one.get("leaves") == slot:
            set_aside(by=by, at=at, relationship=course.people.pop(alias))
        elif ring and alias in course.people:
            place(by=by, at=at, relationship=course.people[alias], ring=ring)


def _sign(course: Course, slot: int, at: dt.datetime) -> None:
    _tie(course, at - 2 * MINUTE)
    set_ties_asked(by=course.therapist, at=at - MINUTE, client=course.client, asked=True)
    version = begin_version(by=course.therapist, at=at, client=course.client)
    version = sign_off_version(
        by=course.therapist,
        at=at,
        version=version,
        revision=version.revision,
        author=CircleVersion.Author.TOGETHER,
        treatment_asked=True,
        note=NOTES[slot],
    )
    if course.index % 2 or course.part.has(Trait.SIGN_IN):
        release_version(by=course.therapist, at=at + 2 * MINUTE, version=version)


def _tie(course: Course, at: dt.datetime) -> None:
    """Who stands to whom: told once, as soon as both are on the circle."""
    for one, other, kind in course.tale("people")["ties"]:
        pair: list[Relationship] = course.somebody(one, other)
        if len(pair) == 2 and (one, other) not in course.tied:
            tie(by=course.therapist, at=at, one=pair[0], other=pair[1], kind=kind)
            course.tied.add((one, other))
