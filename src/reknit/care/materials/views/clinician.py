"""What was given to one client to read, giving something more, and taking a mistake back."""

import contextlib
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reknit.base.errors import DomainError
from reknit.base.ui.qr import picture
from reknit.care.contact.queries import current_safe_contact
from reknit.care.materials import actions
from reknit.care.materials.forms import GiveForm
from reknit.care.materials.models import MaterialGiven
from reknit.care.materials.queries import given_to, language_name
from reknit.care.people.queries import zone
from reknit.care.programme.charts import Chart, open_chart
from reknit.core.materials.catalogue import TOPICS, in_language, material


@require_safe
def given_list(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """What was given, latest first."""
    chart = open_chart(request, client_id, page="course")
    context = chart.context(given=given_to(chart.client), may_write=chart.may_write(), zone=zone())
    return render(request, "materials/clinician/given_list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def material_give(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Give a text: together, on paper, or by a link whose address is shown in this answer and never again."""
    chart = open_chart(request, client_id, page="course", write=True)
    form = GiveForm(request.POST or None, initial=_initial(request, chart))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                row, secret = actions.give_material(
                    by=chart.user,
                    at=chart.at,
                    client=chart.client,
                    key=given["key"],
                    topic=given["topic"],
                    language=given["language"],
                    how=given["how"],
                    encounter_id=given["encounter"],
                )
            except DomainError as refused:
                form.add_error(refused.field, refused.sentence)
            else:
                return _given(request, chart, row, secret)
    context = chart.context(form=form, contact=current_safe_contact(chart.client))
    return render(request, "materials/clinician/material_give.html", context, status=status)


def _initial(request: HttpRequest, chart: Chart) -> dict[str, object]:
    first: dict[str, object] = {
        "key": uuid.uuid4(),
        "language": in_language(chart.client.language),
        "how": MaterialGiven.How.SESSION,
        "topic": request.GET.get("topic") if request.GET.get("topic") in TOPICS else None,
    }
    with contextlib.suppress(ValueError):
        first["encounter"] = uuid.UUID(request.GET.get("session", ""))
    return first


def _given(request: HttpRequest, chart: Chart, row: MaterialGiven, secret: str) -> HttpResponse:
    """The way on: to the sheet to print, to the link, or back to where it was given."""
    if not secret:
        messages.info(request, _("It is written down as given."))
        return redirect("materials:given-list", chart.id)
    address = request.build_absolute_uri(reverse("materials:page-read", args=[secret]))
    context = chart.context(
        given=row,
        title=material(row.topic, row.language).title,
        language=language_name(row.language),
        address=address,
        code=picture(address),
        contact=current_safe_contact(chart.client),
        zone=zone(),
    )
    return render(request, "materials/clinician/link_made.html", context)


@require_POST
def material_take_back(request: HttpRequest, client_id: uuid.UUID, given_id: uuid.UUID) -> HttpResponse:
    """Say that it was not given after all."""
    chart = open_chart(request, client_id, page="course", write=True)
    given = get_object_or_404(MaterialGiven, pk=given_id, client=chart.client)
    actions.take_back_material(by=chart.user, at=chart.at, given=given)
    messages.info(request, _("Taken back. A link to it no longer opens."))
    return redirect("materials:given-list", chart.id)
