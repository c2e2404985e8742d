"""Pages show times as the clinic's clock does. Instants are kept in UTC; only the showing happens here."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from reknit.care.people.queries import zone


class ClinicZoneMiddleware:
    """Templates and date fields of forms speak in the clinic's zone while a request is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(zoneinfo.ZoneInfo(zone())):
            return self.get_response(request)
