"""How many items there were, for whoever supervises."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reknit.base.accounts.models import User
from reknit.base.audit.record import record_read
from reknit.base.clock import now
from reknit.care.safety.access import may_see_volume
from reknit.care.safety.volume import WEEKS, line_volume


@require_safe
def risk_volume(request: HttpRequest) -> HttpResponse:
    """The latest weeks of the supervisor's own line, as a figure and a table."""
    user, at = request.user, now()
    assert isinstance(user, User)
    may_see_volume(user).or_refuse()
    record_read("risk volume", by=user, at=at, client=None)
    context = {"report": line_volume(user, at=at), "weeks": WEEKS}
    return render(request, "safety/clinician/volume.html", context)
