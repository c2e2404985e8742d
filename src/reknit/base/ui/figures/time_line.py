"""Events, mood, use and meetings on one axis of time, one lane under the other.

Filled marks were measured or have their day; open marks are remembered. Days not known are drawn as such, and a day of
use is a mark on the band of days without it: it takes none of them back.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from math import ceil
from typing import Literal

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from . import lanes, svg
from .days import UseDay
from .lanes import Lane, LineNote
from .scores import Band, Scale, clamp

ROW, MOOD, USE, MEETINGS = 28, 108, 52, 66  # px of each lane
MOST_ROWS, MOST_WORDS = 5, 14
MOST_EVENTS, MOST_NOTES = 40, 12
LETTERS = "abcdefghijkl"
LONGEST = 36  # letters of a label in the drawing
PER_LETTER = 8.8  # px of a letter in the serif voice, near enough to keep labels apart
MARKS = {"measured": "d-mood", "prorated": "d-part", "remembered": "d-recall"}
MEETING = {"held": "st-done", "missed": "st-miss", "now": "st-now", "next": "st-next"}


@dataclass(frozen=True)
class LineEvent:
    """Something that happened. `exact` says that its day is known; `strong` stands out with a line through all lanes;
    `private` stays on the screen and off the print."""

    on: date
    label: str
    exact: bool = True
    strong: bool = False
    private: bool = False


@dataclass(frozen=True)
class LinePoint:
    """A score on its day. None is no score, drawn as a cross and never as 0."""

    on: date
    value: float | None
    state: Literal["measured", "prorated", "remembered"] = "measured"


@dataclass(frozen=True)
class LineSpan:
    """A stretch of use as it was remembered, from a day to a day."""

    start: date
    end: date


@dataclass(frozen=True)
class LineMeeting:
    """A meeting, held or not."""

    on: date
    label: str = ""
    state: Literal["held", "missed", "now", "next"] = "held"


@dataclass(frozen=True)
class TimeLine:
    """Everything of one drawing, as plain values."""

    start: date
    end: date
    today: date | None = None
    events: Sequence[LineEvent] = ()
    points: Sequence[LinePoint] = ()
    scale: Scale = (0, 27)
    band: Band | None = None
    band_from: date | None = (
        None  # the day of the score that the band is drawn round; else the first one shown
    )
    days: Sequence[UseDay] = ()
    spans: Sequence[LineSpan] = ()
    meetings: Sequence[LineMeeting] = ()
    mood_label: str = ""
    lanes: Sequence[Lane] = ()
    notes: Sequence[LineNote] = ()


@dataclass(frozen=True)
class Frame:
    """The drawing's own measures. The wide one names its lanes at the side, the narrow one above each."""

    width: float
    left: float
    right: float
    above: float  # px over each lane for its name

    def x(self, line: TimeLine, on: date) -> float:
        share = (on - line.start).days / max((line.end - line.start).days, 1)
        return self.left + 6 + (self.right - self.left - 12) * share


WIDE = Frame(width=840, left=100, right=832, above=0)
NARROW = Frame(width=340, left=4, right=336, above=20)


def time_line(line: TimeLine, width: Literal["both", "wide", "narrow"] = "both") -> SafeString:
    """Both drawings. Events are named beside their marks where there is room, else numbered, with a list below."""
    line = _light(line)
    shown = list(line.events)
    rows = _rows(WIDE, line, [_short(event) for event in shown], shown)
    is_named = len(shown) <= MOST_WORDS and max(rows, default=0) < MOST_ROWS
    names = format_html('<ol class="keyed small">{}</ol>', svg.join(_named(shown)))
    wide = svg.join(
        [
            _draw(WIDE, line, shown, named=is_named),
            _key(line),
            _told(line),
            "" if is_named or not shown else names,
        ]
    )
    narrow = svg.join(
        [_draw(NARROW, line, shown, named=False), _key(line), _told(line), names if shown else ""]
    )
    return {"wide": wide, "narrow": narrow}.get(width) or svg.both_widths(wide=wide, narrow=narrow)


