"""A member's own page: when and where the group meets, and the summaries of their sessions. It names nobody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reknit.base.accounts.models import Role, User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.care.groups.queries.own import my_group
from reknit.care.people.models import Client
from reknit.care.people.queries import zone


@require_safe
def group_mine(request: HttpRequest) -> HttpResponse:
    """The signed-in client's own group; a plain sentence where there is none."""
    user = request.user
    if not isinstance(user, User) or not user.has(Role.CLIENT):
        raise Http404
    client, at = Client.objects.filter(user=user).first(), now()
    mine = my_group(client, at=at, today=local_date(at, zone())) if client else None
    if client:
        record_read("my group", by=user, at=at, client=client)
    return render(request, "groups/client/group.html", {"mine": mine, "zone": zone()})
