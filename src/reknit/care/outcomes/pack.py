"""The evidence of measurement-based care of each programme, in aggregates: for accreditation, read from the record.

The three parts follow Joint Commission standard CTS.03.01.09: a standardised tool follows each person's progress (EP 1),
its results inform the plan (EP 2), and they are aggregated to evaluate outcomes (EP 3). What the standard asks beyond
that is the surveyor's to say; this holds facts, with denominators, and says what is missing. Nobody is named.
"""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from reknit.base.clock import start_of
from reknit.care.encounters.models import Encounter
from reknit.care.measures.models import Administration
from reknit.care.people.models import Programme
from reknit.care.people.queries import zone
from reknit.care.programme.models import Amendment, CourseFact
from reknit.core.measures.catalogue import measure
from reknit.core.outcomes.change import reliable_change, rules
from reknit.core.suppression import DEFAULT_THRESHOLD, suppress

from .quarters import Quarter
from .queries import DEPRESSION, MEASURES

REVIEW, GOALS, CHANGED = "midcourse_review", "goals_rated", ("plan_b", "focus_switched")
Ids = Collection[uuid.UUID]


@dataclass(frozen=True, slots=True)
class Cell:
    """One number with what it counts; None where it is hidden."""

    label: str
    n: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """What was counted, of how many, and how they divide; all are hidden where they are too few."""

    title: str
    whole: int | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ProgrammePack:
    """One programme in one quarter."""

    name: str
    tools: tuple[Row, ...]
    planning: tuple[Row, ...]
    outcomes: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """Every programme in one quarter."""

    quarter: Quarter
    programmes: tuple[ProgrammePack, ...]
    hidden_to: int = DEFAULT_THRESHOLD - 1


@dataclass(slots=True)
class Facts:
    """What happened in the quarter, by course."""

    sessions: dict[uuid.UUID, int]
    sheets: dict[str, Counter[uuid.UUID]]
    with_sheet: dict[str, Counter[uuid.UUID]]
    reviewed: dict[uuid.UUID, bool]  # whether the latest review found the response not to be enough
    rated: set[uuid.UUID]
    changed: set[uuid.UUID]
    scores: dict[tuple[uuid.UUID, str], list[Decimal]]


def pack_of(quarter: Quarter) -> Pack:
    """The pack of a quarter. Seven queries, however many clients."""
    here = zone()
    span = (start_of(quarter.start, here), start_of(quarter.after.start, here))
    held = (
        Encounter.objects.filter(outcome=Encounter.Outcome.ATTENDED, starts_at__range=_within(span))
        .filter(client__sandbox_of=None, client__programme__is_imported=False)
        .order_by()
        .values_list("episode", "client__programme")
        .annotate(n=Count("pk"))
    )
    of: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    sessions: dict[uuid.UUID, int] = {}
    for episode, programme, n in held:
        sessions[episode] = n
        of[programme].append(episode)
    facts = _facts(sessions, span)
    named = Programme.objects.filter(is_imported=False).order_by("name", "pk").values_list("pk", "name")
    return Pack(quarter, tuple(_programme(name, of.get(pk, []), facts) for pk, name in named))


def _within(span: tuple[dt.datetime, dt.datetime]) -> tuple[dt.datetime, dt.datetime]:
    return span[0], span[1] - dt.timedelta(microseconds=1)


def _facts(sessions: dict[uuid.UUID, int], span: tuple[dt.datetime, dt.datetime]) -> Facts:
    """What the courses with a session in the quarter hold of it. Five queries."""
    met = Encounter.objects.filter(
        outcome=Encounter.Outcome.ATTENDED, starts_at__range=_within(span), client__sandbox_of=None
    )
    courses = met.order_by().values("episode").distinct()
    sheets = Administration.objects.filter(episode__in=courses, superseded_at=None, answered_at__lt=span[1])
    found = Facts(sessions, defaultdict(Counter), defaultdict(Counter), {}, set(), set(), defaultdict(list))
    given = sheets.filter(answered_at__gte=span[0]).order_by().values_list("episode", "measure")
    for episode, name, n, at_session in given.annotate(
        n=Count("pk"), at_session=Count("slot", filter=Q(slot__isnull=False), distinct=True)
    ):
        found.sheets[name][episode] = n
        found.with_sheet[name][episode] = at_session
    scored = sheets.filter(measure__in=MEASURES, total__isnull=False).order_by("answered_at", "pk")
    for episode, name, total in scored.values_list("episode", "measure", "total"):
        if total is not None:
            found.scores[episode, name].append(total)
    kinds = CourseFact.objects.filter(
        episode__in=courses, kind__in=(REVIEW, GOALS, *CHANGED), withdrawn_at=None, at__range=_within(span)
    )
    for episode, kind, value in kinds.order_by("at").values_list("episode", "kind", "value"):
        if kind == REVIEW:
            found.reviewed[episode] = value.get("adequate") is False
        elif kind == GOALS:
            found.rated.add(episode)
        else:
            found.changed.add(episode)
    amended = Amendment.objects.filter(
        Q(answered_at__range=_within(span)) | Q(answered_at=None, asked_at__range=_within(span)),
        episode__in=courses,
        state=Amendment.State.AGREED,
    )
    found.changed.update(amended.values_list("episode", flat=True))
    return found


