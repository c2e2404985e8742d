"""What is written down in the sessions of the middle: steps, links, feelings, talks, decisions, reviews."""

import datetime as dt
from typing import Any

from reknit.base.clock import local_date
from reknit.care.encounters.models import Encounter
from reknit.care.encounters.techniques.actions import (
    keep_conversation,
    keep_decision,
    keep_exposure,
    keep_feeling,
    keep_link,
    keep_midcourse,
    keep_mutual_help,
    keep_plan_b,
    keep_role_play,
    keep_step,
    keep_support,
    keep_went,
)
from reknit.care.network.models import Relationship

from . import words
from .answers import Trend
from .course import DAY, Course
from .diary import ZONE
from .plan import Turn
from .referrals import MINUTE, key

FIRST, LAST = 4, 13
WEEK = dt.timedelta(weeks=1)
WENT = (
    ("did", "It was done. Not as planned, and well."),
    ("partly", "The first part of it. The rest is for next week."),
)


def keep_records(course: Course, encounter: Encounter, slot: int) -> None:
    """The records of one middle session: the step and what goes with it, and what this session alone holds."""
    if not FIRST <= slot <= LAST:
        return
    at, tale = encounter.starts_at, course.tale("records")
    _step(course, encounter, tale["steps"][slot - FIRST], at + 24 * MINUTE)
    if course.rng.random() < 0.85:
        _link(course, encounter, tale["links"][(slot - FIRST) % len(tale["links"])], at + 16 * MINUTE)
    if course.rng.random() < 0.6:
        _feeling(
            course, encounter, tale["feelings"][(slot - FIRST) % len(tale["feelings"])], at + 28 * MINUTE
        )
    own = OWN.get(slot)
    if own:
        own(course, encounter, at + 30 * MINUTE)


def _one(course: Course, alias: str) -> Relationship | None:
    return next(iter(course.somebody(alias)), None)


def _given(course: Course, encounter: Encounter, at: dt.datetime) -> dict[str, Any]:
    """What every record is kept with."""
    return {"by": course.therapist, "at": at, "encounter": encounter, "key": key(course.rng)}


def _step(course: Course, encounter: Encounter, told: str, at: dt.datetime) -> None:
    code, depth = told.split()
    shared = words.table("records")["shared"]
    keep_step(
        **_given(course, encounter, at),
        code=code,
        depth=int(depth),
        relationships=course.somebody(*course.tale("account")["people"]),
        client_response=course.rng.choice(shared["taken"]),
        next_step=course.rng.choice(shared["next"]),
    )


def _link(course: Course, encounter: Encounter, told: list[str], at: dt.datetime) -> None:
    alias, direction, what = told
    rng = course.rng
    is_mood = direction.endswith("mood") or direction.startswith("mood")
    keep_link(
        **_given(course, encounter, at),
        direction=direction,
        relationship=_one(course, alias),
        words=what,
        mood=rng.randint(2, 7) if is_mood else None,
        craving=None if is_mood else rng.randint(3, 8),
        lag_hours=rng.choice((None, 1, 2, 5)),
        said_by=rng.choice(("client", "client", "therapist")),
    )


def _feeling(course: Course, encounter: Encounter, told: list[str], at: dt.datetime) -> None:
    feelings, alias = told
    keep_feeling(
        **_given(course, encounter, at),
        feelings=feelings,
        relationship=_one(course, alias),
        intensity=course.rng.choice((None, 4, 6, 7, 8)),
        in_session=course.rng.choice(("yes", "yes", "no")),
    )


def _talk(course: Course, encounter: Encounter, at: dt.datetime, told: dict[str, Any]) -> None:
    rng = course.rng
    on = local_date(encounter.starts_at, ZONE)
    course.talk = keep_conversation(
        **_given(course, encounter, at),
        rows={
            "turns": [{"speaker": who, "words": said, "tone": tone} for who, said, tone in told["turns"]],
            "alternatives": [
                {"words": said, "likely_response": likely, "comfort": easy, "chosen": place == 0}
                for place, (said, likely, easy) in enumerate(told["ways"])
            ],
        },
        happened_on=on - rng.randint(2, 5) * DAY,
        channel=told["channel"],
        place=told["place"],
        relationships=course.somebody(told["who"]),
        mood_before=rng.randint(3, 6),
        mood_after=rng.randint(1, 4),
        craving_after=rng.choice((None, 4, 6)),
        meant=told["meant"],
        feelings_behind=told["behind"],
        other_heard=told["heard"],
        mismatch=told["mismatch"],
        client_expects=told["expects"],
        used_after=rng.choice(("no", "no", "yes", "")),
        try_by=on + WEEK,
        written="together",
    )


