"""Restricted pages. Somebody who need not know gets the same answer as for a record that is not there."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from reknit.base.accounts.models import User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.base.errors import Conflict, DomainError
from reknit.base.ui.meanwhile import show_meanwhile
from reknit.care.people.queries import clinicians, zone
from reknit.care.programme.charts import open_chart
from reknit.care.safety.access import may_work_here
from reknit.care.safety.models import Concern, SafeguardingRecord
from reknit.care.safety.safeguarding import actions
from reknit.care.safety.safeguarding.access import may_open_record, may_set_duty, records_open_to
from reknit.care.safety.safeguarding.forms import ConcernForm, DutyForm, EntryForm, PersonForm, ReasonForm
from reknit.care.safety.safeguarding.queries import (
    DEFAULT_HOURS,
    PAGE,
    duties,
    entries_of,
    readings_of,
    records_for,
    rule_for,
)

ROWS = 25


@never_cache
@require_safe
def safeguarding_list(request: HttpRequest) -> HttpResponse:
    """The records this person may read, and none besides."""
    user, at = request.user, now()
    assert isinstance(user, User)
    may_work_here(user).or_refuse()
    page = Paginator(records_for(user, on=local_date(at, zone())), ROWS).get_page(request.GET.get("page"))
    record_read("safeguarding list", by=user, at=at, client=None, names=len(page.object_list))
    rows = [(one, one.status == SafeguardingRecord.Status.OPEN and one.due_at < at) for one in page]
    context = {"page": page, "rows": rows, "zone": zone()}
    return render(request, "safety/clinician/safeguarding_list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def safeguarding_add(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Write down a concern about a client."""
    chart = open_chart(request, client_id, page="risk", write=True)
    may_open_record(chart.user, chart.client, on=chart.today).or_refuse()
    form = ConcernForm(request.POST or None, initial={"key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            record = actions.open_safeguarding(
                by=chart.user, at=chart.at, client=chart.client, **form.cleaned_data
            )
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            return redirect("safety:safeguarding-show", record.pk)
    context = chart.context(form=form, duties=duties(), default_hours=DEFAULT_HOURS)
    return render(
        request, "safety/clinician/safeguarding_add.html", context, status=422 if form.errors else 200
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def safeguarding_show(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """One record: the clinic's duty, what was written and decided, who may read it and who did; and what can be done."""
    user, at = request.user, now()
    if not isinstance(user, User):
        raise Http404
    on = local_date(at, zone())
    found = records_open_to(user, on=on).select_related("client", "owner")
    record = get_object_or_404(found, pk=record_id)
    do = request.POST.get("do", "")
    people = [person for person in clinicians() if person.pk != record.owner_id]
    forms = {
        "write": EntryForm(request.POST if do == "write" else None),
        "close": ReasonForm(request.POST if do == "close" else None, prefix="close"),
        "let_in": PersonForm(request.POST if do == "let_in" else None, people=people, prefix="let"),
        "hand": PersonForm(request.POST if do == "hand" else None, people=people, prefix="hand"),
    }
    status = 200
    if request.method == "POST":
        # Closed, or written in meanwhile: what was typed stays on the page.
        if do in forms and forms[do].is_valid() and _done(request, do, forms[do], record, user=user, at=at):
            still = records_open_to(user, on=on).filter(pk=record.pk).exists()
            return (
                redirect("safety:safeguarding-show", record.pk)
                if still
                else redirect("safety:safeguarding-list")
            )
        status = 422
        record.refresh_from_db()
    record_read(PAGE, by=user, at=at, client=record.client_id, record=str(record.pk))
    context = {
        "record": record,
        "entries": entries_of(record),
        "readers": record.readers.select_related("person", "by").order_by("at"),
        "readings": readings_of(record),
        "rule": rule_for(record.concern),
        "default_hours": DEFAULT_HOURS,
        "overdue": record.status == SafeguardingRecord.Status.OPEN and record.due_at < at,
        "forms": forms,
        "unkept": _unkept(forms.get(do), record),
        "zone": zone(),
    }
    return render(request, "safety/clinician/safeguarding_show.html", context, status=status)


def _unkept(form: Any, record: SafeguardingRecord) -> str:
    """What was typed for a record that was closed meanwhile, where no form is left to show it."""
    if form is None or record.status == SafeguardingRecord.Status.OPEN:
        return ""
    return str(form.data.get(form.add_prefix("words"), ""))


def _done(
    request: HttpRequest, do: str, form: Any, record: SafeguardingRecord, *, user: User, at: Any
) -> bool:
    given = form.cleaned_data
    changes: dict[str, Callable[[], Any]] = {
        "write": lambda: actions.add_safeguarding_entry(by=user, at=at, record=record, **given),
        "close": lambda: actions.close_safeguarding(by=user, at=at, record=record, **given),
        "let_in": lambda: actions.let_in(by=user, at=at, record=record, **given),
        "hand": lambda: actions.hand_over_safeguarding(
            by=user, at=at, record=record, owner=given["person"], words=given["words"]
        ),
    }
    try:
        changes[do]()
    except Conflict as met:
        messages.info(request, met.sentence)
        return False
    except DomainError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        return False
    messages.info(request, _("Written down."))
    return True


@require_safe
def duty_list(request: HttpRequest) -> HttpResponse:
    """What the clinic wrote about each kind of concern."""
    assert isinstance(request.user, User)
    may_set_duty(request.user).or_refuse()
    context = {"duties": duties(), "default_hours": DEFAULT_HOURS}
    return render(request, "safety/clinician/duty_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def duty_change(request: HttpRequest, concern: str) -> HttpResponse:
    """Write or change what the clinic has to do about one kind of concern."""
    user = request.user
    assert isinstance(user, User)
    may_set_duty(user).or_refuse()
    if concern not in Concern.values:
        raise Http404
    stands = rule_for(concern)
    initial: dict[str, Any] = {"based_on": 0, "hours": DEFAULT_HOURS}
    if stands:
        initial = {
            "based_on": stands.version,
            "duty": stands.duty,
            "contacts": stands.contacts,
            "hours": stands.hours,
        }
    form = DutyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_duty_rule(by=user, at=now(), concern=concern, **form.cleaned_data)
        except Conflict as taken:
            show_meanwhile(form)
            form.add_error(None, taken.sentence)
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            messages.info(request, _("Saved."))
            return redirect("safety:duty-list")
    context = {"form": form, "stands": stands, "concern": Concern(concern).label}
    return render(request, "safety/clinician/duty_change.html", context, status=422 if form.errors else 200)
