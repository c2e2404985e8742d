"""The one line of a client's life, put together from the rooms below: events, scores, days of use and sessions."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reknit.base.clock import local_date
from reknit.base.ui.figures import (
    Band,
    Lane,
    LineEvent,
    LineMeeting,
    LineNote,
    LinePoint,
    LineSpan,
    TimeLine,
    UseDay,
)
from reknit.care.measures.queries import StandingScore
from reknit.care.programme.models import Episode
from reknit.core.formulation.adjacency import DatedEvent, Question, ScoreChange, questions
from reknit.core.measures.catalogue import measure
from reknit.core.outcomes.change import reliable_change, rules
from reknit.core.substance_use.timeline import NOT_USED, UNKNOWN, USED, Grid

from .entries import when_words
from .lanes import Fact
from .models import TimelineEvent

MOOD = "phq-9"
BEFORE_COURSE = dt.timedelta(days=28)
HALF_YEAR, YEAR = dt.timedelta(days=183), dt.timedelta(days=365)
WINDOWS = ("course", "year", "all")
STATES = {USED: "used", NOT_USED: "not_used", UNKNOWN: "unknown"}


@dataclass(frozen=True, slots=True)
class Score:
    """One sheet of the mood measure on its day; no total is no score."""

    on: dt.date
    total: float | None
    state: str


@dataclass(frozen=True, slots=True)
class Held:
    """A session as the course facts know it."""

    on: dt.date
    slot: int | None
    outcome: str

    @property
    def is_missed(self) -> bool:
        """Whether the client was expected and did not come, or cancelled late."""
        return self.outcome in {"no_show", "late_cancel"}


@dataclass(frozen=True, slots=True)
class Entry:
    """An event for a page: the row, when in words, and whether it lies in the days drawn."""

    row: TimelineEvent
    when: str
    people: tuple[str, ...]
    links: tuple[str, ...]
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about what stood before what, in words. It says an order in time and nothing else."""

    event: TimelineEvent
    on: dt.date
    words: str


@dataclass(frozen=True, slots=True)
class ClientLine:
    """Everything of the timeline: what is drawn, the table with it, and the questions."""

    drawing: TimeLine
    entries: tuple[Entry, ...]
    scores: tuple[Score, ...]
    held: tuple[Held, ...]
    use_days: tuple[dt.date, ...]
    known_days: int
    unknown_days: int
    questions: tuple[Asked, ...]
    facts: tuple[Fact, ...] = ()
    known_from: dt.date | None = None

    @property
    def outside(self) -> int:
        """How many events lie outside the days drawn."""
        return sum(not entry.is_shown for entry in self.entries)


def scores_of(sheets: Sequence[StandingScore], *, zone: str) -> list[Score]:
    """Sheets as scores on their days, oldest first."""
    return [
        Score(local_date(one.answered_at, zone), None if one.total is None else float(one.total), one.state)
        for one in sheets
    ]


def days_of(line: Grid | None) -> list[UseDay]:
    """A line of the calendar as days for a figure, from the first known day on."""
    if line is None:
        return []
    states = [STATES[int(cell)] for cell in line.cells[0, 0, :]]
    first = next((place for place, state in enumerate(states) if state != "unknown"), len(states))
    return [
        UseDay(line.start + dt.timedelta(days=place), state)  # type: ignore[arg-type]
        for place, state in enumerate(states)
        if place >= first
    ]


def bounds(
    events: Sequence[TimelineEvent], episode: Episode | None, *, today: dt.date, window: str
) -> tuple[dt.date, dt.date]:
    """The first and the last day drawn. "course" reaches back to what happened within half a year before it."""
    begins = episode.starts_on if episode else today
    end = max([today, *filter(None, [episode.ends_on if episode else None])])
    starts = [event.starts_on for event in events]
    if window == "all":
        return min([*starts, begins - BEFORE_COURSE]), max([*starts, end])
    reach = YEAR if window == "year" else HALF_YEAR
    near = [on for on in starts if begins - reach <= on < begins - BEFORE_COURSE]
    if window == "year":
        return begins - YEAR, end
    return min([*near, begins - BEFORE_COURSE]) - dt.timedelta(days=7 if near else 0), end


