"""My people: the circle as it was shown to the client, and what changed since the first one."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from reknit.base.accounts.models import Role, User
from reknit.base.audit.record import record_read
from reknit.base.clock import now
from reknit.care.network import drawing, queries
from reknit.care.network.circles import Circle
from reknit.care.people.models import Client


@dataclass(frozen=True, slots=True)
class Ring:
    """One ring and who is in it."""

    ring: int
    names: tuple[str, ...]


@require_GET
def my_people(request: HttpRequest) -> HttpResponse:
    """Only what was shown to this client: names and rings, nothing about use, support or risk."""
    user = request.user
    if not isinstance(user, User) or not user.has(Role.CLIENT):
        raise Http404
    client = Client.objects.filter(user=user).first()
    if client is None:
        raise Http404
    record_read("my people", by=user, at=now(), client=client)
    shown = queries.released_versions(client)
    latest, first = (shown[-1], shown[0]) if shown else (None, None)
    found = queries.compare(first.circle, latest.circle) if latest and first and latest != first else None
    context = {
        "latest": latest,
        "first": first,
        "found": found,
        "rings": _rings(latest.circle) if latest else (),
        "figure": drawing.plain_picture(latest.circle) if latest else "",
    }
    return render(request, "network/client/my_people.html", context)


def _rings(circle: Circle) -> tuple[Ring, ...]:
    """People by ring, the closest first; who was not placed comes with those outside."""
    by_ring: dict[int, list[str]] = {1: [], 2: [], 3: [], 4: []}
    for one in circle.people:
        by_ring[one.ring or 4].append(one.alias)
    return tuple(Ring(ring, tuple(names)) for ring, names in by_ring.items() if names)
