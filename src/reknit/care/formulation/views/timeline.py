"""The timeline: one line to add an event, a page to put it right, two marks, and the sign-off."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reknit.base.errors import Conflict, DomainError
from reknit.care.formulation import actions
from reknit.care.formulation.forms import AddEventForm, EventForm
from reknit.care.formulation.known import people_of
from reknit.care.formulation.line import WINDOWS, ClientLine, days_told, rows_of
from reknit.care.formulation.models import TimelineEvent, TimelineVersion
from reknit.care.formulation.queries import events_of, whole_timeline
from reknit.care.formulation.views.answers import blame, course_of
from reknit.care.formulation.zoom import asked_window, parse_day, steps
from reknit.care.programme.charts import Chart, open_chart

ROWS = 60


@require_http_methods(["GET", "POST"])
def timeline_show(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """The line with its table; a post adds one event."""
    chart = open_chart(request, client_id, page="story", write=request.method == "POST")
    if request.method == "POST":
        return add(request, chart)
    return page(request, chart, AddEventForm.blank(**asked_for(request)))


def page(request: HttpRequest, chart: Chart, form: AddEventForm, *, status: int = 200) -> HttpResponse:
    """The page around the form."""
    window = request.GET.get("show", "")
    window = window if window in WINDOWS else "course"
    asked = asked_window(request.GET)
    line = whole_timeline(chart.client, chart.episode, today=chart.today, window=window, asked=asked)
    first, latest = ends_of(line, today=chart.today)
    labels = {"course": _("This course"), "year": _("One year before"), "all": _("Everything")}
    context = chart.context(
        line=line,
        form=form,
        window=window,
        windows=[(key, labels[key], key == window and not asked) for key in WINDOWS],
        steps=steps(line.drawing.start, line.drawing.end, first=first, latest=latest),
        asked=asked,
        may_write=chart.may_write(),
    )
    if request.headers.get("X-Requested-With") == "zoom":  # a step along the line brings the drawing alone
        return render(request, "formulation/clinician/_one_line.html", context)
    signed = (
        TimelineVersion.objects.filter(episode=chart.episode).select_related("signed_by").order_by("-number")
    )
    context["rows"] = Paginator(rows_of(line), ROWS).get_page(request.GET.get("rows"))
    context["versions"] = list(signed) if chart.episode else []
    return render(request, "formulation/clinician/timeline.html", context, status=status)


def ends_of(line: ClientLine, *, today: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day of all there is, the days drawn among them."""
    days = [*days_told(line), today]
    days += [line.known_from] if line.known_from else []
    return min(days), max([*days, *([line.drawing.end] if line.drawing.end > today else [])])


def asked_for(request: HttpRequest) -> dict[str, Any]:
    """What a question of the line puts into the empty form: use on a day, linked with an event."""
    try:
        on, link = parse_date(request.GET.get("on", "")), uuid.UUID(request.GET.get("link", ""))
    except ValueError:
        return {}
    return {"title": _("Use came back"), "starts_on": on, "link": link, "lane": TimelineEvent.Lane.USE}


def add(request: HttpRequest, chart: Chart) -> HttpResponse:
    """One event from the line form."""
    form = AddEventForm(request.POST)
    if not form.is_valid():
        return page(request, chart, form, status=422)
    linked = (
        list(events_of(chart.client).filter(pk=form.cleaned_data["link"]))
        if form.cleaned_data["link"]
        else []
    )
    try:
        actions.add_event(
            by=chart.user,
            at=chart.at,
            client=chart.client,
            entry=form.entry(linked),
            key=form.cleaned_data["key"],
        )
    except DomainError as problem:
        return page(request, chart, blame(form, problem), status=422)
    return redirect("formulation:timeline-show", client_id=chart.client.pk)


def event_of(chart: Chart, event_id: uuid.UUID) -> TimelineEvent:
    """An event of this client that stands, else not found."""
    return get_object_or_404(events_of(chart.client).select_related("client"), pk=event_id)


