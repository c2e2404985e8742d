"""How a client stands, in the few figures that stand beside a name: mood scores and the last seven days."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reknit.base.clock import local_date
from reknit.base.ui.figures import Band, ScorePoint, UseDay
from reknit.base.ui.figures.days import DayState
from reknit.care.measures.queries import StandingScore, scores_for
from reknit.care.people.queries import zone
from reknit.care.substance_use.models import MonitoredSubstance
from reknit.care.substance_use.queries import any_substance, days_for
from reknit.core.measures.catalogue import measure
from reknit.core.outcomes.change import reliable_change
from reknit.core.outcomes.rules import rule

MOOD = "phq-9"
SCALE = measure(MOOD).score_range
RULE = rule(MOOD)
WEEK = 7
STATES: dict[int, DayState] = {1: "used", 0: "not_used", -1: "unknown"}


@dataclass(frozen=True, slots=True)
class Standing:
    """PHQ-9 from first to latest, and the last seven days. Nothing known is drawn as nothing known."""

    points: tuple[ScorePoint, ...] = ()
    scored: tuple[tuple[dt.date, Decimal], ...] = ()
    week: tuple[UseDay, ...] = ()
    is_asked: bool = field(default=False)  # whether any substance is monitored

    @property
    def first(self) -> Decimal | None:
        """The first score."""
        return self.scored[0][1] if self.scored else None

    @property
    def latest(self) -> Decimal | None:
        """The latest score."""
        return self.scored[-1][1] if self.scored else None

    @property
    def latest_on(self) -> dt.date | None:
        """The day of the latest score."""
        return self.scored[-1][0] if self.scored else None

    @property
    def has_change(self) -> bool:
        """Whether there are two scores to compare."""
        return len(self.scored) > 1

    @property
    def difference(self) -> Decimal | None:
        """Latest minus first, in points."""
        return self.scored[-1][1] - self.scored[0][1] if self.has_change else None

    @property
    def change(self) -> str:
        """What the named rule says: improved, deteriorated, no_reliable_change; empty with one score."""
        if not self.has_change:
            return ""
        return reliable_change(RULE, self.scored[0][1], self.scored[-1][1], measure(MOOD).direction).reliable

    @property
    def band(self) -> Band | None:
        """The span around the first score within which change may be noise."""
        if self.first is None:
            return None
        low, high = SCALE
        first = float(self.first)
        return Band(max(low, first - RULE.threshold), min(high, first + RULE.threshold))

    @property
    def known(self) -> int:
        """How many of the last seven days are known."""
        return sum(day.state in ("used", "not_used") for day in self.week)

    @property
    def used(self) -> int:
        """On how many of them there was use."""
        return sum(day.state == "used" for day in self.week)

    @property
    def use_words(self) -> str:
        """The last seven days in words, with how many are known."""
        if not self.is_asked:
            return _("Use not asked about yet")
        if not self.known:
            return _("Use not known for the last 7 days")
        if not self.used:
            return ngettext("No use on %(n)s known day", "No use on %(n)s known days", self.known) % {
                "n": self.known
            }
        return _("Used on %(used)s of %(known)s known days") % {"used": self.used, "known": self.known}


def standings(client_ids: Collection[uuid.UUID], *, today: dt.date) -> dict[uuid.UUID, Standing]:
    """How each of these clients stands. Three queries, however many clients."""
    here = zone()
    scores = scores_for(client_ids, MOOD)
    start, end = today - dt.timedelta(days=WEEK), today - dt.timedelta(days=1)
    days = days_for(client_ids, start=start, end=end)
    asked: dict[uuid.UUID, list[MonitoredSubstance]] = defaultdict(list)
    for one in MonitoredSubstance.objects.filter(client__in=client_ids):
        asked[one.client_id].append(one)
    found = {}
    for key in client_ids:
        line = any_substance(days.get(key, []), asked.get(key, []), start=start, end=end)
        states = line.cells[0, 0] if line else []
        sheets = scores.get(key, [])
        found[key] = Standing(
            points=tuple(_point(place, sheet) for place, sheet in enumerate(sheets, start=1)),
            scored=tuple(
                (local_date(sheet.answered_at, here), sheet.total)
                for sheet in sheets
                if sheet.total is not None
            ),
            week=tuple(
                UseDay(start + dt.timedelta(days=place), STATES[int(cell)])
                for place, cell in enumerate(states)
            ),
            is_asked=bool(asked.get(key)),
        )
    return found


def _point(place: int, sheet: StandingScore) -> ScorePoint:
    return ScorePoint(
        label=str(sheet.slot or place),
        value=float(sheet.total) if sheet.total is not None else None,
        state="prorated" if sheet.state == "prorated" else "measured",
    )
