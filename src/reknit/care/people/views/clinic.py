"""The administrator's pages: the clinic, and who supervises whom."""

import copy
import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, now
from reknit.base.errors import Conflict, DomainError
from reknit.base.ui.meanwhile import show_meanwhile
from reknit.care.people import actions
from reknit.care.people.access import may_run_system
from reknit.care.people.forms import HelpLines, LineForm, SiteForm, help_lines_of, told_help_lines
from reknit.care.people.models import Site, SupervisoryLine
from reknit.care.people.queries import clinicians, lines, zone

LINES_PER_PAGE = 25


def administrator(request: HttpRequest) -> User:
    """The administrator at hand; anybody else gets the calm refusal."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    may_run_system(user).or_refuse()
    return user


@require_http_methods(["GET", "POST"])
def site_change(request: HttpRequest) -> HttpResponse:
    """The clinic's details and the numbers its clients may call."""
    by, at = administrator(request), now()
    site = get_object_or_404(Site.objects.order_by("made_at")[:1])
    told = request.POST if request.method == "POST" else None
    on_duty = {"duty_clinician": str(site.duty_clinician_id or ""), "stands": site.stamp}
    # The form fills a copy: the action compares with what stands.
    form = SiteForm(told, instance=copy.copy(site), clinicians=clinicians(), initial=on_duty)
    rows = HelpLines(
        told,
        initial=help_lines_of(site),
        prefix="lines",
        form_kwargs={"today": local_date(at, site.time_zone)},
    )
    if told is not None and form.is_valid() and rows.is_valid():
        try:
            changes = {**form.cleaned_data, "help_lines": told_help_lines(rows)}
            actions.change_site(by=by, at=at, site=site, **changes)
        except Conflict as taken:
            show_meanwhile(form)
            form.add_error(None, taken.sentence)
            if rows.has_changed():
                now_stand = "; ".join(f"{one['name']} {one['number']}" for one in site.help_lines) or "–"
                form.add_error(None, _("Help lines that stand now: %(lines)s.") % {"lines": now_stand})
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.info(request, _("The clinic's details are kept."))
            return redirect("people:site-change")
    status = 422 if told is not None else 200
    return render(request, "people/site_change.html", {"form": form, "rows": rows}, status=status)


@require_http_methods(["GET", "POST"])
def line_list(request: HttpRequest) -> HttpResponse:
    """Who answers for whose work, with a form to open a line. Five queries."""
    by, at = administrator(request), now()
    form = LineForm(request.POST if request.method == "POST" else None, clinicians=clinicians())
    if request.method == "POST" and form.is_valid():
        try:
            today = local_date(at, zone())
            actions.open_supervisory_line(by=by, at=at, starts_on=today, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            return redirect("people:line-list")
    page = Paginator(lines(), LINES_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page}
    return render(request, "people/line_list.html", context, status=422 if form.errors else 200)


@require_POST
def line_close(request: HttpRequest, line_id: uuid.UUID) -> HttpResponse:
    """End a supervisory line today."""
    by, at = administrator(request), now()
    line = get_object_or_404(SupervisoryLine, pk=line_id, ends_on=None)
    actions.close_supervisory_line(by=by, at=at, line=line, ends_on=local_date(at, zone()))
    return redirect("people:line-list")
