"""The library: every text, one text as a client reads it, and the same on paper in two sizes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, now
from reknit.care.materials.access import may_read_library
from reknit.care.materials.print.render import pdf_of
from reknit.care.materials.queries import language_name
from reknit.care.people.queries import zone
from reknit.core.errors import BadInput
from reknit.core.materials.catalogue import LANGUAGES, TOPICS, Material, material, pack


def _open(request: HttpRequest) -> None:
    user = request.user
    assert isinstance(user, User)  # every page of the library needs a sign-in
    may_read_library(user).or_refuse()


def _material_or_404(topic: str, language: str) -> Material:
    try:
        return material(topic, language)
    except BadInput as unknown:
        raise Http404 from unknown


@require_safe
def material_list(request: HttpRequest) -> HttpResponse:
    """Every topic, with its languages and the day it was last looked at."""
    _open(request)
    on = local_date(now(), zone())
    rows = [
        [
            (language_name(language), one, one.is_overdue(on))
            for language in LANGUAGES
            for one in [material(topic, language)]
        ]
        for topic in TOPICS
    ]
    unread = [
        _("%(language)s (%(n)s of %(all)s)")
        % {"language": language_name(language), "n": n, "all": len(TOPICS)}
        for language in LANGUAGES
        if (n := sum(not material(topic, language).is_read_by_clinician for topic in TOPICS))
    ]
    context = {"rows": rows, "pack": pack(), "unread": unread}
    return render(request, "materials/clinician/material_list.html", context)


@require_safe
def material_show(request: HttpRequest, topic: str, language: str) -> HttpResponse:
    """One text as a client reads it, with its sources for the clinician."""
    _open(request)
    one = _material_or_404(topic, language)
    context = {
        "material": one,
        "language": language_name(language),
        "is_overdue": one.is_overdue(local_date(now(), zone())),
        "pack": pack(),
        "frame": pack().frame(language),
    }
    return render(request, "materials/clinician/material_show.html", context)


@require_safe
def material_pdf(request: HttpRequest, topic: str, language: str) -> HttpResponse:
    """The text as a tagged PDF; with `?big` in big print."""
    _open(request)
    one = _material_or_404(topic, language)
    pages = pdf_of(one, is_big="big" in request.GET, on=local_date(now(), zone()))
    return HttpResponse(
        pages,
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="reading.pdf"', "Cache-Control": "no-store"},
    )