def _programme(name: str, courses: Sequence[uuid.UUID], facts: Facts) -> ProgrammePack:
    used = [one for one, by in sorted(facts.sheets.items()) if any(by[course] for course in courses)]
    tools = dict.fromkeys([DEPRESSION, *used])
    return ProgrammePack(
        name=name,
        tools=tuple(row for one in tools for row in _tool(one, courses, facts)),
        planning=tuple(_planning(courses, facts)),
        outcomes=tuple(_outcome(one, courses, facts) for one in MEASURES),
    )


def row(title: str, counts: Mapping[str, int]) -> Row:
    """A row whose cells add up to its whole. Under the limit nothing of it is shown."""
    whole = sum(counts.values())
    if 0 < whole < DEFAULT_THRESHOLD:
        return Row(title, None, tuple(Cell(label, None) for label in counts))
    shown = suppress(counts)
    return Row(title, whole, tuple(Cell(label, shown[label]) for label in counts))


def _tool(name: str, courses: Ids, facts: Facts) -> Iterable[Row]:
    """How many courses, and how many of their sessions, the tool followed."""
    title = measure(name).short_title
    by_course = Counter(min(facts.sheets[name][course], 2) for course in courses)
    yield row(
        _("%(tool)s: courses with a session in the quarter") % {"tool": title},
        {_("filled in twice or more"): by_course[2], _("once"): by_course[1], _("never"): by_course[0]},
    )
    held = sum(facts.sessions[course] for course in courses)
    given = sum(min(facts.with_sheet[name][course], facts.sessions[course]) for course in courses)
    yield row(
        _("%(tool)s: sessions held") % {"tool": title},
        {_("with it"): given, _("without it"): held - given},
    )


def _planning(courses: Ids, facts: Facts) -> Iterable[Row]:
    """How often results went into the plan, as the record has it."""
    reviewed = [course for course in courses if course in facts.reviewed]
    asks = [course for course in reviewed if facts.reviewed[course]]
    yes, no = _("yes"), _("no")

    def of(title: str, some: Ids, among: Ids) -> Row:
        n = sum(course in some for course in among)
        return row(title, {yes: n, no: len(among) - n})

    yield of(_("Courses whose scores were gone through in a mid-course review"), facts.reviewed, courses)
    yield of(_("Courses whose goals were rated"), facts.rated, courses)
    yield of(_("Courses whose plan was changed"), facts.changed, courses)
    yield of(
        _("Reviews that found too little change: the plan was changed in the quarter"), facts.changed, asks
    )


def _outcome(name: str, courses: Ids, facts: Facts) -> Row:
    """First score of the course to its latest by the end of the quarter, by the named rule."""
    rule, one = rules(name)[0], measure(name)
    counts: Counter[str] = Counter()
    for course in courses:
        totals = facts.scores.get((course, name), [])
        if len(totals) < 2:
            counts["one" if totals else "none"] += 1
        else:
            counts[reliable_change(rule, totals[0], totals[-1], one.direction).reliable] += 1
    title = _("%(tool)s, first to latest: %(rule)s") % {"tool": one.short_title, "rule": rule.label}
    labels = {
        _("better by more than noise"): counts["improved"],
        _("no change beyond noise"): counts["no_reliable_change"],
        _("worse by more than noise"): counts["deteriorated"],
        _("one score, no second"): counts["one"],
        _("no score"): counts["none"],
    }
    return row(title, labels)
