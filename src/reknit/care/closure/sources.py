"""Where each figure of a letter comes from: the sheet and its date, the span of the calendar and how much of it is known."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.care.outcomes.results import CourseOutcomes, Point, ScoreSeries, UseWindow


def figure_sources(
    results: CourseOutcomes,
    course: dict[str, Any],
    closing: dict[str, Any],
    *,
    forms: Sequence[str],
    on: dt.date,
) -> list[dict[str, str]]:
    """One row for each figure that a letter prints, in the order of the letter."""
    rows = [_course(course, on)]
    for key in forms:
        if key in results.scores and results.scores[key].points:
            rows += list(_scores(results.scores[key]))
    if results.whole:
        rows.append(_days(_("Days without use, whole course"), results.whole))
    rows += [_days(_("Days without use, %(span)s") % {"span": one.label}, one) for one in results.windows]
    rows += [_record(one) for one in closing["records"]]
    rows += [
        row(_("Follow-up, %(when)s") % {"when": one["label"]}, one["on"], one["booked"], "follow_up")
        for one in closing["follow_ups"]
    ]
    return rows


def row(figure: str, value: str, source: str, place: str, key: str = "") -> dict[str, str]:
    """One line. `place` says which page holds the source, `key` which row of it."""
    return {"figure": figure, "value": value, "source": source, "place": place, "key": key}


def _day(on: dt.date) -> str:
    return date_format(on, "j F Y")


def _course(course: dict[str, Any], on: dt.date) -> dict[str, str]:
    value = _("%(attended)d of %(planned)d") % course
    span = {"began": course["began"], "until": course["ended"] or _day(on)}
    return row(
        _("Sessions"), value, _("Sessions written down from %(began)s to %(until)s") % span, "sessions"
    )


def _scores(series: ScoreSeries) -> Iterator[dict[str, str]]:
    if series.change and series.first and series.latest and series.rule:
        value = _("%(first)s to %(latest)s") % {
            "first": _number(series.first),
            "latest": _number(series.latest),
        }
        source = _("Sheets of %(first)s and %(latest)s, by the rule: %(rule)s")
        names = {"first": _day(series.first.on), "latest": _day(series.latest.on), "rule": series.rule.label}
        yield row(_("%(title)s, change") % {"title": series.title}, value, source % names, "measures")
    for point in series.points:
        where = _("session %(n)d") % {"n": point.slot} if point.slot else _("outside a session")
        name = _("%(title)s, %(where)s") % {"title": series.title, "where": where}
        source = _("Sheet of %(on)s") % {"on": _day(point.on)}
        if point.state == "prorated":
            source = _("Sheet of %(on)s, prorated: an item or two are blank") % {"on": _day(point.on)}
        yield row(name, _number(point), source, "sheet", str(point.sheet))


def _number(point: Point) -> str:
    return f"{point.total.normalize():f}" if point.total is not None else _("no score")


def _days(name: str, window: UseWindow) -> dict[str, str]:
    until = min(window.end, window.start + dt.timedelta(days=max(window.n_days - 1, 0)))
    value = _("%(a)d of %(k)d") % {"a": window.abstinent, "k": window.reported}
    source = _("Calendar, %(start)s to %(end)s; %(known)d of %(all)d days known") % {
        "start": _day(window.start),
        "end": _day(until),
        "known": window.reported,
        "all": window.n_days,
    }
    return row(name, value if window.reported else _("none known"), source, "calendar")


def _record(one: dict[str, Any]) -> dict[str, str]:
    source = _("Given by %(by)s on %(on)s") % one
    return row(one["title"], _("version %(n)d") % {"n": one["version"]}, source, "closing")
