"""Whether single keys do something, kept at the browser: speech input and switches differ from machine to machine."""

from django.http import HttpRequest

COOKIE = "reknit_keys"
OFF = "off"


def keys_are_off(request: HttpRequest) -> bool:
    """Whether single-key shortcuts were turned off here."""
    return request.COOKIES.get(COOKIE) == OFF
