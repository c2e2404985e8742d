"""A sitting: several forms of one client one after another on the clinic's device, with nobody signed in on it.

Each is a form link like any other, which no table ties to the others: the device knows them by a signed cookie, until the
sitting ends or its time is over.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from .links import SITTING_HOURS, LinkState, fingerprint, state_of
from .models import FormLink

SECONDS = SITTING_HOURS * 3600
COOKIE, SALT, PATH = "reknit_sitting", "reknit.measures.sitting", "/f/"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in its sitting a form stands."""

    number: int
    of: int


def secrets_of(request: HttpRequest) -> tuple[str, ...]:
    """The forms of the sitting on this device, in their order; none where there is no sitting. No query."""
    if COOKIE not in request.COOKIES:
        return ()
    try:
        told = signing.loads(request.COOKIES[COOKIE], salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return ()
    return tuple(told)


def place_of(request: HttpRequest, secret: str) -> Place | None:
    """The place of this form in the sitting on this device, if it belongs to it."""
    secrets = secrets_of(request)
    return Place(secrets.index(secret) + 1, len(secrets)) if secret in secrets else None


def links_of(secrets: Sequence[str]) -> list[tuple[str, FormLink]]:
    """The links of a sitting with their secrets, in their order. One query."""
    found = {
        one.fingerprint: one for one in FormLink.objects.filter(fingerprint__in=map(fingerprint, secrets))
    }
    pairs = [(secret, found.get(fingerprint(secret))) for secret in secrets]
    return [(secret, link) for secret, link in pairs if link is not None]


def next_of(secrets: Sequence[str], *, at: dt.datetime) -> str:
    """The first form that is not sent yet; nothing when that was the last. One query."""
    live = (secret for secret, link in links_of(secrets) if state_of(link, at=at) is LinkState.LIVE)
    return next(live, "")


def begin(response: HttpResponse, secrets: Sequence[str]) -> None:
    """Let this device know the forms of the sitting."""
    response.set_cookie(
        COOKIE,
        signing.dumps(list(secrets), salt=SALT),
        max_age=SECONDS,
        path=PATH,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )


def end(response: HttpResponse) -> None:
    """Let this device forget them."""
    response.delete_cookie(COOKIE, path=PATH, samesite="Strict")
