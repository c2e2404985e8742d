"""Circles as pictures: shape says use (or that the figures leave the mark out), fill says support for recovery, lines are ties, dashes are the place before."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reknit.base.ui.figures.circle import (
    CircleLine,
    CircleMark,
    Fill,
    Kind,
    Shape,
    circle,
    sample_focus,
    sample_ghost,
    sample_line,
    sample_mark,
)
from reknit.core.network.circle import EDGES, MIDDLES, OUTSIDE, REACH, Spot

from .circles import Circle, Person
from .models import Tie
from .sifting import Sieve

Width = Literal["both", "wide", "narrow", "small"]
EVERYBODY = Sieve()
SHAPES: dict[str | None, Shape] = {"none": "circle", "recovery": "diamond", "uses": "square", None: "unknown"}
LINES: dict[str, Kind] = {
    Tie.Kind.KNOWS: "knows",
    Tie.Kind.CLOSE: "close",
    Tie.Kind.CONFLICT: "strain",
    Tie.Kind.USE: "use",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A mark of the key and what it says."""

    mark: SafeString
    words: str


def ring_names() -> dict[int, str]:
    """What each ring is called."""
    return {1: _("closest"), 2: _("close"), 3: _("further out"), OUTSIDE: _("outside")}


def picture(
    drawn: Circle,
    before: Circle | None = None,
    *,
    sieve: Sieve = EVERYBODY,
    movable: bool = False,
    middle: str = "",
    width: Width = "both",
) -> SafeString:
    """The circle for staff, with the places of an earlier version dashed where they differ. A sieve leaves marks out and
    moves none.
    """
    spots = drawn.spots()
    then = before.spots() if before else {}
    shown = [one for one in sieve.shown(drawn) if one.id in spots]
    marks = [_mark(one, spots[one.id], _was(one, before, then)) for one in shown]
    departed = [one for one in sieve.shown(before) if drawn.person(one.id) is None] if before else []
    gone = [then[one.id].point for one in departed if one.id in then]
    return circle(
        marks,
        _lines(drawn),
        label=_label(len(marks)),
        edges=list(EDGES.values()),
        ring_names=[ring_names()[ring] for ring in EDGES],
        middle=middle,
        departed=gone,
        width=width,
        data=_for_script() if movable else {},
    )


def plain_picture(drawn: Circle, *, width: Width = "wide") -> SafeString:
    """The circle for the client: people and rings, and nothing about use, support or strain."""
    spots = drawn.spots()
    marks = [
        CircleMark(key=str(one.id), name=one.alias, at=spots[one.id].point, shape="circle", fill="full")
        for one in drawn.people
        if one.id in spots
    ]
    return circle(
        marks,
        label=_label(len(drawn.people)),
        edges=list(EDGES.values()),
        ring_names=[ring_names()[ring] for ring in EDGES],
        middle=_("me"),
        width=width,
    )


def then_and_now(first: Circle, latest: Circle) -> tuple[SafeString, SafeString]:
    """Two small circles for a page that shows what changed. Put the sentences of `wording.changes` and a table beside."""
    return picture(first, width="small"), picture(latest, width="small")


def mark(one: Person) -> SafeString:
    """The mark of a person by itself, for a row of the table."""
    return sample_mark(_shape(one), _fill(one))


def key_of(drawn: Circle, before: Circle | None) -> list[list[Sample]]:
    """What the marks and lines of a circle mean, line by line; only the lines that are there."""
    shapes = [
        Sample(sample_mark("circle", "empty"), _("does not use")),
        Sample(sample_mark("diamond", "empty"), _("in recovery")),
        Sample(sample_mark("square", "empty"), _("uses")),
        Sample(sample_mark("unknown", "unknown"), _("use not known")),
    ]
    fills = [
        Sample(sample_mark("circle", "full"), _("filled: for recovery")),
        Sample(sample_mark("circle", "half"), _("half: mixed")),
        Sample(sample_mark("circle", "empty"), _("empty: against")),
        Sample(sample_mark("circle", "unknown"), _("dashed: not known")),
    ]
    there = {kind for _one, _other, kind in drawn.ties}
    lines = [Sample(sample_line(LINES[kind]), str(kind.label)) for kind in Tie.Kind if kind in there]
    if before:
        lines.append(Sample(sample_ghost(), _("place in version %(n)s") % {"n": before.number}))
    if any(not one.counted for one in drawn.people):
        shapes.append(Sample(sample_mark("hexagon", "empty"), _("not counted: no person, died or hoped for")))
    if any(one.in_focus for one in drawn.people):
        lines.append(Sample(sample_focus(), _("what we work on")))
    return [shapes, fills, *([lines] if lines else [])]


def _mark(one: Person, spot: Spot, was: Spot | None) -> CircleMark:
    return CircleMark(
        key=str(one.id),
        name=one.alias,
        at=spot.point,
        shape=_shape(one),
        fill=_fill(one),
        focus=one.in_focus,
        was=was.point if was else None,
    )


def _was(one: Person, before: Circle | None, then: Mapping[uuid.UUID, Spot]) -> Spot | None:
    """The place before, when it was told to be another."""
    earlier = before.person(one.id) if before else None
    return None if earlier is None or earlier.spot == one.spot else then.get(one.id)


def _shape(one: Person) -> Shape:
    return SHAPES[one.use] if one.counted else "hexagon"


def _fill(one: Person) -> Fill:
    if one.supports_recovery is None:
        return "unknown"
    return "full" if one.supports_recovery > 0 else "empty" if one.supports_recovery < 0 else "half"


def _lines(drawn: Circle) -> list[CircleLine]:
    return [CircleLine(str(one), str(other), LINES[kind]) for one, other, kind in drawn.ties]


def _label(count: int) -> str:
    return ngettext("Circle with %(n)s mark", "Circle with %(n)s marks", count) % {"n": count}


def _for_script() -> dict[str, str]:
    """What the script needs to move a mark as the server would."""
    words = {
        f"ring_{ring}": _("ring %(n)s, %(name)s") % {"n": ring, "name": name}
        for ring, name in ring_names().items()
    }
    return {
        "movable": "1",
        "edges": " ".join(str(edge) for edge in EDGES.values()),
        "middles": " ".join(str(middle) for middle in MIDDLES.values()),
        "reach": " ".join(str(reach) for reach in REACH.values()),
        **words,
        f"ring_{OUTSIDE}": ring_names()[OUTSIDE],
        "clock": _("at %s o’clock"),
    }
