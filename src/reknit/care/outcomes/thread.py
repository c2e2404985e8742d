"""The golden thread of a course: problem, goal, session, score, plan change, review; and where it is torn.

Everything is read from what was recorded for its own sake. Nothing is asked for twice, and a gap is named, never filled.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.base.clock import local_date
from reknit.base.ui.figures.ladder import signed
from reknit.care.encounters.models import Encounter, PlanB, ProgressNote
from reknit.care.formulation.models import FocusArea
from reknit.care.formulation.queries import Focus, foci
from reknit.care.measures.models import Administration
from reknit.care.people.queries import zone
from reknit.care.programme.agreement import Agreement, GoalView, agreement_of
from reknit.care.programme.models import Amendment, CourseFact, Episode
from reknit.care.programme.queries import course_from, facts_of
from reknit.core.programme.response import review_slots, review_standing

from .queries import DEPRESSION

WITHOUT_REVIEW = dt.timedelta(
    days=56
)  # our default: eight weeks, half of a course of sixteen weekly sessions
DRAFT = ProgressNote.State.DRAFT


@dataclass(frozen=True, slots=True)
class Place:
    """A page by its address's name, and what beside the client is in the address."""

    name: str
    key: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class GoalThread:
    """One goal: what is hoped for, where it stands, and the sessions in which it was rated."""

    view: GoalView
    slots: tuple[int, ...]

    @property
    def stands(self) -> str:
        """Where it stands, in the client's words, and since when; or that nobody has rated it."""
        latest = self.view.latest
        if latest is None:
            return _("Not rated yet.")
        return _("%(level)s on %(on)s: %(words)s") % {
            "level": signed(latest.level),
            "on": date_format(latest.on, "j F Y"),
            "words": self.view.now_words,
        }


@dataclass(frozen=True, slots=True)
class Problem:
    """A focus area with the goals that are tied to it and the sessions in which a step of it was worked."""

    focus: Focus
    on: dt.date
    goals: tuple[GoalThread, ...]
    slots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SessionThread:
    """One session: its problems and goals, its score, its note, and what was decided in it."""

    held: Encounter
    on: dt.date
    areas: tuple[str, ...]
    goals: tuple[int, ...]
    score: Administration | None
    note_state: str
    decided: tuple[str, ...]

    @property
    def score_words(self) -> str:
        """The score of this session; missing and incomplete are said, and never zero."""
        if self.score is None:
            return _("no PHQ-9")
        if self.score.total is None:
            return _("PHQ-9 not complete")
        return _("PHQ-9 %(total)g") % {"total": self.score.total}

    @property
    def is_unsigned(self) -> bool:
        """Whether its note still waits for a signature."""
        return self.note_state in ("", DRAFT)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the plan, when it was made and why."""

    on: dt.date
    words: str
    slot: int | None
    place: Place


@dataclass(frozen=True, slots=True)
class Review:
    """A review that was held: of the course half way, or of the goals."""

    on: dt.date
    words: str
    slot: int | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Where the thread is torn, and the page on which it is mended."""

    sentence: str
    place: Place


@dataclass(frozen=True, slots=True)
class Thread:
    """The whole page."""

    problems: tuple[Problem, ...]
    loose: tuple[GoalThread, ...]
    sessions: tuple[SessionThread, ...]
    changes: tuple[Change, ...]
    reviews: tuple[Review, ...]
    next_review: str
    gaps: tuple[Gap, ...]


def thread_of(episode: Episode, *, today: dt.date) -> Thread:
    """The thread of one course. Ten queries, however long it is."""
    here = zone()
    agreement, facts = agreement_of(episode), facts_of(episode)
    standing = [one for one in facts if one.withdrawn_at is None]
    goals = {view.goal.pk: _goal(view) for view in agreement.views}
    found = foci(episode)
    problems = tuple(_problem(one, goals.values(), standing, zone=here) for one in found)
    tied = {goal.view.goal.pk for one in problems for goal in one.goals}
    changes = tuple(sorted(_changes(agreement, standing, found, zone=here), key=lambda one: one.on))
    sessions = _sessions(episode, agreement, standing, changes, zone=here)
    reviews = tuple(sorted(_reviews(agreement, standing, zone=here), key=lambda one: one.on))
    whole = Thread(
        problems=problems,
        loose=tuple(goal for key, goal in goals.items() if key not in tied),
        sessions=sessions,
        changes=changes,
        reviews=reviews,
        next_review="",
        gaps=(),
    )
    course = course_from(episode, facts)
    due = next((slot for slot in review_slots(course.template) if slot > course.slot), None)
    until = min(today, local_date(episode.closed_at, here)) if episode.closed_at else today
    state = review_standing(course.template, course.slot + 1, course.slot_of.get("midcourse_review", ()))
    return Thread(
        problems=whole.problems,
        loose=whole.loose,
        sessions=whole.sessions,
        changes=whole.changes,
        reviews=whole.reviews,
        next_review=_next_review(episode, due),
        gaps=tuple(_gaps(whole, agreement, standing, is_late=state == "overdue", until=until)),
    )


