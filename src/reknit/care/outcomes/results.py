"""What a course came to, as small values for the outcome page, the course page and the letters."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from reknit.core.outcomes.change import ChangeResult, ReliableChangeRule

DayState = Literal["used", "not_used", "unknown", "future"]


@dataclass(frozen=True, slots=True)
class Point:
    """One sheet of a measure. `total` is None where the sheet has no score; `sheet` is where it comes from."""

    on: dt.date
    slot: int | None
    total: Decimal | None
    state: str
    band: str
    sheet: uuid.UUID


@dataclass(frozen=True, slots=True)
class Reading:
    """What one named rule says about the first and the latest score."""

    rule: ReliableChangeRule
    change: ChangeResult
    sentence: str


@dataclass(frozen=True, slots=True)
class ScoreSeries:
    """One measure over the course. `change`, `rule` and `sentence` are by the default rule; `others` by the rest.

    `change` is None until there are two scores. `is_response` and `is_remission` are None where the measure has
    no such rule.
    """

    measure: str
    title: str
    scale: tuple[int, int]
    points: tuple[Point, ...]
    first: Point | None
    latest: Point | None
    change: ChangeResult | None
    rule: ReliableChangeRule | None
    sentence: str
    others: tuple[Reading, ...] = ()
    is_response: bool | None = None
    is_remission: bool | None = None

    @property
    def scored(self) -> int:
        """How many sheets have a score."""
        return sum(point.total is not None for point in self.points)


@dataclass(frozen=True, slots=True)
class UseWindow:
    """Days abstinent over a span. When `suppressed` the counts may be shown and the percentage may not.

    `abstinent` counts known days without use; `n_days` the days of the span that have come.
    """

    label: str
    start: dt.date
    end: dt.date
    n_days: int
    reported: int
    abstinent: int
    percent: float | None
    coverage: float
    suppressed: bool
    days: tuple[tuple[dt.date, DayState], ...]
    is_baseline: bool = False
    is_complete: bool = True

    @property
    def unknown(self) -> int:
        """Days nobody told about."""
        return self.n_days - self.reported

    @property
    def used(self) -> int:
        """Known days with use."""
        return self.reported - self.abstinent


@dataclass(frozen=True, slots=True)
class CourseOutcomes:
    """Mood and use over one course, side by side and never mixed."""

    scores: dict[str, ScoreSeries]
    windows: tuple[UseWindow, ...]
    substances: tuple[str, ...]
    whole: UseWindow | None
    index_on: dt.date
    until: dt.date
    longest: int = 0
    since_latest_use: int | None = None
    outside: tuple[str, ...] = ()

    @property
    def latest_use_on(self) -> dt.date | None:
        """The latest known day of use since the course began."""
        if self.since_latest_use is None:
            return None
        return self.until - dt.timedelta(days=self.since_latest_use)