def _first_talk(course: Course, encounter: Encounter, at: dt.datetime) -> None:
    _talk(course, encounter, at, course.tale("records")["talk"])


def _rehearse(course: Course, encounter: Encounter, at: dt.datetime) -> None:
    told = course.tale("records")["play"]
    before = course.rng.randint(2, 5)
    course.rehearsed = keep_role_play(
        **_given(course, encounter, at),
        rows={
            "rounds": [{"who": who, "tried": tried, "feedback": seen} for who, tried, seen in told["rounds"]]
        },
        scenario=told["what"],
        relationship=_one(course, told["who"]),
        purpose=course.story.tries[0],
        confidence_before=before,
        confidence_after=min(10, before + course.rng.randint(1, 4)),
        analysis=course.talk,
    )


def _decide(course: Course, encounter: Encounter, at: dt.datetime) -> None:
    told = course.tale("records")["decide"]
    names = ("words", "upsides", "downsides", "for_people", "for_use", "feasible")
    options = [{**dict(zip(names, one, strict=True)), "chosen": False} for one in told["options"]]
    options[1]["chosen"] = True
    on = local_date(encounter.starts_at, ZONE)
    course.decided = keep_decision(
        **_given(course, encounter, at),
        rows={"options": options},
        decision=told["what"],
        relationships=course.somebody(told["who"]),
        first_step=told["first"],
        by_when=on + WEEK,
        review_on=on + 2 * WEEK,
    )
    _went(course, encounter, at - 22 * MINUTE, course.rehearsed)


def _went(course: Course, encounter: Encounter, at: dt.datetime, about: Any) -> None:
    if about is None:
        return
    outcome, said = course.rng.choice(WENT)
    keep_went(**_given(course, encounter, at), about=about, outcome=outcome, words=said)


def _review(course: Course, encounter: Encounter, at: dt.datetime) -> None:
    """The review of session 8. Where the response is too small, what is added is written down, or is still to be."""
    shared = words.table("records")["shared"]
    too_little = course.person.trend is not Trend.IMPROVES or course.takes(Turn.NO_PLAN_B)
    keep_midcourse(
        **_given(course, encounter, at),
        focus_right="yes",
        adequate="no" if too_little else "yes",
        words=shared["review_no" if too_little else "review_yes"],
    )
    if too_little and not course.takes(Turn.NO_PLAN_B):
        keep_plan_b(
            **_given(course, encounter, at + 3 * MINUTE),
            choices=["medication", "mutual_help"],
            reason=shared["plan_b"],
            decided_on=local_date(encounter.starts_at, ZONE),
        )


def _support(course: Course, encounter: Encounter, at: dt.datetime, place: int) -> None:
    alias, what = course.tale("records")["support"][place]
    keep_support(
        **_given(course, encounter, at),
        relationship=_one(course, alias),
        words=what,
        stands=("planned", "done")[place],
    )


def _first_tie(course: Course, encounter: Encounter, at: dt.datetime) -> None:
    _support(course, encounter, at, 0)
    _went(course, encounter, at - 22 * MINUTE, course.decided)


def _less(course: Course, encounter: Encounter, at: dt.datetime) -> None:
    told = course.tale("records")["less"]
    keep_exposure(
        **_given(course, encounter, at),
        relationship=_one(course, told["who"]),
        place="" if told["who"] in course.people else "the evenings out",
        how=told["how"],
        words=told["words"],
        stands="done",
    )
    _talk(course, encounter, at - 4 * MINUTE, course.tale("records")["second"])


def _second_tie(course: Course, encounter: Encounter, at: dt.datetime) -> None:
    _support(course, encounter, at, 1)
    _went(course, encounter, at - 22 * MINUTE, course.talk)


def _mutual_help(course: Course, encounter: Encounter, at: dt.datetime) -> None:
    step, said = course.rng.choice(
        list(zip(("planned", "went", "not_now"), words.table("records")["shared"]["mutual"], strict=True))
    )
    keep_mutual_help(**_given(course, encounter, at), offer="group", step=step, words=said)


OWN = {
    5: _first_talk,
    6: _rehearse,
    7: _decide,
    8: _review,
    9: _first_tie,
    10: _less,
    11: _second_tie,
    12: _mutual_help,
}
"""What each session of the middle holds besides its step."""
