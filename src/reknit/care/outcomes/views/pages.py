"""What a course came to, mood and use shown apart; and what has been studied."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from reknit.base.accounts.models import User
from reknit.care.outcomes import figures
from reknit.care.outcomes.access import may_read_evidence
from reknit.care.outcomes.evidence import SMALL, panel
from reknit.care.outcomes.queries import DEPRESSION, course_outcomes
from reknit.care.programme.charts import open_chart
from reknit.core.evidence.library import resources, reviewed_on
from reknit.core.substance_use.summaries import MINIMUM_COVERAGE


@require_GET
def course_outcomes_show(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Worked out afresh each time it is opened, so that a changed fact changes the page."""
    chart = open_chart(request, client_id, page="course")
    results = course_outcomes(chart.client, chart.episode, today=chart.today)
    moods = [
        {
            "series": series,
            "points": figures.chart_points(series),
            "band": figures.noise_band(series),
            "reference": figures.reference(series),
            "is_small": series.measure != DEPRESSION,
            "planned": figures.planned(series, chart.episode),
        }
        for series in results.scores.values()
    ]
    context = chart.context(
        results=results,
        moods=moods,
        days=figures.strip_days(results.windows),
        labels=[window.label for window in results.windows],
        enough=MINIMUM_COVERAGE,
        enough_percent=round(100 * MINIMUM_COVERAGE),
    )
    return render(request, "outcomes/clinician/course_outcomes.html", context)


GRADES = {
    "well_established": _("Well established"),
    "probably_efficacious": _("Probably efficacious"),
    "possibly_efficacious": _("Possibly efficacious"),
    "efficacious": _("Efficacious"),
    "efficacious_and_specific": _("Efficacious and specific"),
    "experimental": _("Experimental"),
    "strong": _("Strong"),
    "weak": _("Weak"),
    "insufficient": _("Insufficient"),
}
SCHEME_NAMES = {
    "task-force-1998": _("Division 12, Task Force 1998"),
    "chambless-hollon-1998": _("Chambless and Hollon 1998"),
    "tolin-2015": _("Tolin 2015"),
}
VERDICTS = {
    "superior": _("IPT did better"),
    "equivalent": _("as good"),
    "no_difference": _("no difference"),
    "inferior": _("IPT did less well"),
    "uncontrolled": _("no comparison group"),
    "not_reported": _("no result found"),
}


@require_GET
def evidence_show(request: HttpRequest) -> HttpResponse:
    """The evidence, question by question: depression and use apart, negative studies with the same weight."""
    if not isinstance(request.user, User):
        raise Http404
    may_read_evidence(request.user).or_refuse()
    context = {
        "panel": [
            {
                "one": one,
                "grades": [(SCHEME_NAMES[g.scheme], GRADES[g.grade], g) for g in one.grades],
                "strict": [(SCHEME_NAMES[g.scheme], GRADES[g.grade]) for g in one.strict],
                "rows": [(study, result, VERDICTS[result.verdict]) for study, result in one.rows],
            }
            for one in panel()
        ],
        "small": SMALL,
        "reviewed_on": reviewed_on(),
        "resources": resources(),
    }
    return render(request, "outcomes/staff/evidence.html", context)
