"""Nobody sees a page without signing in, unless the page says that it is open to all; and a sign-in ends by time."""

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from reknit.base.audit import record as audit
from reknit.base.clock import now

from . import kept, stamps, trail
from .answers import is_htmx, wants_json
from .forms import SignInForm
from .models import User

OPEN_WHILE_PASSWORD_IS_OLD = {"account_change_password", "account_logout", "accounts:theme-change"}


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page needs a sign-in, save those marked `login_not_required`."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """End a sign-in whose time is over; then ask for one where the page needs it."""
        before = end_by_time(request) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if not getattr(view_func, "login_required", True):
            return None
        user = request.user
        if not isinstance(user, User):
            return signed_out(request, before=before)
        match = request.resolver_match
        if user.must_change_password and match and match.view_name not in OPEN_WHILE_PASSWORD_IS_OLD:
            return change_password_first(request)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Record that somebody was kept out: a page that is not theirs, or a chart they may not see."""
        if isinstance(exception, PermissionDenied | Http404) and isinstance(request.user, User):
            record_refusal(request, request.user, status=404 if isinstance(exception, Http404) else 403)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Remember at this browser whose words a late form may bring, and let no browser keep a page.

        A page kept by the browser would come back by its Back button after the person signed out. Long words are
        not lost by this: notes, letters and phone forms save themselves as they are written.
        """
        user = getattr(request, "seen_user", None)
        if isinstance(user, User):
            kept.remember_person(response, user, secure=settings.SESSION_COOKIE_SECURE)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.setdefault("Cache-Control", "private, no-store")
        return response


def record_refusal(request: HttpRequest, user: User, *, status: int) -> None:
    """One event with the page's name and the keys in its address, alike for what is not theirs and what is not there."""
    match = request.resolver_match
    if match is None:
        return
    keys = {name: value for name, value in match.kwargs.items() if isinstance(value, uuid.UUID)}
    detail = {"page": match.view_name, "status": status, **{name: str(key) for name, key in keys.items()}}
    with audit.writing():
        audit.record("refuse", by=user, at=now(), client=keys.get("client_id"), detail=detail)


def end_by_time(request: HttpRequest) -> User | None:
    """Sign out a person who was away too long, and return who it was; stamp one who is here."""
    user, at = request.user, now()
    if not isinstance(user, User):
        return None
    if not stamps.is_over(request.session, user=user, at=at):
        if stamps.touch(request.session, at=at) or kept.COOKIE not in request.COOKIES:
            request.seen_user = user  # type: ignore[attr-defined]
        return None
    request.session.flush()
    request.user = AnonymousUser()
    trail.leave("sign-in ended by time", by=user, subject=user)
    return user


def signed_out(request: HttpRequest, *, before: User | None) -> HttpResponseBase:
    """Answer a request that needs a sign-in, in the way that loses nothing."""
    sign_in = reverse("account_login")
    # The path alone comes along: a query may hold a name that somebody searched for.
    back = f"{sign_in}?{urlencode({'next': request.path})}" if request.path != "/" else sign_in
    if is_htmx(request):
        return _for_htmx(sign_in)
    if wants_json(request) or request.content_type == "application/json":
        return JsonResponse({"signed_out": True, "sign_in_url": sign_in}, status=401)
    if request.method in {"GET", "HEAD"}:
        return HttpResponseRedirect(back)
    match = request.resolver_match
    about_sign_in = match and (match.view_name or "").startswith(("account_", "mfa_"))
    if about_sign_in or set(request.POST) <= {"csrfmiddlewaretoken"}:  # a button alone holds no words
        return HttpResponseRedirect(sign_in)
    person = str(before.pk) if before else kept.remembered_person(request)
    words = kept.keep(request, person=person)
    return render(
        request,
        "account/login.html",
        {"form": SignInForm(request=request), "signed_out": True, "kept": words},
        status=401,
    )


def change_password_first(request: HttpRequest) -> HttpResponseBase:
    """A one-time password opens one page: where it is changed."""
    page = reverse("account_change_password")
    if is_htmx(request):
        return _for_htmx(page)
    if wants_json(request):
        sentence = _("Choose a password of your own first, on the sign-in page.")
        return JsonResponse({"message": sentence}, status=403)
    return HttpResponseRedirect(page)


def _for_htmx(page: str) -> HttpResponse:
    return HttpResponse(status=401, headers={"HX-Redirect": page})
