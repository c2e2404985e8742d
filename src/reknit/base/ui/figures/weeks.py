"""Two counts for each week, side by side: what came, filled, and what was done, in outline."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from . import svg

TOP, HEIGHT, LEFT = 10.0, 110.0, 28.0


@dataclass(frozen=True)
class Frame:
    """How much room a week and a bar have, and how many weeks stand between two dates."""

    step: float
    bar: float
    dated: int


WIDE = Frame(step=54, bar=16, dated=1)
NARROW = Frame(step=25, bar=8, dated=3)


def week_bars(weeks: Sequence[tuple[str, int, int]], label: str) -> SafeString:
    """Each week is its label, how many came and how many were done. The scale begins at zero and names its top."""
    return svg.both_widths(wide=_draw(WIDE, weeks, label), narrow=_draw(NARROW, weeks, label))


def _draw(frame: Frame, weeks: Sequence[tuple[str, int, int]], label: str) -> SafeString:
    most = max([1, *(max(came, done) for _label, came, done in weeks)])
    foot, width = TOP + HEIGHT, LEFT + frame.step * max(len(weeks), 4)
    parts = [
        svg.path(svg.line([(LEFT, foot), (width, foot)]), "g-edge"),
        svg.path(svg.line([(LEFT, TOP), (width, TOP)]), "g-rule"),
        svg.text(str(most), x=LEFT - 6, y=TOP + 4, anchor="end"),
        svg.text("0", x=LEFT - 6, y=foot + 4, anchor="end"),
    ]
    for place, (week, came, done) in enumerate(weeks):
        x = LEFT + frame.step * place + 6
        for offset, count, class_ in ((0.0, came, "ev"), (frame.bar + 1, done, "ev-soft")):
            tall = HEIGHT * count / most
            if count:
                parts.append(
                    svg.element(
                        "rect",
                        class_=class_,
                        x=x + offset,
                        y=foot - tall,
                        width=frame.bar,
                        height=float(tall),
                    )
                )
        if (len(weeks) - 1 - place) % frame.dated == 0:  # the latest week always has its date
            parts.append(svg.text(week, x=x + frame.bar, y=foot + 16, anchor="middle"))
    said = ", ".join(
        _("%(week)s: %(came)s opened, %(done)s closed") % {"week": week, "came": came, "done": done}
        for week, came, done in weeks
    )
    return svg.figure(*parts, label=f"{label}. {said}.", width=width, height=foot + 24)