def put_together(
    events: Sequence[TimelineEvent],
    scores: Sequence[Score],
    days: Sequence[UseDay],
    held: Sequence[Held],
    *,
    start: dt.date,
    end: dt.date,
    today: dt.date,
    begins: dt.date | None = None,
    more: Sequence[Lane] = (),
    notes: Sequence[LineNote] = (),
    facts: Sequence[Fact] = (),
    left: frozenset[tuple[uuid.UUID, dt.date]] = frozenset(),
) -> ClientLine:
    """The line from what was read, without another query. `begins` is the first day of the course, if there is one.

    `more` are the lanes beside life, mood, use and sessions, with their `facts`; `left` are questions left alone.
    """
    first = _first(scores, begins)
    used = [day.on for day in days if day.state == "used"]
    return ClientLine(
        drawing=TimeLine(
            start=start,
            end=end,
            today=today,
            events=[
                _drawn(event)
                for event in events
                if event.lane != TimelineEvent.Lane.MOOD or event.mood_then is None
            ],
            points=_points(events, scores),
            scale=(0, 27),
            band=_band(first),
            band_from=first.on if first else None,
            days=[day for day in days if day.on >= start],
            spans=_spans(events),
            meetings=_meetings(held, today=today),
            mood_label=measure(MOOD).short_title,
            lanes=more,
            notes=notes,
        ),
        entries=tuple(_entry(event, start, end) for event in events),
        scores=tuple(scores),
        held=tuple(held),
        use_days=tuple(used),
        known_days=sum(day.state in {"used", "not_used"} for day in days),
        unknown_days=sum(day.state == "unknown" for day in days),
        questions=tuple(one for one in _asked(events, scores, used) if (one.event.pk, one.on) not in left),
        facts=tuple(facts),
        known_from=days[0].on if days else None,
    )


def days_told(line: ClientLine) -> list[dt.date]:
    """The day of everything of the line, in no order."""
    told = [one.on for one in line.scores] + [one.on for one in line.held] + [one.on for one in line.facts]
    return [*told, *line.use_days, *(entry.row.starts_on for entry in line.entries)]


def rows_of(line: ClientLine) -> list[Fact]:
    """Everything of the line but its events, as lines of a table, latest first."""
    scores = (
        Fact(one.on, line.drawing.mood_label, _("no score") if one.total is None else f"{one.total:g}")
        for one in line.scores
    )
    held = (Fact(one.on, _("Session"), _session(one)) for one in line.held)
    use = (Fact(on, _("Use"), _("A day of use")) for on in line.use_days)
    return sorted([*scores, *held, *use, *line.facts], key=lambda one: one.on, reverse=True)


def _session(one: Held) -> str:
    if one.outcome == "attended":
        return _("Session %(n)s") % {"n": one.slot or ""}
    return _("Missed") if one.is_missed else _("Cancelled, or held for safety")


def _drawn(event: TimelineEvent) -> LineEvent:
    exact = event.precision == TimelineEvent.Precision.DAY
    return LineEvent(
        event.starts_on,
        event.title,
        exact=exact,
        strong=event.is_onset or event.is_closest_change,
        private=event.is_restricted,
    )


def _entry(event: TimelineEvent, start: dt.date, end: dt.date) -> Entry:
    when = when_words(event.starts_on, event.precision)
    if event.ends_on:
        when = _("%(start)s to %(end)s") % {"start": when, "end": when_words(event.ends_on, event.precision)}
    return Entry(
        row=event,
        when=when,
        people=tuple(person.alias for person in event.relationships.all()),
        links=tuple(other.title for other in event.linked.all() if other.set_aside_at is None),
        is_shown=start <= event.starts_on <= end,
    )


def _points(events: Sequence[TimelineEvent], scores: Sequence[Score]) -> list[LinePoint]:
    """Measured scores as they are; mood as remembered, 0 hardest to 10 best, on the same height turned over."""
    measured = [
        LinePoint(one.on, one.total, "prorated" if one.state == "prorated" else "measured") for one in scores
    ]
    remembered = [
        LinePoint(event.starts_on, 27 * (10 - event.mood_then) / 10, "remembered")
        for event in events
        if event.mood_then is not None
    ]
    return sorted([*measured, *remembered], key=lambda point: point.on)


