"""One measure over the course, always on its full scale, with the band where change may be noise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from . import svg
from .scores import Band, Placed, Scale, ScorePoint, as_band, as_points, clamp, plain, positions, runs, spoken

TOP, BOTTOM, HEIGHT, AXIS = 12.0, 202.0, 230.0, 16.0
LEFT = 30.0
LINE = 17  # px between two lines of a label
MARKS = {"measured": "d-mood", "prorated": "d-part", "remembered": "d-recall"}


@dataclass(frozen=True)
class Frame:
    """The drawing's own measures: the wide one has room for words at its right edge, the narrow one puts them below."""

    width: float
    right: float
    words: bool
    tick_room: float


WIDE = Frame(width=840, right=728, words=True, tick_room=34)
NARROW = Frame(width=340, right=306, words=False, tick_room=30)


def score_chart(
    points: Iterable[ScorePoint | float | None],
    measure: str,
    scale: Scale = (0, 27),
    band: Band | Sequence[float] | None = None,
    reference: tuple[float, str] | None = None,
    last: float | None = None,
    width: Literal["both", "wide", "narrow"] = "both",
    axis: str | None = None,
) -> SafeString:
    """`reference` is a value with its words, as `(5, "under 5: few symptoms")`; `last` the number of sessions planned.

    `axis` says what the figure runs along: sessions, unless it is told otherwise.
    """
    axis = _("Session") if axis is None else axis
    points, band = as_points(points), as_band(band)
    name = _name(points, measure, scale, band, reference)
    marks = _mark_keys(points)
    wide = svg.join([_draw(WIDE, points, scale, band, reference, last, name, axis), svg.key(marks)])
    narrow = svg.join(
        [
            _draw(NARROW, points, scale, band, reference, last, name, axis),
            svg.key([*marks, *_edge_keys(band, reference)]),
        ]
    )
    return {"wide": wide, "narrow": narrow}.get(width) or svg.both_widths(wide=wide, narrow=narrow)


def _draw(
    frame: Frame,
    points: Sequence[ScorePoint],
    scale: Scale,
    band: Band | None,
    reference: tuple[float, str] | None,
    last: float | None,
    name: str,
    axis: str,
) -> SafeString:
    placed = _place(frame, points, scale, last)
    parts = [*_grid(frame, scale)]
    if band:
        top, bottom = _y(band.high, scale), _y(band.low, scale)
        parts.append(
            svg.element("rect", class_="band", x=LEFT, y=top, width=frame.right - LEFT, height=bottom - top)
        )
    if reference:
        at = _y(reference[0], scale)
        parts.append(
            svg.path(f"M{svg.number(LEFT)} {svg.number(at)}H{svg.number(frame.right)}", "g-edge g-dash")
        )
    solid, dotted = runs(placed)
    parts += [svg.path(svg.line(run), "l-mood") for run in solid]
    parts += [svg.path(svg.line(gap), "l-gap") for gap in dotted]
    parts += [_mark(place) for place in placed]
    parts += _ends(placed)
    parts += _ticks(frame, placed, last)
    if frame.words:
        parts += _edge_words(frame, scale, band, reference, _latest_at_edge(frame, placed))
    parts.append(svg.text(axis, x=LEFT, y=HEIGHT + AXIS - 4))
    return svg.figure(*parts, label=name, width=frame.width, height=HEIGHT + AXIS)


def _place(frame: Frame, points: Sequence[ScorePoint], scale: Scale, last: float | None) -> list[Placed]:
    places = positions(points)
    first, final = min(places, default=1.0), max([*places, last or 1.0])
    span = (frame.right - 6) - (LEFT + 6)
    step = span / (final - first) if final > first else 0.0
    return [
        Placed(
            point, LEFT + 6 + step * (place - first), None if point.value is None else _y(point.value, scale)
        )
        for point, place in zip(points, places, strict=True)
    ]


def _y(value: float, scale: Scale) -> float:
    low, high = scale
    return BOTTOM - (clamp(value, scale) - low) / (high - low) * (BOTTOM - TOP)


def _grid(frame: Frame, scale: Scale) -> list[SafeString]:
    """Four lines: the ends of the scale and its thirds where those are whole numbers, else the ends and the middle."""
    low, high = scale
    span = high - low
    parts = 3 if span % 3 == 0 else 2 if span % 2 == 0 else 1
    grid = []
    for part in range(parts + 1):
        value = low + span * part / parts
        at = _y(value, scale)
        grid.append(svg.path(f"M{svg.number(LEFT)} {svg.number(at)}H{svg.number(frame.right)}", "g-rule"))
        grid.append(svg.text(plain(value), x=LEFT - 8, y=at + 4, anchor="end"))
    return grid


def _mark(place: Placed) -> SafeString:
    if place.y is None:
        return svg.cross(place.x, BOTTOM - 8, 8)
    return svg.element("circle", class_=MARKS[place.point.state], cx=place.x, cy=place.y, r=4)


