"""Orders of no contact: write one down, lift one."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reknit.base.errors import DomainError
from reknit.care.programme.charts import open_chart
from reknit.care.safety.actions import lift_no_contact, record_no_contact
from reknit.care.safety.forms import LiftForm, NoContactForm
from reknit.care.safety.models import NoContactOrder


@require_http_methods(["GET", "HEAD", "POST"])
def order_add(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Whom the client is to be kept apart from."""
    chart = open_chart(request, client_id, page="risk", write=True)
    form = NoContactForm(request.POST or None, initial={"key": uuid.uuid4(), "starts_on": chart.today})
    if request.method == "POST" and form.is_valid():
        try:
            record_no_contact(by=chart.user, at=chart.at, client=chart.client, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            messages.info(request, _("Saved."))
            return redirect("safety:risk-client", chart.id)
    context = chart.context(form=form)
    return render(request, "safety/clinician/order_add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def order_lift(request: HttpRequest, client_id: uuid.UUID, order_id: uuid.UUID) -> HttpResponse:
    """End an order, with a reason."""
    chart = open_chart(request, client_id, page="risk", write=True)
    order = get_object_or_404(NoContactOrder, pk=order_id, client=chart.client)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lift_no_contact(by=chart.user, at=chart.at, order=order, why=form.cleaned_data["why"])
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            messages.info(request, _("The order is lifted."))
            return redirect("safety:risk-client", chart.id)
    context = chart.context(form=form, order=order)
    return render(request, "safety/clinician/order_lift.html", context, status=422 if form.errors else 200)
