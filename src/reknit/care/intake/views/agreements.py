"""Consents at intake, one by one, in the same records that the chart writes; and the copy for the person."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reknit.base.ui.answers import is_done, is_saved
from reknit.care.consent.explained import ITEMS
from reknit.care.consent.models import Consent
from reknit.care.consent.queries import BY_THEMSELVES
from reknit.care.intake import actions
from reknit.care.intake.forms.preparing import ItemForm, NamedForm
from reknit.care.intake.queries.agreements import copy_of, standing
from reknit.care.people.queries import zone

from .preparing import preparing

ASKED_HERE = (Consent.Kind.CARE, *BY_THEMSELVES)


@require_http_methods(["GET", "HEAD", "POST"])
def consent_list(request: HttpRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Each item with its words, what stands, and the form that writes it down."""
    desk, referral = preparing(request, referral_id, page="consents at intake")
    step = request.POST.get("step", "") if request.method == "POST" else ""
    forms: dict[str, Any] = {
        kind: ItemForm(request.POST if step == kind else None, kind=kind, today=desk.today, zone=zone())
        for kind in map(str, ASKED_HERE)
    }
    forms["share"] = NamedForm(
        request.POST if step == "share" else None,
        auto_id="share_%s",
        initial={"key": uuid.uuid4(), "how": Consent.How.PAPER, "step": "share"},
    )

    def save() -> None:
        who = {"by": desk.user, "at": desk.at, "referral": referral}
        if step == "share":
            actions.name_person(**who, **forms[step].values())
        else:
            actions.agree_at_intake(**who, **forms[step].values(at=desk.at))

    if step in forms and is_saved(forms[step], save):
        messages.info(request, _("Written down. Give the person a copy."))
        return redirect("intake:consent-list", referral_id)
    stands = standing(referral.client, at=desk.at)
    context = {
        "referral": referral,
        "client": referral.client,
        "items": [(one, stands.get(one.key, []), forms.get(one.key)) for one in ITEMS],
        "has_care": bool(stands.get(Consent.Kind.CARE)),
        "any": any(stands.values()),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "intake/clinician/consent_list.html", context, status=status)


@require_POST
def consent_end(request: HttpRequest, referral_id: uuid.UUID, consent_id: uuid.UUID) -> HttpResponse:
    """The person took one back."""
    desk, referral = preparing(request, referral_id, page="consents at intake")
    consent = get_object_or_404(Consent, pk=consent_id, client=referral.client)
    is_done(
        request,
        lambda: actions.take_back(by=desk.user, at=desk.at, referral=referral, consent=consent),
        _("Taken back. What was written before stays in the record."),
    )
    return redirect("intake:consent-list", referral_id)


@require_safe
def consent_copy(request: HttpRequest, referral_id: uuid.UUID) -> HttpResponse:
    """The copy for the person: what they agreed to, until when, and how to take it back."""
    desk, referral = preparing(request, referral_id, page="copy of consents")
    return HttpResponse(
        copy_of(referral.client, at=desk.at, on=desk.today),
        content_type="application/pdf",
        headers={
            "Content-Disposition": 'inline; filename="what-you-agreed-to.pdf"',
            "Cache-Control": "no-store",
        },
    )
