"""The care team at the clinic. Intake sees here a name and a team, and no chart."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from reknit.base.audit.record import record_read
from reknit.base.errors import DomainError
from reknit.care.coordination.actions import add_to_team
from reknit.care.people.access import may_change_team, may_lead, may_read_chart
from reknit.care.people.forms import TeamForm
from reknit.care.people.models import CareTeamMember
from reknit.care.people.queries import clinicians, lead_of, team_of
from reknit.care.people.views.team import asked_for

ROWS_PER_PAGE = 25


@require_http_methods(["GET", "POST"])
def team_change(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """The team, and a form to add somebody to it for those who may."""
    user, client, at, today = asked_for(request, client_id)
    may_change = may_change_team(user, client, on=today)
    if request.method == "POST":
        may_change.or_refuse()
    has_lead = lead_of(client, on=today) is not None
    form = TeamForm(
        request.POST if request.method == "POST" else None,
        clinicians=clinicians(),
        initial={"part": CareTeamMember.Part.COVER if has_lead else CareTeamMember.Part.LEAD},
    )
    if request.method == "POST" and form.is_valid():
        try:
            add_to_team(by=user, at=at, client=client, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            return redirect("coordination:team-change", client_id=client.pk)
    record_read("team", by=user, at=at, client=client)
    context = {
        "client": client,
        "page": Paginator(team_of(client), ROWS_PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "may_change": may_change.allowed,
        "reads_chart": may_read_chart(user, client, on=today).allowed,
        "may_lead": may_lead(user, client, on=today).allowed,
        "today": today,
    }
    return render(
        request, "coordination/clinician/team_change.html", context, status=422 if form.errors else 200
    )
