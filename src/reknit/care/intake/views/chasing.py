"""Who is tried again today, and barriers that somebody still has to solve."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from reknit.base.audit.record import record_read
from reknit.care.intake.queries.chasing import chase_list, chase_rows
from reknit.care.intake.queries.preparing import owed_transfers, unanswered
from reknit.care.intake.queries.waiting import open_barriers
from reknit.care.people.queries import zone

from .common import at_intake

ROWS = 40


@require_GET
def chase_show(request: HttpRequest) -> HttpResponse:
    """Day 1, 3 and 7 after a first session that was missed or never booked; then a person decides."""
    desk = at_intake(request)
    page = Paginator(chase_list(today=desk.today), ROWS).get_page(request.GET.get("page"))
    rows = chase_rows(list(page))
    barriers = Paginator(open_barriers(), ROWS).get_page(request.GET.get("barriers"))
    transfers = Paginator(owed_transfers(), ROWS).get_page(request.GET.get("transfers"))
    silent = Paginator(unanswered(at=desk.at), ROWS).get_page(request.GET.get("silent"))
    shown = len(silent.object_list) + len(rows) + len(barriers.object_list) + len(transfers.object_list)
    record_read("chase list", by=desk.user, at=desk.at, client=None, number=page.number, shown=shown)
    context = {"page": page, "rows": rows, "barriers": barriers, "today": desk.today}
    context |= {"transfers": transfers, "silent": silent, "now": desk.at, "zone": zone()}
    return render(request, "intake/clinician/chase.html", context)
