"""The evidence pack of the programmes: a page for directors and researchers, and a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from reknit.base.accounts.models import User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.care.outcomes.pack import pack_of
from reknit.care.outcomes.pack_file import pack_zip as file_of
from reknit.care.outcomes.quarters import asked_for, quarter_of
from reknit.care.people.access import may_see_totals
from reknit.care.people.queries import site, zone

QUARTERS = 4  # in the file: the one asked for and those before it


@require_GET
def pack_show(request: HttpRequest) -> HttpResponse:
    """Which tools, how often, what came of it. Small numbers are hidden and nobody is named."""
    assert isinstance(request.user, User)
    may_see_totals(request.user).or_refuse()
    at = now()
    today = local_date(at, zone())
    quarter = asked_for(request.GET.get("quarter", ""), today=today)
    record_read("evidence pack", by=request.user, at=at, client=None, quarter=quarter.code)
    later = quarter.after if quarter < quarter_of(today) else None
    context = {"pack": pack_of(quarter), "quarter": quarter, "later": later, "today": today}
    return render(request, "outcomes/staff/pack.html", context)


@require_GET
def pack_zip(request: HttpRequest) -> HttpResponse:
    """The quarter that is asked for and the three before it, as a file that no cache keeps."""
    assert isinstance(request.user, User)
    may_see_totals(request.user).or_refuse()
    at = now()
    today = local_date(at, zone())
    quarter = asked_for(request.GET.get("quarter", ""), today=today)
    packs = [pack_of(quarter)]
    for _each in range(QUARTERS - 1):
        quarter = quarter.before
        packs.append(pack_of(quarter))
    record_read("evidence pack as a file", by=request.user, at=at, client=None, quarter=packs[0].quarter.code)
    here = site()
    response = HttpResponse(
        file_of(packs[::-1], on=today, clinic=here.name if here else ""), content_type="application/zip"
    )
    response["Content-Disposition"] = f'attachment; filename="measures-{packs[0].quarter.code}.zip"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
