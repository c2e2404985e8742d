"""Where a request comes from: the machine that called, or what our own proxies say about it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def caller(request: HttpRequest) -> str:
    """The caller's address. `X-Forwarded-For` is believed only as far as our own proxies wrote it."""
    seen = str(request.META.get("REMOTE_ADDR") or "")
    if not settings.PROXIES:
        return seen
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    try:
        return str(ipaddress.ip_address(told[-settings.PROXIES]))
    except (IndexError, ValueError):
        return seen
