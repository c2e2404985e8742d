"""Letters written to the client, and the plan they were given, for the client."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from reknit.base.accounts.models import Role, User
from reknit.base.audit.record import record_read
from reknit.base.clock import now
from reknit.care.closure.access import may_open_own_letter
from reknit.care.closure.actions import file_pages
from reknit.care.closure.models import Letter
from reknit.care.closure.records import plan_of
from reknit.care.closure.views.clinician import as_pdf
from reknit.care.people.models import Client


@require_GET
def client_letter(request: HttpRequest, letter_id: uuid.UUID) -> HttpResponse:
    """One issued letter of the signed-in client. Anybody else's is not found."""
    letter = Letter.objects.select_related("episode__client").filter(pk=letter_id).first()
    user = request.user
    if letter is None or not isinstance(user, User) or not may_open_own_letter(user, letter):
        raise Http404
    at = now()
    record_read("own letter", by=user, at=at, client=letter.episode.client)
    return as_pdf(file_pages(by=user, at=at, letter=letter), name="letter")


@require_GET
def client_plan(request: HttpRequest) -> HttpResponse:
    """The signed-in client's own plan and signals, as they were given."""
    user = request.user
    if not isinstance(user, User) or not user.has(Role.CLIENT):
        raise Http404
    client = Client.objects.filter(user=user).first()
    plan = plan_of(client) if client else None
    if client:
        record_read("my plan", by=user, at=now(), client=client)
    return render(request, "closure/client/plan.html", {"plan": plan})
