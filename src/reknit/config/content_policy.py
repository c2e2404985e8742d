"""The content security policy, the same on every answer: pages may hold no script or style of their own.

No page loosens it, so its words are put together once, when the server starts, and not anew for each answer.
"""

from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse


class ContentPolicyMiddleware:
    """Puts the policy on every answer. Django's own pages about an error, while developing, go without."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not (settings.DEBUG and response.status_code in {404, 500}):
            response[HEADER] = self.policy
        return response
