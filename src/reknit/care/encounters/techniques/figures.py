"""The figures of the mid-course review, as they stood on the day of a session."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from reknit.base.clock import local_date, start_of
from reknit.care.encounters.models import Encounter
from reknit.care.formulation.models import FocusArea
from reknit.care.measures.models import Administration
from reknit.care.people.queries import zone
from reknit.care.programme.models import CourseFact
from reknit.care.substance_use.days import counted, label
from reknit.care.substance_use.queries import any_substance, current_days, ever_monitored, lapse_rule
from reknit.core.programme.response import Response, response
from reknit.core.substance_use.lapse import Recent, WorkflowRule, heaviest_pattern
from reknit.core.substance_use.summaries import WINDOW_DAYS, Abstinence, abstinence

MOOD = "phq-9"
WINDOW = dt.timedelta(days=WINDOW_DAYS)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Focus:
    """A focus area with the people in it, by alias."""

    area: str
    people: tuple[str, ...]
    is_agreed: bool


@dataclass(frozen=True, slots=True)
class Midcourse:
    """Everything the review lays out. What is not known is None, and never zero."""

    first: Administration | None
    latest: Administration | None
    baseline: Abstinence | None
    now: Abstinence | None
    substances: tuple[str, ...]
    response: Response
    attended: int
    planned: int
    missed: int
    focus: tuple[Focus, ...]
    goals_rated: int | None
    goals_slot: int | None


def midcourse_figures(encounter: Encounter) -> Midcourse:
    """The figures on the day of this session. Seven queries."""
    here, episode = zone(), encounter.episode
    on = local_date(encounter.starts_at, here)
    first, latest = _scores(encounter, until=start_of(on + DAY, here))
    baseline, now, substances = _use(encounter, on=on)
    held = Counter(
        Encounter.objects.filter(episode=episode, starts_at__lte=encounter.starts_at).values_list(
            "outcome", flat=True
        )
    )
    goals = (
        CourseFact.objects.filter(episode=episode, kind="goals_rated", withdrawn_at=None)
        .order_by("-at")
        .values_list("value", flat=True)
        .first()
    )
    return Midcourse(
        first=first,
        latest=latest,
        baseline=baseline,
        now=now,
        substances=substances,
        response=response(
            first=first.total if first else None,
            latest=latest.total if latest else None,
            baseline=baseline,
            now=now,
        ),
        attended=held[Encounter.Outcome.ATTENDED],
        planned=episode.planned_sessions,
        missed=held[Encounter.Outcome.NO_SHOW] + held[Encounter.Outcome.LATE_CANCEL],
        focus=focus_of(encounter),
        goals_rated=goals.get("n") if goals else None,
        goals_slot=goals.get("slot") if goals else None,
    )


def focus_of(encounter: Encounter) -> tuple[Focus, ...]:
    """The focus areas of the course that stand, the agreed ones first. Two queries."""
    areas = FocusArea.objects.filter(
        episode=encounter.episode_id, status__in=(FocusArea.Status.ACTIVE, FocusArea.Status.PROPOSED)
    )
    return tuple(
        Focus(
            area=one.area,
            people=tuple(sorted(each.alias for each in one.relationships.all())),
            is_agreed=one.status == FocusArea.Status.ACTIVE,
        )
        for one in areas.prefetch_related("relationships").order_by("status", "proposed_at")
    )


def _scores(
    encounter: Encounter, *, until: dt.datetime
) -> tuple[Administration | None, Administration | None]:
    """The first score of the course, from four weeks before it on, and the latest after it."""
    since = start_of(encounter.episode.starts_on - WINDOW, zone())
    scored = list(
        Administration.objects.filter(
            client=encounter.client_id,
            measure=MOOD,
            superseded_at=None,
            total__isnull=False,
            answered_at__gte=since,
            answered_at__lt=until,
        ).order_by("answered_at", "recorded_at")
    )
    first = scored[0] if scored else None
    return first, scored[-1] if len(scored) > 1 else None


def _use(
    encounter: Encounter, *, on: dt.date
) -> tuple[Abstinence | None, Abstinence | None, tuple[str, ...]]:
    """Use in the four weeks before the course and in the four weeks before this session."""
    asked, begins = ever_monitored(encounter.client), encounter.episode.starts_on
    substances = tuple(label(code) for code in counted([one.substance for one in asked]))
    start, end = begins - WINDOW, max(on - DAY, begins - DAY)
    grid = any_substance(current_days(encounter.client, start=start, end=end), asked, start=start, end=end)
    if grid is None:
        return None, None, substances
    before = abstinence(grid.between(start, begins - DAY))
    lately = max(end - WINDOW + DAY, begins)
    if lately > end:
        return before, None, substances
    return before, abstinence(grid.between(lately, end)), substances


def lapse_words(encounter: Encounter, day: str) -> tuple[Recent, WorkflowRule] | None:
    """The word for the days around a return to use, up to this session, by the client's rule. None without a day.

    Three queries.
    """
    try:
        on = dt.date.fromisoformat(day)
    except ValueError:
        return None
    until = local_date(encounter.starts_at, zone())
    if not encounter.episode.starts_on - dt.timedelta(days=366) <= on <= until:
        return None
    rule = lapse_rule(encounter.client)
    asked, start = ever_monitored(encounter.client), on - dt.timedelta(days=rule.window_days - 1)
    grid = any_substance(
        current_days(encounter.client, start=start, end=until), asked, start=start, end=until
    )
    return (heaviest_pattern(grid.cells[0][0].tolist(), rule), rule) if grid is not None else None