def _first(scores: Sequence[Score], begins: dt.date | None) -> Score | None:
    """The first score of the course, from four weeks before it on; without a course, the first there is."""
    earliest = begins - BEFORE_COURSE if begins else dt.date.min
    return next((one for one in scores if one.total is not None and one.on >= earliest), None)


def _band(first: Score | None) -> Band | None:
    rule = next(iter(rules(MOOD)), None)
    if first is None or first.total is None or rule is None:
        return None
    label = _("within %(points)s of the first score: may be noise") % {"points": f"{rule.threshold:g}"}
    return Band(max(0, first.total - rule.threshold), min(27, first.total + rule.threshold), label)


def _spans(events: Sequence[TimelineEvent]) -> list[LineSpan]:
    """Use as it was remembered: events of the use lane that last."""
    return [
        LineSpan(event.starts_on, event.ends_on)
        for event in events
        if event.lane == TimelineEvent.Lane.USE and event.ends_on
    ]


def _meetings(held: Sequence[Held], *, today: dt.date) -> list[LineMeeting]:
    latest = max((one.slot for one in held if one.slot and one.outcome == "attended"), default=None)
    found = []
    for one in held:
        if one.outcome == "attended":
            state = "now" if one.slot == latest and one.on == today else "held"
            found.append(LineMeeting(one.on, str(one.slot or ""), state))  # type: ignore[arg-type]
        elif one.is_missed:
            found.append(LineMeeting(one.on, "", "missed"))
    return found


def _asked(events: Sequence[TimelineEvent], scores: Sequence[Score], used: Sequence[dt.date]) -> list[Asked]:
    """Questions about events that are not linked to another one yet."""
    by_key = {str(event.pk): event for event in events}
    dated = [
        DatedEvent(str(event.pk), event.title, event.starts_on)
        for event in events
        if event.precision == TimelineEvent.Precision.DAY
        and event.lane not in {TimelineEvent.Lane.USE, TimelineEvent.Lane.MOOD}
        and not event.linked.all()
    ]
    return [
        Asked(by_key[one.event.key], one.on, question_words(one))
        for one in questions(dated, used, _changes(scores))
    ]


def _changes(scores: Sequence[Score]) -> list[ScoreChange]:
    """Days on which a score first stood clear of the one before it, by the measure's own rule."""
    rule = next(iter(rules(MOOD)), None)
    known = [one for one in scores if one.total is not None]
    if rule is None:
        return []
    found = []
    for before, after in zip(known, known[1:], strict=False):
        change = reliable_change(rule, before.total or 0, after.total or 0).reliable
        if change != "no_reliable_change":
            direction = "better" if change == "improved" else "worse"
            found.append(ScoreChange(after.on, measure(MOOD).short_title, direction))  # type: ignore[arg-type]
    return found


def question_words(one: Question) -> str:
    """The order in time, in words, and the question. No cause is named."""
    values = {"title": one.event.title, "days": one.days, "length": one.length, "measure": one.measure}
    if one.kind == "use" and one.days == 0:
        told = (
            _("“%(title)s” was on the first of %(length)s days of use.")
            if one.length > 1
            else _("“%(title)s” was on a day of use.")
        )
    elif one.kind == "use" and one.length > 1:
        told = (
            _("“%(title)s” was %(days)s days before the first of %(length)s days of use.")
            if one.days > 1
            else _("“%(title)s” was one day before the first of %(length)s days of use.")
        )
    elif one.kind == "use":
        told = (
            _("“%(title)s” was %(days)s days before a day of use.")
            if one.days > 1
            else _("“%(title)s” was one day before a day of use.")
        )
    elif one.direction == "better":
        told = _("“%(title)s” was within %(days)s days before %(measure)s was clearly lower.")
    else:
        told = _("“%(title)s” was within %(days)s days before %(measure)s was clearly higher.")
    values["days"] = max(one.days, 1) if one.kind == "score" else one.days
    return f"{told % values} {_('Is there a link?')}"
