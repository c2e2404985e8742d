"""More lanes on one axis of time, and what keeps a long line light: a drawing has room for so many marks and no more.

Where more stand close together than can be told apart, the lowest and the highest of each stretch are drawn, and marks
of one stretch become one. The table beside the drawing holds every one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from django.utils.safestring import SafeString

from . import svg

POINTS, MARKS, SPANS = 64, 34, 24  # px of a lane of numbers, of marks, and of each row of stretches
MOST = 80  # marks of one kind in one lane
Dated = TypeVar("Dated", bound=Any)


@dataclass(frozen=True)
class LaneMark:
    """Something on its day. `is_open` draws it hollow: it says less, such as a sheet without a score."""

    on: date
    label: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class LaneSpan:
    """A stretch of days with its name; without an end it goes on."""

    start: date
    end: date | None
    label: str


@dataclass(frozen=True)
class LaneNumber:
    """A number on its day, on the lane's own scale."""

    on: date
    value: float


@dataclass(frozen=True)
class Lane:
    """One lane: numbers on a scale, marks, or stretches."""

    title: str
    scale: tuple[float, float] = (0, 10)
    numbers: Sequence[LaneNumber] = ()
    marks: Sequence[LaneMark] = ()
    spans: Sequence[LaneSpan] = ()

    @property
    def height(self) -> float:
        """How much room it takes."""
        if self.numbers:
            return POINTS
        return MARKS if self.marks else SPANS * len(self.spans) + 10


@dataclass(frozen=True)
class LineNote:
    """Something a figure of its own names soberly, marked with a letter: on the days it is about, with its words below."""

    start: date
    end: date
    words: str
    lane: str  # "mood" or "use"


def draw(
    lane: Lane, x: Callable[[date], float], *, start: date, end: date, top: float, right: float
) -> list[SafeString]:
    """The marks of one lane between two days."""
    parts: list[SafeString] = []
    low, high = lane.scale
    points = [
        (x(one.on), top + POINTS - 24 - (one.value - low) / (high - low) * (POINTS - 30))
        for one in extremes(within(lane.numbers, start, end), start, end)
    ]
    if len(points) > 1:
        parts.append(svg.path(svg.line(points), "l-craving"))
    parts += [svg.element("circle", class_="d-craving", cx=px, cy=py, r=3) for px, py in points]
    for mark in one_a_stretch(within(lane.marks, start, end), start, end):
        d = f"M{svg.number(x(mark.on))} {svg.number(top + 2)}v12"
        parts.append(svg.path(d, "lane-mark is-open" if mark.is_open else "lane-mark"))
    for row, span in enumerate(lane.spans):
        first, last = max(span.start, start), min(span.end or end, end)
        if first <= last:
            left, y = x(first), top + SPANS * row + 4
            wide = max(x(last) - left, 3.0)
            parts.append(svg.element("rect", class_="lane-span", x=left, y=y, width=wide, height=8))
            anchor = "end" if left > right - 120 else None
            parts.append(
                svg.text(
                    span.label,
                    x=left + wide if anchor else left,
                    y=y + 20,
                    class_="t-faint halo",
                    anchor=anchor,
                )
            )
    return parts


def within(rows: Sequence[Dated], start: date, end: date) -> list[Dated]:
    """Those of the days drawn, oldest first."""
    return sorted((row for row in rows if start <= row.on <= end), key=lambda row: row.on)


def stretch_of(on: date, start: date, end: date, most: int = MOST) -> int:
    """Which of so many equal stretches of the line a day falls into."""
    days = (end - start + timedelta(days=1)).days
    return (on - start).days * most // max(days, 1)


def extremes(rows: Sequence[Dated], start: date, end: date) -> list[Dated]:
    """All where there is room, else the lowest and the highest of each stretch: no peak and no dip is lost."""
    if len(rows) <= 2 * MOST:
        return list(rows)
    kept: dict[tuple[int, bool], Dated] = {}
    for row in rows:
        if row.value is None:
            continue
        place = stretch_of(row.on, start, end)
        for is_high in (False, True):
            known = kept.get((place, is_high))
            if known is None or (row.value > known.value) == is_high and row.value != known.value:
                kept[place, is_high] = row
    return sorted({id(row): row for row in kept.values()}.values(), key=lambda row: row.on)


def one_a_stretch(rows: Sequence[Dated], start: date, end: date) -> list[Dated]:
    """All where there is room, else the first of each stretch."""
    if len(rows) <= MOST:
        return list(rows)
    kept: dict[int, Dated] = {}
    for row in rows:
        kept.setdefault(stretch_of(row.on, start, end), row)
    return list(kept.values())
