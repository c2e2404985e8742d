"""What the calendar page shows, put together from rows already read. No queries here."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reknit.base.accounts.models import User
from reknit.base.ui.figures import UseDay as DrawnDay
from reknit.core.substance_use.lapse import (
    RELAPSE_RULES,
    Pattern,
    Recent,
    Time,
    WorkflowRule,
    recent_pattern,
    time_to_lapse,
    time_to_relapse,
)
from reknit.core.substance_use.summaries import (
    Abstinence,
    abstinence,
    days_since_latest_use,
    longest_abstinence,
)
from reknit.core.substance_use.tests_and_days import Fit
from reknit.core.substance_use.timeline import NOT_USED, USED, Grid

from .cells import Cell, Cells, plain, shown
from .days import UNITS, counted, label
from .models import MonitoredSubstance, UseDay
from .queries import any_substance, laid_out
from .span import Span


@dataclass(frozen=True, slots=True)
class Facts:
    """Days abstinent with coverage beside them. The percentage is None when too few days are known."""

    counts: Abstinence
    percent: int | None
    longest: int
    since_latest_use: int | None
    drawn: list[DrawnDay]

    @property
    def unknown(self) -> int:
        return self.counts.days - self.counts.reported


@dataclass(frozen=True, slots=True)
class Leaf:
    """One substance on the page: its grid, and what it adds up to in the days shown."""

    code: str
    label: str
    is_primary: bool
    is_counted: bool
    weeks: list[tuple[dt.date, list[Cell | None]]]
    shown: str
    facts: Facts
    used: list[Cell]


@dataclass(frozen=True, slots=True)
class Entered:
    """Days that one person entered in one go."""

    label: str
    by: str
    at: dt.datetime
    used: int
    not_used: int


@dataclass(frozen=True, slots=True)
class Version:
    """What stood before, who wrote it and who replaced it."""

    on: dt.date
    label: str
    said: str
    entered_by: User | None
    entered_at: dt.datetime
    superseded_by: User | None
    superseded_at: dt.datetime | None


def facts(grid: Grid) -> Facts:
    """What one line of days adds up to."""
    counts = abstinence(grid, grid.substances)
    states = {USED: "used", NOT_USED: "not_used"}
    return Facts(
        counts=counts,
        percent=None if counts.percent is None or counts.suppressed else round(counts.percent),
        longest=longest_abstinence(grid, grid.substances),
        since_latest_use=days_since_latest_use(grid, grid.substances),
        drawn=[
            DrawnDay(grid.start + dt.timedelta(days=place), states.get(int(cell), "unknown"))  # type: ignore[arg-type]
            for place, cell in enumerate(grid.cells[0, 0])
        ],
    )


def any_facts(rows: Sequence[UseDay], asked: Sequence[MonitoredSubstance], span: Span) -> Facts | None:
    """What all the counted substances together add up to; None when nothing was ever asked about."""
    line = any_substance(rows, asked, start=span.start, end=span.end)
    return facts(line) if line else None


def leaves(
    rows: Sequence[UseDay], asked: Sequence[MonitoredSubstance], cells: Cells, before: Cells, span: Span
) -> list[Leaf]:
    """One leaf for each substance asked about. `cells` is what the grid shows, `before` what stands."""
    codes = counted([one.substance for one in asked])
    return [
        Leaf(
            code=one.substance,
            label=label(one.substance),
            is_primary=one.is_primary,
            is_counted=one.substance in codes,
            weeks=_weeks(span, cells, one.substance),
            shown=shown(before, one.substance),
            facts=facts(laid_out(rows, [one.substance], start=span.start, end=span.end)),
            used=[
                cell for (code, _on), cell in cells.items() if code == one.substance and cell.state == "used"
            ],
        )
        for one in asked
    ]


def _weeks(span: Span, cells: Cells, code: str) -> list[tuple[dt.date, list[Cell | None]]]:
    rows = []
    for week in span.weeks:
        first = next(day for day in week if day)
        monday = first - dt.timedelta(days=first.weekday())
        rows.append((monday, [cells[code, day] if day else None for day in week]))
    return rows


def table(
    rows: Sequence[UseDay], asked: Sequence[MonitoredSubstance], span: Span
) -> list[tuple[dt.date, list[str]]]:
    """The same facts in words, latest day first: a cell for each substance, empty when not known."""
    found = {(row.substance, row.on): row for row in rows}
    return [(day, [said(found.get((one.substance, day))) for one in asked]) for day in reversed(span.days)]


def said(row: UseDay | None) -> str:
    """One day in words; empty when nothing was told."""
    if row is None:
        return ""
    if not row.used:
        return _("no use")
    if row.amount is None:
        return _("used")
    unit = dict(UNITS).get(row.unit, row.unit)
    return _("used, %(amount)s %(unit)s") % {"amount": plain(row.amount), "unit": unit}


def versions(rows: Iterable[UseDay]) -> list[Version]:
    """Earlier answers in words."""
    return [
        Version(
            on=row.on,
            label=label(row.substance),
            said=said(row),
            entered_by=row.entered_by,
            entered_at=row.entered_at,
            superseded_by=row.superseded_by,
            superseded_at=row.superseded_at,
        )
        for row in rows
    ]


def entered(rows: Sequence[UseDay]) -> list[Entered]:
    """Who entered what and when, latest first."""
    groups: Counter[tuple[str, str, dt.datetime, bool]] = Counter(
        (row.substance, row.entered_by.name if row.entered_by else "", row.entered_at, row.used)
        for row in rows
    )
    keys = {(code, by, at) for code, by, at, _used in groups}
    return [
        Entered(label(code), by, at, groups[code, by, at, True], groups[code, by, at, False])
        for code, by, at in sorted(keys, key=lambda key: (key[2], key[0]), reverse=True)
    ]


STATISTICAL = next(one for one in RELAPSE_RULES if not one.needs_heavy_days)


@dataclass(frozen=True, slots=True)
class Patterns:
    """The latest days in workflow words, and the course in statistical words, each with its rule."""

    rule: WorkflowRule
    recent: Recent
    lapse: Time | None
    relapse: Time | None
    relapse_rule: str
    relapse_words: str
    index: dt.date | None

    @property
    def sentence(self) -> str:
        """What the latest days are called, as a fact about days."""
        words = {
            Pattern.NONE: _("No day of use is on the calendar in the latest %(days)s days."),
            Pattern.LAPSE: _("Slip or lapse: %(used)s of the latest %(days)s days with use."),
            Pattern.REGULAR: _("Return to regular use: %(used)s of the latest %(days)s days with use."),
        }
        return words[self.recent.pattern] % {"used": self.recent.used, "days": self.recent.days}


def patterns(
    rows: Sequence[UseDay],
    asked: Sequence[MonitoredSubstance],
    rule: WorkflowRule,
    *,
    index: dt.date | None,
    today: dt.date,
) -> Patterns | None:
    """Both, from the days of "any substance". `index` is the first day of the course; without one no statistics."""
    start = min(index or today, today - dt.timedelta(days=rule.window_days - 1))
    line = any_substance(rows, asked, start=start, end=today)
    if line is None:
        return None
    states = [int(cell) for cell in line.cells[0, 0]]
    followed = states[(index - start).days :] if index and index <= today else []
    return Patterns(
        rule=rule,
        recent=recent_pattern(states, rule),
        lapse=time_to_lapse(followed) if followed else None,
        relapse=time_to_relapse(followed, STATISTICAL.key) if followed else None,
        relapse_rule=STATISTICAL.key,
        relapse_words=STATISTICAL.words,
        index=index,
    )


FIT_WORDS = {
    Fit.NOT_COMPARED: gettext_lazy("Nothing to compare."),
    Fit.NO_WINDOW: gettext_lazy("How far back this test sees is not known; not compared."),
    Fit.EXPLAINED: gettext_lazy("Explained: a prescribed medication shows as this."),
    Fit.FITS: gettext_lazy("Fits: use was told within its window."),
    Fit.NOT_KNOWN: gettext_lazy("Days within its window are not known: ask about them."),
    Fit.DISCORDANT: gettext_lazy("Discordant, ask: every day of its window was told as without use."),
}


def fit_words(fit: Fit) -> str:
    """What a comparison comes to, in a sentence."""
    return str(FIT_WORDS[fit])