def _goal(view: GoalView) -> GoalThread:
    return GoalThread(view, tuple(sorted({one.slot for one in view.ratings if one.slot})))


def _problem(focus: Focus, goals: Iterable[GoalThread], facts: Sequence[CourseFact], *, zone: str) -> Problem:
    slots = {
        one.slot
        for one in facts
        if one.kind == "strategy_step" and one.value.get("area") == focus.area and one.slot
    }
    return Problem(
        focus=focus,
        on=local_date(focus.row.proposed_at, zone),
        goals=tuple(goal for goal in goals if goal.view.goal.focus == focus.row.pk),
        slots=tuple(sorted(slots)),
    )


def _sessions(
    episode: Episode,
    agreement: Agreement,
    facts: Sequence[CourseFact],
    changes: Sequence[Change],
    *,
    zone: str,
) -> tuple[SessionThread, ...]:
    """Sessions that took place, in order. Two queries."""
    areas: dict[int, set[str]] = defaultdict(set)
    for one in facts:
        if one.kind == "strategy_step" and one.slot:
            areas[one.slot].add(str(one.value.get("area", "")))
    labels = dict(FocusArea.Area.choices)
    sheets = Administration.objects.filter(
        episode=episode, measure=DEPRESSION, superseded_at=None, slot__isnull=False
    )
    scores = {sheet.slot: sheet for sheet in sheets.order_by("answered_at")}
    held = Encounter.objects.filter(episode=episode, outcome__in=Encounter.HELD).select_related("note")
    return tuple(
        SessionThread(
            held=one,
            on=local_date(one.starts_at, zone),
            areas=tuple(str(labels.get(area, area)) for area in sorted(areas.get(one.slot or 0, ()))),
            goals=tuple(
                place
                for place, view in enumerate(agreement.views, start=1)
                if any(rating.slot == one.slot and one.slot for rating in view.ratings)
            ),
            score=scores.get(one.slot),
            note_state=one.note.state if hasattr(one, "note") else "",
            decided=tuple(change.words for change in changes if change.slot and change.slot == one.slot),
        )
        for one in held.order_by("starts_at")
    )


def _changes(
    agreement: Agreement, facts: Sequence[CourseFact], found: Sequence[Focus], *, zone: str
) -> Iterator[Change]:
    """What was changed in the plan: a plan B, the focus, the agreement."""
    titles = {str(one.row.pk): one.label for one in found}
    choices = dict(PlanB.Choice.choices)
    for one in facts:
        on = local_date(one.at, zone)
        if one.kind == "plan_b":
            chosen = ", ".join(str(choices.get(code, code)) for code in one.value.get("choice") or ())
            words = _("Plan B: %(what)s") % {"what": chosen} if chosen else _("Plan B")
            yield Change(on, words, one.slot, Place("encounters:session-list"))
        elif one.kind == "focus_switched":
            to = titles.get(str(one.value.get("focus", "")), "")
            words = _("Focus switched to %(to)s") % {"to": to} if to else _("Focus switched")
            yield Change(on, words, one.slot, Place("formulation:story-show"))
    page = Place("programme:agreement-show")
    for amendment in agreement.amendments:
        if amendment.state == Amendment.State.AGREED:
            words = f"{amendment.get_what_display()}: {amendment.why}"
            yield Change(local_date(amendment.answered_at or amendment.asked_at, zone), words, None, page)


def _reviews(agreement: Agreement, facts: Sequence[CourseFact], *, zone: str) -> Iterator[Review]:
    for one in facts:
        if one.kind == "midcourse_review":
            adequate = one.value.get("adequate")
            words = {
                True: _("Mid-course review: the response is enough"),
                False: _("Mid-course review: the response is not enough"),
            }.get(adequate, _("Mid-course review: it cannot be told yet whether the response is enough"))
            yield Review(local_date(one.at, zone), words, one.slot)
    for occasion in agreement.occasions:
        if occasion.on:
            yield Review(occasion.on, _("Goals rated"), occasion.slot)


