"""The client's own times: when, where, the link, and whether they will come."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reknit.base.accounts.models import Role, User
from reknit.base.audit.record import record_read
from reknit.base.clock import now
from reknit.base.errors import DomainError
from reknit.care.contact.messages.actions import choose_messages
from reknit.care.contact.models import MessageKind
from reknit.care.contact.queries import current_choice
from reknit.care.encounters.answers.actions import answer_appointment
from reknit.care.encounters.booking.forms import AnswerForm
from reknit.care.encounters.booking.queries import own_times
from reknit.care.people.models import Client
from reknit.care.people.queries import site, zone

SHOWN = 6


@require_safe
def time_list(request: HttpRequest) -> HttpResponse:
    """The next times. Only ever the signed-in client's own."""
    user, client = _own(request)
    at = now()
    record_read("my times", by=user, at=at, client=client)
    choice = current_choice(client, MessageKind.REMINDER)
    context = {
        "times": own_times(client, after=at)[:SHOWN],
        "wants_reminders": choice is None or choice.is_wanted,
        "site": site(),
        "zone": zone(),
    }
    return render(request, "encounters/client/times.html", context)


@require_POST
def time_answer(request: HttpRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """I will come, or I cannot come."""
    user, client = _own(request)
    appointment = get_object_or_404(own_times(client, after=now()), pk=appointment_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return redirect("encounters:client-times")
    try:
        answer_appointment(by=user, at=now(), appointment=appointment, **form.cleaned_data)
    except DomainError as error:
        messages.warning(request, error.sentence)
    else:
        if form.cleaned_data["will_come"]:
            messages.info(request, _("Thank you. We will see you then."))
        else:
            messages.info(request, _("Thank you for telling us. We will find a new time with you."))
    return redirect("encounters:client-times")


@require_POST
def reminders_choose(request: HttpRequest) -> HttpResponse:
    """Reminders on or off, by the client's own hand. The hours stay as they were told."""
    user, client = _own(request)
    choice = current_choice(client, MessageKind.REMINDER)
    choose_messages(
        by=user, at=now(), client=client, kind=MessageKind.REMINDER, is_wanted=request.POST.get("on") == "yes",
        earliest=choice.earliest if choice else None, latest=choice.latest if choice else None,
    )  # fmt: skip
    messages.info(request, _("Done. You can change this at any time."))
    return redirect("encounters:client-times")


def _own(request: HttpRequest) -> tuple[User, Client]:
    user = request.user
    if not isinstance(user, User) or not user.has(Role.CLIENT):
        raise Http404
    return user, get_object_or_404(Client, user=user)
