"""A month of encounters as codes: for intake, which reads no chart. No name stands in an address."""

import datetime as dt
import uuid

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from reknit.base.accounts.models import User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.care.billing import queries
from reknit.care.billing.access import may_bill, may_bill_client
from reknit.care.billing.month_file import month_csv
from reknit.care.billing.superbill import superbill
from reknit.care.people.models import Client
from reknit.care.people.queries import zone

PER_PAGE = 50


def opened(request: HttpRequest) -> tuple[User, dt.datetime, dt.date, dt.date]:
    """The person, the instant, today and the month that is asked for."""
    if not isinstance(request.user, User):
        raise Http404
    at = now()
    today = local_date(at, zone())
    return request.user, at, today, queries.month_asked_for(request.GET.get("month", ""), today=today)


def kept_nowhere(content: bytes | str, *, kind: str, name: str) -> HttpResponse:
    """A file that no cache keeps, under a name that tells nothing of a client."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
def month_list(request: HttpRequest) -> HttpResponse:
    """What took place in a month, one page at a time."""
    user, at, today, month = opened(request)
    may_bill(user).or_refuse()
    page = Paginator(queries.held_in(month), PER_PAGE).get_page(request.GET.get("page"))
    lines = queries.lines_of(list(page.object_list))
    record_read("billing", by=user, at=at, client=None, number=page.number, shown=len(lines))
    after = queries.month_after(month)
    context = {
        "page": page,
        "lines": lines,
        "month": month,
        "before": queries.month_before(month),
        "after": after if after <= today else None,
        "query": f"month={month:%Y-%m}",
    }
    return render(request, "billing/month_list.html", context)


@require_GET
def month_table(request: HttpRequest) -> HttpResponse:
    """The whole month as a table."""
    user, at, _today, month = opened(request)
    may_bill(user).or_refuse()
    lines = queries.lines_of(list(queries.held_in(month)))
    record_read("billing as a file", by=user, at=at, client=None, month=f"{month:%Y-%m}", shown=len(lines))
    return kept_nowhere(
        month_csv(lines), kind="text/csv; charset=utf-8", name=f"encounters-{month:%Y-%m}.csv"
    )


@require_GET
def superbill_show(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """The superbill of one client. One who is not there and one not to be billed by this person are answered alike."""
    user, at, today, month = opened(request)
    client = Client.objects.real().filter(pk=client_id).first()
    if client is None or not may_bill_client(user, client, on=today):
        raise Http404
    lines = queries.lines_of(list(queries.held_in(month, client=client)))
    record_read("superbill", by=user, at=at, client=client)
    pages = superbill(client, lines, month=month, on=today)
    return kept_nowhere(pages, kind="application/pdf", name="superbill.pdf")
