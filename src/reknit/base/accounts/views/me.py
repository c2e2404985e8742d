"""A person's own settings: name, password, second step, colours, and where they are signed in."""

from typing import Any

from allauth.account.views import PasswordChangeView, ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reknit.base.accounts import actions
from reknit.base.accounts.forms import (
    CodeAgainForm,
    NameForm,
    PasswordAgainForm,
    PasswordForm,
    ThemeForm,
    TurnOnForm,
)
from reknit.base.accounts.keys import COOKIE as KEYS
from reknit.base.accounts.keys import OFF
from reknit.base.accounts.models import Role, User
from reknit.base.accounts.queries import open_sessions
from reknit.base.accounts.themes import COOKIE, theme_of
from reknit.base.clock import now

A_YEAR = 365 * 24 * 60 * 60


def signed_in_user(request: HttpRequest) -> User:
    """The person at hand; the middleware lets nobody else through."""
    user = request.user
    assert isinstance(user, User)
    return user


@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """The page of settings; its form changes the name. A client's name is changed by their clinician."""
    user, at = signed_in_user(request), now()
    is_client = user.has(Role.CLIENT)
    form = NameForm(request.POST or None, instance=User(name=user.name, email=user.email, made_at=at))
    if request.method == "POST" and not is_client and form.is_valid():
        actions.change_name(by=user, at=at, person=user, name=form.cleaned_data["name"])
        messages.info(request, _("Your name is changed."))
        return redirect("accounts:me")
    context = {
        "layout": "ui/client.html" if is_client else "ui/staff.html",
        "is_client": is_client,
        "form": form,
        "theme_form": ThemeForm(initial={"theme": theme_of(request)}),
        "second_factor": is_mfa_enabled(user),
        "sessions": open_sessions(user, current_key=request.session.session_key, at=at),
    }
    return render(request, "accounts/me.html", context, status=422 if form.errors else 200)


@require_POST
def session_end(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out in one other place, or here."""
    user = signed_in_user(request)
    session = get_object_or_404(UserSession, pk=session_id, user_id=user.pk)
    if session.session_key == request.session.session_key:
        logout(request)
        return redirect("/")
    actions.end_session(by=user, at=now(), session=session)
    messages.info(request, _("You are signed out there."))
    return redirect("accounts:me")


@login_not_required
@require_POST
def theme_change(request: HttpRequest) -> HttpResponse:
    """Keep the choice of colours at this browser."""
    response = _back(request)
    form = ThemeForm(request.POST)
    if form.is_valid() and form.cleaned_data["theme"]:
        theme = form.cleaned_data["theme"]
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, theme, max_age=A_YEAR, httponly=True, samesite="Lax", secure=secure)
    elif form.is_valid():
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


@require_POST
def keys_change(request: HttpRequest) -> HttpResponse:
    """Turn single-key shortcuts off or on at this browser."""
    response = _back(request)
    if request.POST.get("keys") == OFF:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(KEYS, OFF, max_age=A_YEAR, httponly=True, samesite="Lax", secure=secure)
    else:
        response.delete_cookie(KEYS, samesite="Lax")
    return response


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page of ours that a form came from."""
    back = request.POST.get("back", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if safe and back.startswith("/") else "/")


class ChangePasswordView(PasswordChangeView):  # type: ignore[misc]
    """Change the password; the one page that a one-time password opens."""

    form_class = PasswordForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A person without a password cannot change it; an administrator makes a one-time one."""
        if not signed_in_user(request).has_usable_password():
            messages.info(request, _("You have no password yet. Ask your administrator for a one-time one."))
            return redirect("accounts:me")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    def form_invalid(self, form: PasswordForm) -> HttpResponseBase:
        """Say what is wrong under its field."""
        return self.render_to_response(self.get_context_data(form=form), status=422)  # type: ignore[no-any-return]


class PasswordAgainView(ReauthenticateView):  # type: ignore[misc]
    """Ask for the password once more before something that matters."""

    form_class = PasswordAgainForm


class CodeAgainView(ReauthenticateByCodeView):  # type: ignore[misc]
    """Ask for a code once more before something that matters."""

    form_class = CodeAgainForm


class TurnOnSecondStepView(ActivateTOTPView):  # type: ignore[misc]
    """Show the picture to scan, and ask for the first code."""

    form_class = TurnOnForm


def second_factor(request: HttpRequest) -> HttpResponse:
    """allauth returns here; the second step is a part of the settings page."""
    return redirect(reverse("accounts:me") + "#second-step")
