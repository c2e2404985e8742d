"""A closeness circle: rings round a middle, a mark for each person, lines between them.

Shape says one thing and fill another, so that neither needs colour; lines are told apart by weight and form. Marks stand
where they are put, in units of the circle's radius, and names find room beside them. On a narrow page names become numbers
with a list below.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from . import svg

Shape = Literal["circle", "diamond", "square", "hexagon", "unknown"]
Fill = Literal["full", "half", "empty", "unknown"]
Kind = Literal["knows", "close", "strain", "use"]
Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class CircleMark:
    """One person. `at` is (x, y) with the middle at (0, 0) and the outer ring at distance 1; `was` the place before."""

    key: str
    name: str
    at: Point
    shape: Shape = "unknown"
    fill: Fill = "unknown"
    focus: bool = False
    was: Point | None = None


@dataclass(frozen=True, slots=True)
class CircleLine:
    """A line between two marks."""

    one: str
    other: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Size:
    """How large a drawing is, in its own units."""

    box: float
    radius: float
    mark: float
    letter: float
    numbered: bool = False
    ring_names: bool = True


WIDE: Final = Size(box=400, radius=166, mark=9, letter=7.6)
NARROW: Final = Size(box=320, radius=132, mark=9, letter=8.0, numbered=True)
SMALL: Final = Size(box=260, radius=112, mark=7.5, letter=7.0, ring_names=False)


def circle(
    marks: Sequence[CircleMark],
    lines: Sequence[CircleLine] = (),
    *,
    label: str,
    edges: Sequence[float],
    ring_names: Sequence[str] = (),
    middle: str = "",
    departed: Sequence[Point] = (),
    width: Literal["both", "wide", "narrow", "small"] = "both",
    data: Mapping[str, str] | None = None,
) -> SafeString:
    """The circle at two widths, or at one. `edges` are the rings' outer edges, innermost first; `departed` are the places
    of those who are no longer on it; `data` becomes data attributes, for a script that moves marks.
    """

    def drawn(size: Size) -> SafeString:
        return _draw(marks, lines, size, label, edges, ring_names, middle, departed, data or {})

    if width != "both":
        return drawn({"wide": WIDE, "narrow": NARROW, "small": SMALL}[width])
    names = format_html_join("", "<li>{}</li>", ((mark.name,) for mark in marks))
    listed = format_html('<ol class="keyed circle-names">{}</ol>', names) if names else ""
    return svg.both_widths(wide=drawn(WIDE), narrow=drawn(NARROW) + listed)


def sample_mark(shape: Shape, fill: Fill) -> SafeString:
    """One mark by itself, for a key or a row of a table, in a box of 28 by 28."""
    return svg.element(
        "svg", svg.element("g", *_shape(shape, fill, 9), transform="translate(14 14)"),
        viewBox="0 0 28 28", aria_hidden="true",
    )  # fmt: skip


def sample_line(kind: Kind) -> SafeString:
    """One line by itself, for a key, in a box of 28 by 14."""
    return svg.element("svg", *_line((0, 7), (28, 7), kind), viewBox="0 0 28 14", aria_hidden="true")


def sample_ghost() -> SafeString:
    """The dashed outline by itself."""
    ghost = svg.element("circle", class_="ghost", cx=7, cy=7, r=6)
    return svg.element("svg", ghost, viewBox="0 0 14 14", aria_hidden="true")


def sample_focus() -> SafeString:
    """The focus ring by itself."""
    ring = svg.element("circle", class_="p-focus", cx=7, cy=7, r=6)
    return svg.element("svg", ring, viewBox="0 0 14 14", aria_hidden="true")


def _draw(
    marks: Sequence[CircleMark],
    lines: Sequence[CircleLine],
    size: Size,
    label: str,
    edges: Sequence[float],
    ring_names: Sequence[str],
    middle: str,
    departed: Sequence[Point],
    data: Mapping[str, str],
) -> SafeString:
    places = {mark.key: _scaled(mark.at, size) for mark in marks}
    boxes = [_around(place, size.mark + 3) for place in places.values()]
    boxes.append(_around((size.box / 2, size.box / 2), 10))
    parts = [*_rings(size, edges, ring_names)]
    for line in lines:
        if line.one in places and line.other in places:
            parts += _line(places[line.one], places[line.other], line.kind)
    parts += _middle(size, middle, boxes)
    parts += [_ghost(_scaled(place, size), size) for place in departed]
    for mark in marks:
        if mark.was:
            was, now = _scaled(mark.was, size), places[mark.key]
            parts += [svg.path(svg.line([was, now]), "ghost-path"), _ghost(was, size)]
    for number, mark in enumerate(marks, start=1):
        said = str(number) if size.numbered else mark.name
        parts.append(_mark(mark, said, places[mark.key], size, boxes, hit=bool(data)))
    drawing = svg.element(
        "svg", *parts, class_="chart circle" + (" small-circle" if size is SMALL else ""),
        viewBox=f"0 0 {svg.number(size.box)} {svg.number(size.box)}", role="img", aria_label=label,
        data_radius=svg.number(size.radius), **{f"data_{key}": value for key, value in data.items()},
    )  # fmt: skip
    return drawing


def _rings(size: Size, edges: Sequence[float], names: Sequence[str]) -> list[SafeString]:
    half = size.box / 2
    parts = [
        svg.element(
            "circle", class_=f"ring ring-f{1 if place % 2 else 2}", cx=half, cy=half, r=edge * size.radius
        )
        for place, edge in reversed(list(enumerate(edges)))
    ]
    if size.ring_names:
        parts += [
            svg.text(
                name, x=half, y=half + edge * size.radius - 5, class_="t-faint halo ringname", anchor="middle"
            )
            for name, edge in zip(names, edges, strict=False)
        ]
    return parts


def _middle(size: Size, name: str, boxes: list[Box]) -> list[SafeString]:
    half = size.box / 2
    parts = [svg.element("circle", class_="p-solid", cx=half, cy=half, r=size.mark * 0.4)]
    if name and size.ring_names:
        x, y, anchor, box = _beside(name, (half, half), size, boxes, reach=6)
        boxes.append(box)
        parts.append(svg.text(name, x=x, y=y, class_="t-ink halo", anchor=anchor))
    return parts


def _mark(
    mark: CircleMark, said: str, place: Point, size: Size, boxes: list[Box], *, hit: bool
) -> SafeString:
    """One person; `hit` gives a finger more room than the mark has."""
    x, y, anchor, box = _beside(said, place, size, boxes, reach=size.mark + (8 if mark.focus else 5))
    boxes.append(box)
    ring = svg.element("circle", class_="p-focus", cx=0, cy=0, r=size.mark + 6)
    return svg.element(
        "g",
        *([svg.element("circle", class_="mark-hit", cx=0, cy=0, r=16)] if hit else []),
        *([ring] if mark.focus else []),
        *_shape(mark.shape, mark.fill, size.mark),
        svg.text(said, x=x - place[0], y=y - place[1], class_="serif halo", anchor=anchor),
        class_="mark",
        transform=f"translate({svg.number(place[0])} {svg.number(place[1])})",
        data_mark=mark.key,
        data_name=mark.name,
    )


def _shape(shape: Shape, fill: Fill, r: float) -> list[SafeString]:
    """The mark round (0, 0). Where the shape is not known the fill is not shown: the table says it."""
    if shape == "unknown":
        return [
            svg.element("circle", class_="p-unknown", cx=0, cy=0, r=r),
            svg.text("?", x=0, y=r / 2, class_="t-ink t-b", anchor="middle"),
        ]
    class_ = {"full": "p-solid", "unknown": "p-unknown"}.get(fill, "p-shape")
    side = r * 16 / 9
    if shape == "circle":
        outline = svg.element("circle", class_=class_, cx=0, cy=0, r=r)
        half = f"M0 {svg.number(-r)}a{svg.number(r)} {svg.number(r)} 0 0 0 0 {svg.number(2 * r)}z"
    elif shape == "square":
        outline = svg.element("rect", class_=class_, x=-side / 2, y=-side / 2, width=side, height=side)
        half = f"M0 {svg.number(-side / 2)}H{svg.number(-side / 2)}V{svg.number(side / 2)}H0z"
    elif shape == "hexagon":
        reach, side, half_side = r * 11 / 9, r * 1.06, r * 11 / 18
        corners = [
            (0.0, -reach),
            (side, -half_side),
            (side, half_side),
            (0.0, reach),
            (-side, half_side),
            (-side, -half_side),
        ]
        outline = svg.path(svg.line(corners) + "z", class_)
        half = svg.line([corners[0], *corners[3:]]) + "z"
    else:
        reach = r * 11 / 9
        corners = [(0.0, -reach), (reach, 0.0), (0.0, reach), (-reach, 0.0)]
        outline = svg.path(svg.line(corners) + "z", class_)
        half = svg.line([(0.0, -reach), (0.0, reach), (-reach, 0.0)]) + "z"
    return [outline, svg.path(half, "p-half")] if fill == "half" else [outline]


def _line(one: Point, other: Point, kind: Kind) -> list[SafeString]:
    if kind == "strain":
        return [svg.path(svg.line(_zigzag(one, other)), "tie-strain")]
    if kind == "use":
        away = _normal(one, other)
        sides = [[(x + away[0] * side, y + away[1] * side) for x, y in (one, other)] for side in (-2, 2)]
        return [svg.path(svg.line(side), "tie tie-use") for side in sides]
    return [svg.path(svg.line([one, other]), "tie-close" if kind == "close" else "tie")]


def _zigzag(one: Point, other: Point) -> list[Point]:
    """Teeth of about 8 units along the way."""
    away = _normal(one, other)
    length = _distance(one, other)
    teeth = max(2, round(length / 8))
    points = [one]
    for tooth in range(1, teeth):
        part = tooth / teeth
        side = 4 if tooth % 2 else -4
        points.append(
            (
                one[0] + (other[0] - one[0]) * part + away[0] * side,
                one[1] + (other[1] - one[1]) * part + away[1] * side,
            )
        )
    return [*points, other]


def _normal(one: Point, other: Point) -> Point:
    length = _distance(one, other) or 1.0
    return -(other[1] - one[1]) / length, (other[0] - one[0]) / length


def _distance(one: Point, other: Point) -> float:
    return float(((other[0] - one[0]) ** 2 + (other[1] - one[1]) ** 2) ** 0.5)


def _ghost(place: Point, size: Size) -> SafeString:
    return svg.element("circle", class_="ghost", cx=place[0], cy=place[1], r=size.mark)


def _scaled(place: Point, size: Size) -> Point:
    return size.box / 2 + place[0] * size.radius, size.box / 2 + place[1] * size.radius


def _around(place: Point, reach: float) -> Box:
    return place[0] - reach, place[1] - reach, place[0] + reach, place[1] + reach


def _beside(
    words: str, place: Point, size: Size, taken: Sequence[Box], *, reach: float
) -> tuple[float, float, str, Box]:
    """Where words stand beside a mark: on the side that collides least, the outer side first. x, y, anchor, and the room
    they take.
    """
    x, y = place
    length, above, below = len(words) * size.letter, 11.0, 4.0
    right = (x + reach, y + 5, "start", (x + reach, y + 5 - above, x + reach + length, y + 5 + below))
    left = (x - reach, y + 5, "end", (x - reach - length, y + 5 - above, x - reach, y + 5 + below))
    under, over = y + reach + 12, y - reach - 2
    low = (x, under, "middle", (x - length / 2, under - above, x + length / 2, under + below))
    high = (x, over, "middle", (x - length / 2, over - above, x + length / 2, over + below))
    sides = [left, right] if x < size.box / 2 - 1 else [right, left]
    own = _around(place, reach)

    def cost(choice: tuple[float, float, str, Box]) -> float:
        box = choice[3]
        outside = max(0.0, -box[0]) + max(0.0, box[2] - size.box)
        outside += max(0.0, -box[1]) + max(0.0, box[3] - size.box)
        return outside * 20 + sum(_overlap(box, other) for other in taken if not _same(other, own))

    return min([*sides, low, high], key=cost)


def _overlap(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, wide) * max(0.0, high)


def _same(one: Box, other: Box) -> bool:
    """Whether two rooms have the same middle: a mark is not in its own name's way."""
    return (
        abs(one[0] + one[2] - other[0] - other[2]) < 0.01
        and abs(one[1] + one[3] - other[1] - other[3]) < 0.01
    )
