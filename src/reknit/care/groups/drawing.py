"""The turns of a group as bars: how often each worked, and how often each responded to somebody else."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reknit.base.ui.figures import svg

LEFT, ROW, THICK, THIN, TOP = 110.0, 34.0, 12.0, 6.0, 8.0
LONGEST = 14  # letters of a short name that fit beside a bar


def turn_bars(rows: Sequence[tuple[str, int, int]]) -> SafeString:
    """`rows` holds short name, turns and responses. The table under the figure says the same."""
    most = max((max(turns, responses) for _name, turns, responses in rows), default=0)
    said = ", ".join(
        _("%(name)s: %(turns)s turns, %(responses)s responses")
        % {"name": name, "turns": turns, "responses": responses}
        for name, turns, responses in rows
    )
    label = _("Turns of each member. %(said)s.") % {"said": said}
    return svg.both_widths(
        wide=_draw(rows, most, label, 840.0),
        narrow=_draw(rows, most, label, 340.0),
    ) + svg.key(
        [
            (svg.element("rect", class_="ev", x=0, y=3, width=18, height=12), _("turns")),
            (svg.element("rect", class_="ev-soft", x=1, y=6, width=16, height=6), _("responses to others")),
        ]
    )


def _draw(rows: Sequence[tuple[str, int, int]], most: int, label: str, width: float) -> SafeString:
    step = (width - LEFT - 40) / max(most, 1)
    parts = [svg.path(f"M{svg.number(LEFT)} {svg.number(TOP)}V{svg.number(TOP + ROW * len(rows))}", "g-edge")]
    for place, (name, turns, responses) in enumerate(rows):
        y = TOP + ROW * place
        parts.append(svg.text(name[:LONGEST], x=LEFT - 8, y=y + 17, class_="t-ink", anchor="end"))
        parts.append(svg.element("rect", class_="ev", x=LEFT, y=y + 3, width=step * turns, height=THICK))
        parts.append(
            svg.element("rect", class_="ev-soft", x=LEFT, y=y + 18, width=step * responses, height=THIN)
        )
        parts.append(svg.text(str(turns), x=LEFT + step * turns + 6, y=y + 14))
    return svg.figure(*parts, label=label, width=width, height=TOP + ROW * len(rows) + 6)
