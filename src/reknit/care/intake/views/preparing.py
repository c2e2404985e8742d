"""Preparing a person for a first session: the baseline with its scores, the hints, and the course that is proposed."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from reknit.base.audit.record import record_read
from reknit.base.clock import start_of
from reknit.base.errors import DomainError
from reknit.base.ui.answers import is_saved
from reknit.base.ui.qr import picture
from reknit.care.consent.queries import has_care_consent
from reknit.care.contact.queries import current_safe_contact
from reknit.care.intake import actions
from reknit.care.intake.access import may_prepare
from reknit.care.intake.forms.preparing import ProposalForm, SendForm
from reknit.care.intake.models import Referral
from reknit.care.intake.queries import open_items
from reknit.care.intake.queries.hints import proposal_for
from reknit.care.intake.queries.preparing import preparation_of, transfers_of
from reknit.care.measures.forms import GivenForm, SheetForm
from reknit.care.measures.models import Administration
from reknit.care.measures.parts import sheet_part
from reknit.care.measures.queries import in_clinic_time, wording_for
from reknit.care.people.queries import zone
from reknit.care.safety.models import RiskItem
from reknit.core.intake.hints import cautions
from reknit.core.measures import catalogue
from reknit.core.programme.template import template

from .choices import CAUTIONS
from .common import Desk, at_intake, referral_of
from .referrals import opened_sentence


def preparing(request: HttpRequest, referral_id: uuid.UUID, *, page: str) -> tuple[Desk, Referral]:
    """Somebody of intake and the person they may prepare; after a first session the page is not found. It is recorded."""
    desk, referral = at_intake(request), referral_of(referral_id)
    if not may_prepare(desk.user, referral):
        raise Http404
    if request.method in {"GET", "HEAD"}:
        record_read(page, by=desk.user, at=desk.at, client=referral.client)
    return desk, referral


@require_http_methods(["GET", "HEAD", "POST"])
def preparation_show(request: HttpRequest, referral_id: uuid.UUID) -> HttpResponse:
    """What is there and what is due, what it points to, and the proposal."""
    desk, referral = preparing(request, referral_id, page="preparation")
    found = preparation_of(referral, today=desk.today, at=desk.at)
    choice = proposal_for(referral.client)
    form = ProposalForm(request.POST or None, choice=choice, protocol=found.plan.code)

    def save() -> None:
        actions.propose_course(by=desk.user, at=desk.at, referral=referral, **form.cleaned_data)

    if is_saved(form, save):
        messages.info(request, _("Kept, with the facts as they stand. The clinician confirms or changes it."))
        return redirect("intake:preparation-show", referral_id)
    context = {
        "referral": referral,
        "client": referral.client,
        "found": found,
        "has_consent": has_care_consent(referral.client, at=desk.at),
        "to_send": [one for one in found.rows if one.can_be_given],
        "proposed": [(code, _(template(code).title)) for code in found.proposed],
        "cautions": [CAUTIONS[one] for one in cautions(found.hints.known)],
        "choice": choice,
        "chosen": _(template(choice.chosen).title) if choice else "",
        "items": open_items(referral),
        "transfers": transfers_of(referral)[:10],
        "form": form,
        "zone": zone(),
        "now": desk.at,
    }
    return render(request, "intake/clinician/preparation.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def baseline_give(request: HttpRequest, referral_id: uuid.UUID, measure: str) -> HttpResponse:
    """Give one questionnaire of the baseline here, or type in a paper sheet. The answers are not shown again."""
    desk, referral = preparing(request, referral_id, page="baseline sheet")
    chosen = _to_give(desk, referral, measure)
    wording = wording_for(chosen.id, referral.client.language)
    sent = request.POST if request.method == "POST" else None
    form = SheetForm(sent, measure=chosen, wording=wording, blank=_("Blank"), initial={"key": uuid.uuid4()})
    given = GivenForm(sent, initial={"mode": "session"})
    if sent is not None and form.is_valid() and given.is_valid():
        before = set(_waiting(referral).values_list("pk", flat=True))
        try:
            _record(desk, referral, form, given)
        except DomainError as refused:
            given.add_error("answered_on" if refused.field else None, refused.sentence)
        else:
            messages.info(request, _("%(measure)s is saved.") % {"measure": chosen.short_title})
            _tell_opened(request, desk, referral, before)
            return redirect("intake:preparation-show", referral_id)
    context = {
        "referral": referral,
        "client": referral.client,
        "measure": chosen,
        "sheet": sheet_part(
            request,
            form,
            given,
            language=referral.client.language,
            back=reverse("intake:preparation-show", args=[referral.pk]),
        ),
    }
    return render(
        request, "intake/clinician/baseline_give.html", context, status=200 if sent is None else 422
    )


def _to_give(desk: Desk, referral: Referral, measure: str) -> Any:
    found = preparation_of(referral, today=desk.today, at=desk.at)
    if measure not in {one.measure for one in found.rows if one.state != "left_out"}:
        raise Http404
    return catalogue.measure(measure)


def _record(desk: Desk, referral: Referral, form: SheetForm, given: GivenForm) -> None:
    said = given.cleaned_data
    on_paper, on = said["mode"] == Administration.Mode.PAPER, said["answered_on"]
    if not on_paper and on not in {None, desk.today}:
        raise DomainError(
            _("Choose “On paper” for a sheet of another day, or leave the day empty."), field="answered_on"
        )
    answered_at = desk.at
    if on_paper and on not in {None, desk.today}:
        answered_at = start_of(on, zone()) + dt.timedelta(hours=12)  # a sheet knows its day and not its hour
    actions.give_baseline(
        by=desk.user,
        at=desk.at,
        referral=referral,
        measure=form.measure.id,
        answers=form.answers,
        mode=said["mode"],
        answered_at=answered_at,
        key=form.cleaned_data["key"],
    )


def _waiting(referral: Referral) -> QuerySet[RiskItem]:
    return RiskItem.objects.filter(client=referral.client_id, status=RiskItem.Status.OPEN)


def _tell_opened(request: HttpRequest, desk: Desk, referral: Referral, before: set[Any]) -> None:
    """Say who has what an answer opened: somebody must ring today, and it is not intake."""
    for item in _waiting(referral).exclude(pk__in=before).select_related("owner"):
        messages.warning(request, opened_sentence(item, today=desk.today))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def baseline_send(request: HttpRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Links for the person's phone. Their addresses are in the answer to the POST and can never be shown again."""
    desk, referral = preparing(request, referral_id, page="baseline links")
    found = preparation_of(referral, today=desk.today, at=desk.at)
    rows = [one for one in found.rows if one.can_be_given]
    form = SendForm(request.POST or None, rows=rows)
    context: dict[str, Any] = {
        "referral": referral,
        "client": referral.client,
        "form": form,
        "rows": rows,
        "contact": current_safe_contact(referral.client),
    }
    made: list[Any] = []

    def save() -> None:
        made.extend(actions.send_baseline(by=desk.user, at=desk.at, referral=referral, **form.cleaned_data))

    if is_saved(form, save):
        links = []
        for link, secret in made:
            address = request.build_absolute_uri(reverse("measures:form-fill", args=[secret]))
            links.append((catalogue.measure(link.measure), address, picture(address)))
        context |= {"links": links, "until": in_clinic_time(made[0][0].expires_at)}
        return render(request, "intake/clinician/baseline_sent.html", context)
    return render(request, "intake/clinician/baseline_send.html", context, status=422 if form.errors else 200)
