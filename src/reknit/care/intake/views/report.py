"""The weekly report, on the page and as a table to take away."""

import csv

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from reknit.base.accounts.models import User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.base.ui.figures import Pillar, pillars
from reknit.care.intake.access import may_read_report
from reknit.care.intake.models import Referral
from reknit.care.intake.queries.report import Report, weekly_report
from reknit.care.people.queries import zone
from reknit.core.intake.report import STEPS
from reknit.core.suppression import suppress

NARROW = 6  # weeks that fit a phone; the table beside the figure holds them all


def _report(request: HttpRequest, page: str) -> Report:
    user, at = request.user, now()
    assert isinstance(user, User)
    may_read_report(user).or_refuse()
    found = weekly_report(today=local_date(at, zone()), at=at)
    record_read(page, by=user, at=at, client=None)
    return found


def _drawn(points: list[Pillar]) -> SafeString:
    return pillars(
        points,
        label=_("Referrals of each week, and how many of them were seen by now"),
        all_words=_("referred"),
        reached_words=_("seen"),
    )


@require_GET
def report_show(request: HttpRequest) -> HttpResponse:
    """Counts as they are: the page stays within the clinic. Nobody is named."""
    found = _report(request, "intake report")
    points = [
        Pillar(date_format(week.monday, "j M"), week.counts.referred, week.counts.seen)
        for week in found.weeks
    ]
    words = dict(Referral.Lost.choices)
    context = {
        "report": found,
        "drawn": _drawn(points),
        "drawn_narrow": _drawn(points[-NARROW:]),
        "lost": [(words[kind], number) for kind, number in found.lost.most_common()],
    }
    return render(request, "intake/clinician/report.html", context)


@require_GET
def report_table(request: HttpRequest) -> HttpResponse:
    """The same table as CSV. It leaves the clinic, so numbers from one to four are hidden, as are days of few people."""
    found = _report(request, "intake report table")
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="intake-weeks.csv"'
    rows = csv.writer(response)
    rows.writerow(["week_from", *STEPS, "closed", "median_days_to_seen"])
    columns = {
        name: suppress({f"{week.monday}": getattr(week.counts, name) for week in found.weeks})
        for name in (*STEPS, "lost")
    }
    for week in found.weeks:
        key = f"{week.monday}"
        numbers = [columns[name][key] for name in (*STEPS, "lost")]
        few = columns["seen"][key] is None or not week.counts.seen
        days = "" if few or week.counts.days_to_seen is None else f"{week.counts.days_to_seen:g}"
        rows.writerow([key, *("hidden" if n is None else n for n in numbers), days])
    return response
