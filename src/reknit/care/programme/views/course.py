"""Another course after one that was closed: maintenance, or a new acute one."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from reknit.base.errors import DomainError
from reknit.care.programme import actions
from reknit.care.programme.charts import open_chart
from reknit.care.programme.forms import CourseForm
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import next_protocol


@require_http_methods(["GET", "POST"])
def course_begin(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Choose the protocol and the first session. What the earlier course decided about what comes next is filled in."""
    chart = open_chart(request, client_id, page="course", write=True)
    if chart.episode is None or chart.episode.status != Episode.Status.CLOSED:
        return redirect("home:client-course", client_id=chart.id)
    sent = request.POST if request.method == "POST" else None
    form = CourseForm(sent, initial={"protocol": next_protocol(chart.episode), "starts_on": chart.today})
    if form.is_valid():
        try:
            actions.begin_course(by=chart.user, at=chart.at, client=chart.client, **form.cleaned_data)
        except DomainError as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
        else:
            return redirect("home:client-course", client_id=chart.id)
    status = 422 if form.is_bound else 200
    return render(request, "programme/clinician/course_begin.html", chart.context(form=form), status=status)
