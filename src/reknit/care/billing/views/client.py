"""A client's codes: diagnoses as the care team wrote them, and the months that can be printed."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reknit.base.errors import DomainError
from reknit.care.billing import actions, queries
from reknit.care.billing.forms import DiagnosisForm
from reknit.care.billing.models import CodedDiagnosis
from reknit.care.programme.charts import open_chart

MONTHS = 6


@require_http_methods(["GET", "HEAD", "POST"])
def client_codes(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Read them; the care team adds one."""
    chart = open_chart(request, client_id, page="billing", write=request.method == "POST")
    form = DiagnosisForm(request.POST or None, initial={"starts_on": chart.today})
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_diagnosis(by=chart.user, at=chart.at, client=chart.client, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            messages.info(request, _("Written down. It stands on what is billed from that day on."))
            return redirect("billing:client-codes", chart.id)
    months = [chart.today.replace(day=1)]
    while len(months) < MONTHS:
        months.append(queries.month_before(months[-1]))
    context = chart.context(
        form=form, diagnoses=queries.diagnoses_of(chart.client), months=months, may_write=chart.may_write()
    )
    status = 422 if request.method == "POST" else 200
    return render(request, "billing/client_codes.html", context, status=status)


@require_POST
def diagnosis_end(request: HttpRequest, client_id: uuid.UUID, diagnosis_id: uuid.UUID) -> HttpResponse:
    """End one today."""
    chart = open_chart(request, client_id, page="billing", write=True)
    row = get_object_or_404(
        CodedDiagnosis.objects.select_related("client"), pk=diagnosis_id, client=chart.client
    )
    actions.end_diagnosis(by=chart.user, at=chart.at, diagnosis=row)
    messages.info(request, _("Ended today."))
    return redirect("billing:client-codes", chart.id)
