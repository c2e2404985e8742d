"""Appointments, the list of sessions, and the session under way."""

import datetime as dt
import uuid
import zoneinfo
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.care.encounters import actions
from reknit.care.encounters.forms import (
    IntentionForm,
    StartForm,
    StartNowForm,
    WallTimeForm,
    WentForm,
)
from reknit.care.encounters.missed import proposal, standings
from reknit.care.encounters.models import Appointment, Encounter, ProgressNote
from reknit.care.encounters.preparing import prepare
from reknit.care.encounters.queries import course_position, encounters_of, upcoming
from reknit.care.encounters.times import instant
from reknit.care.encounters.together import group_time, is_by_group
from reknit.care.people.queries import zone
from reknit.care.programme.charts import Chart, open_chart
from reknit.care.programme.models import Episode

from . import page

ROWS = 20
SOON, MOST_BOOKED = 4, 60  # those after the next few are folded away


@require_GET
def session_list(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Every session of the course, and what is booked."""
    chart = open_chart(request, client_id, page="sessions")
    context: dict[str, Any] = {"zone": zone(), "may_write": chart.may_write()}
    if chart.episode:
        rows = Paginator(encounters_of(chart.episode), ROWS).get_page(request.GET.get("page"))
        booked = list(upcoming(chart.episode)[:MOST_BOOKED])
        context |= {
            "page": rows,
            "position": course_position(chart.episode),
            "appointments": booked,
            "soon": booked[:SOON],
            "later": booked[SOON:],
            "start_form": StartNowForm(),
            "by_group": is_by_group(chart.episode),
            "group": group_time(chart.episode, chart.user, at=chart.at),
            "under_way": next((row for row in rows if _is_under_way(row, chart.today)), None),
            "is_open": chart.episode.status == Episode.Status.OPEN,
        }
        if context["is_open"]:
            context |= {
                "missed": standings([chart.episode], today=chart.today)[chart.episode.pk],
                # The way to the end of a group's course is the group's.
                "proposal": None if context["by_group"] else proposal(chart.episode, today=chart.today),
            }
    return render(request, "encounters/session_list.html", chart.context(**context))


@require_http_methods(["GET", "POST"])
def session_start(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Prepare in two minutes and start with one button; or write down one that took place or did not."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    episode = _episode(chart)
    appointment = _appointment(chart, request)
    if request.method == "POST" and "outcome" not in request.POST:
        now = StartNowForm(request.POST)
        if now.is_valid():
            return _start_now(request, chart, episode, appointment, key=now.cleaned_data["key"])
    form = StartForm(
        request.POST if "outcome" in request.POST else None,
        initial=_this_time(chart, appointment),
        has_begun=Encounter.objects.filter(episode=episode, slot__isnull=False).exists(),
    )
    if form.is_valid():
        sent = form.cleaned_data
        try:
            encounter = actions.start_encounter(
                by=chart.user, at=chart.at, episode=episode, outcome=sent["outcome"], starts_at=_instant(form),
                place=sent["place"], minutes=sent["minutes"], appointment=appointment, uses_slot=sent["uses_slot"],
                key=sent["key"],
            )  # fmt: skip
        except DomainError as error:
            _tell(form, error)
        else:
            return _after_start(request, chart, encounter)
    context: dict[str, Any] = {"form": form, "appointment": appointment}
    if request.method == "GET" and not appointment and "other" not in request.GET:
        context |= _prepared(chart, episode)
    status = 422 if request.method == "POST" else 200
    return render(request, "encounters/session_start.html", chart.context(**context), status=status)


@require_GET
def session_show(request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID) -> HttpResponse:
    """The session: prepare, tick, write, sign."""
    chart = open_chart(request, client_id, page="sessions")
    return page.show(request, chart, page.find(chart, encounter_id))


@require_POST
def task_tick(request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID) -> HttpResponse:
    """One tick from the script, or the whole list from the form's button."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    encounter = page.find(chart, encounter_id)
    done = set(request.POST.getlist("done"))
    one = request.POST.get("code")
    try:
        for code in [one] if one else _listed(encounter):
            actions.tick(by=chart.user, at=chart.at, encounter=encounter, code=code, done=code in done)
    except DomainError as error:
        if one:
            return HttpResponse(error.sentence, status=422, content_type="text/plain; charset=utf-8")
        messages.warning(request, error.sentence)
    if not one:
        return redirect("encounters:session-show", chart.id, encounter.pk)
    session = prepare(encounter)
    context = page.parts(session, encounter.note) | {
        "client": chart.client,
        "encounter": encounter,
        "may_write": True,
    }
    context["row"] = next((row for row in [*session.tasks, *session.at_hand] if row.code == one), None)
    return render(request, "encounters/_ticked.html", context)


@require_POST
def intention_set(request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID) -> HttpResponse:
    """The one thing to try before next time."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    encounter = page.find(chart, encounter_id)
    form = IntentionForm(request.POST)
    if form.is_valid():
        try:
            actions.set_intention(
                by=chart.user, at=chart.at, encounter=encounter, text=form.cleaned_data["text"]
            )
        except DomainError as error:
            if not page.told(form, error):
                messages.warning(request, error.sentence)
                return redirect("encounters:session-show", chart.id, encounter_id)
        else:
            return redirect(_at(chart, encounter, "try"))
    return page.show(request, chart, encounter, status=422, intention_form=form)


@require_POST
def intention_went(request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID) -> HttpResponse:
    """How the thing to try of last time went, asked in this session."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    encounter = page.find(chart, encounter_id)
    before = prepare(encounter).before
    if before is None:
        raise Http404
    form = WentForm(request.POST)
    if form.is_valid():
        try:
            actions.record_intention(by=chart.user, at=chart.at, intention=before, **form.cleaned_data)
        except DomainError as error:
            if not page.told(form, error):
                messages.warning(request, error.sentence)
                return redirect("encounters:session-show", chart.id, encounter_id)
        else:
            return redirect(_at(chart, encounter, "went"))
    return page.show(request, chart, encounter, status=422, went_form=form)


def _prepared(chart: Chart, episode: Episode) -> dict[str, Any]:
    """The two-minute view of the session that comes next, before it begins. Nothing is written."""
    if episode.status != Episode.Status.OPEN:
        return {}
    under_way = next((row for row in encounters_of(episode)[:ROWS] if _is_under_way(row, chart.today)), None)
    to_come = Encounter(
        client=chart.client,
        episode=episode,
        clinician=chart.user,
        outcome=Encounter.Outcome.ATTENDED,
        slot=None if is_by_group(episode) else course_position(episode).slot_next,
        starts_at=chart.at,
    )
    shown = under_way or to_come
    shown.episode = episode
    today = next(
        (one for one in upcoming(episode)[:ROWS] if local_date(one.starts_at, zone()) == chart.today), None
    )
    return page.preparation(prepare(shown)) | {
        "under_way": under_way,
        "by_group": is_by_group(episode),
        "start_form": StartNowForm(initial={"appointment": today.pk if today else None}),
    }


def _is_under_way(row: Encounter, today: dt.date) -> bool:
    """Whether this is today's session with its note still open."""
    note: ProgressNote | None = getattr(row, "note", None)
    if note is None or note.state != ProgressNote.State.DRAFT:
        return False
    return local_date(row.starts_at, zone()) == today


def _episode(chart: Chart) -> Episode:
    if chart.episode is None:
        raise Http404
    return chart.episode


def _appointment(chart: Chart, request: HttpRequest) -> Appointment | None:
    """The appointment named in the form or the address, of this client."""
    named = request.POST.get("appointment") or request.GET.get("appointment")
    if not named:
        return None
    try:
        key = uuid.UUID(named)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(Appointment, pk=key, client=chart.client)


def _start_now(
    request: HttpRequest, chart: Chart, episode: Episode, appointment: Appointment | None, *, key: uuid.UUID
) -> HttpResponse:
    try:
        encounter = actions.start_encounter(
            by=chart.user, at=chart.at, episode=episode, outcome=Encounter.Outcome.ATTENDED, starts_at=chart.at,
            place=appointment.way if appointment else Encounter.Place.HERE,
            minutes=appointment.minutes if appointment else 50, appointment=appointment, key=key,
        )  # fmt: skip
    except DomainError as error:
        messages.warning(request, error.sentence)
        return redirect("encounters:session-list", chart.id)
    return _after_start(request, chart, encounter)


def _after_start(request: HttpRequest, chart: Chart, encounter: Encounter) -> HttpResponse:
    if encounter.outcome in Encounter.HELD:
        return redirect("encounters:session-show", chart.id, encounter.pk)
    messages.info(
        request,
        _("Written down. It uses up session %(slot)s.") % {"slot": encounter.slot}
        if encounter.slot
        else _("Written down. It does not use up a session."),
    )
    return redirect("encounters:session-list", chart.id)


def _listed(encounter: Encounter) -> list[str]:
    session = prepare(encounter)
    return [row.code for row in [*session.tasks, *session.at_hand]]


def _instant(form: WallTimeForm) -> dt.datetime:
    return instant(form.cleaned_data["on"], form.cleaned_data["time"], zone())


def _tell(form: Any, error: DomainError) -> None:
    """Put a rule's sentence under its field."""
    form.add_error(error.field if error.field in form.fields else None, error.sentence)


def _this_time(chart: Chart, appointment: Appointment | None) -> dict[str, Any]:
    wall = (appointment.starts_at if appointment else chart.at).astimezone(zoneinfo.ZoneInfo(zone()))
    return {
        "on": wall.date(),
        "time": wall.time().replace(second=0, microsecond=0),
        "minutes": appointment.minutes if appointment else 50,
        "place": appointment.way if appointment else Encounter.Place.HERE,
        "appointment": appointment.pk if appointment else None,
        "outcome": Encounter.Outcome.NO_SHOW if appointment else Encounter.Outcome.ATTENDED,
    }


def _at(chart: Chart, encounter: Encounter, anchor: str) -> str:
    return f"{reverse('encounters:session-show', args=[chart.id, encounter.pk])}#{anchor}"
