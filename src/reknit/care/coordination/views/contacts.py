"""Somebody outside: adding them, what they may be told, and their last day."""

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reknit.base.ui.answers import is_saved
from reknit.care.coordination import actions
from reknit.care.coordination.forms import ContactForm, EndForm, SharingForm
from reknit.care.coordination.models import CareContact
from reknit.care.programme.charts import Chart, open_chart

from .answers import page

YEAR = dt.timedelta(days=365)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_add(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Write down somebody outside who is in care."""
    chart = open_chart(request, client_id, page="care", write=True)
    form = ContactForm(request.POST or None, initial={"key": uuid.uuid4()})

    def save() -> None:
        actions.add_care_contact(by=chart.user, at=chart.at, client=chart.client, **form.cleaned_data)

    if is_saved(form, save):
        messages.info(request, _("Written down. They were told nothing."))
        return redirect("coordination:care-show", chart.id)
    return page(request, chart, "contact_add", form=form, failed=bool(form.errors))


@require_http_methods(["GET", "HEAD", "POST"])
def contact_end(request: HttpRequest, client_id: uuid.UUID, contact_id: uuid.UUID) -> HttpResponse:
    """Their last day; what they may be told ends with it."""
    chart = open_chart(request, client_id, page="care", write=True)
    contact = _contact(chart, contact_id)
    form = EndForm(request.POST or None, initial={"ends_on": chart.today})

    def save() -> None:
        actions.end_care_contact(
            by=chart.user, at=chart.at, contact=contact, ends_on=form.cleaned_data["ends_on"]
        )

    if is_saved(form, save):
        messages.info(request, _("Saved. What they may be told has ended."))
        return redirect("coordination:care-show", chart.id)
    return page(request, chart, "contact_end", form=form, contact=contact, failed=bool(form.errors))


@require_http_methods(["GET", "HEAD", "POST"])
def sharing_agree(request: HttpRequest, client_id: uuid.UUID, contact_id: uuid.UUID) -> HttpResponse:
    """What the client agreed that they may be told."""
    chart = open_chart(request, client_id, page="care", write=True)
    contact = _contact(chart, contact_id)
    form = SharingForm(request.POST or None, initial={"expires_on": chart.today + YEAR})

    def save() -> None:
        actions.agree_sharing(by=chart.user, at=chart.at, contact=contact, **form.cleaned_data)

    if is_saved(form, save):
        messages.info(request, _("Written down. Nothing was sent."))
        return redirect("coordination:care-show", chart.id)
    return page(request, chart, "sharing_agree", form=form, contact=contact, failed=bool(form.errors))


@require_POST
def sharing_end(request: HttpRequest, client_id: uuid.UUID, contact_id: uuid.UUID) -> HttpResponse:
    """The client took it back."""
    chart = open_chart(request, client_id, page="care", write=True)
    actions.end_sharing(by=chart.user, at=chart.at, contact=_contact(chart, contact_id))
    messages.info(request, _("Taken back. They are told nothing from now on."))
    return redirect("coordination:care-show", chart.id)


def _contact(chart: Chart, contact_id: uuid.UUID) -> CareContact:
    return get_object_or_404(CareContact.objects.select_related("client"), pk=contact_id, client=chart.client)
