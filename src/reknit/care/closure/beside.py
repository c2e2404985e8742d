"""What stands beside a closing record while it is written: scores, days, the circle, the warning signs."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from reknit.care.outcomes.queries import course_outcomes
from reknit.care.programme.models import Episode

from . import people_then_now
from .kinds import Record
from .models import ClosingRecord
from .people_then_now import Circles
from .records import Said, records_of

Kind = ClosingRecord.Kind
WITH_OUTCOMES = (Kind.GAINS, Kind.DISPOSITION, Kind.NON_RESPONSE, Kind.EARLY_ENDING)


@dataclass(frozen=True, slots=True)
class Beside:
    """The facts beside the words; empty where a record does not need them."""

    sentences: tuple[str, ...] = ()
    days: Any = None
    circles: Circles | None = None
    signs: list[Said] = field(default_factory=list)


def beside_of(record: Record, episode: Episode, *, today: dt.date) -> Beside:
    """What this record is written beside. Three queries at most, and those of the circle."""
    if record.kind == Kind.STAYING_WELL:
        circles = people_then_now.circles(episode)
        return Beside(signs=records_of(episode)[Kind.SIGNS].said, circles=circles)
    if record.kind not in WITH_OUTCOMES:
        return Beside()
    results = course_outcomes(episode.client, episode, today=today)
    return Beside(
        sentences=tuple(series.sentence for series in results.scores.values() if series.points),
        days=results.whole,
        circles=people_then_now.circles(episode) if record.kind == Kind.GAINS else None,
    )
