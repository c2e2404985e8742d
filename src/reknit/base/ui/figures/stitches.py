"""Where in the course we are, one stitch a session. It says where, never how well."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from . import svg

Width = Literal["both", "wide", "narrow"]
PHASE_GAP = 0.37  # of a stitch, before each new phase


@dataclass(frozen=True)
class Phase:
    """A named run of sessions, both ends included."""

    name: str
    first: int
    last: int


def stitches(
    current: int | None,
    total: int,
    phases: Sequence[Phase] = (),
    missed: Collection[int] = (),
    width: Width = "both",
    word: str = "",
) -> SafeString:
    """`current` is the session of today or the latest one; None before the first. `word` is "Session" or "Meeting"."""
    name = _name(current, total, phases, missed, word or _("Session"))
    wide = _row(current, total, phases, missed, name, pixels=640)
    narrow = _row(current, total, phases, missed, name, pixels=328)
    return {"wide": wide, "narrow": narrow}.get(width) or svg.both_widths(wide=wide, narrow=narrow)


def _row(
    current: int | None,
    total: int,
    phases: Sequence[Phase],
    missed: Collection[int],
    name: str,
    pixels: int,
) -> SafeString:
    starts = {phase.first for phase in phases if phase.first > 1}
    step = min(pixels / max(total + PHASE_GAP * len(starts), 1), 38.0)
    half = min(step * 0.34, 9.0)
    parts: list[SafeString] = []
    x = step / 2
    for session in range(1, total + 1):
        if session in starts:
            x += step * PHASE_GAP
        parts.append(
            svg.path(
                f"M{svg.number(x - half)} 5L{svg.number(x)} 19L{svg.number(x + half)} 5",
                _kind(session, current, missed),
            )
        )
        if session in (1, current, total) and not _crowded(session, current, total, step):
            parts.append(svg.text(str(session), x=x, y=38, class_="now-n" if session == current else "st-n"))
        x += step
    return svg.figure(*parts, label=name, width=pixels, height=42, class_="stitches")


def _kind(session: int, current: int | None, missed: Collection[int]) -> str:
    if session in missed:
        return "st-miss"
    if current is None or session > current:
        return "st-next"
    return "st-now" if session == current else "st-done"


def _crowded(session: int, current: int | None, total: int, step: float) -> bool:
    """The first and last numbers give way to the current one when they would touch it."""
    if current is None or session == current:
        return False
    return abs(session - current) * step < 20


def _name(
    current: int | None, total: int, phases: Sequence[Phase], missed: Collection[int], word: str
) -> str:
    if current is None:
        name = _("%(word)s 1 of %(total)s has not happened yet.") % {"word": word, "total": total}
    else:
        name = _("%(word)s %(current)s of %(total)s.") % {"word": word, "current": current, "total": total}
    if missed:
        name += " " + _("Missed: %(sessions)s.") % {
            "sessions": ", ".join(str(number) for number in sorted(missed))
        }
    if phases:
        spans = ", ".join(
            _("%(name)s %(first)s to %(last)s")
            % {"name": phase.name, "first": phase.first, "last": phase.last}
            for phase in phases
        )
        name += " " + _("Phases: %(spans)s.") % {"spans": spans}
    return name
