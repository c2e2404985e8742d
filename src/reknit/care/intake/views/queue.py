"""What came in by the public form: read, taken over or set aside."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from reknit.base.audit.record import record_read
from reknit.base.errors import DomainError
from reknit.care.intake import actions
from reknit.care.intake.forms import show_refusal
from reknit.care.intake.forms.public import AsideForm, TakeOverForm
from reknit.care.intake.models import PublicReferral
from reknit.care.intake.queries.public import queue, same_name
from reknit.care.intake.queries.referrals import programmes
from reknit.care.intake.queries.settings import intake_settings
from reknit.care.people.forms import language_choices

from .common import at_intake

ROWS = 40


@require_GET
def public_list(request: HttpRequest) -> HttpResponse:
    """Those that wait, the oldest first; those dealt with when asked."""
    desk = at_intake(request)
    only_waiting = request.GET.get("show") != "all"
    page = Paginator(queue(only_waiting=only_waiting), ROWS).get_page(request.GET.get("page"))
    record_read(
        "public referrals",
        by=desk.user,
        at=desk.at,
        client=None,
        number=page.number,
        shown=len(page.object_list),
    )
    context = {
        "page": page,
        "only_waiting": only_waiting,
        "query": "" if only_waiting else "show=all",
        "is_open": intake_settings().public_form,
    }
    return render(request, "intake/clinician/public_list.html", context)


@require_http_methods(["GET", "POST"])
def public_show(request: HttpRequest, sent_id: uuid.UUID) -> HttpResponse:
    """One of them, with what to do about it."""
    desk = at_intake(request)
    sent = get_object_or_404(PublicReferral.objects.select_related("decided_by"), pk=sent_id)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    take = TakeOverForm(
        request.POST if step == "take" else None, auto_id="take_%s", sent=sent, offered=programmes()
    )
    aside = AsideForm(request.POST if step == "aside" else None, auto_id="aside_%s")
    if request.method == "GET":
        record_read("public referral", by=desk.user, at=desk.at, client=None)
    elif step == "take" and take.is_valid():
        try:
            made = actions.take_public_over(by=desk.user, at=desk.at, sent=sent, **take.values())
        except DomainError as error:
            show_refusal(take, error)
        else:
            messages.info(request, _("Taken over. The safety questions come next."))
            return redirect("intake:referral-show", made.pk)
    elif step == "aside" and aside.is_valid():
        try:
            actions.set_public_aside(by=desk.user, at=desk.at, sent=sent, aside=aside.cleaned_data["aside"])
        except DomainError as error:
            show_refusal(aside, error)
        else:
            return redirect("intake:public-list")
    context: dict[str, Any] = {
        "sent": sent,
        "language": dict(language_choices()).get(sent.language, sent.language),
        "alike": same_name(sent) if sent.state == PublicReferral.State.WAITING else 0,
        "take_form": take,
        "aside_form": aside,
    }
    status = 200 if request.method == "GET" else 422
    return render(request, "intake/clinician/public_show.html", context, status=status)
