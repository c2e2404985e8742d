"""One person of the circle: what is known, writing it down, taking them off."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reknit.base.errors import Conflict, DomainError
from reknit.care.network import actions
from reknit.care.network.forms import LABELS, RelationshipForm, shown
from reknit.care.network.models import Relationship
from reknit.care.programme.charts import Chart, open_chart


def _found(chart: Chart, key: uuid.UUID) -> Relationship:
    rows = Relationship.objects.select_related("client", "added_by", "set_aside_by")
    return get_object_or_404(rows, pk=key, client=chart.client)


@require_GET
def relationship_show(request: HttpRequest, client_id: uuid.UUID, relationship_id: uuid.UUID) -> HttpResponse:
    """What is known about somebody, and what is not."""
    chart = open_chart(request, client_id, page="people")
    row = _found(chart, relationship_id)
    context = chart.context(row=row, groups=shown(row), may_write=chart.may_write())
    return render(request, "network/clinician/relationship_show.html", context)


@require_http_methods(["GET", "POST"])
def relationship_edit(request: HttpRequest, client_id: uuid.UUID, relationship_id: uuid.UUID) -> HttpResponse:
    """Write down what is known. Everything but the alias may stay open."""
    chart = open_chart(request, client_id, page="people", write=True)
    row = _found(chart, relationship_id)
    if request.method == "GET":
        return _form(request, chart, row, RelationshipForm(row=row))
    form = RelationshipForm(request.POST, row=row)
    if not form.is_valid():
        return _form(request, chart, row, form, status=422)
    try:
        actions.describe_relationship(
            by=chart.user,
            at=chart.at,
            relationship=row,
            revision=form.cleaned_data["revision"],
            details=form.details(),
        )
    except Conflict as conflict:
        return _both(request, chart, row, conflict)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.sentence)
        return _form(request, chart, row, form, status=422)
    return redirect("network:relationship-show", client_id, relationship_id)


@require_POST
def relationship_aside(
    request: HttpRequest, client_id: uuid.UUID, relationship_id: uuid.UUID
) -> HttpResponse:
    """Take somebody off the circle; they stay on its earlier versions."""
    chart = open_chart(request, client_id, page="people", write=True)
    row = _found(chart, relationship_id)
    try:
        actions.set_aside(by=chart.user, at=chart.at, relationship=row)
    except DomainError as error:
        messages.warning(request, error.sentence)
    else:
        messages.info(request, _("%(name)s is no longer on the circle.") % {"name": row.alias})
    return redirect("network:circle-show", client_id)


@require_POST
def relationship_back(request: HttpRequest, client_id: uuid.UUID, relationship_id: uuid.UUID) -> HttpResponse:
    """Put somebody on the circle again."""
    chart = open_chart(request, client_id, page="people", write=True)
    try:
        actions.bring_back(by=chart.user, at=chart.at, relationship=_found(chart, relationship_id))
    except DomainError as error:
        messages.warning(request, error.sentence)
    return redirect("network:circle-show", client_id)


def _both(request: HttpRequest, chart: Chart, row: Relationship, conflict: Conflict) -> HttpResponse:
    """Somebody else saved first: their words beside ours, and ours kept in the form."""
    row.refresh_from_db()
    mine = request.POST.copy()
    mine["revision"] = str(row.revision)
    form = RelationshipForm(mine, row=row)
    sent = form.details() if form.is_valid() else {}
    words = {label: said for _title, pairs in shown(row) for label, said, _known in pairs}
    differ = [str(LABELS[name]) for name, value in sent.items() if value != conflict.theirs.get(name)]
    theirs = [(label, words.get(label, row.alias)) for label in differ]
    return _form(request, chart, row, form, status=409, conflict=conflict.sentence, theirs=theirs)


def _form(
    request: HttpRequest,
    chart: Chart,
    row: Relationship,
    form: RelationshipForm,
    *,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    context = chart.context(row=row, form=form, groups=form.groups(), **more)
    return render(request, "network/clinician/relationship_edit.html", context, status=status)
