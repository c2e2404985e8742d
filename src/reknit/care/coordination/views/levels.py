"""The level of care: facts to consider under the headings of an edition, then what the clinician writes down."""

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reknit.base.ui.answers import is_saved
from reknit.care.coordination import actions
from reknit.care.coordination.facts import facts_to_consider
from reknit.care.coordination.forms import LevelForm
from reknit.care.coordination.models import LevelOfCareNote
from reknit.care.coordination.queries import level_notes
from reknit.care.programme.charts import open_chart
from reknit.core.coordination.dimensions import EDITIONS, TOPICS, Dimension, Edition, Fact, sort_facts

from .answers import page

FIRST = "asam-3"
MOST = 20
Heading = tuple[Dimension, list[str], tuple[Fact, ...]]


@require_http_methods(["GET", "HEAD", "POST"])
def level_show(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Facts by heading, the form, and the notes before."""
    chart = open_chart(request, client_id, page="care", write=request.method == "POST")
    asked = request.POST.get("edition") or request.GET.get("edition", "")
    edition = EDITIONS.get(asked, EDITIONS[FIRST])
    form = LevelForm(request.POST or None, initial={"key": uuid.uuid4(), "edition": edition.key})

    def save() -> None:
        actions.record_level(by=chart.user, at=chart.at, client=chart.client, **form.cleaned_data)

    if is_saved(form, save):
        messages.info(request, _("Written down, with the facts as they stand today."))
        return redirect("coordination:level-show", chart.id)
    return page(
        request,
        chart,
        "level_show",
        failed=bool(form.errors),
        form=form,
        edition=edition,
        editions=EDITIONS.values(),
        headings=_headings(facts_to_consider(chart.client, today=chart.today), edition),
        notes=[(one, _then(one)) for one in level_notes(chart.client)[:MOST]],
        may_write=chart.may_write(),
    )


def _headings(facts: list[Fact], edition: Edition) -> list[Heading]:
    """Each heading with our topics in words and the facts under it."""
    return [
        (one, [_(TOPICS[topic]) for topic in one.topics], found) for one, found in sort_facts(facts, edition)
    ]


def _then(note: LevelOfCareNote) -> list[tuple[str, dt.date | None]]:
    """The facts as they stood."""
    return [(one["sentence"], dt.date.fromisoformat(one["on"]) if one["on"] else None) for one in note.facts]
