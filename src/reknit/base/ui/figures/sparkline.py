"""The small line beside a name: the whole scale, the noise band, the latest score marked, gaps crossed."""

from collections.abc import Iterable, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from . import svg
from .scores import Band, Placed, Scale, ScorePoint, as_band, as_points, clamp, positions, runs, spoken

WIDTH, HEIGHT = 132.0, 48.0
TOP, BOTTOM = 2.0, 46.0
STEPS = 16  # a course of sixteen sessions fills the width; longer ones are drawn closer


def sparkline(
    points: Iterable[ScorePoint | float | None],
    scale: Scale = (0, 27),
    band: Band | Sequence[float] | None = None,
    label: str = "",
) -> SafeString:
    """`label` names the measure and whose it is, as "PHQ-9 for Dana K."; the scores are read out after it."""
    points, band = as_points(points), as_band(band)
    places = positions(points)
    step = (WIDTH - 8) / (max([STEPS, *places]) - 1)
    placed = [
        Placed(point, 4 + step * (place - 1), None if point.value is None else _y(point.value, scale))
        for point, place in zip(points, places, strict=True)
    ]
    parts = []
    if band:
        top, bottom = _y(band.high, scale), _y(band.low, scale)
        parts.append(svg.element("rect", class_="band", x=0, y=top, width=WIDTH, height=bottom - top))
    solid, dotted = runs(placed)
    parts += [svg.path(svg.line(run), "l-mood") for run in solid]
    parts += [svg.path(svg.line(gap), "l-gap") for gap in dotted]
    parts += [svg.cross(place.x, 44, 4) for place in placed if place.y is None]
    known = [place for place in placed if place.y is not None]
    if known:
        latest = known[-1]
        mark = "d-mood" if latest.point.state == "measured" else "d-part"
        parts.append(svg.element("circle", class_=mark, cx=latest.x, cy=latest.y, r=3.2))
    return svg.figure(*parts, label=_name(points, band, label), width=WIDTH, height=HEIGHT, class_="spark")


def _y(value: float, scale: Scale) -> float:
    low, high = scale
    return BOTTOM - (clamp(value, scale) - low) / (high - low) * (BOTTOM - TOP)


def _name(points: Sequence[ScorePoint], band: Band | None, label: str) -> str:
    name = _("%(label)s, in order: %(scores)s.") % {
        "label": label or _("Scores"),
        "scores": spoken(points) or _("no scores yet"),
    }
    if band:
        name += " " + _("Shaded from %(low)s to %(high)s: change may be noise.") % {
            "low": f"{band.low:g}",
            "high": f"{band.high:g}",
        }
    return name
