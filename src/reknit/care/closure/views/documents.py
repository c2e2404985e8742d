"""Documents of one course: what can be made now, what was made, and its pages."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.care.closure.documents import actions
from reknit.care.closure.documents.forms import SessionForm
from reknit.care.closure.documents.kinds import DOCUMENTS, PRINTED
from reknit.care.closure.documents.pages import digest_of, pages_of
from reknit.care.closure.documents.values import Sources, sources_of
from reknit.care.closure.models import Printed
from reknit.care.people.queries import zone
from reknit.care.programme.charts import Chart, open_chart

from .clinician import as_pdf
from .closing import course_of

ROWS = 20


@require_GET
def document_list(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Every document, what it still lacks, and those that were made."""
    chart = open_chart(request, client_id, page="closing")
    return list_page(request, chart)


def list_page(
    request: HttpRequest, chart: Chart, form: SessionForm | None = None, *, status: int = 200
) -> HttpResponse:
    """The page, with the form of a certificate."""
    context: dict[str, Any] = {"may_write": chart.may_write()}
    if chart.episode:
        found = sources_of(chart.episode)
        made = (
            Printed.objects.filter(episode=chart.episode)
            .defer("content")
            .select_related("made_by")
            .order_by("-made_at", "pk")
        )
        context |= {
            "documents": [(one, found.lack(one.key)) for one in PRINTED],
            "made": Paginator(made, ROWS).get_page(request.GET.get("page")),
            "session_form": form or session_form(found),
        }
    return render(request, "closure/clinician/document_list.html", chart.context(**context), status=status)


def session_form(found: Sources, sent: Any = None) -> SessionForm:
    """The form of a certificate of attendance; the latest session stands first."""
    return SessionForm(sent, attended=found.attended)


@require_POST
def document_make(request: HttpRequest, client_id: uuid.UUID, kind: str) -> HttpResponse:
    """Make a document as things stand."""
    chart = open_chart(request, client_id, page="closing", write=True)
    episode = course_of(chart)
    if kind not in {one.key for one in PRINTED}:
        raise Http404
    session = None
    if kind == "attendance":
        form = session_form(sources_of(episode), request.POST)
        if not form.is_valid():
            return list_page(request, chart, form, status=422)
        session = form.chosen()
    try:
        made = actions.make_document(by=chart.user, at=chart.at, episode=episode, kind=kind, session=session)
    except DomainError as problem:
        messages.warning(request, problem.sentence)
        return redirect("closure:document-list", client_id=chart.client.pk)
    messages.info(request, _("“%(title)s” is made. Open it below to print it.") % {"title": made.title})
    return redirect("closure:document-list", client_id=chart.client.pk)


@require_GET
def document_show(request: HttpRequest, client_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    """The pages of a document, exactly as it was made."""
    chart = open_chart(request, client_id, page="closing")
    made = get_object_or_404(Printed, pk=document_id, episode__client=chart.client)
    if digest_of(made.content) != made.digest or made.kind not in DOCUMENTS:
        messages.warning(request, _("This document does not match its fingerprint. Tell your administrator."))
        return redirect("closure:document-list", client_id=chart.client.pk)
    return as_pdf(pages_of(made.content, on=local_date(made.made_at, zone())), name="document")