def _light(line: TimeLine) -> TimeLine:
    """The part of the line between its days, with no more of one kind than a drawing has room for."""
    days = {"start": line.start, "end": line.end}
    events = lanes.within(line.events, **days)
    if len(events) > MOST_EVENTS:
        events = _gathered(events, line)
    meetings = lanes.within(line.meetings, **days)
    missed = [one for one in meetings if one.state == "missed"]
    if len(meetings) > lanes.MOST:
        meetings = lanes.one_a_stretch([one for one in meetings if one.state != "missed"], **days)
        meetings += lanes.one_a_stretch(missed, **days)
    return replace(
        line,
        events=events,
        points=lanes.extremes(lanes.within(line.points, **days), **days),
        meetings=sorted(meetings, key=lambda one: one.on),
        notes=[one for one in line.notes if one.start <= line.end and one.end >= line.start][:MOST_NOTES],
    )


def _gathered(events: Sequence[LineEvent], line: TimeLine) -> list[LineEvent]:
    """Events of one stretch as one mark with their number; what stands out keeps a mark of its own."""
    kept = [event for event in events if event.strong]
    rest = [event for event in events if not event.strong]
    place = {id(event): lanes.stretch_of(event.on, line.start, line.end, MOST_EVENTS // 2) for event in rest}
    counts = Counter(place.values())
    seen: set[int] = set()
    for event in rest:
        here = place[id(event)]
        if counts[here] == 1:
            kept.append(event)
        elif here not in seen:
            kept.append(LineEvent(event.on, _("%(n)s events") % {"n": counts[here]}, exact=False))
        seen.add(here)
    return sorted(kept, key=lambda event: event.on)


def _named(events: Sequence[LineEvent]) -> list[SafeString]:
    """The list under a numbered drawing. A number stays with its event when another is left off a print."""
    return [
        svg.element("li", event.label, value=number, class_="off-print" if event.private else None)
        for number, event in enumerate(events, start=1)
    ]


def _short(event: LineEvent) -> str:
    """The label where it stands in the drawing; the table holds the whole of it."""
    return event.label if len(event.label) <= LONGEST else event.label[: LONGEST - 1].rstrip() + "…"


def _rows(frame: Frame, line: TimeLine, labels: Sequence[str], events: Sequence[LineEvent]) -> list[int]:
    """The row of each event, so that no label covers another."""
    ends: list[float] = []
    rows = []
    for event, label in zip(events, labels, strict=True):
        start, end = _reach(frame, frame.x(line, event.on), label)
        row = next((row for row, taken in enumerate(ends) if taken <= start), len(ends))
        ends[row : row + 1] = [end]
        rows.append(row)
    return rows


def _reach(frame: Frame, x: float, label: str) -> tuple[float, float]:
    """From where to where a mark with its label reaches; near the right edge the label stands before the mark."""
    wide = 14 + PER_LETTER * len(label)
    return (x - wide, x + 14) if x + wide > frame.right + 8 else (x - 10, x + wide)


def _draw(frame: Frame, line: TimeLine, events: Sequence[LineEvent], *, named: bool) -> SafeString:
    labels = [_short(event) if named else str(number) for number, event in enumerate(events, start=1)]
    rows = _rows(frame, line, labels, events)
    top = 26.0 + frame.above
    mood = top + ROW * (max(rows, default=0) + 1) + frame.above
    use = mood + MOOD + frame.above
    meetings = use + USE + frame.above
    more, foot = [], meetings + MEETINGS - (26 if line.lanes else 0)
    for lane in line.lanes:
        more.append((foot + frame.above, lane))
        foot += frame.above + lane.height
    foot += 26 if line.lanes else 0
    parts: list[SafeString] = []
    for y, name in (
        (top, _("Events")),
        (mood, _("Mood, %(measure)s") % {"measure": line.mood_label} if line.mood_label else _("Mood")),
        (use, _("Use")),
        (meetings, _("Sessions")),
        *((y, lane.title) for y, lane in more),
    ):
        parts.append(
            svg.text(name, x=0 if frame.above == 0 else frame.left, y=y + 12 - frame.above, class_="t-ink")
        )
    parts += [
        svg.path(f"M{svg.number(frame.left)} {svg.number(y)}H{svg.number(frame.right)}", "g-rule")
        for y in (
            mood - frame.above - 6,
            use - frame.above - 6,
            meetings - frame.above - 6,
            *(y - frame.above - 6 for y, _lane in more),
            foot - 26,
        )
    ]
    parts += _axis(frame, line, foot - 26)
    parts += _through(frame, line, events, rows, top=top, foot=foot - 26)
    parts += _events(frame, line, events, labels, rows, top)
    parts += _mood(frame, line, mood)
    parts += _use(frame, line, use)
    parts += _meetings(frame, line, meetings)
    for y, lane in more:
        parts += lanes.draw(
            lane, partial(frame.x, line), start=line.start, end=line.end, top=y, right=frame.right
        )
    parts += _notes(frame, line, mood=mood, use=use)
    return svg.figure(*parts, label=_name(line), width=frame.width, height=foot + 4)


def _axis(frame: Frame, line: TimeLine, y: float) -> list[SafeString]:
    """Months where they fit, else years; each with a tick."""
    months = (line.end.year - line.start.year) * 12 + line.end.month - line.start.month + 1
    room = (frame.right - frame.left) / 44
    step = next((one for one in (1, 2, 3, 6, 12, 24, 60, 120) if months / one <= room), 240)
    parts = []
    for count in range(1, months + 1):
        number = line.start.year * 12 + line.start.month - 1 + count
        first = date(number // 12, number % 12 + 1, 1)
        if (
            first > line.end
            or (number % 12 if step < 12 else number % 12 + 12 * (first.year % (step // 12))) % step
        ):
            continue
        x = frame.x(line, first)
        parts.append(svg.path(f"M{svg.number(x)} {svg.number(y - 6)}v12", "g-rule"))
        words = str(first.year) if step >= 12 or first.month == 1 else date_format(first, "M")
        if x + 30 < frame.width:
            parts.append(svg.text(words, x=x + 4, y=y + 18))
    return parts


def _through(
    frame: Frame, line: TimeLine, events: Sequence[LineEvent], rows: Sequence[int], *, top: float, foot: float
) -> list[SafeString]:
    """Dotted lines through every lane: the events that stand out, and today."""
    parts = []
    for event, row in zip(events, rows, strict=True):
        if event.strong:
            x, y = frame.x(line, event.on), top + ROW * row + 14
            class_ = "g-now off-print" if event.private else "g-now"
            parts.append(svg.path(f"M{svg.number(x)} {svg.number(y)}V{svg.number(foot)}", class_))
    if line.today and line.start <= line.today <= line.end:
        x = frame.x(line, line.today)
        parts.append(svg.path(f"M{svg.number(x)} 18V{svg.number(foot)}", "g-now"))
        anchor = "end" if x > frame.right - 24 else "start" if x < frame.left + 24 else "middle"
        parts.append(svg.text(_("today"), x=x, y=14, class_="t-ink", anchor=anchor))
    return parts


def _events(
    frame: Frame,
    line: TimeLine,
    events: Sequence[LineEvent],
    labels: Sequence[str],
    rows: Sequence[int],
    top: float,
) -> list[SafeString]:
    parts = []
    for event, label, row in zip(events, labels, rows, strict=True):
        x, y = frame.x(line, event.on), top + ROW * row + 8
        off = " off-print" if event.private else ""
        mark = ("ev" if event.exact else "ev-soft") + off
        parts.append(svg.element("circle", class_=mark, cx=x, cy=y, r=5))
        before = _reach(frame, x, label)[0] < x - 10
        parts.append(
            svg.text(
                label,
                x=x - 10 if before else x + 10,
                y=y + 5,
                class_="serif halo" + off,
                anchor="end" if before else None,
            )
        )
    return parts


def _mood(frame: Frame, line: TimeLine, top: float) -> list[SafeString]:
    low, high = line.scale

    def y(value: float) -> float:
        return top + 84 - (clamp(value, line.scale) - low) / (high - low) * 84

    shown = [point for point in line.points if line.start <= point.on <= line.end]
    scored = [p for p in shown if p.state != "remembered"]
    parts = []
    if line.band and scored:
        x = frame.x(line, max(line.band_from or scored[0].on, line.start))
        above, below = y(line.band.high), y(line.band.low)
        parts.append(
            svg.element("rect", class_="band", x=x, y=above, width=frame.right - x, height=below - above)
        )
    before: tuple[float, float] | None = None
    is_gap = False
    for point in scored:
        if point.value is None:
            is_gap = True
            parts.append(svg.cross(frame.x(line, point.on), top + 92, 8))
            continue
        here = (frame.x(line, point.on), y(point.value))
        if before:
            parts.append(svg.path(svg.line([before, here]), "l-gap" if is_gap else "l-mood"))
        before, is_gap = here, False
    known = [point for point in shown if point.value is not None]
    for point in known:
        parts.append(
            svg.element(
                "circle", class_=MARKS[point.state], cx=frame.x(line, point.on), cy=y(point.value or 0), r=3.5
            )
        )
    latest = next((p for p in reversed(scored) if p.value is not None), None)
    if latest and latest.value is not None:
        parts.append(
            svg.text(
                f"{latest.value:g}",
                x=frame.x(line, latest.on) + 9,
                y=y(latest.value) + 5,
                class_="t-mood t-b halo",
            )
        )
    return parts


def _use(frame: Frame, line: TimeLine, top: float) -> list[SafeString]:
    """Bands of days without use, dashed cells where nobody told, marks for the days of use on top."""
    day = (frame.right - frame.left - 12) / max((line.end - line.start).days, 1)
    shown = [one for one in line.days if line.start <= one.on <= line.end]
    parts = []
    for span in line.spans:
        start, end = max(span.start, line.start), min(span.end, line.end)
        if start <= end:
            x = frame.x(line, start)
            path = f"M{svg.number(x)} {svg.number(top + 19)}H{svg.number(max(frame.x(line, end), x + 4))}"
            parts.append(svg.path(path, "l-use g-dash"))
    for state, first, last in _stretches(shown if day >= 2 else _columns(shown, line.start, ceil(2 / day))):
        x, wide = frame.x(line, first) - day / 2, ((last - first).days + 1) * day
        if state in {"not_used", "used"}:
            parts.append(svg.element("rect", class_="free-band", x=x, y=top + 13, width=wide, height=12))
        elif state == "unknown":
            parts.append(
                svg.element("rect", class_="no-day", x=x, y=top + 9, width=max(wide, 2.0), height=20)
            )
    mark = min(max(day * 0.6, 1.5), 4.0)
    taken = set()
    for one in shown:
        x = frame.x(line, one.on) - mark / 2
        if one.state == "used" and (place := round(x / 2) if day < 2 else x) not in taken:
            taken.add(place)
            parts.append(svg.element("rect", class_="use-day", x=x, y=top + 7, width=mark, height=24))
    return parts


def _stretches(days: Sequence[UseDay]) -> list[tuple[str, date, date]]:
    """Neighbouring days of one state, told as one: state, first, last."""
    found: list[tuple[str, date, date]] = []
    for one in days:
        if found and found[-1][0] == one.state and one.on - found[-1][2] == timedelta(days=1):
            found[-1] = (one.state, found[-1][1], one.on)
        else:
            found.append((one.state, one.on, one.on))
    return found


def _columns(days: Sequence[UseDay], start: date, per: int) -> list[UseDay]:
    """Days told by columns two pixels wide, where one is too narrow to be seen: not known where most of it is not."""
    columns: dict[int, list[str]] = {}
    for one in days:
        columns.setdefault((one.on - start).days // per, []).append(one.state)
    told = []
    for column, states in columns.items():
        known = len(states) - states.count("unknown")
        state = "not_used" if 2 * known >= len(states) else "unknown"
        first = start + timedelta(days=column * per)
        told += [UseDay(first + timedelta(days=n), state) for n in range(per)]  # type: ignore[arg-type]
    return told


def _meetings(frame: Frame, line: TimeLine, top: float) -> list[SafeString]:
    parts, taken = [], -40.0
    for meeting in line.meetings:
        if not line.start <= meeting.on <= line.end:
            continue
        x = frame.x(line, meeting.on)
        half = 5 if frame.above == 0 else 3.5
        d = f"M{svg.number(x - half)} {svg.number(top + 2)}L{svg.number(x)} {svg.number(top + 14)}L{svg.number(x + half)} {svg.number(top + 2)}"
        parts.append(
            svg.element("path", class_=MEETING[meeting.state], d=d, fill="none", stroke_linejoin="round")
        )
        if meeting.label and (x - taken >= 40 or meeting.state == "now"):
            parts.append(svg.text(meeting.label, x=x, y=top + 30, class_="st-n"))
            taken = x
    return parts


def _notes(frame: Frame, line: TimeLine, *, mood: float, use: float) -> list[SafeString]:
    """A bracket over the days that a note is about, with its letter; the words stand under the drawing."""
    parts = []
    for letter, note in zip(LETTERS, line.notes, strict=False):
        left, right = frame.x(line, max(note.start, line.start)), frame.x(line, min(note.end, line.end))
        y = mood if note.lane == "mood" else use + 36
        parts.append(
            svg.path(f"M{svg.number(left)} {svg.number(y)}H{svg.number(max(right, left + 3))}", "g-edge")
        )
        parts.append(
            svg.text(
                letter,
                x=(left + right) / 2,
                y=y - 3 if note.lane == "mood" else y + 12,
                class_="t-ink halo",
                anchor="middle",
            )
        )
    return parts


def _told(line: TimeLine) -> SafeString:
    """The words of each letter."""
    rows = [
        svg.element("li", svg.element("b", letter), " ", note.words)
        for letter, note in zip(LETTERS, line.notes, strict=False)
    ]
    return svg.element("ul", *rows, class_="told small") if rows else SafeString("")


def _key(line: TimeLine) -> SafeString:
    """Only the marks that are on this drawing."""
    marks: list[tuple[SafeString, str]] = []
    if any(event.exact for event in line.events):
        marks.append((svg.element("circle", class_="ev", cx=9, cy=9, r=5), _("day known")))
    if any(not event.exact for event in line.events):
        marks.append((svg.element("circle", class_="ev-soft", cx=9, cy=9, r=5), _("about then")))
    states = {point.state for point in line.points if point.value is not None}
    if "remembered" in states:
        marks.append((svg.element("circle", class_="d-recall", cx=9, cy=9, r=4), _("mood as remembered")))
    if "prorated" in states:
        marks.append((svg.element("circle", class_="d-part", cx=9, cy=9, r=4), _("some answers missing")))
    if any(point.value is None for point in line.points):
        marks.append((svg.cross(9, 9, 8), _("no score")))
    if line.band and line.band.label:
        marks.append((svg.element("rect", class_="band", x=0, y=3, width=18, height=12), line.band.label))
    if line.days:
        marks += [
            (svg.element("rect", class_="free-band", x=0, y=3, width=18, height=12), _("no use")),
            (svg.element("rect", class_="use-day", x=7, y=0, width=4, height=18), _("use")),
            (svg.element("rect", class_="no-day", x=1, y=1, width=16, height=16), _("not known")),
        ]
    if line.spans:
        marks.append((svg.path("M0 9H18", "l-use g-dash"), _("use as remembered")))
    return svg.key(marks)


def _name(line: TimeLine) -> str:
    return _(
        "Events, mood, use and sessions on one time line from %(start)s to %(end)s. "
        "The table with it holds the same facts."
    ) % {"start": date_format(line.start, "j F Y"), "end": date_format(line.end, "j F Y")}
