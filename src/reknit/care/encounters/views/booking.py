"""Booking a session or a series, and one appointment: what it is, moving it, cancelling it."""

import datetime as dt
import uuid
import zoneinfo
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.base.ui.meanwhile import show_meanwhile
from reknit.care.encounters import actions
from reknit.care.encounters.booking import actions as booking
from reknit.care.encounters.booking.forms import BookForm, CancelForm, MoveForm
from reknit.care.encounters.booking.queries import appointment_of, places_left, rooms_in_use, team_now
from reknit.care.encounters.booking.scope import ONE
from reknit.care.encounters.models import Appointment, AppointmentSeries, Encounter
from reknit.care.encounters.times import instant
from reknit.care.people.queries import zone
from reknit.care.programme.charts import Chart, open_chart
from reknit.care.programme.models import Episode


@require_http_methods(["GET", "POST"])
def appointment_book(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Book the next session, by default a week after the one before; or the whole course on one hour."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    episode = _episode(chart)
    form = BookForm(
        request.POST or None, initial=_next_time(chart, episode), rooms=rooms_in_use(), team=team_now(chart)
    )
    if form.is_valid():
        try:
            made = _book(chart, episode, form)
        except DomainError as error:
            _tell(form, error)
        else:
            messages.info(request, _told(made))
            return redirect("encounters:session-list", chart.id)
    status = 422 if form.is_bound else 200
    context = chart.context(form=form, left=places_left(episode))
    return render(request, "encounters/booking/appointment_book.html", context, status=status)


@require_safe
def appointment_show(request: HttpRequest, client_id: uuid.UUID, appointment_id: uuid.UUID) -> HttpResponse:
    """One appointment: when, where, with whom, the others of its series, and what was changed."""
    chart = open_chart(request, client_id, page="sessions")
    appointment = _find(chart, appointment_id)
    siblings = _siblings(appointment)
    context = chart.context(
        appointment=appointment,
        siblings=siblings,
        changes=appointment.changes.select_related("by").order_by("at"),
        encounter=Encounter.objects.filter(appointment=appointment).first(),
        may_write=chart.may_write(),
        is_over=appointment.starts_at < chart.at,
        zone=zone(),
    )
    return render(request, "encounters/booking/appointment_show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def appointment_move(request: HttpRequest, client_id: uuid.UUID, appointment_id: uuid.UUID) -> HttpResponse:
    """Another day, time or place: this one, it and those after it, or all that are to come."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    appointment = _find(chart, appointment_id)
    form = MoveForm(request.POST or None, initial=_as_it_stands(appointment), rooms=rooms_in_use())
    form.offer(is_one_of_many=appointment.number is not None)
    if form.is_valid():
        sent = form.cleaned_data
        try:
            booking.move_appointment(
                by=chart.user, at=chart.at, appointment=appointment, revision=sent["revision"],
                starts_on=sent["on"], time=sent["time"], minutes=sent["minutes"], place=form.place(),
                scope=sent["scope"], wish=sent["wish"], why=sent["why"],
            )  # fmt: skip
        except DomainError as error:
            _tell(form, error)
        else:
            messages.info(request, _("Moved. Whoever is to come has to be told."))
            return redirect("encounters:appointment-show", chart.id, appointment.pk)
    return _form_page(request, chart, appointment, form, "encounters/booking/appointment_move.html")


@require_http_methods(["GET", "HEAD", "POST"])
def appointment_cancel(request: HttpRequest, client_id: uuid.UUID, appointment_id: uuid.UUID) -> HttpResponse:
    """Who cancels, in time or late; one is written down as a cancelled session, several leave the calendar."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    appointment = _find(chart, appointment_id)
    form = CancelForm(request.POST or None, initial={"revision": appointment.revision})
    form.offer(is_one_of_many=appointment.number is not None)
    if form.is_valid():
        sent = form.cleaned_data
        try:
            encounter = booking.cancel_appointment(
                by=chart.user, at=chart.at, appointment=appointment, revision=sent["revision"],
                wish=sent["wish"], is_late=form.is_late(), why=sent["why"], scope=sent["scope"],
            )  # fmt: skip
        except DomainError as error:
            _tell(form, error)
        else:
            messages.info(request, _what_came(encounter))
            return redirect("encounters:session-list", chart.id)
    late = booking.is_late_now(appointment, wish="client", at=chart.at)
    return _form_page(
        request, chart, appointment, form, "encounters/booking/appointment_cancel.html", is_late=late
    )


def _form_page(
    request: HttpRequest, chart: Chart, appointment: Appointment, form: Any, template: str, **more: object
) -> HttpResponse:
    context = chart.context(appointment=appointment, form=form, zone=zone(), scope_one=ONE, **more)
    return render(request, template, context, status=422 if form.is_bound else 200)


def _book(chart: Chart, episode: Episode, form: BookForm) -> Appointment | AppointmentSeries:
    sent, place = form.cleaned_data, form.place()
    clinician = form.with_whom() or chart.user
    if sent["every"]:
        return booking.book_series(
            by=chart.user, at=chart.at, episode=episode, clinician=clinician, starts_on=sent["on"],
            time=sent["time"], every=sent["every"], count=sent["count"], minutes=sent["minutes"], place=place,
            leaves_taken_out=sent["leaves_taken_out"], key=sent["key"],
        )  # fmt: skip
    return actions.book_appointment(
        by=chart.user, at=chart.at, episode=episode, clinician=clinician,
        starts_at=instant(sent["on"], sent["time"], zone()), minutes=sent["minutes"], way=place.way,
        room=place.room, link=place.link, key=sent["key"],
    )  # fmt: skip


def _told(made: Appointment | AppointmentSeries) -> str:
    if isinstance(made, Appointment):
        return _("Booked for %(when)s.") % {"when": _spoken(made.starts_at)}
    n = made.count - len(made.left_out)
    return ngettext(
        "%(n)s session is booked. None lies after the ending date.",
        "%(n)s sessions are booked. None lies after the ending date.",
        n,
    ) % {"n": n}


def _what_came(encounter: Encounter | None) -> str:
    if encounter is None:
        return _("Taken out of the calendar. No session is used up.")
    if encounter.slot:
        return _("Written down. It uses up session %(slot)s.") % {"slot": encounter.slot}
    return _("Written down. It does not use up a session.")


def _find(chart: Chart, appointment_id: uuid.UUID) -> Appointment:
    return get_object_or_404(appointment_of(chart.client), pk=appointment_id)


def _siblings(appointment: Appointment) -> list[Appointment]:
    if appointment.series_id is None:
        return []
    rows = Appointment.objects.filter(series=appointment.series_id)
    return list(rows.order_by("starts_at", "pk"))


def _as_it_stands(appointment: Appointment) -> dict[str, Any]:
    wall = appointment.starts_at.astimezone(zoneinfo.ZoneInfo(zone()))
    return {
        "on": wall.date(),
        "time": wall.time(),
        "minutes": appointment.minutes,
        "way": appointment.way,
        "room": appointment.room_id,
        "link": appointment.link,
        "revision": appointment.revision,
    }


def _episode(chart: Chart) -> Episode:
    if chart.episode is None:
        raise Http404
    return chart.episode


def _next_time(chart: Chart, episode: Episode) -> dict[str, Any]:
    """A week after the latest session, at the same time of day: most courses keep their hour."""
    first = {"count": places_left(episode), "clinician": str(chart.user.pk)}
    latest = Encounter.objects.filter(episode=episode).order_by("-starts_at").first()
    if latest is None:
        return {**first, "on": chart.today, "time": dt.time(10, 0)}
    wall = latest.starts_at.astimezone(zoneinfo.ZoneInfo(zone()))
    wall -= dt.timedelta(minutes=wall.minute % 15)
    return {
        **first,
        "on": max(local_date(latest.starts_at, zone()) + dt.timedelta(days=7), chart.today),
        "time": wall.time().replace(second=0, microsecond=0),
        "minutes": latest.minutes,
    }


def _spoken(at: dt.datetime) -> str:
    return date_format(at.astimezone(zoneinfo.ZoneInfo(zone())), "l j F, H:i")


def _tell(form: Any, error: DomainError) -> None:
    """Put a rule's sentence under its field."""
    form.add_error(error.field if error.field in form.fields else None, error.sentence)
    if isinstance(error, Conflict):
        # What was written stays, what stands now is beside it, and a second send is a decision.
        show_meanwhile(form)
