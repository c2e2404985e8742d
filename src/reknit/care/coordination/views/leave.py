"""Leave: who is away, who covers, and handing the work back. What is handed over is shown by `home`."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, now
from reknit.base.ui.answers import is_saved
from reknit.care.coordination.actions import begin_leave
from reknit.care.people.absences.access import may_hand_back
from reknit.care.people.absences.forms import AbsenceForm
from reknit.care.people.absences.queries import people_of, seen_by
from reknit.care.people.models import Absence
from reknit.care.people.queries import clinicians, zone
from reknit.care.safety.access import may_work_here
from reknit.care.safety.actions import end_leave

ROWS = 25


@require_http_methods(["GET", "HEAD", "POST"])
def leave_list(request: HttpRequest) -> HttpResponse:
    """One's own leave, what one covers, for a supervisor that of the line; and a form to write one down."""
    user, at = request.user, now()
    assert isinstance(user, User)
    may_work_here(user).or_refuse()
    today = local_date(at, zone())
    people = people_of(user, on=today)
    form = AbsenceForm(request.POST or None, people=people, covers=clinicians(), today=today)
    kept: list[Absence] = []
    if is_saved(form, lambda: kept.append(begin_leave(by=user, at=at, **form.cleaned_data))):
        messages.info(request, _("Written down. The cover finds what is handed over on this page."))
        return redirect("home:handover-show", kept[0].pk)
    page = Paginator(seen_by(user, on=today), ROWS).get_page(request.GET.get("page"))
    rows = [(one, _state(one, today), one.ended_at is None and one.cover_id == user.pk) for one in page]
    context = {"page": page, "rows": rows, "form": form}
    return render(
        request, "coordination/clinician/leave_list.html", context, status=422 if form.errors else 200
    )


def _state(absence: Absence, today: object) -> str:
    if absence.ended_at:
        return _("handed back")
    return _("planned") if absence.starts_on > today else _("away now")  # type: ignore[operator]


@require_POST
def leave_end(request: HttpRequest, absence_id: uuid.UUID) -> HttpResponse:
    """Hand the work back, today."""
    user, at = request.user, now()
    assert isinstance(user, User)
    may_work_here(user).or_refuse()
    today = local_date(at, zone())
    absence = get_object_or_404(seen_by(user, on=today), pk=absence_id)
    may_hand_back(user, absence, on=today).or_refuse()
    end_leave(by=user, at=at, absence=absence)
    messages.info(request, _("The work is handed back. Below is what happened meanwhile."))
    return redirect("home:handover-show", absence.pk)
