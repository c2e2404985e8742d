"""How far people got: for each week an outline for all who came, and inside it, filled, those who reached the end."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from . import svg

LEFT, TOP, HEIGHT, STEP, WIDTH = 30.0, 10.0, 120.0, 56.0, 32.0  # a step holds a date such as 23 Nov
FOOT = TOP + HEIGHT


@dataclass(frozen=True, slots=True)
class Pillar:
    """One week: its label, how many came, how many of them reached the end."""

    label: str
    all: int
    reached: int


def pillars(points: Sequence[Pillar], *, label: str, all_words: str, reached_words: str) -> SafeString:
    """The whole figure, with a sentence for each week for screen readers. Put a table beside it."""
    top = max((one.all for one in points), default=0) or 1
    width = LEFT + STEP * max(len(points), 1)
    parts = [
        svg.path(svg.line([(LEFT, FOOT), (width, FOOT)]), "g-edge"),
        svg.path(svg.line([(LEFT, TOP), (width, TOP)]), "g-rule"),
        svg.text(str(top), x=LEFT - 6, y=TOP + 4, anchor="end"),
        svg.text("0", x=LEFT - 6, y=FOOT + 4, anchor="end"),
    ]
    for place, one in enumerate(points):
        parts += _pillar(one, x=LEFT + STEP * place + (STEP - WIDTH) / 2, top=top)
    told = "; ".join(f"{one.label}: {one.all} {all_words}, {one.reached} {reached_words}" for one in points)
    said = _("%(label)s. %(told)s.") % {"label": label, "told": told}
    return svg.figure(*parts, label=said, width=width, height=FOOT + 24)


def _pillar(one: Pillar, *, x: float, top: int) -> list[SafeString]:
    whole, part = HEIGHT * one.all / top, HEIGHT * one.reached / top
    found = [svg.text(one.label, x=x + WIDTH / 2, y=FOOT + 18, anchor="middle")]
    if one.all:
        found.append(
            svg.element("rect", class_="g-ink", x=x, y=FOOT - whole, width=WIDTH, height=max(whole, 1.0))
        )
    if one.reached:
        found.append(svg.element("rect", class_="d-mood", x=x, y=FOOT - part, width=WIDTH, height=part))
    return found
