"""What a course came to, worked out afresh from the sheets and the calendar each time it is asked."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from reknit.base.clock import local_date
from reknit.care.measures.models import Administration
from reknit.care.measures.queries import series as sheets_of
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.models import Episode
from reknit.care.substance_use.days import counted, label
from reknit.care.substance_use.models import MonitoredSubstance
from reknit.care.substance_use.queries import any_substance, bare_days, ever_monitored
from reknit.core.measures.catalogue import measure as definition
from reknit.core.measures.definition import Measure
from reknit.core.outcomes.change import is_remission, is_response, reliable_change, rules
from reknit.core.substance_use.summaries import (
    WINDOW_DAYS,
    abstinence,
    days_since_latest_use,
    longest_abstinence,
    windows,
)
from reknit.core.substance_use.timeline import NOT_USED, UNKNOWN, USED, Day, Grid

from . import wording
from .results import CourseOutcomes, DayState, Point, Reading, ScoreSeries, UseWindow

MEASURES = ("phq-9", "gad-7")
DEPRESSION = "phq-9"  # response and remission have published limits for this one only
BASELINE = dt.timedelta(days=WINDOW_DAYS)
STATES: dict[int, DayState] = {USED: "used", NOT_USED: "not_used", UNKNOWN: "unknown"}


def course_outcomes(client: Client, episode: Episode | None, *, today: dt.date) -> CourseOutcomes:
    """Scores and days abstinent of one course, from four weeks before its first day until its end or today.

    Without a course (imported history) it spans what is known. Two queries, and one for each measure.
    """
    here = zone()
    sheets = {one: _sheets(client, one, episode, zone=here) for one in MEASURES}
    asked = ever_monitored(client)
    days = bare_days(client, start=episode.starts_on - BASELINE if episode else None, end=today)
    index_on, until = _span(episode, sheets, days, today=today, zone=here)
    codes = counted([one.substance for one in asked])
    line = _line(asked, days, has_baseline=episode is not None, index_on=index_on, until=until)
    course = line.between(index_on, until) if line and until >= index_on else None
    return CourseOutcomes(
        scores={one: _series(definition(one), points) for one, points in sheets.items()},
        windows=_windows(line, index_on=index_on, until=until),
        substances=tuple(label(code) for code in codes),
        whole=_window(_("Whole course"), course, until=until) if course else None,
        index_on=index_on,
        until=until,
        longest=longest_abstinence(course) if course else 0,
        since_latest_use=days_since_latest_use(course) if course else None,
        outside=tuple(label(one.substance) for one in asked if one.substance not in codes),
    )


def headline(results: CourseOutcomes) -> list[str]:
    """The outcome in a few plain sentences, for letters: each measure that has a score, then days abstinent."""
    said = [series.sentence for series in results.scores.values() if series.first]
    if results.whole:
        substances = ", ".join(results.substances)
        said.append(wording.use_headline(results.whole, substances))
    return said


def _sheets(client: Client, measure: str, episode: Episode | None, *, zone: str) -> list[Point]:
    """Sheets of the course: its own, and those without a course from the four weeks before it on."""
    points = []
    for sheet in sheets_of(client, measure):
        on = local_date(sheet.answered_at, zone)
        if episode is None or _belongs(sheet, on, episode, zone=zone):
            points.append(_point(definition(measure), sheet, on))
    return points


def _belongs(sheet: Administration, on: dt.date, episode: Episode, *, zone: str) -> bool:
    if sheet.episode_id is not None:
        return bool(sheet.episode_id == episode.pk)
    ended_on = _ended_on(episode, zone=zone)
    return episode.starts_on - BASELINE <= on and (ended_on is None or on <= ended_on)


def _ended_on(episode: Episode, *, zone: str) -> dt.date | None:
    return local_date(episode.closed_at, zone) if episode.closed_at else None


def _point(measure: Measure, sheet: Administration, on: dt.date) -> Point:
    band = measure.band(sheet.band)
    return Point(
        on=on,
        slot=sheet.slot,
        total=sheet.total,
        state=sheet.state,
        band=_(band.label) if band else sheet.band,
        sheet=sheet.pk,
    )


def _span(
    episode: Episode | None,
    sheets: dict[str, list[Point]],
    days: Sequence[Day],
    *,
    today: dt.date,
    zone: str,
) -> tuple[dt.date, dt.date]:
    if episode:
        return episode.starts_on, min(today, _ended_on(episode, zone=zone) or today)
    # Without a course the calendar alone sets the span of the windows, so that old sheets add no empty months.
    known = [day.on for day in days] or [point.on for points in sheets.values() for point in points]
    return min(known, default=today), max(known, default=today)


def _series(measure: Measure, points: Sequence[Point]) -> ScoreSeries:
    scored = [point for point in points if point.total is not None]
    first, latest = (scored[0], scored[-1]) if scored else (None, None)
    readings = _readings(measure, scored)
    by_default = readings[0] if readings else None
    response, remission = _response_and_remission(measure, scored)
    return ScoreSeries(
        measure=measure.id,
        title=measure.short_title,
        scale=measure.score_range,
        points=tuple(points),
        first=first,
        latest=latest,
        change=by_default.change if by_default else None,
        rule=next(iter(rules(measure.id)), None),
        sentence=by_default.sentence if by_default else wording.no_change_sentence(measure, first),
        others=tuple(readings[1:]),
        is_response=response,
        is_remission=remission,
    )


def _readings(measure: Measure, scored: Sequence[Point]) -> list[Reading]:
    if len(scored) < 2:
        return []
    first, latest = scored[0], scored[-1]
    found = []
    for rule in rules(measure.id):
        change = reliable_change(rule, first.total or 0, latest.total or 0, measure.direction)
        found.append(Reading(rule, change, wording.change_sentence(measure, rule, change, first, latest)))
    return found


def _response_and_remission(measure: Measure, scored: Sequence[Point]) -> tuple[bool | None, bool | None]:
    if measure.id != DEPRESSION or len(scored) < 2:
        return None, None
    first, latest = scored[0].total or 0, scored[-1].total or 0
    return is_response(first, latest), is_remission(latest)


def _line(
    asked: Sequence[MonitoredSubstance],
    days: Sequence[Day],
    *,
    has_baseline: bool,
    index_on: dt.date,
    until: dt.date,
) -> Grid | None:
    start = index_on - BASELINE if has_baseline else index_on
    return any_substance(days, asked, start=start, end=max(until, start))


def _windows(line: Grid | None, *, index_on: dt.date, until: dt.date) -> tuple[UseWindow, ...]:
    """Four-week windows from the first day of the course, with the one before it. Days to come are not counted."""
    if line is None:
        return ()
    return tuple(
        _window(
            wording.window_label(one.number),
            line.between(one.starts_on, min(one.ends_on, until)),
            until=until,
            end=one.ends_on,
            is_baseline=one.is_baseline,
        )
        for one in windows(line, WINDOW_DAYS, anchor=index_on)
        if line.start <= one.starts_on <= until
    )


def _window(
    name: str, grid: Grid, *, until: dt.date, end: dt.date | None = None, is_baseline: bool = False
) -> UseWindow:
    counts = abstinence(grid)
    end = end or grid.end
    known = [
        (grid.start + dt.timedelta(days=place), STATES[int(cell)])
        for place, cell in enumerate(grid.cells[0, 0])
    ]
    to_come: list[tuple[dt.date, DayState]] = [
        (grid.end + dt.timedelta(days=place), "future") for place in range(1, (end - grid.end).days + 1)
    ]
    return UseWindow(
        label=name,
        start=grid.start,
        end=end,
        n_days=counts.days,
        reported=counts.reported,
        abstinent=counts.abstinent,
        percent=counts.percent,
        coverage=counts.coverage,
        suppressed=counts.suppressed,
        days=(*known, *to_come),
        is_baseline=is_baseline,
        is_complete=end <= until,
    )
