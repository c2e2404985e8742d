"""The programme in totals, for directors and researchers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from reknit.base.accounts.models import Role, User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.care.home.access import may_see_totals
from reknit.care.home.queries.programme import totals
from reknit.care.home.queries.standing import RULE
from reknit.care.people.queries import zone
from reknit.care.safety.volume import programme_volume


@require_GET
def programme(request: HttpRequest) -> HttpResponse:
    """Totals only; small numbers are hidden and nobody is named."""
    assert isinstance(request.user, User)
    may_see_totals(request.user).or_refuse()
    at = now()
    found = totals(at=at, today=local_date(at, zone()))
    record_read("programme totals", by=request.user, at=at, client=None)
    context = {
        "totals": found,
        "rule": RULE,
        "risk": programme_volume(at=at) if request.user.has(Role.DIRECTOR) else None,
    }
    return render(request, "home/programme/programme.html", context)
