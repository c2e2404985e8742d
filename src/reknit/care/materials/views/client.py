"""The page a link opens: one text, no account, and no word in the address or the title that reveals what it is about."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from reknit.base.addresses import caller
from reknit.base.brake import SECONDS, is_over
from reknit.base.clock import now
from reknit.care.materials.queries import opened_by
from reknit.core.materials.catalogue import pack

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


def _quiet(response: HttpResponse) -> HttpResponse:
    """Kept by nobody and found by no search."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
