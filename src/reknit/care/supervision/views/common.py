"""How a page of this room begins, and the frame it is answered in."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, now
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.models import Episode
from reknit.care.supervision.access import may_read_file


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at a page, and when."""

    user: User
    at: dt.datetime
    today: dt.date


def visit(request: HttpRequest) -> Visit:
    """Who asks, and the time read once."""
    if not isinstance(request.user, User):
        raise Http404
    at = now()
    return Visit(request.user, at, local_date(at, zone()))


def somebody(request: HttpRequest, person_id: uuid.UUID) -> tuple[Visit, User]:
    """A person whose file this one may read; anybody else is refused without a name."""
    here = visit(request)
    if not here.user.reads_charts:
        may_read_file(here.user, here.user, on=here.today).or_refuse()
    person = get_object_or_404(User, pk=person_id)
    may_read_file(here.user, person, on=here.today).or_refuse()
    return here, person


def course_for(request: HttpRequest, client_id: uuid.UUID) -> tuple[Visit, Client, Episode]:
    """A client whose chart is open to this person, with the latest course; anything else is not found."""
    here = visit(request)
    seen = Client.objects.open_to(here.user, on=here.today)
    client = get_object_or_404(seen, pk=client_id)
    episode = Episode.objects.filter(client=client).order_by("-status", "-starts_on").first()
    if episode is None:
        raise Http404
    episode.client = client
    request.is_practice = client.is_sandbox  # type: ignore[attr-defined]  # the frame of the page says so
    return here, client, episode


def page(request: HttpRequest, name: str, *forms_sent: forms.Form, **context: Any) -> HttpResponse:
    """A page of the room; 422 where a form that was sent has faults."""
    status = 422 if any(one.is_bound and one.errors for one in forms_sent) else 200
    return render(request, f"supervision/{name}.html", context, status=status)
