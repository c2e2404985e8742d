"""Reads about the calendar."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, Q, QuerySet

from reknit.base.accounts.models import User
from reknit.base.clock import local_date
from reknit.care.medication.queries import explained_substances, prescribed
from reknit.care.network.models import Relationship
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.models import CourseFact, Episode
from reknit.care.safety.answering import TOLD
from reknit.care.safety.models import RiskItem
from reknit.core.substance_use.lapse import (
    DEFAULT_RULE,
    SUPERVISION_DAYS,
    Recent,
    WorkflowRule,
    asks_for_supervision,
    recent_pattern,
    turned_regular,
)
from reknit.core.substance_use.summaries import day_states
from reknit.core.substance_use.tests_and_days import Comparison, Result, compare
from reknit.core.substance_use.timeline import UNKNOWN, Cells, Day, Grid, grid

from .days import DayEntry, counted, label
from .models import ClientLapseRule, Craving, MonitoredSubstance, TestResult, UseDay, UseEpisode

ANY = "any"
"""The one line of the grid that `any_substance` gives."""
SAID = (
    "starts_on",
    "ends_on",
    "substances",
    "company",
    "intended",
    "overdose_signs",
    "place",
    "trigger",
    "stopped_by",
    "told_whom",
    "after_effects",
    "learned",
)
"""What a report of use says, apart from the people who were there."""


def monitored(client: Client) -> list[MonitoredSubstance]:
    """The substances asked about now, the primary one first."""
    return [one for one in ever_monitored(client) if one.ends_on is None]


def ever_monitored(client: Client) -> list[MonitoredSubstance]:
    """Every substance that is or was asked about, the primary one first."""
    return list(
        MonitoredSubstance.objects.filter(client=client).order_by("-is_primary", "starts_on", "substance")
    )


def current_days(client: Client, *, start: dt.date | None = None, end: dt.date | None = None) -> list[UseDay]:
    """What stands now, oldest day first, with who entered it. One query."""
    rows = UseDay.objects.filter(client=client, superseded_at=None)
    if start:
        rows = rows.filter(on__gte=start)
    if end:
        rows = rows.filter(on__lte=end)
    return list(rows.select_related("entered_by").order_by("on", "substance"))


def bare_days(client: Client, *, start: dt.date | None = None, end: dt.date | None = None) -> list[Day]:
    """What stands now, oldest day first, with no more than a calendar needs. One query, and light for long courses."""
    rows = UseDay.objects.filter(client=client, superseded_at=None)
    if start:
        rows = rows.filter(on__gte=start)
    if end:
        rows = rows.filter(on__lte=end)
    found = rows.order_by("on", "substance").values_list("on", "substance", "used", "amount")
    return [Day(*row) for row in found]


def days_for(
    client_ids: Collection[uuid.UUID], *, start: dt.date, end: dt.date
) -> dict[uuid.UUID, list[UseDay]]:
    """What stands now for many clients, oldest day first; a client without a row is left out. One query."""
    found: dict[uuid.UUID, list[UseDay]] = defaultdict(list)
    rows = UseDay.objects.filter(
        client__in=client_ids, superseded_at=None, on__gte=start, on__lte=end
    ).order_by("on", "substance")
    for row in rows:
        found[row.client_id].append(row)
    return dict(found)


def day_grid(
    client: Client, *, start: dt.date, end: dt.date, substances: Sequence[str] | None = None
) -> Grid:
    """The calendar from `start` to `end`, by default of the substances asked about now. One or two queries."""
    codes = [one.substance for one in monitored(client)] if substances is None else list(substances)
    return laid_out(current_days(client, start=start, end=end), codes, start=start, end=end)


def laid_out(
    rows: Sequence[UseDay] | Sequence[Day], codes: Sequence[str], *, start: dt.date, end: dt.date
) -> Grid:
    """Rows as the grid of the science; a day without a row stays unknown."""
    days = [row if isinstance(row, Day) else Day(row.on, row.substance, row.used, row.amount) for row in rows]
    return grid(days, codes, start, end)


def any_substance(
    rows: Sequence[UseDay] | Sequence[Day],
    asked: Sequence[MonitoredSubstance],
    *,
    start: dt.date,
    end: dt.date,
) -> Grid | None:
    """The calendar of "any substance" as one line: a use day, a day without use, or not known.

    Tobacco and caffeine stay outside (see `days.counted`). A substance that was taken off the list counts up to
    its last day and is not missed after it. None when nothing was ever asked about.
    """
    codes = counted([one.substance for one in asked])
    if not codes:
        return None
    ends = {one.substance: one.ends_on for one in asked}
    every = laid_out(rows, codes, start=start, end=end)
    turns = sorted({last for code in codes if (last := ends[code]) and start <= last < end})
    firsts = [start, *(last + dt.timedelta(days=1) for last in turns)]
    cells = [
        _states(every.between(first, last), [code for code in codes if (ends[code] or last) >= last])
        for first, last in zip(firsts, [*turns, end], strict=True)
    ]
    return Grid(np.concatenate(cells)[np.newaxis, np.newaxis, :], ("",), (ANY,), start)


def _states(part: Grid, codes: Sequence[str]) -> Cells:
    """State of each day by the substances asked about then; not known where none was."""
    if not codes:
        return np.full(part.days, UNKNOWN, dtype=np.int8)
    states: Cells = day_states(part, codes)[0]
    return states


def earlier_versions(client: Client, *, start: dt.date, end: dt.date) -> QuerySet[UseDay]:
    """Entries that no longer stand, latest change first, with who wrote and who replaced them."""
    return (
        UseDay.objects.filter(client=client, superseded_at__isnull=False, on__gte=start, on__lte=end)
        .select_related("entered_by", "superseded_by")
        .order_by("-superseded_at", "on", "substance", "id")
    )


def changed_by_others(
    client: Client, entries: Sequence[DayEntry], *, since: dt.datetime, reader: User
) -> list[tuple[str, dt.datetime]]:
    """Who else touched, after `since`, the days about to be written, and when: latest first. One query."""
    wanted = {(entry.substance, entry.on) for entry in entries}
    rows = (
        UseDay.objects.filter(client=client, on__in={on for _code, on in wanted})
        .filter(Q(entered_at__gt=since) | Q(superseded_at__gt=since))
        .select_related("entered_by", "superseded_by")
    )
    touched: dict[str, dt.datetime] = {}
    for row in rows:
        if (row.substance, row.on) not in wanted:
            continue
        for person, at in ((row.entered_by, row.entered_at), (row.superseded_by, row.superseded_at)):
            if person and at and at > since and person.pk != reader.pk:
                touched[person.name] = max(at, touched.get(person.name, at))
    return sorted(touched.items(), key=lambda one: one[1], reverse=True)


def latest_known_day(client: Client) -> dt.date | None:
    """The latest day anything was told about, or nothing when nothing was told yet."""
    known = UseDay.objects.filter(client=client, superseded_at=None)
    return known.order_by("-on").values_list("on", flat=True).first()


def use_episodes(client: Client) -> QuerySet[UseEpisode]:
    """Returns to use that stand, latest first, with who told and who was there."""
    rows = UseEpisode.objects.filter(client=client, taken_back_at=None).select_related("entered_by")
    return rows.prefetch_related("with_people").order_by("-starts_on", "-entered_at", "id")


def follows(use_episode: UseEpisode) -> tuple[list[RiskItem], bool]:
    """What waits for a human about a report, then whether a session has gone through it. Two queries."""
    items = RiskItem.objects.filter(source=TOLD, source_id=use_episode.pk).select_related("owner")
    reviewed = bool(use_episode.episode and str(use_episode.pk) in reviewed_keys(use_episode.episode))
    return list(items.order_by("opened_at", "pk")), reviewed


def told_without_a_day(client: Client, *, since: dt.date) -> list[UseEpisode]:
    """Returns to use told since a day, on whose first day no use is on the calendar: mostly it was not said of what. One query."""
    day = UseDay.objects.filter(client=client, on=OuterRef("starts_on"), used=True, superseded_at=None)
    rows = UseEpisode.objects.filter(client=client, taken_back_at=None, starts_on__gte=since)
    return list(rows.filter(~Exists(day)).order_by("-starts_on", "-entered_at", "id"))


def reviewed_keys(episode: Episode) -> set[str]:
    """Keys of the use episodes that a session of this course has gone through. One query."""
    facts = CourseFact.objects.filter(episode=episode, kind="lapse_reviewed", withdrawn_at=None)
    return {str(value.get("use_episode", "")) for value in facts.values_list("value", flat=True)}


def unreviewed_episodes(episode: Episode) -> list[UseEpisode]:
    """Returns to use of this course that no session has gone through yet, oldest first. Two queries."""
    reviewed = reviewed_keys(episode)
    rows = UseEpisode.objects.filter(episode=episode, taken_back_at=None).order_by(
        "starts_on", "entered_at", "id"
    )
    return [one for one in rows if str(one.pk) not in reviewed]


@dataclass(frozen=True, slots=True)
class ShownTest:
    """A test result beside the days that were told of the same substance."""

    test: TestResult
    label: str
    on: dt.date
    comparison: Comparison


def results_of_tests(client: Client) -> QuerySet[TestResult]:
    """Results that stand, latest first."""
    rows = TestResult.objects.filter(client=client, taken_back_at=None).select_related("entered_by")
    return rows.order_by("-taken_at", "substance", "id")


def beside_days(client: Client, tests: Sequence[TestResult]) -> list[ShownTest]:
    """Each result set beside the days told and what is prescribed, as they stand now. Two queries."""
    if not tests:
        return []
    here = zone()
    dates = {test.pk: local_date(test.taken_at, here) for test in tests}
    reach = {test.pk: dates[test.pk] - dt.timedelta(days=test.window_days or 0) for test in tests}
    rows = UseDay.objects.filter(
        client=client, superseded_at=None, on__gte=min(reach.values()), on__lte=max(dates.values())
    )
    told: dict[str, dict[dt.date, bool]] = defaultdict(dict)
    for row in rows:
        told[row.substance][row.on] = row.used
    spans = prescribed(client)
    return [
        ShownTest(
            test=test,
            label=label(test.substance),
            on=dates[test.pk],
            comparison=compare(
                Result(test.result),
                told[test.substance],
                taken_on=dates[test.pk],
                window=test.window_days,
                substance=test.substance,
                explained_by=explained_substances(spans, start=reach[test.pk], end=dates[test.pk]),
            ),
        )
        for test in tests
    ]


@dataclass(frozen=True, slots=True)
class LatestCraving:
    """The latest craving told. A number that was not given is None."""

    now: int | None
    peak: int | None
    feeling: str
    told_at: dt.datetime

    @property
    def strongest(self) -> int:
        return max(value for value in (self.now, self.peak) if value is not None)


def latest_craving(client: Client) -> LatestCraving | None:
    """The latest craving told, or nothing. One query."""
    row = Craving.objects.filter(client=client).order_by("-told_at", "id").first()
    return LatestCraving(row.now, row.peak, row.feeling, row.told_at) if row else None


def cravings(client: Client) -> QuerySet[Craving]:
    """Cravings told, latest first, with who was there."""
    rows = Craving.objects.filter(client=client).select_related("entered_by").prefetch_related("with_people")
    return rows.order_by("-told_at", "id")


def lapse_rule(client: Client) -> WorkflowRule:
    """Where regular use begins for this client: their own rule, or the project's setting. One query."""
    own = ClientLapseRule.objects.filter(client=client).first()
    return WorkflowRule(own.window_days, own.regular_from) if own else DEFAULT_RULE


