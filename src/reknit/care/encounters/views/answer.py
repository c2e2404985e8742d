"""The page behind the link of a reminder: no account, one question, no word of what it is about.

Opening it changes nothing, so a mail scanner may open it as often as it likes. What was moved, cancelled or is over, a link
that is not whole and one that is not there get the same answer.
"""

import contextlib

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from reknit.base.addresses import caller
from reknit.base.brake import SECONDS, is_over
from reknit.base.clock import now
from reknit.base.errors import DomainError
from reknit.care.contact.messages.answering import answerable
from reknit.care.contact.models import Message
from reknit.care.encounters.answers.actions import answer_reminder
from reknit.care.encounters.reminders import ANSWER_PAGE, asked_about
from reknit.care.people.queries import zone

MOST, MOST_MISSES = 30, 30  # within a minute
ANSWERS = {"yes": True, "no": False}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_show(request: HttpRequest, secret: str) -> HttpResponse:
    """The time, and two buttons; afterwards what was said, which may be changed until the time has come."""
    message = answerable(secret, page=ANSWER_PAGE)
    who, most = (str(message.pk), MOST) if message else (caller(request), MOST_MISSES)
    if is_over("answer" if message else "no_answer", who, most=most):
        response = render(request, "encounters/client/answer_wait.html", status=429)
        response["Retry-After"] = str(SECONDS)
        return _closed(response)
    at = now()
    appointment = asked_about(message, at=at) if message else None
    if message is None or appointment is None:
        return _closed(render(request, "encounters/client/answer_ended.html", status=410 if message else 404))
    if request.method == "POST":
        return _closed(_answered(request, secret, message))
    context = {"appointment": appointment, "zone": zone()}
    return _closed(render(request, "encounters/client/answer.html", context))


def _answered(request: HttpRequest, secret: str, message: Message) -> HttpResponse:
    """Write the answer and show it; where the time changed meanwhile the page that follows says so."""
    said = request.POST.get("answer", "")
    if said in ANSWERS:
        with contextlib.suppress(DomainError):
            answer_reminder(at=now(), message=message, will_come=ANSWERS[said])
    return redirect(ANSWER_PAGE, secret)


def _closed(response: HttpResponse) -> HttpResponse:
    """Found by no search and kept by nobody."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
