"""The circle through a course, step by step, and the sheet of then and now. Both are for the care team."""

import uuid
from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from reknit.care.network import drawing, over_time, queries, wording
from reknit.care.network.forms import NumbersForm, SieveForm
from reknit.care.network.sifting import Sieve
from reknit.care.programme.charts import open_chart


@require_GET
def circle_play(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """One version at a time, with links to the others; script follows the links by itself."""
    chart = open_chart(request, client_id, page="people")
    versions = list(queries.versions_of(chart.client))
    sieve = Sieve.of(request.GET)
    step = over_time.played(versions, NumbersForm.of(request.GET)["version"], sieve)
    context = chart.context(step=step, may_write=False, sieve=sieve)
    if step:
        context |= {
            "drawn": step.page,
            "figure": drawing.picture(step.page.circle, step.page.earlier, sieve=sieve),
            "rows": step.page.rows(),
            "sieve_form": SieveForm(initial=asdict(sieve)),
            "steps": over_time.steps(queries.signed_of(versions)),
        }
    return render(request, "network/clinician/circle_play.html", context)


@require_GET
def then_now(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Two circles side by side on one sheet for printing: what changed in words, counts, and shares from four people on."""
    chart = open_chart(request, client_id, page="people")
    signed = queries.signed_of(list(queries.versions_of(chart.client)))
    asked = NumbersForm.of(request.GET)
    two = over_time.two_of(signed, asked["then"], asked["now"])
    context = chart.context(signed=signed)
    if two:
        then, now = two
        found = queries.compare(then.circle, now.circle)
        first, others = wording.index_rows(now.circle, then.circle)
        context |= {
            "then": then,
            "now": now,
            "pictures": drawing.then_and_now(then.circle, now.circle),
            "key": drawing.key_of(now.circle, None),
            "said": wording.changes(found),
            "people": wording.people_rows(found),
            "change_rows": wording.change_rows(found),
            "indices": [*first, *others[:4]],
        }
    return render(request, "network/clinician/then_now.html", context)
