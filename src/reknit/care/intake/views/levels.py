"""Before session 1: withdrawal asked, the level of care written down, and whether whoever was sent on arrived."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from reknit.base.ui.answers import is_done, is_saved
from reknit.care.consent.queries import has_care_consent
from reknit.care.coordination.facts import facts_at_intake
from reknit.care.coordination.forms import LevelForm
from reknit.care.coordination.queries import level_notes
from reknit.care.intake import actions
from reknit.care.intake.forms.preparing import ArrivalForm, TransferForm
from reknit.care.intake.models import Referral, Transfer
from reknit.care.intake.queries import open_items
from reknit.care.intake.queries.preparing import baseline_sheets, transfers_of
from reknit.care.people.queries import zone
from reknit.care.safety.forms import WithdrawalForm
from reknit.core.coordination.dimensions import EDITIONS, Fact

from .common import Desk, at_intake
from .preparing import preparing


def _facts(referral: Referral) -> list[Fact]:
    return facts_at_intake(referral.client, baseline_sheets(referral))


@require_http_methods(["GET", "HEAD", "POST"])
def level_prepare(request: HttpRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Three steps on one page: ask about withdrawal, write the level down, send on and look after it."""
    desk, referral = preparing(request, referral_id, page="level of care at intake")
    step = request.POST.get("step", "") if request.method == "POST" else ""
    sent = {name: request.POST if name == step else None for name in SAVES}
    forms: dict[str, Any] = {
        "withdrawal": WithdrawalForm(
            sent["withdrawal"], auto_id="withdrawal_%s", initial={"key": uuid.uuid4()}
        ),
        "level": LevelForm(
            sent["level"], auto_id="level_%s", initial={"key": uuid.uuid4(), "edition": next(iter(EDITIONS))}
        ),
        "transfer": TransferForm(sent["transfer"], auto_id="transfer_%s", today=desk.today, zone=zone()),
    }
    if step in SAVES and is_saved(forms[step], lambda: SAVES[step](desk, referral, forms[step])):
        messages.info(request, SAID[step])
        return redirect("intake:level-prepare", referral_id)
    context = {
        "referral": referral,
        "client": referral.client,
        "facts": _facts(referral),
        "notes": level_notes(referral.client)[:10],
        "items": open_items(referral),
        "transfers": transfers_of(referral)[:10],
        "has_consent": has_care_consent(referral.client, at=desk.at),
        "zone": zone(),
        "now": desk.at,
        **{f"{name}_form": form for name, form in forms.items()},
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "intake/clinician/level_prepare.html", context, status=status)


def _keep_withdrawal(desk: Desk, referral: Referral, form: WithdrawalForm) -> None:
    key = form.cleaned_data["key"]
    actions.ask_withdrawal(by=desk.user, at=desk.at, referral=referral, key=key, answers=form.answers)


def _keep_level(desk: Desk, referral: Referral, form: LevelForm) -> None:
    facts = _facts(referral)
    actions.note_level(by=desk.user, at=desk.at, referral=referral, facts=facts, **form.cleaned_data)


def _keep_transfer(desk: Desk, referral: Referral, form: TransferForm) -> None:
    actions.send_on(by=desk.user, at=desk.at, referral=referral, **form.values())


SAVES: dict[str, Callable[[Desk, Referral, Any], None]] = {
    "withdrawal": _keep_withdrawal,
    "level": _keep_level,
    "transfer": _keep_transfer,
}
SAID = {
    "withdrawal": gettext_lazy(
        "Written down. Where a red flag was found, a clinician has it now: see above."
    ),
    "level": gettext_lazy("Written down, with the facts as they stand today."),
    "transfer": gettext_lazy("Written down. The chase list asks whether they arrived."),
}


@require_POST
def transfer_settle(request: HttpRequest, referral_id: uuid.UUID, transfer_id: uuid.UUID) -> HttpResponse:
    """Whether they arrived. Owed also once the referral is closed, so it asks only that intake asks."""
    desk = at_intake(request)
    rows = Transfer.objects.select_related("referral__client")
    transfer = get_object_or_404(rows, pk=transfer_id, referral=referral_id)
    form = ArrivalForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say whether they arrived, in a few words where they did not."))
    else:
        is_done(
            request,
            lambda: actions.settle_transfer(by=desk.user, at=desk.at, transfer=transfer, **form.cleaned_data),
            _("Written down."),
        )
    if request.POST.get("from") == "level":
        return redirect("intake:level-prepare", referral_id)
    return redirect("intake:chase-show")
