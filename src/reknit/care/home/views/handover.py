"""What is handed over when a colleague is away; after it, what happened meanwhile."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.base.errors import DomainError
from reknit.care.home.queries.handover import handed_over, unread
from reknit.care.people.absences.access import may_hand_back
from reknit.care.people.absences.actions import confirm_handover
from reknit.care.people.absences.queries import seen_by, without_cover
from reknit.care.people.models import Handover
from reknit.care.people.queries import zone
from reknit.care.safety.access import may_work_here

from .clinician import signed_in


@require_safe
def handover_show(request: HttpRequest, absence_id: uuid.UUID) -> HttpResponse:
    """Each client of a leave: open risk, plans, the next appointment, consents that end; then what happened."""
    user, at = signed_in(request), now()
    may_work_here(user).or_refuse()
    on = local_date(at, zone())
    absence = get_object_or_404(seen_by(user, on=on), pk=absence_id)
    rows = handed_over(absence, to=user, at=at, on=on)
    record_read("handover", by=user, at=at, client=None, absence=str(absence.pk), names=len(rows))
    context = {
        "absence": absence,
        "crossed": without_cover(absence),
        "rows": rows,
        "unread": unread(rows),
        "is_cover": absence.cover_id == user.pk and absence.ended_at is None,
        "may_end": absence.ended_at is None and may_hand_back(user, absence, on=on).allowed,
        "began": absence.starts_on <= on,
        "zone": zone(),
    }
    return render(request, "home/clinician/handover.html", context)


@require_POST
def handover_confirm(request: HttpRequest, handover_id: uuid.UUID) -> HttpResponse:
    """The cover says that they have read about this client."""
    user, at = signed_in(request), now()
    may_work_here(user).or_refuse()
    mine = Handover.objects.filter(absence__cover=user).select_related("absence", "client")
    handover = get_object_or_404(mine, pk=handover_id)
    try:
        confirm_handover(by=user, at=at, handover=handover)
    except DomainError as refused:
        messages.info(request, refused.sentence)
    else:
        messages.info(request, _("Noted that you have read it."))
    return redirect("home:handover-show", handover.absence_id)
