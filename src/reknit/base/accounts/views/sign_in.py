"""Signing in and out, with a second step for those who turned it on."""

from typing import Any

from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.views import AuthenticateView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reknit.base.accounts import kept
from reknit.base.accounts.answers import wants_json
from reknit.base.accounts.forms import CodeForm, SignInForm
from reknit.base.accounts.models import User


def signed_in(request: HttpRequest, words: kept.Kept | None, onward: HttpResponseBase) -> HttpResponseBase:
    """Answer a sign-in that is complete: JSON to a script, kept words to their writer, else the page asked for."""
    if wants_json(request):
        return JsonResponse({"signed_in": True, "csrf": get_token(request)})
    if words is None:
        return onward
    if isinstance(request.user, User) and words.belongs_to(request.user):
        return render(request, "accounts/kept_words.html", {"kept": words})
    messages.info(request, _("Somebody else was signed in here before. What they wrote is not shown to you."))
    return HttpResponseRedirect("/")


def locked_out(request: HttpRequest) -> HttpResponseBase:
    """Too many tries, whether or not the address is known here."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    wait = ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if wants_json(request):
        sentence = _("There were too many tries. Wait %(wait)s and try again.") % {"wait": wait}
        return JsonResponse({"message": sentence}, status=403)
    return render(request, "ui/locked_out.html", {"wait": wait}, status=429)


class _KeepsWords:
    """Carries kept words from step to step, and hides them from everything in between."""

    words: kept.Kept | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            self.words = kept.take(request)
        if request.method == "POST" and request.user.is_authenticated:
            return signed_in(request, self.words, HttpResponseRedirect(self.onward(request)))
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        if getattr(request, "axes_locked_out", False):
            request.axes_locked_out = False  # type: ignore[attr-defined]  # answered here, in our own words
            return locked_out(request)
        return response

    def onward(self, request: HttpRequest) -> str:
        """Where to after signing in."""
        return "/"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "kept": self.words}  # type: ignore[misc]


@method_decorator(login_not_required, name="dispatch")
class SignInView(_KeepsWords, LoginView):  # type: ignore[misc]
    """The sign-in page; it answers JSON to a script that asks for it."""

    form_class = SignInForm

    def onward(self, request: HttpRequest) -> str:
        """The page that was asked for first."""
        asked: str | None = self.get_next_url()
        return asked or "/"

    def form_valid(self, form: SignInForm) -> HttpResponseBase:
        """The password is right: signed in, or one more step."""
        response: HttpResponseBase = super().form_valid(form)
        if self.request.user.is_authenticated:
            return signed_in(self.request, self.words, response)
        if wants_json(self.request):
            sentence = _("Your sign-in has a second step. Open the sign-in page to finish it.")
            return JsonResponse({"message": sentence, "sign_in_url": reverse("account_login")}, status=401)
        if self.words:
            context = {"form": CodeForm(user=form.user), "kept": self.words}
            return render(self.request, "mfa/authenticate.html", context)
        return response

    def form_invalid(self, form: SignInForm) -> HttpResponseBase:
        """One sentence for every kind of failure."""
        if wants_json(self.request):
            return JsonResponse({"message": form.sentence()}, status=400)
        context = self.get_context_data(form=form)
        return self.render_to_response(context, status=422)  # type: ignore[no-any-return]


@method_decorator(login_not_required, name="dispatch")
class SecondStepView(_KeepsWords, AuthenticateView):  # type: ignore[misc]
    """The code that follows the password."""

    form_class = CodeForm

    def form_valid(self, form: CodeForm) -> HttpResponseBase:
        """The code is right."""
        return signed_in(self.request, self.words, super().form_valid(form))


class SignOutView(LogoutView):  # type: ignore[misc]
    """Asks first when opened by a link; the button in the frame posts straight here."""
