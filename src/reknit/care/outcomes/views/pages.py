"""What a course came to, mood and use shown apart."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from reknit.care.outcomes import figures
from reknit.care.outcomes.queries import DEPRESSION, course_outcomes
from reknit.care.programme.charts import open_chart
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
