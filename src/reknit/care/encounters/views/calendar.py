"""The calendar of a clinician, by week or by day, and the sessions that nothing is written about yet."""

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reknit.base.accounts.models import Role, User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.care.encounters.access import may_see_calendar
from reknit.care.encounters.booking import calendar
from reknit.care.encounters.times import EARLIEST, LATEST
from reknit.care.people.queries import zone

ROWS = 25


@require_safe
def calendar_show(request: HttpRequest) -> HttpResponse:
    """A week or a day of one's own, of somebody one supervises, or which times are taken."""
    user, at = _staff(request), now()
    today = local_date(at, zone())
    people = calendar.colleagues_seen(user, on=today)
    whose = _whose(request, people)
    may_see_calendar(user, whose, on=today).or_refuse()
    view = calendar.DAY if request.GET.get("view") == calendar.DAY else calendar.WEEK
    page = calendar.page_of(user, whose, view=view, on=_day(request, today), zone=zone(), at=at, today=today)
    record_read("calendar", by=user, at=at, client=None, whose=str(whose.pk), names=page.n)
    context = {
        "page": page,
        "people": people,
        "is_own": whose.pk == user.pk,
        "may_write": whose.pk == user.pk,
        "on": _day(request, today),
        "today": today,
        "is_intake": not user.reads_charts,
    }
    return render(request, "encounters/booking/calendar_show.html", context)


@require_safe
def without_notes(request: HttpRequest) -> HttpResponse:
    """Sessions whose time is over: without a word of what came of them, or with a note that is not signed."""
    user, at = _staff(request), now()
    if not user.reads_charts:
        raise PermissionDenied(_("This page belongs to people who read charts."))
    today = local_date(at, zone())
    rows = calendar.without_notes(user, at=at, on=today)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    record_read("sessions without notes", by=user, at=at, client=None, names=len(page.object_list))
    return render(request, "encounters/booking/without_notes.html", {"page": page, "zone": zone()})


def _staff(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    if not (user.reads_charts or user.has(Role.INTAKE)):
        raise PermissionDenied(_("This page belongs to people who book or hold sessions."))
    return user


def _whose(request: HttpRequest, people: list[User]) -> User:
    """The one who is asked for, of those this person may choose from. Somebody else is not there."""
    asked = request.GET.get("who")
    if not people:
        raise PermissionDenied(_("Nobody has a calendar here yet."))
    if not asked:
        return people[0]
    try:
        key = uuid.UUID(asked)
    except ValueError:
        raise Http404 from None
    found = next((one for one in people if one.pk == key), None)
    if found is None:
        raise Http404
    return found


def _day(request: HttpRequest, today: dt.date) -> dt.date:
    """The day that is asked for; today where it is none."""
    try:
        on = dt.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today
    return on if EARLIEST <= on < LATEST else today
