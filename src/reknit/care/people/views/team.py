"""Ending somebody's part in a care team, and the client's own sign-in. Intake sees here a name, and no chart."""

import datetime as dt
import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, now
from reknit.base.errors import DomainError
from reknit.care.people import actions
from reknit.care.people.access import may_change_team, may_lead, may_read_chart, may_see_team
from reknit.care.people.forms import ClientSignInForm
from reknit.care.people.models import Client
from reknit.care.people.queries import zone

ROWS_PER_PAGE = 25


def asked_for(request: HttpRequest, client_id: uuid.UUID) -> tuple[User, Client, dt.datetime, dt.date]:
    """Who asks, for which client, when. An unknown client and one who is not theirs get the same answer."""
    user, at = request.user, now()
    today = local_date(at, zone())
    client = Client.objects.select_related("user").filter(pk=client_id).first()
    if not isinstance(user, User) or client is None or not may_see_team(user, client, on=today):
        raise Http404
    request.is_practice = client.is_sandbox  # type: ignore[attr-defined]
    return user, client, at, today


@require_POST
def team_leave(request: HttpRequest, client_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """End a clinician's part in the team today."""
    user, client, at, today = asked_for(request, client_id)
    may_change_team(user, client, on=today).or_refuse()
    member = get_object_or_404(client.care_team, pk=member_id, ends_on=None)
    try:
        actions.leave_care_team(by=user, at=at, member=member, ends_on=today)
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
    return redirect("coordination:team-change", client_id=client.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def client_sign_in(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Make the client's sign-in, or a new one-time password for it, and show that once."""
    user, client, at, today = asked_for(request, client_id)
    if not may_read_chart(user, client, on=today):
        raise Http404
    may_lead(user, client, on=today).or_refuse()
    known = client.user
    form = ClientSignInForm(
        {"email": known.email} if known else request.POST if request.method == "POST" else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            person, password = actions.make_client_sign_in(
                by=user, at=at, client=client, email=form.cleaned_data["email"]
            )
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            shown = {"client": client, "person": person, "password": password}
            return render(request, "people/client_password.html", shown)
    context = {"client": client, "known": known, "form": form}
    return render(request, "people/client_sign_in.html", context, status=422 if form.errors else 200)
