"""Reminders: what went out, whom to ring, and what a client wants of them."""

import datetime as dt
import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reknit.base.accounts.models import User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now, start_of
from reknit.base.errors import DomainError
from reknit.care.contact.messages.actions import choose_messages
from reknit.care.contact.messages.allowed import EARLIEST, LATEST, sentence_of, verdict
from reknit.care.contact.messages.transport import transport
from reknit.care.contact.models import MessageKind
from reknit.care.contact.queries import current_choice, current_safe_contact, latest_messages
from reknit.care.encounters.booking.forms import ReminderForm
from reknit.care.encounters.reminders import rows_of
from reknit.care.people.queries import zone
from reknit.care.programme.charts import open_chart

DAYS_SHOWN = 3


@require_safe
def reminder_list(request: HttpRequest) -> HttpResponse:
    """One's own sessions of today and the next two days, each with what became of its reminder."""
    user, at = request.user, now()
    if not isinstance(user, User):
        raise Http404
    if not user.reads_charts:
        raise PermissionDenied(_("This page belongs to people who hold sessions."))
    today = local_date(at, zone())
    until = start_of(today + dt.timedelta(days=DAYS_SHOWN), zone())
    rows = rows_of(user, at=at, until=until, today=today)
    record_read("reminders", by=user, at=at, client=None, names=len(rows))
    context = {
        "to_ring": [row for row in rows if row.needs_a_call],
        "others": [row for row in rows if not row.needs_a_call],
        "carrier": transport(),
        "zone": zone(),
    }
    return render(request, "encounters/booking/reminder_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reminder_choose(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Whether this client wants reminders, between which hours, and every one that was written."""
    chart = open_chart(request, client_id, page="sessions", write=request.method == "POST")
    choice = current_choice(chart.client, MessageKind.REMINDER)
    contact = current_safe_contact(chart.client)
    form = ReminderForm(
        request.POST if request.method == "POST" else None,
        initial={
            "is_wanted": choice.is_wanted if choice else True,
            "earliest": choice.earliest if choice else None,
            "latest": choice.latest if choice else None,
        },
    )
    if form.is_valid():
        try:
            choose_messages(
                by=chart.user,
                at=chart.at,
                client=chart.client,
                kind=MessageKind.REMINDER,
                **form.cleaned_data,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
        else:
            messages.info(request, _("Kept."))
            return redirect("encounters:reminder-choose", chart.id)
    context = chart.context(
        form=form,
        contact=contact,
        why=sentence_of(verdict(contact, choice, transport()).why),
        rows=latest_messages(chart.client, MessageKind.REMINDER),
        may_write=chart.may_write(),
        earliest=EARLIEST,
        latest=LATEST,
        zone=zone(),
    )
    status = 422 if form.is_bound else 200
    return render(request, "encounters/booking/reminder_choose.html", context, status=status)
