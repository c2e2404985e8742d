"""Medication of one client, for the care team; a supervisor reads it."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reknit.base.errors import DomainError
from reknit.care.programme.charts import Chart, open_chart

from . import actions, queries
from .forms import EndForm, MedicationForm, ReviewForm, TakingForm
from .models import Medication

WEEK = dt.timedelta(days=6)


@require_safe
def medication_list(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """What is prescribed, how it was taken, and the reviews."""
    chart = open_chart(request, client_id, page="use")
    rows = queries.medications_of(chart.client)
    context = chart.context(
        going_on=[
            (one, queries.taking_of(one)) for one in rows if one.ends_on is None or one.ends_on >= chart.today
        ],
        ended=[one for one in rows if one.ends_on is not None and one.ends_on < chart.today],
        reviews=queries.reviews_of(chart.client),
        may_write=chart.may_write(),
    )
    return render(request, "medication/clinician/medication_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def medication_add(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Write down one more."""
    chart = open_chart(request, client_id, page="use", write=True)
    form = MedicationForm(request.POST or None, initial={"key": uuid.uuid4(), "starts_on": chart.today})

    def save() -> None:
        actions.add_medication(by=chart.user, at=chart.at, client=chart.client, **form.cleaned_data)

    return _saved(request, chart, form, save) or _page(request, chart, "medication_add", form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def review_add(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Write down that the need for medication was looked at."""
    chart = open_chart(request, client_id, page="use", write=True)
    form = ReviewForm(request.POST or None, initial={"key": uuid.uuid4(), "reviewed_on": chart.today})

    def save() -> None:
        actions.review_medication(by=chart.user, at=chart.at, client=chart.client, **form.cleaned_data)

    return _saved(request, chart, form, save) or _page(request, chart, "review_add", form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def medication_show(request: HttpRequest, client_id: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """One medication: how it was taken, and its end."""
    chart = open_chart(request, client_id, page="use", write=request.method == "POST")
    medication = get_object_or_404(Medication.objects.select_related("client"), pk=key, client=chart.client)
    ends = request.POST.get("do") == "end"
    first = max(medication.starts_on, chart.today - WEEK)
    taking = TakingForm(
        request.POST if request.method == "POST" and not ends else None,
        initial={"starts_on": first, "ends_on": medication.ends_on or max(chart.today, first)},
    )
    end = EndForm(request.POST if ends else None, initial={"ends_on": chart.today}, auto_id="end_%s")

    def save() -> None:
        given = (end if ends else taking).cleaned_data
        if ends:
            actions.end_medication(
                by=chart.user,
                at=chart.at,
                medication=medication,
                ends_on=given["ends_on"],
                reason=given["end_reason"],
            )
        else:
            actions.record_taking(by=chart.user, at=chart.at, medication=medication, **given)

    answer = _saved(request, chart, end if ends else taking, save)
    takings = medication.takings.select_related("entered_by").order_by("-ends_on", "-entered_at", "id")[:50]
    return answer or _page(
        request,
        chart,
        "medication_show",
        one=medication,
        taking=taking,
        end=end,
        takings=takings,
        may_write=chart.may_write(),
        failed=bool(taking.errors or end.errors),
    )


def _saved(
    request: HttpRequest, chart: Chart, form: forms.Form, save: Callable[[], None]
) -> HttpResponse | None:
    """The way back after a save; None when there is something to say under the form."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        save()
    except DomainError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        return None
    messages.info(request, _("Saved."))
    return redirect("medication:medication-list", chart.id)


def _page(request: HttpRequest, chart: Chart, name: str, **more: Any) -> HttpResponse:
    failed = more.pop("failed", bool(more["form"].errors) if "form" in more else False)
    status = 422 if failed else 200
    return render(request, f"medication/clinician/{name}.html", chart.context(**more), status=status)
