"""The calendar of one client, for the care team; a supervisor reads it."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from reknit.base.errors import DomainError
from reknit.care.programme.charts import Chart, open_chart
from reknit.care.substance_use import actions, pages, queries
from reknit.care.substance_use.cells import cells_of
from reknit.care.substance_use.days import UNITS, label
from reknit.care.substance_use.forms import CalendarForm, SubstanceForm
from reknit.care.substance_use.models import MonitoredSubstance, UseDay
from reknit.care.substance_use.span import LOOK_BACK, WINDOW, Span

VERSIONS_A_PAGE = 50
LATELY = dt.timedelta(days=27)


@require_http_methods(["GET", "POST"])
def calendar_show(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """The days of one span, filled in one form and saved in one transaction."""
    writes = request.method == "POST"
    chart = open_chart(request, client_id, page="use", write=writes)
    span = _span(request, chart)
    if not writes:
        return _page(request, chart, span)
    codes = [one.substance for one in queries.monitored(chart.client)]
    form = CalendarForm(request.POST, codes=codes, days=span.days)
    if not form.is_valid():
        return _page(request, chart, span, form)
    others = queries.changed_by_others(
        chart.client, form.entries, since=form.read_at or chart.at, reader=chart.user
    )
    try:
        count = actions.record_use_days(
            by=chart.user,
            at=chart.at,
            client=chart.client,
            days=form.entries,
            source=UseDay.Source.INTERVIEW,
        )
    except DomainError as error:
        form.add_error(None, error.sentence)
        return _page(request, chart, span, form)
    messages.info(request, _saved(count, others))
    filled = request.POST.get("fill", "").partition(":")[0]
    anchor = f"#{filled}" if filled in codes else ""
    return redirect(reverse("substance_use:calendar-show", args=[client_id]) + span.address + anchor)


@require_http_methods(["GET", "POST"])
def substance_change(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Choose what is asked about and which substance is the primary one."""
    chart = open_chart(request, client_id, page="use", write=True)
    asked = queries.monitored(chart.client)
    initial = {
        "substances": [one.substance for one in asked],
        "primary": next((one.substance for one in asked if one.is_primary), ""),
    }
    form = SubstanceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_substances(by=chart.user, at=chart.at, client=chart.client, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
        else:
            return redirect("substance_use:calendar-show", client_id)
    context = chart.context(form=form)
    status = 422 if form.errors else 200
    return render(request, "substance_use/clinician/substance_change.html", context, status=status)


def _span(request: HttpRequest, chart: Chart) -> Span:
    """The span of the address. A calendar with nothing in it opens on the look-back of a first interview; a
    history without a course opens where it ends, not on an empty present."""
    asked, until = request.GET.get("days", ""), request.GET.get("until", "")
    latest = queries.latest_known_day(chart.client)
    if latest and chart.episode is None:
        until = until or latest.isoformat()
    default = WINDOW if asked or latest else LOOK_BACK
    return Span.asked(until, asked, today=chart.today, default=default)


def _page(request: HttpRequest, chart: Chart, span: Span, form: CalendarForm | None = None) -> HttpResponse:
    ever = queries.ever_monitored(chart.client)
    asked = [one for one in ever if one.ends_on is None]
    rows = queries.current_days(chart.client, start=span.start, end=span.end)
    before = cells_of(rows, [one.substance for one in asked], span.days)
    cells = {**before, **form.cells} if form else before
    earlier = queries.earlier_versions(chart.client, start=span.start, end=span.end)
    versions = Paginator(earlier, VERSIONS_A_PAGE).get_page(request.GET.get("page"))
    leaves = pages.leaves(rows, asked, cells, before, span)
    context: dict[str, Any] = {
        "form": form,
        "span": span,
        "leaves": leaves,
        "any": pages.any_facts(rows, ever, span),
        "counted": [leaf.label for leaf in leaves if leaf.is_counted],
        "outside": [leaf.label for leaf in leaves if not leaf.is_counted],
        "table": pages.table(rows, ever, span),
        "columns": [label(one.substance) for one in ever],
        "entered": pages.entered(rows),
        "versions": versions,
        "version_rows": pages.versions(versions.object_list),
        "units": UNITS,
        "read_at": (form.read_at if form else None) or chart.at,
        "weekdays": [date_format(dt.date(2024, 1, day), "D") for day in range(1, 8)],
        "may_write": chart.may_write(),
        "patterns": _patterns(chart, ever),
        "no_day": queries.told_without_a_day(chart.client, since=chart.today - LATELY),
        "unreviewed": queries.unreviewed_episodes(chart.episode) if chart.episode else [],
    }
    status = 422 if form else 200
    return render(
        request, "substance_use/clinician/calendar_show.html", chart.context(**context), status=status
    )


def _patterns(chart: Chart, ever: list[MonitoredSubstance]) -> pages.Patterns | None:
    """The latest days in workflow words, and the course in statistical ones. Two queries."""
    rule = queries.lapse_rule(chart.client)
    index = chart.episode.starts_on if chart.episode else None
    back = chart.today - dt.timedelta(days=rule.window_days - 1)
    rows = queries.current_days(chart.client, start=min(index or back, back), end=chart.today)
    return pages.patterns(rows, ever, rule, index=index, today=chart.today)


def _saved(count: int, others: list[tuple[str, dt.datetime]]) -> str:
    """What the save did, and whose entries it stands over."""
    if not count:
        return _("Nothing was different, so nothing was written.")
    said = ngettext("%(count)s day saved.", "%(count)s days saved.", count) % {"count": count}
    if others:
        name, at = others[0]
        said += " " + _(
            "%(name)s had changed some of these days at %(time)s, after you opened the page. Yours stand now; the others are kept under earlier versions."
        ) % {"name": name, "time": date_format(localtime(at), "H:i")}
    return said
