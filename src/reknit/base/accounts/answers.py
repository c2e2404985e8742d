"""What a request wants back: a page, JSON for a script of ours, or an instruction for htmx."""

from django.http import HttpRequest


def wants_json(request: HttpRequest) -> bool:
    """Whether a script fetched this and will read JSON, not a person who will read a page."""
    accept = request.headers.get("Accept", "")
    return "X-Autosave" in request.headers or ("application/json" in accept and "text/html" not in accept)


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asked for part of a page."""
    return request.headers.get("HX-Request") == "true"
