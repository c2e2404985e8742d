"""The Story tab: what is worked on, the text that stands, and the line of the client's life."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from reknit.care.formulation.pages import story_page
from reknit.care.programme.charts import open_chart


@require_GET
def story_show(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """The page itself."""
    chart = open_chart(request, client_id, page="story")
    context = chart.context(page=story_page(chart), may_write=chart.may_write())
    return render(request, "formulation/clinician/story.html", context)
