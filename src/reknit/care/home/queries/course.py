"""The first page of a chart: where the course is, what waits, and the life beside both outcomes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from reknit.base.ui.figures import Band, Phase, ScorePoint, UseDay
from reknit.care.encounters.models import Appointment, Encounter
from reknit.care.encounters.queries import CoursePosition, encounters_of, position_of, upcoming
from reknit.care.formulation.line import ClientLine
from reknit.care.formulation.queries import timeline_of
from reknit.care.measures.models import Administration, FormLink
from reknit.care.measures.queries import links_of, offered
from reknit.care.outcomes.queries import course_outcomes
from reknit.care.outcomes.results import CourseOutcomes, ScoreSeries
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import course_of, plan_of, this_site
from reknit.care.safety.models import RiskItem
from reknit.care.safety.queries import open_by_client
from reknit.core.measures.catalogue import measure
from reknit.core.measures.definition import Measure
from reknit.core.programme.sets import measures_due
from reknit.core.programme.template import template
from reknit.core.safety.triggers import RiskReason
from reknit.core.safety.triggers import reason as risk_reason

from .owed import Waits, waits
from .standing import MOOD
from .together import FocusLine, People, focus_line, people

LATEST = 4


@dataclass(frozen=True, slots=True)
class Mood:
    """PHQ-9 over the course, ready to be drawn, with the sentence of its rule."""

    series: ScoreSeries
    points: tuple[ScorePoint, ...]
    band: Band | None


@dataclass(frozen=True, slots=True)
class Course:
    """The course itself: where it stands, its latest sessions and what is booked."""

    position: CoursePosition
    phases: tuple[Phase, ...]
    latest: tuple[Encounter, ...]
    drafts: tuple[Encounter, ...]
    following: Appointment | None
    due: tuple[Measure, ...]
    waits: Waits
    people: People | None
    focus: FocusLine

    @property
    def oldest_draft(self) -> Encounter | None:
        """The session whose note has waited longest for its signature."""
        return self.drafts[-1] if self.drafts else None


@dataclass(frozen=True, slots=True)
class CoursePage:
    """Everything of the page; `course` is missing for a client without one."""

    outcomes: CourseOutcomes
    line: ClientLine
    mood: Mood
    days: tuple[UseDay, ...]
    labels: tuple[str, ...]
    risk: tuple[tuple[RiskItem, RiskReason], ...]
    links: tuple[tuple[FormLink, str], ...]
    offered: tuple[Measure, ...]
    course: Course | None


def course_page(client: Client, episode: Episode | None, *, at: dt.datetime, today: dt.date) -> CoursePage:
    """What the page of one client shows. Twenty-two queries at most, however long the course."""
    outcomes = course_outcomes(client, episode, today=today)
    items = open_by_client([client.pk]).get(client.pk, [])
    return CoursePage(
        outcomes=outcomes,
        line=timeline_of(client, episode, today=today, window="course"),
        mood=_mood(outcomes.scores[MOOD]),
        days=tuple(UseDay(on, state) for window in outcomes.windows for on, state in window.days),
        labels=tuple(window.label for window in outcomes.windows),
        risk=tuple((item, risk_reason(item.reason)) for item in items),
        links=tuple((link, measure(link.measure).short_title) for link in links_of(client, at=at)),
        offered=_offered(episode),
        course=_course(client, episode, today=today) if episode else None,
    )


def _offered(episode: Episode | None) -> tuple[Measure, ...]:
    """The measures that the protocol asks for at some time; the page of measures has the others too."""
    if episode is None:
        return offered()
    plan = template(episode.protocol, episode.protocol_version)
    asked = {item.id for one in plan.sets for item in one.items}
    return tuple(one for one in offered() if one.id in asked)


def _mood(series: ScoreSeries) -> Mood:
    low, high = series.scale
    band = None
    if series.first and series.first.total is not None and series.rule:
        first, limit = float(series.first.total), series.rule.threshold
        band = Band(max(low, first - limit), min(high, first + limit))
    points = [
        ScorePoint(
            label=str(point.slot if point.slot is not None else place),
            value=None if point.total is None else float(point.total),
            state="prorated" if point.state == "prorated" else "measured",
        )
        for place, point in enumerate(series.points, start=1)
    ]
    return Mood(series=series, points=tuple(points), band=band)


def _course(client: Client, episode: Episode, *, today: dt.date) -> Course:
    """Nine queries: sessions, what is booked, sheets the next session has, the facts, the circles and the focus."""
    plan = plan_of(episode)
    held = list(encounters_of(episode).select_related("intention"))
    position = position_of(episode, [(one.slot, one.outcome) for one in held])
    answered = Administration.objects.filter(
        episode=episode, slot=position.slot_next, superseded_at=None
    ).values_list("measure", flat=True)
    wanted = measures_due(plan, position.slot_next, site=this_site())
    return Course(
        position=position,
        phases=tuple(Phase(one.title, max(one.from_slot, 1), one.to_slot) for one in plan.phases),
        latest=tuple(held[:LATEST]),
        drafts=_drafts(held),
        following=upcoming(episode).first(),
        due=tuple(measure(one) for one in _left(wanted, set(answered))),
        waits=_waits(episode, today=today),
        people=people(client, episode),
        focus=focus_line(episode),
    )


def _waits(episode: Episode, *, today: dt.date) -> Waits:
    """Nothing waits in a course that is closed."""
    if episode.status != Episode.Status.OPEN:
        return Waits((), ())
    return waits(course_of(episode), today=today)


def _drafts(held: Sequence[Encounter]) -> tuple[Encounter, ...]:
    return tuple(one for one in held if hasattr(one, "note") and one.note.state == "draft")


def _left(wanted: Sequence[str], answered: set[str]) -> list[str]:
    return [one for one in wanted if one not in answered]
