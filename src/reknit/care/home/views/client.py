"""The client's own front page."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from reknit.base.accounts.models import Role, User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.care.home.queries.front import front_of
from reknit.care.people.absences.queries import cover_for
from reknit.care.people.models import Client
from reknit.care.people.queries import site, zone
from reknit.care.safety.queries import released_plan


@require_GET
def client_front(request: HttpRequest) -> HttpResponse:
    """Where I am, what comes next, whom I can call, and the safety plan that was shown to me. Only ever the signed-in client's own."""
    user = request.user
    if not isinstance(user, User) or not user.has(Role.CLIENT):
        raise Http404
    at = now()
    client = Client.objects.filter(user=user).first()
    front, away = None, None
    if client:
        away = cover_for(client, on=local_date(at, zone()))
        front = front_of(client, at=at, today=local_date(at, zone()))
        record_read("my notes", by=user, at=at, client=client)
    context = {
        "front": front,
        "away": away,
        "site": site(),
        "plan": released_plan(client) if client else [],
        "key": uuid.uuid4(),
    }
    return render(request, "home/client/front.html", context)
