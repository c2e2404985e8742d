"""The root: sign in, or go on to where the day begins."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import resolve, reverse

from reknit.base.accounts.models import User
from reknit.care.home.access import first_place


@login_not_required
def front(request: HttpRequest) -> HttpResponseBase:
    """A visitor gets the sign-in page itself; a person goes to the first place of their role."""
    if not isinstance(request.user, User):
        sign_in = resolve(reverse("account_login"))
        answer: HttpResponseBase = sign_in.func(request, *sign_in.args, **sign_in.kwargs)
        return answer
    place = first_place(request.user)
    if place is None:
        raise Http404
    return redirect(place)
