"""Results as the figures of the look want them."""

from collections.abc import Sequence
from typing import Literal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.base.ui.figures import Band, ScorePoint, UseDay
from reknit.care.programme.models import Episode
from reknit.core.outcomes.change import PHQ9_REMISSION_BELOW

from .queries import DEPRESSION
from .results import Point, ScoreSeries, UseWindow
from .wording import plain


def chart_points(series: ScoreSeries) -> list[ScorePoint]:
    """One mark a sheet: by session number where every sheet has one of its own, by date otherwise."""
    by_slot = _by_slot(series)
    return [
        ScorePoint(
            label=str(point.slot) if by_slot else date_format(point.on, "j M"),
            value=None if point.total is None else float(point.total),
            state=_state(point),
        )
        for point in series.points
    ]


def planned(series: ScoreSeries, episode: Episode | None) -> int | None:
    """Where the axis ends: the last session planned, while the marks stand by session."""
    return episode.planned_sessions if episode and series.points and _by_slot(series) else None


def _by_slot(series: ScoreSeries) -> bool:
    slots = [point.slot for point in series.points]
    return None not in slots and slots == sorted(set(slots), key=lambda slot: slot or 0)


def _state(point: Point) -> Literal["measured", "prorated"]:
    return "prorated" if point.state == "prorated" else "measured"


def noise_band(series: ScoreSeries) -> Band | None:
    """The reliable-change band round the first score, within the scale."""
    if series.first is None or series.first.total is None or series.rule is None:
        return None
    first, reach = float(series.first.total), series.rule.threshold
    low, high = series.scale
    return Band(
        low=max(first - reach, low),
        high=min(first + reach, high),
        label=_("may be noise: within %(points)s of %(first)s")
        % {"points": plain(reach), "first": plain(first)},
    )


def reference(series: ScoreSeries) -> tuple[float, str] | None:
    """The dashed line of remission, for the measure that has one."""
    if series.measure != DEPRESSION:
        return None
    return PHQ9_REMISSION_BELOW, _("under %(limit)s: few symptoms") % {"limit": PHQ9_REMISSION_BELOW}


def strip_days(windows: Sequence[UseWindow]) -> list[UseDay]:
    """The days of every window, each window a row of the strip."""
    return [UseDay(on, state) for window in windows for on, state in window.days]
