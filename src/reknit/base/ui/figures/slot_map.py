"""A protocol from above: its sessions as stitches under their phases, what is asked for at each, and the gates between."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from . import svg
from .stitches import Phase

WIDTH, LABELS, GAP = 1000.0, 132.0, 14.0
TOP, NUMBERS, FIRST_ROW, ROW = 42.0, 76.0, 104.0, 22.0


@dataclass(frozen=True)
class MapRow:
    """One line under the stitches: its words and the sessions it is asked for. Every session is drawn open."""

    label: str
    sessions: Collection[int]
    every: bool = False


@dataclass(frozen=True)
class MapGate:
    """A gate after a session, by its code."""

    label: str
    after: int


def slot_map(phases: Sequence[Phase], rows: Sequence[MapRow], gates: Sequence[MapGate]) -> SafeString:
    """Sessions from 0, the intake, to the last one of the last phase."""
    places = _places(phases)
    foot = FIRST_ROW + ROW * len(rows)
    parts: list[SafeString] = []
    for phase in phases:
        left, right = places[max(phase.first, 1)] - 22, places[phase.last] + 22
        parts += [svg.text(phase.name, x=left, y=16, class_="serif")]
        parts += [svg.path(svg.line([(left, 26.0), (right, 26.0)]), "g-ink")]
    parts += [part for session, x in places.items() for part in _stitch(session, x)]
    for place, row in enumerate(rows):
        parts += _row(row, FIRST_ROW + ROW * place, places)
    for number, (after, codes) in enumerate(_by_place(gates).items()):
        x = places[after] + (places.get(after + 1, places[after] + 44) - places[after]) / 2
        dashed = svg.line([(x, 34.0), (x, foot - 8)])
        parts += [svg.path(dashed, "g-ink", stroke_dasharray="5 3")]
        parts += [
            svg.text(
                ", ".join(codes), x=x, y=foot + 8 + 16 * (number % 2), class_="t-ink t-b", anchor="middle"
            )
        ]
    return svg.figure(*parts, label=_said(phases, gates), width=WIDTH, height=foot + 30)


def _places(phases: Sequence[Phase]) -> dict[int, float]:
    """Where each session stands; a little air before each phase."""
    sessions = phases[-1].last if phases else 0
    step = (WIDTH - LABELS - 44 - GAP * len(phases)) / (sessions + 1)
    starts = {phase.first for phase in phases if phase.first > 0}
    x, places = LABELS, {}
    for session in range(sessions + 1):
        x += GAP if session in starts else 0
        places[session] = x + step / 2
        x += step
    return places


def _stitch(session: int, x: float) -> list[SafeString]:
    drawn = f"M{svg.number(x - 8)} {TOP:g}L{svg.number(x)} {TOP + 16:g}L{svg.number(x + 8)} {TOP:g}"
    kind = "st-done" if session else "st-next"
    stitch = svg.path(drawn, kind, fill="none", stroke_linejoin="round", stroke_linecap="round")
    return [stitch, svg.text(str(session) if session else _("intake"), x=x, y=NUMBERS, class_="st-n")]


def _row(row: MapRow, y: float, places: dict[int, float]) -> list[SafeString]:
    dots = [
        svg.element("circle", class_="ev-soft" if row.every else "ev", cx=places[session], cy=y - 4, r=3 if row.every else 5)
        for session in sorted(row.sessions)
        if session in places
    ]  # fmt: skip
    return [svg.text(row.label, x=0, y=y), *dots]


def _by_place(gates: Sequence[MapGate]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for gate in gates:
        found.setdefault(gate.after, []).append(gate.label)
    return found


def _said(phases: Sequence[Phase], gates: Sequence[MapGate]) -> str:
    spans = ", ".join(
        _("%(name)s %(first)s to %(last)s") % {"name": one.name, "first": one.first, "last": one.last}
        for one in phases
    )
    between = ", ".join(_("%(gate)s after %(n)s") % {"gate": gate.label, "n": gate.after} for gate in gates)
    return _("Map of the sessions. Phases: %(phases)s. Gates: %(gates)s. The list below says the same.") % {
        "phases": spans,
        "gates": between or _("none"),
    }
