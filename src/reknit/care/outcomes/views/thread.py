"""The golden thread of a course, on the page and on paper."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from reknit.care.outcomes.thread import thread_of
from reknit.care.outcomes.thread_pages import pages_of
from reknit.care.programme.charts import open_chart


@require_GET
def thread_show(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """From the problem to the review, with what is torn."""
    chart = open_chart(request, client_id, page="course")
    thread = thread_of(chart.episode, today=chart.today) if chart.episode else None
    return render(request, "outcomes/clinician/thread.html", chart.context(thread=thread))


@require_GET
def thread_pdf(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """The same as a tagged PDF that no cache keeps, under a name that tells nothing."""
    chart = open_chart(request, client_id, page="golden thread on paper")
    if chart.episode is None:
        raise Http404
    pages = pages_of(chart.client, thread_of(chart.episode, today=chart.today), on=chart.today)
    response = HttpResponse(pages, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="thread.pdf"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
