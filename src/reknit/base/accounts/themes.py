"""The choice of colours, kept at the browser."""

from django.http import HttpRequest

COOKIE = "reknit_theme"
THEMES = ("light", "dark")


def theme_of(request: HttpRequest) -> str:
    """Light, dark, or nothing: as the device has it."""
    theme = request.COOKIES.get(COOKIE, "")
    return theme if theme in THEMES else ""
