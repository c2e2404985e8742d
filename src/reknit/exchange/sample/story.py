"""The story as client and therapist put it together: the timeline, the focus, and the account that is shared."""

import datetime as dt
from typing import Any

from django.utils.formats import date_format

from reknit.base.clock import local_date
from reknit.care.formulation.actions import (
    add_event,
    agree_focus,
    answer_formulation_as_client,
    begin_formulation,
    mark_closest_change,
    mark_onset,
    propose_focus,
    record_witnessed_answer,
    resolve_focus,
    revise_formulation,
    save_formulation,
    set_dispute_stage,
    share_formulation,
    sign_timeline,
    switch_focus,
)
from reknit.care.formulation.entries import EventEntry, FocusEntry
from reknit.care.formulation.models import FocusArea, Formulation, FormulationAnswer, TimelineEvent
from reknit.care.programme.actions import override_gate

from . import words
from .course import Course
from .diary import ZONE, next_working_day, office_time
from .plan import Turn
from .referrals import MINUTE, key

MONTH = 30.44  # days
DRAWN, SHARED, ADDED_LATER, STAGED_AGAIN, REVISED, RESOLVED = 2, 3, 8, 9, 9, 16
MARKS = {
    "told": ["time_link"],
    "treatable": ["hope"],
    "people": ["anchor", "time_link"],
    "use": ["time_link"],
    "focus": ["anchor"],
    "strengths": ["hope"],
}
Response, Area = FormulationAnswer.Response, FocusArea.Area
ANSWERS = {
    Turn.NOT_AGREED: ("no", Response.NOT_AGREED),
    Turn.WITH_CHANGES: ("changes", Response.AGREED_WITH_CHANGES),
}
ANSWERS |= {Turn.PASSED: ("later", Response.WANTS_TIME)}


def tell_story(course: Course, slot: int, starts_at: dt.datetime) -> None:
    """What the room of the story is told in this session."""
    if slot == DRAWN:
        _draw_timeline(course, starts_at + 42 * MINUTE)
        if course.takes(Turn.SWITCHED):
            _choose_first(course, starts_at + 45 * MINUTE)
        if course.latest_slot == DRAWN:
            _draft(course, starts_at + 46 * MINUTE, parts=("told", "people"))
    elif slot == SHARED:
        _mark(course, starts_at + 14 * MINUTE)
        _agree_focus(course, starts_at + 18 * MINUTE)
        _share(course, starts_at + 26 * MINUTE)
    elif slot == SHARED + 1 and course.takes(Turn.PASSED):
        _pass_gate(course, starts_at + 50 * MINUTE)
    elif slot == STAGED_AGAIN and course.focus and course.focus.area == Area.DISPUTE:
        _stage(course, course.tale("account")["stages"][1], starts_at + 30 * MINUTE)
    elif slot == RESOLVED and course.focus and course.index % 2:
        resolve_focus(by=course.therapist, at=starts_at + 30 * MINUTE, focus=course.focus)
    if slot == ADDED_LATER:
        _add_later(course, starts_at + 12 * MINUTE)
    if slot == REVISED and course.takes(Turn.REVISED):
        _revise(course, starts_at + 36 * MINUTE)


def tell_account_alone(course: Course, starts_at: dt.datetime) -> None:
    """Focus and account without a timeline, for courses told in brief."""
    _agree_focus(course, starts_at + 18 * MINUTE)
    _share(course, starts_at + 26 * MINUTE)


def _draw_timeline(course: Course, at: dt.datetime) -> None:
    for one in course.tale("account")["events"]:
        event = _add_event(
            course,
            at,
            one["title"],
            course.first_on - dt.timedelta(days=round(one["months"] * MONTH)),
            lane=one["lane"],
            kind=one.get("kind", ""),
            precision=one["precision"],
            relationships=course.somebody(*one.get("people", ())),
            impact=one.get("impact"),
            mood_then=one.get("mood"),
            use_change=one.get("use", ""),
            is_restricted=one.get("hidden", False),
        )
        for mark in ("onset", "closest"):
            if one.get(mark):
                course.events[mark] = event
    asked = words.table("account")["shared"]["asked"]
    _add_event(course, at, asked, course.first_on - dt.timedelta(days=10), lane="treatment", impact=2)
    sign_timeline(by=course.therapist, at=at + 2 * MINUTE, episode=course.episode)


def _add_event(course: Course, at: dt.datetime, title: str, on: dt.date, **known: Any) -> TimelineEvent:
    entry = EventEntry(title=title, starts_on=on, **known)
    return add_event(by=course.therapist, at=at, client=course.client, entry=entry, key=key(course.rng))


def _add_later(course: Course, at: dt.datetime) -> None:
    """Something good of the week before, put on the line in the middle of the course."""
    told = course.tale("account")["later"]
    on = local_date(at, ZONE) - dt.timedelta(days=2)
    people = course.somebody(*told["people"])
    _add_event(
        course, at, told["title"], on, lane="relationship", impact=told["impact"], relationships=people
    )
    sign_timeline(by=course.therapist, at=at + MINUTE, episode=course.episode)


def _mark(course: Course, at: dt.datetime) -> None:
    """When it began, and what had changed between people: found in session 3, and kept as the next version."""
    by, episode = course.therapist, course.episode
    mark_onset(by=by, at=at, event=course.events["onset"], episode=episode)
    mark_closest_change(by=by, at=at + MINUTE, event=course.events["closest"], episode=episode)
    sign_timeline(by=by, at=at + 2 * MINUTE, episode=episode)