def _ends(placed: Sequence[Placed]) -> list[SafeString]:
    """The first and the latest score stand beside their marks, so that nobody has to read the axis."""
    known = [
        (place.point.value, place.x, place.y)
        for place in placed
        if place.y is not None and place.point.value is not None
    ]
    if not known:
        return []
    first, first_x, first_y = known[0]
    latest, latest_x, latest_y = known[-1]
    words = [svg.text(plain(latest), x=latest_x + 10, y=latest_y + 5, class_="t-mood t-b halo")]
    if latest_x - first_x > 30:
        above = first_y - 9 if first_y > TOP + 12 else first_y + 20
        words.append(svg.text(plain(first), x=first_x + 2, y=above, class_="t-mood t-b halo"))
    return words


def _ticks(frame: Frame, placed: Sequence[Placed], last: float | None) -> list[SafeString]:
    """Labels under the axis where there is room; the first, the latest and the planned end go first."""
    wanted = [(place.x, place.point.label) for place in placed]
    order = [*wanted[:1], *wanted[-1:]]
    final = max(positions([place.point for place in placed]), default=0)
    if last and last > final:
        order.append((frame.right - 6, plain(last)))
    order += wanted[3:-1:4]
    kept: list[tuple[float, str]] = []
    for x, label in order:
        if all(abs(x - other) >= max(frame.tick_room, 4 * (len(label) + len(said))) for other, said in kept):
            kept.append((x, label))
    return [svg.text(label, x=x, y=HEIGHT - 6, anchor="middle") for x, label in sorted(kept)]


def _latest_at_edge(frame: Frame, placed: Sequence[Placed]) -> float | None:
    """How high the latest score stands in the room of the words, if its mark is the one at the right edge."""
    if placed and placed[-1].y is not None and placed[-1].x + 12 > frame.right:
        return placed[-1].y
    return None


def _edge_words(
    frame: Frame,
    scale: Scale,
    band: Band | None,
    reference: tuple[float, str] | None,
    taken: float | None,
) -> list[SafeString]:
    """What the band and the dashed line mean, at their own right edge; pushed apart when they would touch."""
    x = frame.right + 8
    labels: list[tuple[float, str, list[str]]] = []
    if band and band.label:
        middle = (_y(band.high, scale) + _y(band.low, scale)) / 2
        labels.append((middle - 2, "t-mood", _two_lines(band.label)))
    if reference and reference[1]:
        labels.append((_y(reference[0], scale), "t-faint", _two_lines(reference[1])))
    words, floor = [], 0.0
    for at, class_, lines in sorted(labels):
        if taken is not None and at - LINE < taken + 5 < at + LINE * len(lines):
            at = taken + 5 + LINE
        at = min(max(at, floor), HEIGHT - LINE * len(lines))
        words += [svg.text(part, x=x, y=at + LINE * row, class_=class_) for row, part in enumerate(lines)]
        floor = at + LINE * len(lines) + 2
    return words


def _mark_keys(points: Sequence[ScorePoint]) -> list[tuple[SafeString, str]]:
    """Only the marks that a reader cannot guess, and only those on this figure."""
    states = {point.state for point in points if point.value is not None}
    keys = []
    if "prorated" in states:
        keys.append((svg.element("circle", class_="d-part", cx=9, cy=9, r=4), _("some answers missing")))
    if "remembered" in states:
        keys.append((svg.element("circle", class_="d-recall", cx=9, cy=9, r=4), _("remembered")))
    if any(point.value is None for point in points):
        keys.append((svg.cross(9, 9, 8), _("no score")))
    return keys


def _edge_keys(band: Band | None, reference: tuple[float, str] | None) -> list[tuple[SafeString, str]]:
    """What stands at the right edge of the wide figure goes below the narrow one."""
    keys = []
    if band and band.label:
        keys.append((svg.element("rect", class_="band", x=0, y=2, width=18, height=14), band.label))
    if reference and reference[1]:
        keys.append((svg.path("M0 9H18", "g-edge g-dash"), reference[1]))
    return keys


def _two_lines(label: str) -> list[str]:
    """Broken after the colon, as "may be noise:" and "within 6 of 18"."""
    head, colon, tail = label.partition(": ")
    return [head + ":", tail] if colon else [label]


def _name(
    points: Sequence[ScorePoint],
    measure: str,
    scale: Scale,
    band: Band | None,
    reference: tuple[float, str] | None,
) -> str:
    name = _("%(measure)s, scale %(low)s to %(high)s, in order: %(scores)s.") % {
        "measure": measure,
        "low": plain(scale[0]),
        "high": plain(scale[1]),
        "scores": spoken(points) or _("no scores yet"),
    }
    if band:
        name += " " + _("Shaded from %(low)s to %(high)s: change may be noise.") % {
            "low": plain(band.low),
            "high": plain(band.high),
        }
    if reference:
        name += " " + _("Dashed line at %(value)s: %(label)s.") % {
            "value": plain(reference[0]),
            "label": reference[1],
        }
    return name