@dataclass(frozen=True, slots=True)
class Returns:
    """A client whose returns to use ask for a look in supervision."""

    starts: tuple[dt.date, ...]  # of the latest SUPERVISION_DAYS, latest first
    recent: Recent
    turned_on: dt.date | None  # the day on which use became regular, in the latest SUPERVISION_DAYS

    @property
    def latest(self) -> dt.date:
        """The latest day on which the rule was met."""
        return max(day for day in (*self.starts[:1], self.turned_on) if day)


def returns_for_supervision(client_ids: Collection[uuid.UUID], *, today: dt.date) -> dict[uuid.UUID, Returns]:
    """Those of these clients whose returns to use ask for a look in supervision. Four queries, however many."""
    rules = {
        one.client_id: WorkflowRule(one.window_days, one.regular_from)
        for one in ClientLapseRule.objects.filter(client__in=client_ids)
    }
    asked: dict[uuid.UUID, list[MonitoredSubstance]] = defaultdict(list)
    for substance in MonitoredSubstance.objects.filter(client__in=client_ids):
        asked[substance.client_id].append(substance)
    first = today - dt.timedelta(days=SUPERVISION_DAYS - 1)
    starts: dict[uuid.UUID, set[dt.date]] = defaultdict(set)
    for told in UseEpisode.objects.filter(
        client__in=client_ids, taken_back_at=None, starts_on__gte=first, starts_on__lte=today
    ):
        starts[told.client_id].add(told.starts_on)
    widest = max((rule.window_days for rule in rules.values()), default=0)
    # Far enough back to tell use that became regular in these days from use that always was.
    begin = first - dt.timedelta(days=max(widest, DEFAULT_RULE.window_days))
    days = days_for(client_ids, start=begin, end=today)
    found = {}
    for key in client_ids:
        line = any_substance(days.get(key, ()), asked[key], start=begin, end=today)
        states = [] if line is None else line.cells[0][0].tolist()
        rule = rules.get(key, DEFAULT_RULE)
        turned = turned_regular(states, rule)
        turned_on = None if turned is None else begin + dt.timedelta(days=turned)
        if asks_for_supervision(list(starts[key]), turned_on, today=today):
            recent = recent_pattern(states, rule)
            found[key] = Returns(tuple(sorted(starts[key], reverse=True)), recent, turned_on)
    return found


