"""The public form: no sign-in, no word about health, and the same answer whatever is known here.

Nobody is looked up, so nothing can be confirmed. What a program fills in gets the same answer and is not kept.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from reknit.base.addresses import caller
from reknit.base.brake import HOUR, is_over
from reknit.base.clock import now
from reknit.base.errors import DomainError
from reknit.care.intake import actions
from reknit.care.intake.forms import show_refusal
from reknit.care.intake.forms.public import AskForm
from reknit.care.intake.queries.settings import intake_settings

MOST_FROM_ONE, MOST_IN_ALL = 10, 120
"""Sent within an hour, from one address and from all together. A clinic's own waiting room is one address."""

View = Callable[[HttpRequest], HttpResponse]


def while_open(view: View) -> View:
    """A page that is there only while the clinic keeps its form open."""

    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if not intake_settings().public_form:
            raise Http404
        response = view(request)
        response["Cache-Control"] = "no-store"
        return response

    return answer


@while_open
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form. What is sent waits for a person; nothing is answered by a machine."""
    form = AskForm(request.POST or None)
    if request.method == "POST":
        if is_over("ask", caller(request), most=MOST_FROM_ONE, seconds=HOUR) or is_over(
            "ask", "everybody", most=MOST_IN_ALL, seconds=HOUR
        ):
            response = render(request, "intake/client/wait.html", status=429)
            response["Retry-After"] = str(HOUR)
            return response
        if form.is_trap_sprung:
            return redirect("intake:public-sent")
        if form.is_valid():
            try:
                actions.receive_public_referral(at=now(), **form.values())
            except DomainError as error:
                show_refusal(form, error)
            else:
                return redirect("intake:public-sent")
    return render(request, "intake/client/ask.html", {"form": form}, status=422 if form.errors else 200)


@while_open
@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next, and whom to call until then. The page knows of nobody."""
    return render(request, "intake/client/sent.html")