def _choose_first(course: Course, at: dt.datetime) -> None:
    """A focus that was chosen first, and switched once the line was drawn."""
    shared = words.table("account")["shared"]
    entry = FocusEntry(Area.TRANSITION, named="The move", reason=shared["first_choice"])
    focus = propose_focus(by=course.therapist, at=at, episode=course.episode, entry=entry)
    course.focus = agree_focus(by=course.therapist, at=at + MINUTE, focus=focus)


def _agree_focus(course: Course, at: dt.datetime) -> None:
    tale, by = course.tale("account"), course.therapist
    event = course.events.get("closest") if tale["area"] in (Area.GRIEF, Area.TRANSITION) else None
    entry = FocusEntry(
        tale["area"],
        relationships=course.somebody(*tale["people"]),
        event=event,
        named=tale["named"],
        reason=tale["reason"],
    )
    if course.focus:
        reason = words.table("account")["shared"]["switched"]
        course.focus = switch_focus(
            by=by, at=at, focus=course.focus, entry=entry, reason=reason, client_agreed=True
        )
    else:
        focus = propose_focus(by=by, at=at, episode=course.episode, entry=entry)
        course.focus = agree_focus(by=by, at=at + 6 * MINUTE, focus=focus)
    if tale["area"] == Area.DISPUTE:
        _stage(course, tale["stages"][0], at + 7 * MINUTE)


def _stage(course: Course, stage: str, at: dt.datetime) -> None:
    assert course.focus is not None
    set_dispute_stage(by=course.therapist, at=at, focus=course.focus, stage=stage, on=local_date(at, ZONE))


def _slots(course: Course) -> dict[str, str]:
    """The nine slots in the words of this story."""
    shared, tale = words.table("account")["shared"], course.tale("account")
    ends_on = course.episode.ends_on
    numbers: dict[str, Any] = {
        "planned": course.episode.planned_sessions,
        "ends_on": date_format(ends_on, "j F") if ends_on else "",
    }
    return {
        "told": tale["told"],
        "condition": shared["condition"],
        "treatable": shared["treatable"],
        "people": tale["around"],
        "use": tale["use"],
        "focus": tale["focus"],
        "strengths": tale["strengths"],
        "plan": shared["plan"].format(**numbers),
        "invite": shared["invite"],
    }


def _draft(course: Course, at: dt.datetime, *, parts: tuple[str, ...] = ()) -> Formulation:
    """The account as a draft: whole, or these parts of it."""
    draft = begin_formulation(by=course.therapist, at=at, episode=course.episode)
    slots = {name: text for name, text in _slots(course).items() if not parts or name in parts}
    return save_formulation(
        by=course.therapist,
        at=at + MINUTE,
        formulation=draft,
        revision=draft.revision,
        words=slots,
        marks={name: marks for name, marks in MARKS.items() if name in slots},
        diagnosis=words.table("account")["shared"]["diagnosis"],
    )


def _share(course: Course, at: dt.datetime) -> None:
    draft = _draft(course, at)
    if course.takes(Turn.DRAFT_AT_FOUR):
        return
    how = Formulation.How.PORTAL if course.user else Formulation.How.SPOKEN
    standing = share_formulation(
        by=course.therapist, at=at + 3 * MINUTE, formulation=draft, revision=draft.revision, how=how
    )
    _answer(course, standing, at + 8 * MINUTE)


def _answer(course: Course, standing: Formulation, at: dt.datetime) -> None:
    said, response = next(
        (answer for turn, answer in ANSWERS.items() if course.takes(turn)), ("yes", Response.AGREED)
    )
    shared = words.table("account")["shared"]
    if course.user:
        standing.episode = course.episode
        answer_formulation_as_client(
            by=course.user,
            at=at,
            formulation=standing,
            response=response,
            words=shared[said],
            key=key(course.rng),
        )
        return
    record_witnessed_answer(
        by=course.therapist,
        at=at,
        formulation=standing,
        response=response,
        words=shared[said],
        witness=course.therapist.name,
        key=key(course.rng),
    )


def _pass_gate(course: Course, at: dt.datetime) -> None:
    """The supervisor lets the middle begin without the client's answer, and says why."""
    at = office_time(next_working_day(local_date(at, ZONE)), course.rng)
    if at < course.clinic.at:
        reason = words.table("account")["shared"]["passed"]
        override_gate(by=course.supervisor, at=at, episode=course.episode, code="G02", reason=reason)


def _revise(course: Course, at: dt.datetime) -> None:
    """A second version: one sentence more on what is on the client's side, agreed to as well."""
    standing = Formulation.objects.get(episode=course.episode, state=Formulation.State.AGREED)
    by = course.therapist
    draft = revise_formulation(by=by, at=at, formulation=standing)
    kept = dict(draft.words)
    kept["strengths"] += " " + words.table("account")["shared"]["grown"]
    draft = save_formulation(
        by=by,
        at=at + MINUTE,
        formulation=draft,
        revision=draft.revision,
        words=kept,
        marks=draft.marks,
        diagnosis=draft.diagnosis,
    )
    standing = share_formulation(
        by=by, at=at + 3 * MINUTE, formulation=draft, revision=draft.revision, how=Formulation.How.SPOKEN
    )
    _answer(course, standing, at + 5 * MINUTE)