@require_http_methods(["GET", "POST"])
def event_change(request: HttpRequest, client_id: uuid.UUID, event_id: uuid.UUID) -> HttpResponse:
    """Everything about one event."""
    chart = open_chart(request, client_id, page="story", write=True)
    event = event_of(chart, event_id)
    lists: dict[str, Any] = {
        "people": people_of(chart.client),
        "others": [one for one in events_of(chart.client) if one != event],
    }
    if request.method == "GET":
        form = EventForm(initial=EventForm.initial_of(event), **lists)
        return event_page(request, chart, event, form)
    form = EventForm(request.POST, **lists)
    if not form.is_valid():
        return event_page(request, chart, event, form, status=422)
    try:
        revision = form.cleaned_data["revision"]
        actions.change_event(by=chart.user, at=chart.at, event=event, revision=revision, entry=form.entry())
    except Conflict as conflict:
        data = request.POST.copy()
        data["revision"] = str(event.revision)
        mine = EventForm(data, **lists)
        return event_page(
            request,
            chart,
            event,
            mine,
            status=409,
            conflict=conflict.sentence,
            theirs=conflict.theirs["title"],
        )
    except DomainError as problem:
        return event_page(request, chart, event, blame(form, problem), status=422)
    messages.info(request, _("The event is saved."))
    return redirect("formulation:timeline-show", client_id=chart.client.pk)


def event_page(
    request: HttpRequest,
    chart: Chart,
    event: TimelineEvent,
    form: EventForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page of one event."""
    context = chart.context(event=event, form=form, **more)
    return render(request, "formulation/clinician/event.html", context, status=status)


@require_POST
def event_mark(request: HttpRequest, client_id: uuid.UUID, event_id: uuid.UUID) -> HttpResponse:
    """Mark the onset, or the closest change."""
    chart = open_chart(request, client_id, page="story", write=True)
    event = event_of(chart, event_id)
    marks = {"onset": actions.mark_onset, "closest_change": actions.mark_closest_change}
    if mark := marks.get(request.POST.get("mark", "")):
        mark(by=chart.user, at=chart.at, event=event, episode=chart.episode)
    else:
        messages.warning(request, _("Choose which mark to set."))
    return redirect("formulation:event-change", client_id=chart.client.pk, event_id=event.pk)


@require_POST
def event_set_aside(request: HttpRequest, client_id: uuid.UUID, event_id: uuid.UUID) -> HttpResponse:
    """Take an event off the line."""
    chart = open_chart(request, client_id, page="story", write=True)
    actions.set_aside_event(
        by=chart.user, at=chart.at, event=event_of(chart, event_id), episode=chart.episode
    )
    messages.info(request, _("The event is off the timeline."))
    return redirect("formulation:timeline-show", client_id=chart.client.pk)


@require_POST
def question_leave(request: HttpRequest, client_id: uuid.UUID, event_id: uuid.UUID) -> HttpResponse:
    """Leave a question alone: it is not asked again."""
    chart = open_chart(request, client_id, page="story", write=True)
    event = event_of(chart, event_id)
    if on := parse_day(request.POST.get("on", "")):
        actions.leave_question(by=chart.user, at=chart.at, event=event, on=on)
        messages.info(request, _("The question is left. The line stays as it is."))
    else:
        messages.warning(request, _("Open the timeline again and choose the question there."))
    return redirect("formulation:timeline-show", client_id=chart.client.pk)


@require_POST
def timeline_sign(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Keep the line as it stands as a version."""
    chart = open_chart(request, client_id, page="story", write=True)
    try:
        version = actions.sign_timeline(by=chart.user, at=chart.at, episode=course_of(chart))
        messages.info(request, _("The timeline is signed off as version %(n)s.") % {"n": version.number})
    except DomainError as problem:
        messages.warning(request, problem.sentence)
    return redirect("formulation:timeline-show", client_id=chart.client.pk)
