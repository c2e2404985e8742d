"""Use days: a cell a day. Unknown days are drawn and leave the count; a known day without use is never taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from . import svg

ROW = 28  # days in a row: four weeks, the usual window of timeline follow-back summaries
DayState = Literal["used", "not_used", "unknown", "future"]
CELLS = {"used": "use-day", "not_used": "free-day", "unknown": "no-day"}


@dataclass(frozen=True)
class UseDay:
    """One day. "unknown" was not asked or not answered; "future" has not come and stays blank."""

    on: date
    state: DayState


@dataclass(frozen=True)
class Count:
    """What a run of days comes to; days not known are outside `known`."""

    free: int
    known: int
    unknown: int
    to_come: int

    @classmethod
    def of(cls, days: Iterable[UseDay]) -> "Count":
        states = [day.state for day in days]
        return cls(
            free=states.count("not_used"),
            known=states.count("not_used") + states.count("used"),
            unknown=states.count("unknown"),
            to_come=states.count("future"),
        )


def day_strip(
    days: Sequence[UseDay], labels: Sequence[str] | None = None, key: bool = True, enough: float = 0.0
) -> SafeString:
    """Rows of four weeks, each with its count in words. `labels` names the rows; without it, their dates do.

    `enough` is the share of a row's days that must be known before a percentage is printed; the counts always are.
    """
    windows = [days[start : start + ROW] for start in range(0, len(days), ROW)]
    names = [
        labels[row] if labels and row < len(labels) else _dates(window) for row, window in enumerate(windows)
    ]
    rows = svg.join(_strip_row(window, name, enough) for window, name in zip(windows, names, strict=True))
    return format_html('<ol class="days">{}</ol>{}', rows, day_key() if key else "")


def seven_days(days: Sequence[UseDay], heading: str = "") -> SafeString:
    """The last seven days with the letter of each weekday; the words of the name say which day was which."""
    shown = days[-7:]
    cells = []
    for place, day in enumerate(shown):
        x = 1.0 + 30 * place
        cells.append(_cell(day.state, x=x, y=1, width=26, height=16, radius=2))
        cells.append(svg.text(date_format(day.on, "D")[:1], x=x + 13, y=32, class_="st-n"))
    name = f"{heading or _('Last seven days')}: {_spoken(shown)}"
    return svg.figure(*cells, label=name, width=212, height=36, class_="chart seven")


def day_key() -> SafeString:
    """What the cells mean, in words."""
    meanings = [("free-day", _("no use")), ("use-day", _("use")), ("no-day", _("not known, not counted"))]
    return svg.key(((_key_cell(class_), words) for class_, words in meanings), width=12, height=20)


def _strip_row(window: Sequence[UseDay], name: str, enough: float) -> SafeString:
    count = Count.of(window)
    cells = [
        _cell(day.state, x=0.5 + 13 * place, y=2, width=11, height=20, radius=1.5)
        for place, day in enumerate(window)
    ]
    label = _("%(name)s: %(free)s days without use of %(known)s known, %(unknown)s not known") % {
        "name": name,
        "free": count.free,
        "known": count.known,
        "unknown": count.unknown,
    }
    return format_html(
        '<li><span>{}</span>{}<span class="out">{}</span></li>',
        name,
        svg.figure(*cells, label=label, width=ROW * 13, height=24),
        _counted(count, enough),
    )


@cache  # a few places times four states: drawn once, used on every row of every page
def _cell(state: str, *, x: float, y: float, width: float, height: float, radius: float) -> SafeString:
    if state == "future":
        return svg.path(
            f"M{svg.number(x + 0.5)} {svg.number(y + height / 2 + 1)}h{svg.number(width - 1)}", "g-rule"
        )
    return svg.element(
        "rect",
        class_=CELLS[state],
        x=x,
        y=float(y),
        width=float(width),
        height=float(height),
        rx=float(radius),
    )


def _counted(count: Count, enough: float) -> SafeString:
    rest = []
    if count.unknown:
        rest.append(_("%(days)s not known") % {"days": count.unknown})
    if count.to_come:
        rest.append(_("%(days)s to come") % {"days": count.to_come})
    if not count.known:
        return format_html('<span class="soft">{}</span>', ", ".join(rest))
    share = _("(%(percent)s %%)") % {"percent": round(100 * count.free / count.known)}
    if count.known < enough * (count.known + count.unknown):
        share = _("(too few for a percentage)")
    return format_html(
        '<b>{}</b> {} <span class="soft">{}</span>',
        _("%(free)s of %(known)s") % {"free": count.free, "known": count.known},
        _("days known"),
        ", ".join([share, *rest]),
    )


def _dates(window: Sequence[UseDay]) -> str:
    return _("%(first)s to %(last)s") % {
        "first": date_format(window[0].on, "j M"),
        "last": date_format(window[-1].on, "j M"),
    }


def _spoken(days: Sequence[UseDay]) -> str:
    groups = [
        ("used", _("used on %(days)s")),
        ("not_used", _("no use on %(days)s")),
        ("unknown", _("not known: %(days)s")),
    ]
    said = []
    for state, sentence in groups:
        names = [date_format(day.on, "l") for day in days if day.state == state]
        if names:
            said.append(sentence % {"days": ", ".join(names)})
    return "; ".join(said) or _("no days")


def _key_cell(class_: str) -> SafeString:
    return svg.element("rect", class_=class_, x=0.5, y=0.5, width=11, height=19, rx=1.5)
