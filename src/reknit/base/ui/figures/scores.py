"""What a figure of scores is made of: points, the band where change may be noise, and runs between gaps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

Scale = tuple[float, float]


@dataclass(frozen=True)
class ScorePoint:
    """One score, or the place where it should be. `value` None means no score, which is never the same as 0.

    `position` is where the point stands along the course; without it, its place in the list, from 1.
    """

    label: str
    value: float | None
    state: Literal["measured", "prorated", "remembered"] = "measured"
    position: float | None = None


@dataclass(frozen=True)
class Band:
    """The span around the first score within which a change may be measurement noise."""

    low: float
    high: float
    label: str = ""


@dataclass(frozen=True)
class Placed:
    """A point with its place in the drawing; `y` is None where there is no score."""

    point: ScorePoint
    x: float
    y: float | None


def as_points(values: Iterable[ScorePoint | float | None]) -> list[ScorePoint]:
    """Plain numbers and None become points labelled by their place."""
    return [
        value if isinstance(value, ScorePoint) else ScorePoint(label=str(place), value=value)
        for place, value in enumerate(values, start=1)
    ]


def as_band(band: Band | Sequence[float] | None) -> Band | None:
    if band is None or isinstance(band, Band):
        return band
    low, high = band
    return Band(low=low, high=high)


def positions(points: Sequence[ScorePoint]) -> list[float]:
    return [
        float(place if point.position is None else point.position)
        for place, point in enumerate(points, start=1)
    ]


def clamp(value: float, scale: Scale) -> float:
    return min(max(value, scale[0]), scale[1])


def runs(placed: Sequence[Placed]) -> tuple[list[list[tuple[float, float]]], list[list[tuple[float, float]]]]:
    """Solid lines through neighbours, and dotted lines across the gaps between them."""
    solid: list[list[tuple[float, float]]] = []
    dotted: list[list[tuple[float, float]]] = []
    before_gap: tuple[float, float] | None = None
    current: list[tuple[float, float]] = []
    for place in placed:
        if place.y is None:
            if current:
                solid.append(current)
                before_gap, current = current[-1], []
            continue
        here = (place.x, place.y)
        if before_gap is not None:
            dotted.append([before_gap, here])
            before_gap = None
        current.append(here)
    if current:
        solid.append(current)
    return [run for run in solid if len(run) > 1], dotted


def plain(value: float) -> str:
    """12.0 is read as "12"."""
    return f"{value:g}"


def spoken(points: Sequence[ScorePoint]) -> str:
    """Every score in words, in order, gaps included."""
    return ", ".join(_spoken_point(point) for point in points)


def _spoken_point(point: ScorePoint) -> str:
    if point.value is None:
        return _("no score")
    if point.state == "prorated":
        return _("%(score)s with answers missing") % {"score": plain(point.value)}
    if point.state == "remembered":
        return _("%(score)s remembered") % {"score": plain(point.value)}
    return plain(point.value)
