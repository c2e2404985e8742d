"""A goal's ladder: where it stood each time it was rated, on its own five rungs. Ink, for it is neither mood nor use."""

from collections.abc import Iterable

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from . import svg
from .scores import Placed, ScorePoint, runs

RUNGS = (2, 1, 0, -1, -2)
LEFT, STEP, TOP, RISE = 30.0, 34.0, 12.0, 22.0
FOOT = TOP + RISE * 4 + 16


def ladder(points: Iterable[ScorePoint], label: str) -> SafeString:
    """`label` names the goal. A point labelled by its session; the start is open, no rating is a cross at the foot."""
    points = list(points)
    placed = [
        Placed(point, LEFT + STEP * (place + 0.5), None if point.value is None else _y(point.value))
        for place, point in enumerate(points)
    ]
    width = LEFT + STEP * max(len(points), 4)
    parts = [part for rung in RUNGS for part in _rung(rung, width)]
    solid, dotted = runs(placed)
    parts += [svg.path(svg.line(run), "g-ink") for run in solid]
    parts += [svg.path(svg.line(gap), "g-now") for gap in dotted]
    for place in placed:
        parts.append(_mark(place))
        parts.append(svg.text(place.point.label, x=place.x, y=FOOT + 16, anchor="middle"))
    said = _("%(label)s, in order: %(levels)s.") % {"label": label, "levels": _spoken(points)}
    return svg.figure(*parts, label=said, width=width, height=FOOT + 22, class_="chart rungs")


def signed(level: float) -> str:
    """A level with its sign: +1, 0, −2."""
    return f"{level:+.0f}".replace("-", "\u2212") if level else "0"


def _rung(rung: int, width: float) -> list[SafeString]:
    edge = svg.path(svg.line([(LEFT, _y(rung)), (width, _y(rung))]), "g-rule" if rung else "g-edge")
    return [edge, svg.text(signed(rung), x=LEFT - 8, y=_y(rung) + 4, anchor="end")]


def _mark(place: Placed) -> SafeString:
    if place.y is None:
        return svg.cross(place.x, FOOT - 4, 7)
    is_start = place.point.state == "remembered"
    return svg.element("circle", class_="ev-soft" if is_start else "ev", cx=place.x, cy=place.y, r=4.5)


def _spoken(points: list[ScorePoint]) -> str:
    said = [
        _("%(label)s: not rated") % {"label": point.label}
        if point.value is None
        else f"{point.label}: {signed(point.value)}"
        for point in points
    ]
    return ", ".join(said) or _("not rated yet")


def _y(value: float) -> float:
    return TOP + (2 - value) * RISE
