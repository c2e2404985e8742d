"""After a missed session: writing down a contact, and the plan to come back."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reknit.base.errors import DomainError
from reknit.care.contact.queries import current_safe_contact
from reknit.care.encounters import actions
from reknit.care.encounters.models import ContactAfterMiss, Encounter, ReEngagementPlan
from reknit.care.encounters.techniques.forms import MissForm
from reknit.care.programme.charts import open_chart

from . import page


@require_http_methods(["GET", "POST"])
def contact_add(request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID) -> HttpResponse:
    """Write down that somebody tried to reach the client after this missed session."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    encounter = page.find(chart, encounter_id)
    if encounter.outcome in Encounter.HELD:
        messages.warning(request, _("This session took place. Write about it in its note."))
        return redirect("encounters:session-show", chart.id, encounter.pk)
    form = MissForm(request.POST or None, model=ContactAfterMiss, initial={"on": chart.today})
    if form.is_valid():
        try:
            actions.record_contact(by=chart.user, at=chart.at, encounter=encounter, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
        else:
            messages.info(request, _("Written down."))
            return redirect("encounters:session-list", chart.id)
    context = {"form": form, "encounter": encounter, "safe": current_safe_contact(chart.client)}
    status = 422 if form.is_bound else 200
    return render(request, "encounters/contact_add.html", chart.context(**context), status=status)


@require_http_methods(["GET", "POST"])
def re_engagement_write(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Write how this client is helped to come back; earlier plans stand below."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    if chart.episode is None:
        raise Http404
    form = MissForm(
        request.POST or None, model=ReEngagementPlan, initial={"next_on": chart.today, "who": chart.user.name}
    )
    if form.is_valid():
        try:
            actions.write_re_engagement_plan(
                by=chart.user, at=chart.at, episode=chart.episode, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
        else:
            messages.info(request, _("The plan is written. It closes nothing and moves no date."))
            return redirect("encounters:session-list", chart.id)
    earlier = ReEngagementPlan.objects.filter(episode=chart.episode).select_related("by").order_by("-at")
    context = {"form": form, "earlier": earlier}
    status = 422 if form.is_bound else 200
    return render(request, "encounters/re_engagement_write.html", chart.context(**context), status=status)
