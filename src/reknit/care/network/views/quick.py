"""Several people at once, on one page."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from reknit.base.errors import DomainError
from reknit.care.network import actions
from reknit.care.network.quick import QuickPage
from reknit.care.programme.charts import open_chart


@require_http_methods(["GET", "POST"])
def people_add(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Write down up to eight people and those from treatment or mutual help: all are kept, or none."""
    chart = open_chart(request, client_id, page="people", write=True)
    sent = QuickPage(request.POST if request.method == "POST" else None)
    if request.method == "POST" and sent.is_valid():
        people = [row.told() for row in sent.written]
        try:
            named = actions.add_people(by=chart.user, at=chart.at, client=chart.client, people=people)
        except DomainError as error:
            sent.refuse(error.sentence, error.field)
        else:
            said = ngettext("%(n)s person added.", "%(n)s people added.", len(named)) % {"n": len(named)}
            messages.info(request, said)
            return redirect("network:circle-show", client_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "network/clinician/people_add.html", chart.context(quick=sent), status=status)
