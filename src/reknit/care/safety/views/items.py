"""Pages for clinicians: the open items they answer for, one client's items, and one item with its history."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reknit.base.accounts.models import Role, User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.base.errors import Conflict, DomainError
from reknit.care.contact.queries import current_safe_contact
from reknit.care.people.access import may_read_chart, may_write_chart
from reknit.care.people.queries import zone
from reknit.care.programme.charts import open_chart
from reknit.care.safety.access import items_visible_to, may_work_here
from reknit.care.safety.actions import close_risk_item, hand_over
from reknit.care.safety.answering import pages_for
from reknit.care.safety.forms import CloseForm, HandOverForm
from reknit.care.safety.models import RiskItem
from reknit.care.safety.queries import (
    SHOWN,
    history,
    items_of,
    narrowed,
    open_items_for,
    plans_of,
    possible_owners,
    shown,
)
from reknit.care.safety.readings import PAGE as READ
from reknit.care.safety.safeguarding.queries import late_for, waiting_for
from reknit.care.safety.suicide.queries import formulations
from reknit.care.safety.tolerance.queries import losses_of

PAGE = 25


def _person(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # every page of this room needs a sign-in
    return user


@require_safe
def risk_board(request: HttpRequest) -> HttpResponse:
    """Open items: a clinician's own; for a supervisor those of the line too. Critical first, then oldest due first."""
    user, at = _person(request), now()
    may_work_here(user).or_refuse()
    show = request.GET.get("show", "all")
    show = show if show in SHOWN else "all"
    items = narrowed(open_items_for(user, on=local_date(at, zone())), show, to=user, at=at)
    page = Paginator(items, PAGE).get_page(request.GET.get("page"))
    record_read("risk board", by=user, at=at, client=None, items=len(page.object_list))
    rows = shown(page.object_list, to=user, at=at)
    context = {
        "page": page,
        "rows": rows,
        "is_supervisor": user.has(Role.SUPERVISOR),
        "zone": zone(),
        "show": show,
        "query": urlencode({"show": show}) if show != "all" else "",
        "may_take": True,
        "safeguarding": waiting_for(user, on=local_date(at, zone())),
        "safeguarding_late": late_for(user, at=at, on=local_date(at, zone())),
    }
    return render(request, "safety/clinician/board.html", context)


@require_POST
def risk_take(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """Take an item over in one click, then answer it."""
    user, at = _person(request), now()
    may_work_here(user).or_refuse()
    item = get_object_or_404(items_visible_to(user, on=local_date(at, zone())), pk=item_id)
    try:
        hand_over(by=user, at=at, item=item, owner=user, stands=request.POST.get("stands") or None)
    except (
        DomainError
    ) as refused:  # closed or taken meanwhile, or a client whose chart this person may not open
        messages.info(request, refused.sentence)
    else:
        messages.info(request, _("You now answer for this item."))
    return redirect("safety:risk-show", item.pk)


@require_safe
def risk_client(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """One client's items and plans: what is open, the screens and plans that stand, then what was closed."""
    chart = open_chart(request, client_id, page="risk")
    waiting = items_of(chart.client, status=RiskItem.Status.OPEN)
    closed = items_of(chart.client, status=RiskItem.Status.CLOSED)
    page = Paginator(closed, PAGE).get_page(request.GET.get("page"))
    context = chart.context(
        waiting=shown(waiting, to=chart.user, at=chart.at),
        closed=shown(page.object_list, to=chart.user, at=chart.at),
        page=page,
        zone=zone(),
        plans=plans_of(chart.client),
        view=formulations(chart.client).first(),
        losses=losses_of(chart.client),
        may_write=chart.may_write(),
    )
    return render(request, "safety/clinician/client.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def risk_show(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """One item: why, since when, who answers for it, what happened; and the two ways to answer it."""
    user, at = _person(request), now()
    on = local_date(at, zone())
    visible = items_visible_to(user, on=on).select_related(
        "client", "owner", "closed_by", "opened_by", "first_owner", "entrusted_to"
    )
    item = get_object_or_404(visible, pk=item_id)
    request.is_practice = bool(item.client and item.client.is_sandbox)  # type: ignore[attr-defined]
    hands_over = request.POST.get("do") == "hand_over"
    close = CloseForm(None if hands_over else request.POST or None, item=item)
    hand = HandOverForm(request.POST if hands_over else None, item=item, owners=possible_owners(item, on=on))
    status = 200
    if request.method == "POST":
        answer = _hand_over(request, item, hand) if hands_over else _close(request, item, close)
        if answer:
            return answer
        status = 422
        item = get_object_or_404(visible, pk=item_id)
    else:
        record_read(READ, by=user, at=at, client=item.client_id, item=str(item.pk))
    opens_chart = bool(item.client and may_read_chart(user, item.client, on=on))
    may_write = bool(opens_chart and item.client and may_write_chart(user, item.client, on=on))
    # Whoever answers for an item must be able to call back, also before a referral is accepted (see intake's access).
    may_call = opens_chart or item.owner_id == user.pk
    reaches = bool(item.client and item.status == RiskItem.Status.OPEN and may_call)
    context = {
        "row": shown([item], to=user, at=at)[0],
        "history": history(item),
        "close": close,
        "hand": hand,
        "opens_chart": opens_chart,
        "pages": pages_for(item) if may_write else [],
        "reaches": reaches,
        "contact": current_safe_contact(item.client) if reaches and item.client else None,
        "zone": zone(),
        "unkept": close.data.get("note", "") if item.status == RiskItem.Status.CLOSED else "",
    }
    return render(request, "safety/clinician/show.html", context, status=status)


def _close(request: HttpRequest, item: RiskItem, form: CloseForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        close_risk_item(by=_person(request), at=now(), item=item, **given)
    except Conflict as taken:
        if taken.theirs.status == RiskItem.Status.CLOSED and not given["note"].strip():
            messages.info(request, taken.sentence)
            return redirect("safety:risk-show", item.pk)
        messages.info(request, taken.sentence)
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["times"] = str(taken.theirs.seen_count)  # type: ignore[index]
        return None
    except DomainError as refused:
        form.add_error(refused.field, refused.sentence)
        return None
    else:
        messages.info(request, _("The item is closed. What was done is written below."))
    return redirect("safety:risk-show", item.pk)


def _hand_over(request: HttpRequest, item: RiskItem, form: HandOverForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    user, at = _person(request), now()
    try:
        hand_over(by=user, at=at, item=item, owner=form.chosen, stands=form.cleaned_data["stands"] or None)
    except Conflict as closed:
        messages.info(request, closed.sentence)
    except DomainError as refused:
        form.add_error(refused.field, refused.sentence)
        return None
    else:
        messages.info(request, _("%(name)s now answers for this item.") % {"name": form.chosen.name})
    still = items_visible_to(user, on=local_date(at, zone())).filter(pk=item.pk).exists()
    return redirect("safety:risk-show", item.pk) if still else redirect("safety:risk-board")
