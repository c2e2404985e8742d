"""The wait list, and one person's wait worked through."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reknit.base.accounts.models import Role, User
from reknit.base.accounts.queries import colleagues
from reknit.base.audit.record import record_read
from reknit.base.errors import DomainError
from reknit.care.contact.queries import current_safe_contact
from reknit.care.intake import actions, wording
from reknit.care.intake.access import may_prepare
from reknit.care.intake.forms import show_refusal
from reknit.care.intake.forms.offers import FirstForm
from reknit.care.intake.forms.waiting import BarrierForm, ContactForm, FilterForm, PlaceForm, SettleForm
from reknit.care.intake.models import Barrier, Referral
from reknit.care.intake.queries.assigning import lead_to_book, offers_of
from reknit.care.intake.queries.chasing import standing_of
from reknit.care.intake.queries.hours import free_hours
from reknit.care.intake.queries.settings import intake_settings
from reknit.care.intake.queries.waiting import (
    place_of,
    row_of,
    time_to_confirm,
    wait_list,
    with_stage,
)
from reknit.care.people.queries import site, zone

from .common import Desk, at_intake, referral_of

ROWS, CONTACTS = 40, 20


@require_GET
def waiting_list(request: HttpRequest) -> HttpResponse:
    """Everybody between a referral and a first session, the most urgent first. A fixed number of queries."""
    desk = at_intake(request)
    form, target = FilterForm(request.GET), intake_settings().target_days
    filters = form.filters()
    found = wait_list(filters, over_since=desk.at - dt.timedelta(days=target))
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    rows = [row_of(referral, today=desk.today, target=target) for referral in page]
    record_read("wait list", by=desk.user, at=desk.at, client=None, number=page.number, shown=len(rows))
    kept = {name: request.GET.get(name, "")[:80] for name in ("q", "stage", "priority", "waits_for", "over")}
    context = {
        "page": page,
        "rows": rows,
        "form": form,
        "target": target,
        "is_narrowed": any(kept.values()),
        "query": urlencode({name: value for name, value in kept.items() if value}),
    }
    return render(request, "intake/clinician/wait_list.html", context)


@require_http_methods(["GET", "POST"])
def waiting_show(request: HttpRequest, referral_id: uuid.UUID) -> HttpResponse:
    """One person's wait: place, tries to reach them, what stands in the way, times offered."""
    desk, referral = at_intake(request), referral_of(referral_id)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    bound = _forms(request, desk, referral, step)
    if request.method == "GET":
        record_read("wait", by=desk.user, at=desk.at, client=referral.client)
        return _show(request, desk, referral, bound)
    if step in STEPS and bound[step].is_valid():
        try:
            said = STEPS[step](desk, referral, bound[step])
        except DomainError as error:
            show_refusal(bound[step], error)
        else:
            messages.info(request, said)
            return redirect("intake:waiting-show", referral_id)
    return _show(request, desk, referral, bound, status=422)


def _forms(request: HttpRequest, desk: Desk, referral: Referral, step: str) -> dict[str, Any]:
    sent = {name: request.POST if name == step else None for name in STEPS}
    lead = lead_to_book(referral, on=desk.today)
    free = free_hours(lead, at=desk.at, zone=zone(), besides=referral) if lead else []
    owners = User.objects.filter(pk__in=[one.pk for one in colleagues(Role.INTAKE)]).order_by("name")
    return {
        "place": PlaceForm(sent["place"], auto_id="place_%s", place=place_of(referral)),
        "first": FirstForm(sent["first"], auto_id="first_%s", free=free, zone=zone()),
        "contact": ContactForm(sent["contact"], auto_id="contact_%s", today=desk.today),
        "barrier": BarrierForm(
            sent["barrier"], auto_id="barrier_%s", owners=owners, mine=desk.user, today=desk.today
        ),
    }


def _show(
    request: HttpRequest, desk: Desk, referral: Referral, bound: dict[str, Any], status: int = 200
) -> HttpResponse:
    way, here = current_safe_contact(referral.client), site()
    row = row_of(
        with_stage(Referral.objects.select_related("client", "place")).get(pk=referral.pk),
        today=desk.today,
        target=intake_settings().target_days,
    )
    context = {
        "row": row,
        "referral": referral,
        "client": referral.client,
        "may_work": referral.status != Referral.Status.CLOSED,
        "may_prepare": may_prepare(desk.user, referral).allowed,
        "chase": standing_of(referral, today=desk.today),
        "way": way,
        "words": wording.words_for(
            way,
            sender=desk.user.name.split(" ")[0],
            clinic=here.name if here else "",
            phone=here.phone if here else "",
            booked=time_to_confirm(row, at=desk.at),
        ),
        "contacts": Paginator(
            referral.contacts.select_related("by").order_by("-on", "-at"), CONTACTS
        ).get_page(request.GET.get("page")),
        "barriers": referral.barriers.select_related("owner", "settled_by").order_by(
            "-state", "due_on", "pk"
        ),
        "offers": offers_of(referral)[:10],
        "lead": lead_to_book(referral, on=desk.today),
        "today": desk.today,
        "zone": zone(),
        **{f"{name}_form": form for name, form in bound.items()},
    }
    return render(request, "intake/clinician/waiting_show.html", context, status=status)


def _keep_place(desk: Desk, referral: Referral, form: PlaceForm) -> str:
    actions.set_waiting_place(by=desk.user, at=desk.at, referral=referral, **form.values())
    return _("Kept.")


def _keep_contact(desk: Desk, referral: Referral, form: ContactForm) -> str:
    actions.log_contact(by=desk.user, at=desk.at, referral=referral, **form.values())
    return _("Written down.")


def _keep_barrier(desk: Desk, referral: Referral, form: BarrierForm) -> str:
    barrier = actions.open_barrier(by=desk.user, at=desk.at, referral=referral, **form.values())
    return _("%(name)s sees to it.") % {"name": barrier.owner.name}


def _book_first(desk: Desk, referral: Referral, form: FirstForm) -> str:
    said = form.cleaned_data
    lead = actions.book_first(
        by=desk.user,
        at=desk.at,
        referral=referral,
        starts_at=form.starts_at(),
        count=said["count"],
        key=said["key"],
        anyway=said["anyway"],
    )
    return _("Booked with %(name)s.") % {"name": lead.name}


STEPS: dict[str, Callable[[Desk, Referral, Any], str]] = {
    "first": _book_first,
    "place": _keep_place,
    "contact": _keep_contact,
    "barrier": _keep_barrier,
}


@require_POST
def barrier_settle(request: HttpRequest, referral_id: uuid.UUID, barrier_id: uuid.UUID) -> HttpResponse:
    """Say how a barrier was solved."""
    desk = at_intake(request)
    barrier = get_object_or_404(
        Barrier.objects.select_related("referral"), pk=barrier_id, referral=referral_id
    )
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Write in a few words how it was solved, then try again."))
    else:
        try:
            actions.settle_barrier(by=desk.user, at=desk.at, barrier=barrier, **form.cleaned_data)
        except DomainError as error:
            messages.warning(request, error.sentence)
    return redirect("intake:waiting-show", referral_id)
