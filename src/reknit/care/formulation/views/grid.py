"""The biopsychosocial grid: writing the next version, and the versions before."""

import uuid

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reknit.base.errors import Conflict, DomainError
from reknit.care.formulation.actions import save_grid
from reknit.care.formulation.forms import GridForm
from reknit.care.formulation.grid import evidence_of, grid_view, latest_grid
from reknit.care.formulation.models import Grid
from reknit.care.programme.charts import Chart, open_chart
from reknit.care.programme.models import Episode


@require_http_methods(["GET", "HEAD", "POST"])
def grid_change(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Write the next version; what stood before stays below."""
    chart = open_chart(request, client_id, page="story", write=True)
    if chart.episode is None:
        raise Http404
    stands, evidence = latest_grid(chart.episode), evidence_of(chart.client)
    form = GridForm(request.POST or None, evidence=evidence, initial=GridForm.initial_for(stands))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                save_grid(by=chart.user, at=chart.at, episode=chart.episode, **form.values())
            except Conflict as taken:
                form.add_error(None, taken.sentence)
                stands, status = taken.theirs, 409
                form.take_up(stands.version)
            except DomainError as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
            else:
                messages.info(request, _("Saved as the next version."))
                return redirect("coordination:care-show", chart.id)
    return _page(request, chart, chart.episode, form, stands, status)


def _page(
    request: HttpRequest, chart: Chart, episode: Episode, form: forms.Form, stands: Grid | None, status: int
) -> HttpResponse:
    earlier = Grid.objects.filter(episode=episode).select_related("by").order_by("-version")[:20]
    context = chart.context(
        form=form,
        theirs=grid_view(chart.client, stands) if status == 409 else None,
        earlier=[
            (row, [(Grid.Cell(cell).label, said) for cell, said in row.words.items()]) for row in earlier
        ],
    )
    return render(request, "formulation/clinician/grid_change.html", context, status=status)