def circle_of(client: Client) -> list[Relationship]:
    """Everybody in the client's life who was ever named, by alias. One query."""
    return list(Relationship.objects.filter(client=client).order_by("alias", "id"))


def own_use_episode(client: Client, key: uuid.UUID) -> UseEpisode | None:
    """A report that the client themself sent and that stands, with who was there."""
    rows = use_episodes(client).filter(reported_by=UseEpisode.ReportedBy.CLIENT)
    return rows.filter(pk=key).first()


def days_without_use(client: Client, *, since: dt.date, today: dt.date) -> int:
    """Known days without use of any counted substance, since a day. A later day of use takes none away. Two queries."""
    if since > today:
        return 0
    asked = ever_monitored(client)
    line = any_substance(current_days(client, start=since, end=today), asked, start=since, end=today)
    return int((line.cells == 0).sum()) if line else 0


def said_by(use_episode: UseEpisode) -> dict[str, Any]:
    """Everything a report says, as plain values. People by key."""
    values = {name: getattr(use_episode, name) for name in SAID}
    for name in ("starts_on", "ends_on"):
        values[name] = values[name].isoformat() if values[name] else None
    keys = use_episode.with_people.values_list("pk", flat=True) if not use_episode._state.adding else ()
    return {**values, "with_people": sorted(str(key) for key in keys)}
