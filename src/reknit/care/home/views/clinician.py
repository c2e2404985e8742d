"""A clinician's day, their caseload, and the first page of a chart."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from reknit.base.accounts.models import User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.care.encounters.together import group_time, is_by_group
from reknit.care.home.access import may_see_caseload
from reknit.care.home.queries import caseload as clients
from reknit.care.home.queries import course, today
from reknit.care.home.queries.standing import RULE, SCALE
from reknit.care.home.queries.today import MOST_COURSES
from reknit.care.people.queries import zone
from reknit.care.programme.charts import open_chart
from reknit.care.safety.safeguarding.queries import late_for


def signed_in(request: HttpRequest) -> User:
    """The person; every page here needs a sign-in."""
    assert isinstance(request.user, User)
    return request.user


@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """What needs this clinician first, whom they see, what is left to do."""
    user, at = signed_in(request), now()
    may_see_caseload(user).or_refuse()
    on = local_date(at, zone())
    everything = request.GET.get("show") == "all"
    found = today.today_of(user, at=at, today=on, everything=everything)
    record_read("today", by=user, at=at, client=None)
    return render(
        request,
        "home/clinician/today.html",
        {
            "day": found,
            "on": on,
            "scale": SCALE,
            "rule": RULE,
            "everything": everything,
            "most": MOST_COURSES,
            "safeguarding_late": late_for(user, at=at, on=on),
        },
    )


@require_GET
def caseload(request: HttpRequest) -> HttpResponse:
    """Clients this person may see, one page at a time."""
    user, at = signed_in(request), now()
    may_see_caseload(user).or_refuse()
    on = local_date(at, zone())
    everyone = request.GET.get("show") == "all"
    sort = request.GET.get("sort", "name")
    sort = sort if sort in clients.SORTS else "name"
    chosen = clients.caseload(user, on=on, at=at, sort=sort, everyone=everyone)
    page, rows = clients.page_of(chosen, request.GET.get("page"), sort=sort, at=at, today=on)
    record_read("caseload", by=user, at=at, client=None, number=page.number, shown=len(rows))
    kept = {"show": "all" if everyone else "", "sort": sort if sort != "name" else ""}
    return render(
        request,
        "home/clinician/caseload.html",
        {
            "page": page,
            "rows": rows,
            "scale": SCALE,
            "rule": RULE,
            "everyone": everyone,
            "sort": sort,
            "columns": columns(kept, sort),
            "query": urlencode({name: value for name, value in kept.items() if value}),
        },
    )


def columns(kept: dict[str, str], sort: str) -> list[tuple[str, str, bool]]:
    """Label, address that sorts by it, and whether the list is sorted so; no address where it cannot."""
    labels = [
        (_("Name"), "name"),
        (_("Session"), ""),
        (_("PHQ-9"), "score"),
        (_("Last 7 days"), ""),
        (_("Open risk"), "risk"),
        (_("Next session"), "next"),
    ]
    rest = {name: value for name, value in kept.items() if value and name != "sort"}
    return [
        (label, "?" + urlencode({**rest, "sort": key}) if key else "", key == sort) for label, key in labels
    ]


@require_GET
def client_course(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """The first page of a chart."""
    chart = open_chart(request, client_id, page="course")
    page = course.course_page(chart.client, chart.episode, at=chart.at, today=chart.today)
    by_group = chart.episode is not None and is_by_group(chart.episode)
    context = chart.context(
        page=page,
        may_write=chart.may_write(),
        now=chart.at,
        by_group=by_group,
        group=group_time(chart.episode, chart.user, at=chart.at) if chart.episode and by_group else None,
    )
    return render(request, "home/clinician/course.html", context)
