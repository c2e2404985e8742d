"""Finding a therapist: who can be offered and why not, two times offered, and the one that is taken."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reknit.base.audit.record import record_read
from reknit.base.errors import DomainError
from reknit.care.consent.queries import has_care_consent
from reknit.care.intake import actions
from reknit.care.intake.actions.offers import Slot
from reknit.care.intake.forms import show_refusal
from reknit.care.intake.forms.offers import OfferForm, SlotForm, TakeForm, WishesForm
from reknit.care.intake.models import OfferedSlot, Referral, Wishes
from reknit.care.intake.queries.assigning import Choice, choices_for, offers_of, proposed_protocol, wishes_of
from reknit.care.intake.queries.hours import by_day, free_hours
from reknit.care.people.forms import language_choices
from reknit.care.people.queries import zone
from reknit.core.programme.template import template

from .common import Desk, at_intake, referral_of


@dataclass(frozen=True, slots=True)
class Search:
    """A person for whom a therapist is looked for, with everybody who was weighed up."""

    desk: Desk
    referral: Referral
    wishes: Wishes | None
    choices: list[Choice]

    def forms(self, request: HttpRequest, step: str) -> dict[str, Any]:
        """Both forms; the one named by `step` holds what was sent."""
        sent = {name: request.POST if name == step else None for name in STEPS}
        people = [one.clinician for one in self.choices if one.fit.can_be_offered]
        return {
            "wishes": WishesForm(sent["wishes"], auto_id="wishes_%s", wishes=self.wishes),
            "offer": OfferForm(sent["offer"], auto_id="offer_%s", people=people, zone=zone()),
            "slot": SlotForm(sent["slot"], auto_id="slot_%s"),
        }


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Everybody who may take the person on, best fit first, with the reason for each who cannot."""
    desk, referral = at_intake(request), referral_of(referral_id)
    wishes = wishes_of(referral)
    found = choices_for(referral.client, wishes, on=desk.today, at=desk.at)
    looking = Search(desk, referral, wishes, found)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    bound = looking.forms(request, step)
    if request.method == "GET":
        record_read("assignment", by=desk.user, at=desk.at, client=referral.client)
        return _show(request, looking, bound)
    if step in STEPS and bound[step].is_valid():
        try:
            said = STEPS[step](looking, bound[step])
        except DomainError as error:
            show_refusal(bound[step], error)
        else:
            messages.info(request, said)
            return redirect("intake:referral-assign", referral_id)
    return _show(request, looking, bound, status=422)


def _show(request: HttpRequest, looking: Search, bound: dict[str, Any], status: int = 200) -> HttpResponse:
    referral = looking.referral
    offered = [one for one in looking.choices if one.fit.can_be_offered]
    asked = next((one.clinician for one in offered if str(one.clinician.pk) == request.GET.get("with")), None)
    by_group = template(proposed).format == "group" if (proposed := proposed_protocol(referral)) else False
    context = {
        "referral": referral,
        "client": referral.client,
        "asked": asked,
        "by_group": by_group,
        "free": by_day(
            free_hours(asked, at=looking.desk.at, zone=zone(), besides=referral) if asked else [], zone()
        ),
        "language": dict(language_choices()).get(referral.client.language, referral.client.language),
        "may_work": referral.status != Referral.Status.CLOSED,
        "offered": offered,
        "not_offered": [one for one in looking.choices if not one.fit.can_be_offered],
        "offers": offers_of(referral)[:10],
        **{f"{name}_form": form for name, form in bound.items()},
    }
    return render(request, "intake/clinician/assign.html", context, status=status)


def _keep_wishes(looking: Search, form: WishesForm) -> str:
    desk = looking.desk
    actions.save_wishes(by=desk.user, at=desk.at, referral=looking.referral, **form.values())
    return _("Kept. The order below follows it.")


def _offer(looking: Search, form: OfferForm) -> str:
    desk = looking.desk
    made = actions.offer_slots(
        by=desk.user,
        at=desk.at,
        referral=looking.referral,
        slots=form.slots(),
        anyway=form.cleaned_data["anyway"],
    )
    return _("Offered: %(n)s. Write down the answer when it comes.") % {"n": len(made)}


def _offer_slot(looking: Search, form: SlotForm) -> str:
    desk, said = looking.desk, form.cleaned_data
    people = (one.clinician for one in looking.choices if one.fit.can_be_offered)
    clinician = next((one for one in people if one.pk == said["clinician"]), None)
    if clinician is None:
        raise DomainError(_("This person cannot be placed there. Choose another therapist."))
    slot = Slot(clinician, said["starts_at"])
    actions.offer_slots(by=desk.user, at=desk.at, referral=looking.referral, slots=[slot])
    return _("Offered: %(n)s. Write down the answer when it comes.") % {"n": 1}


STEPS: dict[str, Callable[[Search, Any], str]] = {
    "wishes": _keep_wishes,
    "offer": _offer,
    "slot": _offer_slot,
}


@require_http_methods(["GET", "POST"])
def offer_take(request: HttpRequest, referral_id: uuid.UUID, offer_id: uuid.UUID) -> HttpResponse:
    """The person takes a time: consent and course first where they are not in care yet."""
    desk, offer = at_intake(request), _offer_of(referral_id, offer_id)
    referral = offer.referral
    is_new = referral.status == Referral.Status.OPEN
    form = TakeForm(
        request.POST or None,
        today=desk.today,
        zone=zone(),
        protocol=proposed_protocol(referral),
        has_consent=has_care_consent(referral.client, at=desk.at),
    )
    if request.method == "POST" and (not is_new or form.is_valid()):
        try:
            agreement = form.agreement(at=desk.at) if is_new else None
            actions.take_offer(by=desk.user, at=desk.at, offer=offer, agreement=agreement)
        except DomainError as error:
            if not is_new:
                messages.warning(request, error.sentence)
                return redirect("intake:referral-assign", referral_id)
            show_refusal(form, error)
        else:
            messages.info(request, _("Booked with %(name)s.") % {"name": offer.clinician.name})
            return redirect("intake:waiting-show", referral_id)
    context = {
        "offer": offer,
        "referral": referral,
        "client": referral.client,
        "form": form,
        "is_new": is_new,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "intake/clinician/offer_take.html", context, status=status)


@require_POST
def offer_decline(request: HttpRequest, referral_id: uuid.UUID, offer_id: uuid.UUID) -> HttpResponse:
    """The person does not want the time, or we take it back."""
    desk, offer = at_intake(request), _offer_of(referral_id, offer_id)
    try:
        actions.decline_offer(
            by=desk.user,
            at=desk.at,
            offer=offer,
            reason=request.POST.get("reason", ""),
            withdrawn=request.POST.get("withdrawn") == "yes",
        )
    except DomainError as error:
        messages.warning(request, error.sentence)
    return redirect("intake:referral-assign", referral_id)


def _offer_of(referral_id: uuid.UUID, offer_id: uuid.UUID) -> OfferedSlot:
    rows = OfferedSlot.objects.select_related("referral__client", "clinician")
    return get_object_or_404(rows, pk=offer_id, referral=referral_id)
