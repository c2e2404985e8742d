"""The styleguide: every part of the look on one page, with made-up values. It is not part of a clinic's own site."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from . import styleguide as sample


def styleguide(request: HttpRequest) -> HttpResponse:
    """`?layout=` shows another layout, `?theme=` holds one theme."""
    if not (settings.DEBUG or getattr(settings, "UI_STYLEGUIDE", False)):
        raise Http404
    layout = request.GET.get("layout", "")
    template = sample.LAYOUTS.get(layout, "ui/styleguide.html")
    theme = request.GET.get("theme", "")
    context = sample.context() | {
        "theme": theme if theme in ("light", "dark") else "",
        "layouts": sample.LAYOUTS,
    }
    return render(request, template, context)
