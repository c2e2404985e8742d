"""What runs beside IPT: one treatment with its meetings, and the ledger of contingency management."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reknit.base.ui.answers import is_saved
from reknit.care.coordination import actions
from reknit.care.coordination.forms import EntryForm, IncentiveForm, TreatmentChangeForm, TreatmentForm
from reknit.care.coordination.models import Incentive, Treatment, TreatmentEntry
from reknit.care.coordination.queries import TREATS_USE_OR_MOOD, ledger_of
from reknit.care.medication.queries import current_medication
from reknit.care.programme.charts import Chart, open_chart

from .answers import page

MOST = 100


@require_http_methods(["GET", "HEAD", "POST"])
def treatment_add(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Write down something beside IPT."""
    chart = open_chart(request, client_id, page="care", write=True)
    form = TreatmentForm(request.POST or None, initial={"key": uuid.uuid4()})

    def save() -> None:
        actions.add_treatment(by=chart.user, at=chart.at, client=chart.client, **form.cleaned_data)

    if is_saved(form, save):
        messages.info(request, _("Saved."))
        return redirect("coordination:treatment-show", chart.id, form.cleaned_data["key"])
    return page(request, chart, "treatment_add", form=form, failed=bool(form.errors))


@require_safe
def treatment_show(request: HttpRequest, client_id: uuid.UUID, treatment_id: uuid.UUID) -> HttpResponse:
    """One of them, with what came of it."""
    chart = open_chart(request, client_id, page="care")
    return _show(request, chart, _treatment(chart, treatment_id))


@require_POST
def treatment_change(request: HttpRequest, client_id: uuid.UUID, treatment_id: uuid.UUID) -> HttpResponse:
    """Begin it, end it or correct it."""
    chart = open_chart(request, client_id, page="care", write=True)
    one = _treatment(chart, treatment_id)
    form = TreatmentChangeForm(request.POST, treatment=one)

    def save() -> None:
        actions.change_treatment(by=chart.user, at=chart.at, treatment=one, **form.values())

    return _answer(request, chart, one, save, change=form)


@require_POST
def entry_add(request: HttpRequest, client_id: uuid.UUID, treatment_id: uuid.UUID) -> HttpResponse:
    """One meeting, module or visit."""
    chart = open_chart(request, client_id, page="care", write=True)
    one = _treatment(chart, treatment_id)
    form = EntryForm(request.POST)

    def save() -> None:
        actions.add_entry(by=chart.user, at=chart.at, treatment=one, **form.cleaned_data)

    return _answer(request, chart, one, save, entry=form)


@require_POST
def incentive_add(request: HttpRequest, client_id: uuid.UUID, treatment_id: uuid.UUID) -> HttpResponse:
    """One line of the ledger."""
    chart = open_chart(request, client_id, page="care", write=True)
    one = _treatment(chart, treatment_id)
    form = IncentiveForm(request.POST)

    def save() -> None:
        actions.add_incentive(by=chart.user, at=chart.at, treatment=one, **form.cleaned_data)

    return _answer(request, chart, one, save, incentive=form)


@require_POST
def line_take_back(
    request: HttpRequest, client_id: uuid.UUID, treatment_id: uuid.UUID, line_id: uuid.UUID
) -> HttpResponse:
    """A meeting or an incentive that was written down by mistake."""
    chart = open_chart(request, client_id, page="care", write=True)
    one = _treatment(chart, treatment_id)
    line = (
        TreatmentEntry.objects.select_related("treatment").filter(pk=line_id, treatment=one).first()
        or Incentive.objects.select_related("treatment").filter(pk=line_id, treatment=one).first()
    )
    if line is None:
        raise Http404
    actions.take_back_line(by=chart.user, at=chart.at, line=line)
    messages.info(request, _("Taken back. It no longer counts."))
    return redirect("coordination:treatment-show", chart.id, one.pk)


def _treatment(chart: Chart, treatment_id: uuid.UUID) -> Treatment:
    rows = Treatment.objects.select_related("client", "made_by")
    return get_object_or_404(rows, pk=treatment_id, client=chart.client)


def _answer(request: HttpRequest, chart: Chart, one: Treatment, save: Any, **form: Any) -> HttpResponse:
    (sent,) = form.values()
    if is_saved(sent, save):
        messages.info(request, _("Saved."))
        return redirect("coordination:treatment-show", chart.id, one.pk)
    return _show(request, chart, _treatment(chart, one.pk), failed=True, **form)


def _show(
    request: HttpRequest, chart: Chart, one: Treatment, *, failed: bool = False, **form: Any
) -> HttpResponse:
    is_mutual = one.kind == Treatment.Kind.MUTUAL_HELP
    prescribed = current_medication(chart.client, on=chart.today) if is_mutual else []
    entries = one.entries.filter(taken_back_at=None).select_related("by").order_by("-on", "-at")[:MOST]
    is_cm = one.kind == Treatment.Kind.CM
    context = {
        "one": one,
        "is_open": one.state in Treatment.OPEN,
        "is_cm": is_cm,
        "entries": entries,
        "ledger": ledger_of(one) if is_cm else None,
        "prepare": [item for item in prescribed if item.kind in TREATS_USE_OR_MOOD],
        "change": TreatmentChangeForm(treatment=one, initial=_stands(one), auto_id="change_%s"),
        "entry": EntryForm(initial={"key": uuid.uuid4(), "on": chart.today}, auto_id="entry_%s"),
        "incentive": IncentiveForm(initial={"key": uuid.uuid4(), "on": chart.today}, auto_id="incentive_%s"),
        "may_write": chart.may_write(),
    } | form
    return page(request, chart, "treatment_show", failed=failed, **context)


def _stands(one: Treatment) -> dict[str, Any]:
    said = {True: "yes", False: "no", None: ""}[one.is_prepared]
    names = ("revision", "group", "what", "given_by", "starts_on", "ends_on", "end_reason")
    return {name: getattr(one, name) for name in names} | {"is_prepared": said}
