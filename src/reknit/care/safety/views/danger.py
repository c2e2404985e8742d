"""The view on the danger of suicide, and times of lost tolerance."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reknit.base.errors import Conflict, DomainError
from reknit.care.programme.charts import open_chart
from reknit.care.safety.models import ToleranceTask
from reknit.care.safety.suicide.actions import save_risk_formulation
from reknit.care.safety.suicide.forms import FormulationForm
from reknit.care.safety.suicide.queries import formulations, screened_facts
from reknit.care.safety.tolerance.actions import record_tolerance_loss, settle_tolerance_task
from reknit.care.safety.tolerance.forms import LossForm, SettleForm

from .plans import take_up

EARLIER = 5


@require_http_methods(["GET", "HEAD", "POST"])
def formulation_show(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """The view that stands and those before it, the facts beside it, and for the team a form for a new one."""
    chart = open_chart(request, client_id, page="risk", write=request.method == "POST")
    earlier = list(formulations(chart.client)[:EARLIER])
    stands = earlier[0] if earlier else None
    form = FormulationForm(request.POST or None, initial={"based_on": stands.version if stands else 0})
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            save_risk_formulation(by=chart.user, at=chart.at, client=chart.client, **form.cleaned_data)
        except Conflict as taken:
            form.add_error(None, taken.sentence)
            theirs = taken.theirs
            take_up(form, theirs.version)
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            messages.info(request, _("Saved. What has to follow is on the list of open items."))
            return redirect("safety:formulation-show", chart.id)
    context = chart.context(
        form=form,
        stands=stands,
        earlier=earlier[1:],
        theirs=theirs,
        facts=screened_facts(chart.client),
        may_write=chart.may_write(),
    )
    page = "safety/clinician/formulation.html"
    return render(request, page, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def tolerance_add(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Write down a time at which tolerance may be lost."""
    chart = open_chart(request, client_id, page="risk", write=True)
    form = LossForm(request.POST or None, initial={"key": uuid.uuid4(), "happened_on": chart.today})
    if request.method == "POST" and form.is_valid():
        try:
            record_tolerance_loss(by=chart.user, at=chart.at, client=chart.client, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            messages.info(request, _("Written down. The tasks are open below."))
            return redirect("safety:risk-client", chart.id)
    context = chart.context(form=form)
    return render(request, "safety/clinician/tolerance_add.html", context, status=422 if form.errors else 200)


@require_POST
def tolerance_settle(request: HttpRequest, client_id: uuid.UUID, task_id: uuid.UUID) -> HttpResponse:
    """Say what came of one task."""
    chart = open_chart(request, client_id, page="risk", write=True)
    tasks = ToleranceTask.objects.select_related("loss__client")
    task = get_object_or_404(tasks, pk=task_id, loss__client=chart.client)
    form = SettleForm(request.POST)
    try:
        if not form.is_valid():
            raise DomainError(_("Choose what came of it."))
        settle_tolerance_task(by=chart.user, at=chart.at, task=task, outcome=form.cleaned_data["outcome"])
    except DomainError as refused:
        messages.warning(request, refused.sentence)
    return redirect("safety:risk-client", chart.id)
