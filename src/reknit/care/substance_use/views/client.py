"""The client's own way to tell of a day of use: one tap, then safety, then as much or as little as they like."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reknit.base.accounts.models import Role, User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.base.errors import Conflict, DomainError
from reknit.care.people.models import Client
from reknit.care.people.queries import site, zone
from reknit.care.programme.queries import current_episode
from reknit.care.substance_use import actions, queries
from reknit.care.substance_use.forms import OwnReportForm

from .reports import initial_of, refuse


@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """One tap. The day is today until the client says otherwise; nothing else is assumed."""
    user, client = _own(request)
    at = now()
    try:
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return redirect("home:client-front")
    try:
        actions.report_use_episode(
            by=user,
            at=at,
            client=client,
            key=key,
            reported_by="client",
            starts_on=local_date(at, zone()),
        )
    except DomainError:
        # Nothing may be kept, and still nobody is sent away without the numbers to call.
        messages.info(request, _("We could not save this here. Please call us. The numbers are below."))
        return redirect("home:client-front")
    return redirect("substance_use:client-reported", key)


@require_http_methods(["GET", "HEAD", "POST"])
def reported(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A kind word, what keeps a person safe, and the form for more. Only what they sent themself."""
    user, client = _own(request)
    at = now()
    use_episode = queries.own_use_episode(client, key)
    if use_episode is None:
        raise Http404
    choices = {
        "codes": [one.substance for one in queries.ever_monitored(client)],
        "people": queries.circle_of(client),
    }
    writes = request.method == "POST"
    form = OwnReportForm(request.POST if writes else None, initial=initial_of(use_episode), **choices)
    if writes and form.is_valid():
        try:
            actions.change_use_episode(
                by=user, at=at, use_episode=use_episode, revision=form.cleaned_data["revision"], **form.said
            )
        except Conflict:
            form.add_error(None, _("We have added to this too. Open the page again to see it."))
        except DomainError as refused:
            refuse(form, refused)
        else:
            messages.info(request, _("Saved. Thank you for telling us more."))
            return redirect("substance_use:client-reported", key)
    if not writes:
        record_read("my days", by=user, at=at, client=client)
    course = current_episode(client)
    today = local_date(at, zone())
    context = {
        "form": form,
        "site": site(),
        "free": queries.days_without_use(client, since=course.starts_on if course else today, today=today),
        "is_open": bool(form.errors or use_episode.revision),
    }
    status = 422 if form.errors else 200
    return render(request, "substance_use/client/reported.html", context, status=status)


def _own(request: HttpRequest) -> tuple[User, Client]:
    """The signed-in client and their record; nobody else gets in."""
    user = request.user
    client = Client.objects.filter(user=user).first() if isinstance(user, User) else None
    if not isinstance(user, User) or client is None or not user.has(Role.CLIENT):
        raise Http404
    return user, client
