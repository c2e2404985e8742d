"""The programme in totals: no names, small numbers hidden, depression and use apart.

The database counts; the rule of each outcome is applied to the few figures a course comes down to.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import Count, DateField, Exists, Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext as _

from reknit.care.encounters.models import Encounter
from reknit.care.measures.models import Administration
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode
from reknit.care.substance_use.models import MonitoredSubstance, UseDay
from reknit.core.measures.catalogue import measure
from reknit.core.outcomes.change import reliable_change
from reknit.core.programme.template import phase_of, template
from reknit.core.substance_use.summaries import MINIMUM_COVERAGE, WINDOW_DAYS
from reknit.core.suppression import DEFAULT_THRESHOLD, suppress

from .standing import MOOD, RULE

KEPT_SECONDS = 300  # totals may be five minutes old; the page says so
EARLY_SESSIONS, EARLY_DAYS = 4, 28
RECENT = dt.timedelta(days=84)


class CourseRow(NamedTuple):
    """One course in figures; it never leaves this module."""

    status: str
    protocol: str
    version: str
    starts_on: dt.date
    planned: int
    attended: int
    slot: int
    first: Any
    latest: Any
    scores: int
    substance: str | None
    known_before: int
    used_before: int
    known_latest: int
    used_latest: int


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table; `n` is None when the number is hidden."""

    label: str
    n: int | None


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; hidden whole when either part is small."""

    part: int | None
    whole: int | None

    @property
    def percent(self) -> int | None:
        """The share in per cent."""
        return round(100 * self.part / self.whole) if self.part is not None and self.whole else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome of the programme with its denominators."""

    lines: tuple[Line, ...]
    improved: Share
    without: tuple[Line, ...]  # people who could not be counted, and why


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole page. Counts from 1 to `hidden_to` are hidden."""

    at: dt.datetime
    hidden_to: int
    statuses: tuple[Line, ...]
    stages: tuple[Line, ...]
    completion: Share
    early: Share
    finished: Share
    mood: Outcome
    use: Outcome
    median_before: int | None
    median_latest: int | None


class DaysFrom(Func):
    """A date some days later, or earlier, worked out by the database."""

    output_field = DateField()

    def __init__(self, date: Any, days: int) -> None:
        super().__init__(date, days=days)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="DATE(%(expressions)s, '%(days)+d days')", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s + (%(days)s))", **extra)


def totals(*, at: dt.datetime, today: dt.date) -> Totals:
    """The totals of now, or those of a few minutes ago. Three queries when they are worked out."""
    key = f"home.totals.{today}"
    kept: Totals | None = cache.get(key)
    if kept is None:
        kept = _totals(at=at, today=today)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _totals(*, at: dt.datetime, today: dt.date) -> Totals:
    courses = [CourseRow(*row) for row in _courses(today)]
    before, latest = _medians(courses, today=today)
    return Totals(
        at=at,
        hidden_to=DEFAULT_THRESHOLD - 1,
        statuses=_statuses(),
        stages=_stages(courses),
        completion=_completion(since=at - RECENT),
        early=_early(courses, today=today),
        finished=_finished(courses, today=today),
        mood=_mood(courses),
        use=_use(courses, today=today),
        median_before=before,
        median_latest=latest,
    )


def _count(rows: QuerySet[Any], by: str) -> Coalesce:
    """How many rows of another table belong to the row at hand."""
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _courses(today: dt.date) -> QuerySet[Any, Any]:
    attended = Encounter.objects.filter(episode=OuterRef("pk"), outcome=Encounter.Outcome.ATTENDED)
    slots = Encounter.objects.filter(episode=OuterRef("pk"), slot__isnull=False).order_by("-slot")
    sheets = Administration.objects.filter(
        client=OuterRef("client"),
        episode=OuterRef("pk"),
        measure=MOOD,
        superseded_at=None,
        total__isnull=False,
    )
    primary = MonitoredSubstance.objects.filter(client=OuterRef("client"), is_primary=True)
    days = UseDay.objects.filter(client=OuterRef("client"), substance=OuterRef("primary"), superseded_at=None)
    start, until = OuterRef("starts_on"), OuterRef("until")
    before = days.filter(on__gte=DaysFrom(start, -WINDOW_DAYS), on__lt=start)
    latest = days.filter(on__gt=DaysFrom(until, -WINDOW_DAYS), on__lte=until)
    real = Episode.objects.filter(client__programme__is_imported=False, client__sandbox_of=None)
    annotated = real.annotate(
        primary=Subquery(primary.values("substance")[:1]),
        until=Coalesce(TruncDate("closed_at"), Value(today), output_field=DateField()),
        attended=_count(attended, "episode"),
        slot=Coalesce(Subquery(slots.values("slot")[:1]), 0),
        first=Subquery(sheets.order_by("answered_at").values("total")[:1]),
        latest=Subquery(sheets.order_by("-answered_at").values("total")[:1]),
        scores=_count(sheets, "episode"),
        known_before=_count(before, "client"),
        used_before=_count(before.filter(used=True), "client"),
        known_latest=_count(latest, "client"),
        used_latest=_count(latest.filter(used=True), "client"),
    )
    return annotated.values_list(
        "status", "protocol", "protocol_version", "starts_on", "planned_sessions", "attended", "slot",
        "first", "latest", "scores", "primary", "known_before", "used_before", "known_latest", "used_latest",
    )  # fmt: skip


def _lines(counts: Counter[str], labels: dict[str, str]) -> tuple[Line, ...]:
    hidden = suppress({key: counts[key] for key in labels})
    return tuple(Line(label, hidden[key]) for key, label in labels.items())


def _outcome(counts: Counter[str], labels: dict[str, str], *, rest: str, without: dict[str, str]) -> Outcome:
    """The share who improved (the first label) and the table beside it, which together give nothing away.

    Where the whole table would hide the improved, only improved and the rest are told apart: a share beside a
    hidden row would let the reader work the row out.
    """
    improved = next(iter(labels))
    whole = sum(counts[key] for key in labels)
    share, lines = _share(counts[improved], whole), _lines(counts, labels)
    if share.part is not None and lines[0].n is None:
        lines = (Line(labels[improved], share.part), Line(rest, whole - share.part))
    return Outcome(lines=lines, improved=share, without=_lines(counts, without))


def _share(part: int, whole: int) -> Share:
    shown = suppress({"part": part, "rest": whole - part})
    if shown["part"] is None or whole < DEFAULT_THRESHOLD:
        return Share(None, None)
    return Share(part, whole)


def _statuses() -> tuple[Line, ...]:
    rows = Client.objects.real().order_by().values_list("status").annotate(n=Count("pk"))
    return _lines(Counter(dict(rows)), {str(value): str(label) for value, label in Client.Status.choices})


def _stages(courses: Sequence[CourseRow]) -> tuple[Line, ...]:
    """Open courses by phase of the next session."""
    labels = {"new": _("Before the first session")}
    counts: Counter[str] = Counter()
    for row in courses:
        plan = template(row.protocol, row.version)
        labels |= {phase.code: _(phase.title) for phase in plan.phases}
        if row.status == Episode.Status.OPEN:
            counts["new" if not row.slot else phase_of(plan, row.slot + 1).code] += 1
    return _lines(counts, labels)


def _completion(*, since: dt.datetime) -> Share:
    """Sessions of the last twelve weeks that have their PHQ-9."""
    sheets = Administration.objects.filter(
        client=OuterRef("client"),
        episode=OuterRef("episode"),
        measure=MOOD,
        slot=OuterRef("slot"),
        superseded_at=None,
    )
    held = Encounter.objects.filter(outcome=Encounter.Outcome.ATTENDED, starts_at__gte=since)
    rows = held.annotate(has=Exists(sheets)).order_by().values_list("has").annotate(n=Count("pk"))
    counts = dict(rows)
    return _share(counts.get(True, 0), sum(counts.values()))


def _early(courses: Sequence[CourseRow], *, today: dt.date) -> Share:
    """Of courses begun four weeks ago or more, those with at least four sessions."""
    begun = [row for row in courses if (today - row.starts_on).days >= EARLY_DAYS]
    return _share(sum(row.attended >= EARLY_SESSIONS for row in begun), len(begun))


def _finished(courses: Sequence[CourseRow], *, today: dt.date) -> Share:
    """Of courses whose whole span has passed, those that came to three quarters of the sessions planned."""
    past = [
        row
        for row in courses
        if (today - row.starts_on).days >= template(row.protocol, row.version).course_window_days
    ]
    return _share(sum(row.attended * 4 >= row.planned * 3 for row in past), len(past))


def _mood(courses: Sequence[CourseRow]) -> Outcome:
    """Reliable change on the PHQ-9 by its named rule, over everybody who has two scores."""
    counts: Counter[str] = Counter()
    direction = measure(MOOD).direction
    for row in courses:
        if row.scores < 2:
            counts["one" if row.scores else "none"] += 1
        else:
            counts[reliable_change(RULE, row.first, row.latest, direction).reliable] += 1
    labels = {
        "improved": _("Better by more than noise"),
        "no_reliable_change": _("No change beyond noise"),
        "deteriorated": _("Worse by more than noise"),
    }
    without = {"one": _("One score, no second"), "none": _("No score")}
    return _outcome(counts, labels, rest=_("No change beyond noise, or worse"), without=without)


def _shares(row: CourseRow, *, today: dt.date) -> tuple[float, float] | None:
    """Share of known days without use before and latest, where enough days of both spans are known."""
    enough = MINIMUM_COVERAGE * WINDOW_DAYS
    if (today - row.starts_on).days < WINDOW_DAYS:
        return None
    if min(row.known_before, row.known_latest) < enough:
        return None
    return 1 - row.used_before / row.known_before, 1 - row.used_latest / row.known_latest


def _use(courses: Sequence[CourseRow], *, today: dt.date) -> Outcome:
    """Days without the primary substance: four weeks before the course against the latest four."""
    counts: Counter[str] = Counter()
    for row in courses:
        pair = _shares(row, today=today)
        if row.substance is None:
            counts["not_asked"] += 1
        elif pair is None:
            counts["too_few"] += 1
        else:
            counts["more" if pair[1] > pair[0] else "same" if pair[1] == pair[0] else "fewer"] += 1
    labels = {
        "more": _("More days without use"),
        "same": _("The same"),
        "fewer": _("Fewer days without use"),
    }
    without = {
        "too_few": _("Too few days known, or begun less than four weeks ago"),
        "not_asked": _("No main substance written down"),
    }
    return _outcome(counts, labels, rest=_("The same, or fewer days without use"), without=without)


def _medians(courses: Sequence[CourseRow], *, today: dt.date) -> tuple[int | None, int | None]:
    """The middle person's share of days without use, before and latest; hidden for a few people."""
    pairs = [pair for row in courses if (pair := _shares(row, today=today))]
    if len(pairs) < DEFAULT_THRESHOLD:
        return None, None
    return round(100 * median(one for one, _two in pairs)), round(100 * median(two for _one, two in pairs))
