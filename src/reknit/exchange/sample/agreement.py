"""The agreement of a course: contract and goals in session 3, ratings in the middle, and what was amended."""

import datetime as dt
from typing import Any

from reknit.base.clock import local_date
from reknit.care.programme.actions.agreement import (
    agree_contract,
    amend_ending_date,
    answer_contract,
    answer_extension,
    begin_contract,
    extend_course,
    offer_contract,
    rate_goals,
    save_contract,
    set_goals,
)
from reknit.care.programme.agreement import goals_of
from reknit.care.programme.models import Amendment, Contract, Goal, GoalRating
from reknit.care.programme.terms import GoalDraft
from reknit.core.programme.goals import LEVELS

from . import words
from .answers import Trend
from .course import Course
from .diary import ZONE, next_working_day, office_time
from .plan import Turn
from .referrals import MINUTE, key

AGREED, RATED, AMENDED = 3, (4, 8, 12), 10
EXTENSION_ASKED = 13
FORTNIGHT = dt.timedelta(weeks=2)
STEPS = {Trend.IMPROVES: (0, 1, 2), Trend.STAYS: (0, 0, 1), Trend.WORSENS: (0, 0, 0)}
"""By how many levels the goals stand above the start at each rating."""


def tell_agreement(course: Course, slot: int, starts_at: dt.datetime) -> None:
    """What the room of the agreement is told in this session."""
    at = starts_at + 36 * MINUTE
    if slot == AGREED:
        _agree(course, at)
    if course.contract is None:
        return
    if slot in RATED:
        _rate(course, slot, at)
    if slot == AMENDED:
        _amend(course, at)
    if slot == EXTENSION_ASKED and course.takes(Turn.EXTENSION_ASKED):
        _ask_for_more(course, at)


def _agree(course: Course, at: dt.datetime) -> None:
    draft = begin_contract(by=course.therapist, at=at, episode=course.episode)
    draft = save_contract(
        by=course.therapist, at=at + MINUTE, contract=draft, revision=draft.revision, terms=_terms(course)
    )
    draft = set_goals(
        by=course.therapist, at=at + 2 * MINUTE, contract=draft, revision=draft.revision, goals=_goals(course)
    )
    if course.takes(Turn.DRAFT_AT_FOUR):
        return
    said = words.table("agreement")["shared"]["agreed"]
    if course.user:
        by = course.user
        draft = offer_contract(
            by=course.therapist, at=at + 3 * MINUTE, contract=draft, revision=draft.revision
        )
        answer_contract(
            by=by, at=at + 5 * MINUTE, contract=draft, revision=draft.revision, answer="agree", words=said
        )
    else:
        agree_contract(
            by=course.therapist,
            at=at + 5 * MINUTE,
            contract=draft,
            revision=draft.revision,
            how=Contract.How.WITNESSED,
            words=said,
            witness=course.clinic.facilitator.name,
        )
    course.contract, course.goals = draft, goals_of(draft)


def _about_use(course: Course) -> dict[str, Any]:
    """The goal about use, as the client puts it."""
    choices: list[dict[str, Any]] = words.table("agreement")["substance_goals"]
    if course.substances[0] == "opioids":
        return choices[3]
    return [one for one in choices if one["goal"] != "medication"][course.index % 4]


def _terms(course: Course) -> dict[str, Any]:
    shared, goal = words.table("agreement")["shared"], _about_use(course)
    return {
        "afterwards": shared["afterwards"],
        "substance_goal": goal["goal"],
        "substance": course.substances[0] if goal["goal"] == Contract.SubstanceGoal.NONE_OF_ONE else "",
        "substance_goal_words": goal["words"],
        "lapse_plan": course.said(shared["lapse"]),
    }


def _goals(course: Course) -> list[GoalDraft]:
    focus = course.focus.pk if course.focus else None
    found = [
        GoalDraft(
            position=place,
            words=one["words"],
            observable=one["seen"],
            levels=dict(zip(LEVELS, one["levels"], strict=True)),
            baseline=-2 if place == 1 else -1,
            focus=focus,
        )
        for place, one in enumerate(course.tale("agreement")["goals"], start=1)
    ]
    use = _about_use(course)
    if use["levels"]:
        levels = dict(zip(LEVELS, use["levels"], strict=True))
        found.append(GoalDraft(1, use["words"], use["seen"], levels, baseline=-2, kind=Goal.Kind.SUBSTANCE))
    return found


def _rate(course: Course, slot: int, at: dt.datetime) -> None:
    assert course.contract is not None
    risen = STEPS[course.person.trend][RATED.index(slot)]
    levels = {
        goal.pk: min(2, (goal.baseline or 0) + risen + course.rng.randint(0, 1)) for goal in course.goals
    }
    if slot == RATED[-1] and len(levels) > 1:
        levels.pop(course.goals[-1].pk)  # one was not rated: missing, and never zero
    rate_goals(
        by=course.therapist,
        at=at,
        contract=course.contract,
        levels=levels,
        on=local_date(at, ZONE),
        whose=GoalRating.Whose.CLIENT if course.index % 3 == 0 else GoalRating.Whose.TOGETHER,
        slot=slot,
        sheet=key(course.rng),
    )


def _amend(course: Course, at: dt.datetime) -> None:
    shared, ends_on = words.table("agreement")["shared"], course.episode.ends_on
    if course.takes(Turn.ENDING_MOVED) and ends_on:
        amend_ending_date(
            by=course.therapist,
            at=at,
            episode=course.episode,
            to=ends_on + FORTNIGHT,
            why=shared["ending_why"],
            client_agreed=Amendment.ClientAgreed.ROOM,
            key=key(course.rng),
        )
    if course.takes(Turn.EXTENSION_APPROVED):
        asked = _ask_for_more(course, at)
        answer_at = office_time(next_working_day(local_date(at, ZONE)), course.rng)
        answer_extension(
            by=course.supervisor, at=answer_at, amendment=asked, approve=True, words=shared["extension_yes"]
        )
        course.episode.refresh_from_db(fields=["ends_on", "planned_sessions"])


def _ask_for_more(course: Course, at: dt.datetime) -> Amendment:
    """Two more sessions, which the supervisor has to approve."""
    assert course.episode.ends_on is not None
    return extend_course(
        by=course.therapist,
        at=at,
        episode=course.episode,
        sessions=2,
        reason=Amendment.Reason.PARTIAL_RESPONSE,
        why=words.table("agreement")["shared"]["extension_why"],
        ends_on=course.episode.ends_on + FORTNIGHT,
        client_agreed=Amendment.ClientAgreed.ROOM,
        key=key(course.rng),
    )
