"""Two counts for each week, side by side: what came, filled, and what was done, in outline."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from . import svg

LEFT, TOP, HEIGHT, STEP, BAR = 28.0, 10.0, 110.0, 54.0, 16.0


def week_bars(weeks: Sequence[tuple[str, int, int]], label: str) -> SafeString:
    """Each week is its label, how many came and how many were done. The scale begins at zero and names its top."""
    most = max([1, *(max(came, done) for _label, came, done in weeks)])
    foot, width = TOP + HEIGHT, LEFT + STEP * max(len(weeks), 4)
    parts = [
        svg.path(svg.line([(LEFT, foot), (width, foot)]), "g-edge"),
        svg.path(svg.line([(LEFT, TOP), (width, TOP)]), "g-rule"),
        svg.text(str(most), x=LEFT - 6, y=TOP + 4, anchor="end"),
        svg.text("0", x=LEFT - 6, y=foot + 4, anchor="end"),
    ]
    for place, (week, came, done) in enumerate(weeks):
        x = LEFT + STEP * place + 6
        for offset, count, class_ in ((0.0, came, "ev"), (BAR + 1, done, "ev-soft")):
            tall = HEIGHT * count / most
            if count:
                parts.append(
                    svg.element(
                        "rect", class_=class_, x=x + offset, y=foot - tall, width=BAR, height=float(tall)
                    )
                )
        parts.append(svg.text(week, x=x + BAR, y=foot + 16, anchor="middle"))
    said = ", ".join(
        _("%(week)s: %(came)s opened, %(done)s closed") % {"week": week, "came": came, "done": done}
        for week, came, done in weeks
    )
    return svg.figure(*parts, label=f"{label}. {said}.", width=width, height=foot + 24)
