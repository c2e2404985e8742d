"""Practice courses: opened, moved on, begun anew, put away."""

import datetime as dt
import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, now
from reknit.base.errors import DomainError
from reknit.care.learning import actions
from reknit.care.learning.access import may_run, practice_open_to
from reknit.care.learning.forms import ForwardForm, OpenForm
from reknit.care.learning.queries import practice_page, to_practise_on
from reknit.care.people.access import may_practise
from reknit.care.people.models import Client
from reknit.care.people.queries import zone


def practising(request: HttpRequest) -> tuple[User, dt.datetime]:
    """Whoever may practise, and when; anybody else gets the calm refusal."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    may_practise(user).or_refuse()
    return user, now()


def own(request: HttpRequest, client_id: uuid.UUID) -> tuple[User, dt.datetime, Client]:
    """This person's own practice course; any other is not found."""
    user, at = practising(request)
    seen = practice_open_to(user, on=local_date(at, zone()))
    client = get_object_or_404(seen, pk=client_id)
    may_run(user, client).or_refuse()
    return user, at, client


@require_http_methods(["GET", "POST"])
def sandbox_list(request: HttpRequest) -> HttpResponse:
    """Practice courses of one's own and of those one supervises, with a form to open one."""
    user, at = practising(request)
    told = request.POST if request.method == "POST" else None
    form = OpenForm(told, protocols=to_practise_on(user), initial={"protocol": request.GET.get("protocol")})
    if told is not None and form.is_valid():
        try:
            client = actions.open_sandbox(by=user, at=at, **form.chosen())
        except DomainError as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
        else:
            return redirect("home:client-course", client_id=client.pk)
    return _list(request, user, at, form, status=422 if told is not None else 200)


def _list(
    request: HttpRequest, user: User, at: dt.datetime, form: OpenForm, *, refused: str = "", status: int = 200
) -> HttpResponse:
    page, rows = practice_page(user, on=local_date(at, zone()), number=request.GET.get("page"))
    context = {"page": page, "rows": rows, "form": form, "refused": refused, "forward": ForwardForm()}
    return render(request, "learning/sandbox_list.html", context, status=status)


@require_POST
def sandbox_forward(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Move a practice course on to a session."""
    user, at, client = own(request, client_id)
    form = ForwardForm(request.POST)
    refused = _("Write the number of the session to move on to.")
    if form.is_valid():
        try:
            moved = actions.forward_sandbox(by=user, at=at, client=client, to=form.cleaned_data["to"])
        except DomainError as problem:
            refused = problem.sentence
        else:
            said = ngettext("Moved on by %(n)s session.", "Moved on by %(n)s sessions.", moved)
            messages.info(request, said % {"n": moved})
            return redirect("programme:course-map", client_id=client.pk)
    blank = OpenForm(protocols=to_practise_on(user))
    return _list(request, user, at, blank, refused=refused, status=422)


@require_POST
def sandbox_restart(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Begin it anew."""
    user, at, client = own(request, client_id)
    fresh = actions.restart_sandbox(by=user, at=at, client=client)
    messages.info(request, _("It begins anew. What was in it before is put away."))
    return redirect("home:client-course", client_id=fresh.pk)


@require_POST
def sandbox_end(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Put it away for good."""
    user, at, client = own(request, client_id)
    actions.end_sandbox(by=user, at=at, client=client)
    messages.info(request, _("Put away. Nobody can open it any more."))
    return redirect("learning:sandbox-list")
