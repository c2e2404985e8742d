"""What a client reads: by a link without an account, or among their own pages. No address or title says what it is about."""

import uuid

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from reknit.base.accounts.models import Role, User
from reknit.base.addresses import caller
from reknit.base.audit.record import record_read
from reknit.base.brake import SECONDS, is_over
from reknit.base.clock import now
from reknit.care.materials.queries import given_to, opened_by
from reknit.care.people.models import Client
from reknit.core.errors import BadInput
from reknit.core.materials.catalogue import material, pack

MOST_MISSES = 30  # within a minute; for addresses that hold no link


@login_not_required
@require_safe
def page_read(request: HttpRequest, secret: str) -> HttpResponse:
    """The text, in its own language with the words round it. Opening it changes nothing."""
    text = opened_by(secret, at=now())
    if text is not None:
        with translation.override(text.language):
            context = {"material": text, "frame": pack().frame(text.language)}
            return _quiet(render(request, "materials/client/page.html", context))
    if is_over("materials.miss", caller(request), most=MOST_MISSES):
        response = _quiet(render(request, "materials/client/wait.html", status=429))
        response["Retry-After"] = str(SECONDS)
        return response
    return _quiet(render(request, "materials/client/ended.html", status=404))


@require_safe
def my_reading(request: HttpRequest) -> HttpResponse:
    """Everything that was given to the signed-in client and not taken back, latest first."""
    client = _own(request)
    return render(request, "materials/client/my_reading.html", {"given": given_to(client)})


@require_safe
def my_page(request: HttpRequest, given_id: uuid.UUID) -> HttpResponse:
    """One of them, in the language it was given in."""
    client = _own(request)
    given = next((one for one in given_to(client) if one.row.pk == given_id), None)
    if given is None:
        raise Http404
    try:
        text = material(given.row.topic, given.row.language)
    except BadInput as gone:
        raise Http404 from gone
    with translation.override(text.language):
        context = {"material": text, "frame": pack().frame(text.language)}
        return _quiet(render(request, "materials/client/page.html", context))


def _own(request: HttpRequest) -> Client:
    """The client that is signed in; everybody else finds nothing here."""
    user = request.user
    client = (
        Client.objects.filter(user=user).first() if isinstance(user, User) and user.has(Role.CLIENT) else None
    )
    if client is None:
        raise Http404
    record_read("my reading", by=user, at=now(), client=client)
    return client


def _quiet(response: HttpResponse) -> HttpResponse:
    """Kept by nobody and found by no search."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
