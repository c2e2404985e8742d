"""Facts at admission, asked once; the care team writes them, the supervisory line reads, and both take a table."""

import csv
import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from reknit.base.accounts.models import User
from reknit.base.audit.record import record_reads
from reknit.base.clock import local_date, now
from reknit.base.errors import DomainError
from reknit.care.intake import actions
from reknit.care.intake.access import may_take_admissions
from reknit.care.intake.forms import show_refusal
from reknit.care.intake.forms.admission import AdmissionForm
from reknit.care.intake.models import AdmissionFacts
from reknit.care.intake.queries.admission import COLUMNS, admissions_open_to
from reknit.care.people.queries import zone
from reknit.care.programme.charts import open_chart
from reknit.core.intake.teds import FACTS, missing


@require_http_methods(["GET", "POST"])
def admission_facts(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """What is known, what of the minimum set is missing, and the form."""
    chart = open_chart(request, client_id, page="course", write=request.method == "POST")
    if chart.episode is None:
        raise Http404
    facts = AdmissionFacts.objects.filter(episode=chart.episode).select_related("changed_by").first()
    form = AdmissionForm(request.POST or None, facts=facts)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_admission_facts(by=chart.user, at=chart.at, episode=chart.episode, **form.values())
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.info(request, _("Kept. What is blank is not known."))
            return redirect("intake:admission-facts", client_id)
    answers = facts.answers if facts else {}
    titles = {fact.key: _(fact.title) for fact in FACTS}
    words = [
        (titles[fact.key], _(dict(fact.codes)[answers[fact.key]])) for fact in FACTS if fact.key in answers
    ]
    context = chart.context(
        facts=facts,
        words=words,
        missing=[titles[key] for key in missing(answers)],
        form=form,
        may_write=chart.may_write(),
        may_take=may_take_admissions(chart.user).allowed and not chart.client.is_sandbox,
        client=chart.client,
    )
    status = 422 if form.errors else 200
    return render(request, "intake/clinician/admission_facts.html", context, status=status)


@require_GET
def admissions_table(request: HttpRequest) -> HttpResponse:
    """One row for each course of a chart that is open to whoever asks. It names nobody; each chart is recorded as read."""
    user, at = request.user, now()
    assert isinstance(user, User)
    may_take_admissions(user).or_refuse()
    rows = admissions_open_to(user, on=local_date(at, zone()))
    record_reads("admissions as a file", by=user, at=at, clients=dict.fromkeys(one.client for one in rows))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="admissions.csv"'
    response["Cache-Control"] = "no-store"
    table = csv.writer(response)
    table.writerow(COLUMNS)
    table.writerows(one.cells() for one in rows)
    return response