def _next_review(episode: Episode, due: int | None) -> str:
    """When it is looked at next: the session of the protocol's review, else the end of the course."""
    if episode.status == Episode.Status.CLOSED:
        return _("The course is closed.")
    if due:
        return _("Mid-course review in session %(slot)s.") % {"slot": due}
    if episode.ends_on:
        return _("At the end of the course, %(on)s.") % {"on": date_format(episode.ends_on, "j F Y")}
    return ""


def _gaps(
    found: Thread, agreement: Agreement, facts: Sequence[CourseFact], *, is_late: bool, until: dt.date
) -> Iterator[Gap]:
    """Where the thread is torn, from the problem to the review."""
    yield from _gaps_of_plan(found, agreement)
    yield from _gaps_of_sessions(found)
    yield from _gaps_of_reviews(found, agreement, facts, is_late=is_late, until=until)


def _gaps_of_plan(found: Thread, agreement: Agreement) -> Iterator[Gap]:
    live = [one for one in found.problems if one.focus.row.status in ("active", "resolved")]
    if not live:
        yield Gap(_("No problem area is agreed."), Place("formulation:story-show"))
    goals = Place("programme:agreement-show")
    if agreement.current is None:
        yield Gap(_("No agreement holds yet, so there are no agreed goals."), goals)
    elif not agreement.goals:
        yield Gap(_("The agreement has no goal with people."), goals)
    for one in live:
        if not one.goals:
            words = _("Problem without a goal: %(what)s.") % {"what": one.focus.label}
            yield Gap(words, goals)
        if found.sessions and not one.slots:
            words = _("Problem without a session in which a step of it was worked: %(what)s.")
            yield Gap(words % {"what": one.focus.label}, Place("formulation:focus-show", one.focus.row.pk))
    for place, view in enumerate(agreement.views, start=1):
        if view.goal.kind == "interpersonal" and view.goal.focus is None:
            yield Gap(_("Goal %(n)s is not tied to a problem.") % {"n": place}, goals)


def _gaps_of_sessions(found: Thread) -> Iterator[Gap]:
    sessions = [one for one in found.sessions if one.held.slot]
    for goal in (*(goal for one in found.problems for goal in one.goals), *found.loose):
        worked = any(goal in one.goals and one.slots for one in found.problems)
        if sessions and not goal.slots and not worked:
            words = _("Goal without a session: %(what)s") % {"what": goal.view.goal.words}
            yield Gap(words, Place("programme:agreement-show"))
    lists = (
        (_("No PHQ-9 at session %(slots)s."), [one for one in sessions if one.score is None]),
        (
            _("No step of a problem and no goal rated at session %(slots)s."),
            [one for one in sessions if not one.areas and not one.goals],
        ),
        (
            _("The note is not signed at session %(slots)s."),
            [one for one in sessions if one.is_unsigned],
        ),
    )
    for words, rows in lists:
        if rows:
            key = rows[0].held.pk if len(rows) == 1 else None
            place = Place("encounters:session-show", key) if key else Place("encounters:session-list")
            yield Gap(words % {"slots": numbers(one.held.slot for one in rows)}, place)


def _gaps_of_reviews(
    found: Thread, agreement: Agreement, facts: Sequence[CourseFact], *, is_late: bool, until: dt.date
) -> Iterator[Gap]:
    if is_late:
        yield Gap(_("The mid-course review is overdue."), Place("encounters:session-start"))
    weak = [one for one in facts if one.kind == "midcourse_review" and one.value.get("adequate") is False]
    if weak and not any(one.on >= weak[-1].at.date() for one in found.changes):
        words = _("The review found too little change, and no change of the plan follows.")
        yield Gap(words, Place("encounters:session-start"))
    held = [one.on for one in found.reviews]
    begun = agreement.current.agreed_at.date() if agreement.current and agreement.current.agreed_at else None
    since = max(held, default=begun or (found.sessions[0].on if found.sessions else None))
    if since and until - since > WITHOUT_REVIEW:
        words = _("No review since %(on)s.") if held else _("No review in the course, which began on %(on)s.")
        yield Gap(words % {"on": date_format(since, "j F Y")}, Place("programme:agreement-show"))


def numbers(slots: Iterable[int | None]) -> str:
    """Session numbers as people write them: 2, 5 and 6 to 9.

    >>> numbers([1, 2, 3, 7])
    '1 to 3, 7'
    """
    runs: list[list[int]] = []
    for slot in sorted(one for one in slots if one):
        if runs and slot == runs[-1][-1] + 1:
            runs[-1].append(slot)
        else:
            runs.append([slot])
    parts = [
        _("%(first)s to %(last)s") % {"first": run[0], "last": run[-1]}
        if len(run) > 2
        else ", ".join(str(one) for one in run)
        for run in runs
    ]
    return ", ".join(parts)
