"""The closing work of a course: the talk about the ending in session 14, the plans in 15, what comes next in 16."""

import datetime as dt
from typing import Any

from reknit.base.clock import local_date
from reknit.care.closure.actions import book_follow_ups, give_record, look_at_circles, save_record
from reknit.care.closure.models import ClosingRecord
from reknit.core.programme.template import template

from . import words
from .answers import Trend
from .course import Course
from .diary import ZONE
from .plan import Stage
from .referrals import MINUTE

TALK, PLANS, LAST = 14, 15, 16
Kind = ClosingRecord.Kind
MANY_PEOPLE = 3


def tell_closing(course: Course, slot: int, starts_at: dt.datetime) -> None:
    """What the room of the ending is told in this session."""
    tale, shared = course.tale("closing"), words.table("closing")["shared"]
    at = starts_at + 22 * MINUTE
    if slot == TALK:
        talk = {"feelings": tale["feelings"], "words": tale["said"], "apart": shared["apart"]}
        _give(course, Kind.ENDING_TALK, talk, at)
        if course.latest_slot == TALK and course.part.stage is Stage.CLOSING:
            _save(
                course,
                Kind.GAINS,
                {"mood": tale["gains"]["mood"], "ties": tale["gains"]["ties"]},
                at + 9 * MINUTE,
            )
    elif slot == PLANS:
        _give(course, Kind.GAINS, tale["gains"], at)
        _give(course, Kind.SIGNS, tale["signs"], at + 5 * MINUTE)
        _give(course, Kind.STAYING_WELL, _plan(course), at + 9 * MINUTE, _to_call(course))
        _give(course, Kind.CONTINGENCY, _hard_times(tale["hard"]), at + 14 * MINUTE)
    elif slot == LAST:
        _last(course, shared, at + 20 * MINUTE)


def _last(course: Course, shared: dict[str, Any], at: dt.datetime) -> None:
    by, episode = course.therapist, course.episode
    look_at_circles(by=by, at=at, episode=episode)
    needs_more = course.person.trend is Trend.WORSENS
    _give(
        course,
        Kind.DISPOSITION,
        {
            "choice": "other_treatment" if needs_more else "end",
            "reason": shared["next_more" if needs_more else "next_end"],
        },
        at + MINUTE,
    )
    if course.person.trend is not Trend.IMPROVES:
        words_ = {
            "said": shared["not_enough"],
            "alternatives": shared["offered"],
            "plan": shared["not_enough_plan"],
        }
        _give(course, Kind.NON_RESPONSE, words_, at + 3 * MINUTE)
    follow_up(course, at + 5 * MINUTE)


def end_early(course: Course, at: dt.datetime) -> None:
    """The short list of an early ending, with the signs that were looked at before it."""
    tale, shared = course.tale("closing"), words.table("closing")["shared"]
    _give(course, Kind.SIGNS, tale["signs"], at)
    _give(
        course,
        Kind.EARLY_ENDING,
        {
            "reason": "moved",
            "safety": course.said(shared["early_safety"]),
            "leaflet": "given",
            "referral": shared["early_referral"],
            "door": shared["early_door"],
        },
        at + 4 * MINUTE,
    )
    follow_up(course, at + 6 * MINUTE)


def follow_up(course: Course, at: dt.datetime) -> None:
    """Every follow-up that the protocol offers, counted from the last session."""
    plan = template(course.episode.protocol, course.episode.protocol_version)
    ended_on = local_date(course.meetings[-1].starts_at, ZONE)
    book_follow_ups(
        by=course.therapist, at=at, episode=course.episode, ended_on=ended_on, months=plan.follow_up.months
    )


def _save(
    course: Course, kind: Kind, said: dict[str, Any], at: dt.datetime, people: list[str] | None = None
) -> ClosingRecord:
    return save_record(
        by=course.therapist,
        at=at,
        episode=course.episode,
        kind=kind,
        revision=0,
        words=said,
        people=people or [],
    )


def _give(
    course: Course, kind: Kind, said: dict[str, Any], at: dt.datetime, people: list[str] | None = None
) -> None:
    draft = _save(course, kind, said, at, people)
    give_record(by=course.therapist, at=at + 2 * MINUTE, record=draft, revision=draft.revision)


def _plan(course: Course) -> dict[str, str]:
    tale, shared = course.tale("closing"), words.table("closing")["shared"]
    peers = [one["alias"] for one in course.tale("people")["people"] if one["relation"] == "peer"]
    return {
        "steps": tale["steps"],
        "medication": shared["medicine" if course.medication else "no_medicine"],
        "mutual_help": shared["mutual"].format(peer=peers[0] if peers else course.near[0]),
        "safe_use": shared["safe_use"],
    }


def _to_call(course: Course) -> list[str]:
    return [str(one.pk) for one in course.somebody(*course.near)][:MANY_PEOPLE]


def _hard_times(pairs: list[list[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for place, (stress, response) in enumerate(pairs, start=1):
        found |= {f"stress_{place}": stress, f"response_{place}": response}
    return found
