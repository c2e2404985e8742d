"""The circle and its table: adding, moving and tying, for the care team; a supervisor reads."""

import uuid
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from reknit.base.errors import DomainError
from reknit.base.fields import key
from reknit.care.network import actions, drawing, pages, queries
from reknit.care.network.circles import circle_of
from reknit.care.network.forms import RING_CHOICES, AddForm, PlaceForm, RingsForm, SieveForm, TieForm
from reknit.care.network.models import Relationship, Tie
from reknit.care.network.sifting import Sieve
from reknit.care.programme.charts import Chart, open_chart


@require_GET
def circle_show(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """The circle beside its table."""
    chart = open_chart(request, client_id, page="people")
    return page(request, chart)


@require_POST
def relationship_add(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Name somebody in two fields; the cursor goes back to the first for the next."""
    chart = open_chart(request, client_id, page="people", write=True)
    form = AddForm(request.POST)
    if form.is_valid():
        try:
            actions.add_relationship(by=chart.user, at=chart.at, client=chart.client, **form.cleaned_data)
            return redirect(reverse("network:circle-show", args=[client_id]) + "?added=1")
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
    return page(request, chart, add_form=form, status=422)


@require_POST
def mark_place(request: HttpRequest, client_id: uuid.UUID, relationship_id: uuid.UUID) -> HttpResponse:
    """Move one mark: by drag, by key or by its list. Answers with the parts of the page that changed."""
    chart = open_chart(request, client_id, page="people", write=True)
    row = get_object_or_404(Relationship, pk=relationship_id, client=chart.client)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return HttpResponse(
            _("Choose a ring from 1 to 3, or outside."), status=422, content_type="text/plain"
        )
    try:
        row = actions.place(by=chart.user, at=chart.at, relationship=row, **form.cleaned_data)
    except DomainError as error:
        return HttpResponse(error.sentence, status=422, content_type="text/plain")
    if request.headers.get("X-Parts") != "1":
        return redirect("network:circle-show", client_id)
    said = _("%(name)s: %(ring)s. Saved.") % {"name": row.alias, "ring": drawing.ring_names()[row.ring or 4]}
    return render(request, "network/clinician/_parts.html", context_of(request, chart, said=said))


@require_POST
def circle_arrange(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """The rings of the whole table, for a page without script."""
    chart = open_chart(request, client_id, page="people", write=True)
    form = RingsForm(request.POST, people=list(queries.here(chart.client).values_list("pk", flat=True)))
    if not form.is_valid():
        return _back(request, client_id, " ".join(str(one) for one in form.non_field_errors()))
    try:
        count = actions.arrange(by=chart.user, at=chart.at, client=chart.client, rings=form.moved)
    except DomainError as error:
        return _back(request, client_id, error.sentence)
    said = ngettext("%(n)s person moved.", "%(n)s people moved.", count) % {"n": count}
    messages.info(request, said if count else _("Nothing was different, so nothing was written."))
    return redirect("network:circle-show", client_id)


@require_POST
def tie_add(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Write down how two people stand to each other."""
    chart = open_chart(request, client_id, page="people", write=True)
    people = queries.people_of(chart.client)
    form = TieForm(request.POST, people=people)
    if form.is_valid():
        rows = {str(row.pk): row for row in queries.here(chart.client)}
        sent = form.cleaned_data
        try:
            actions.tie(
                by=chart.user,
                at=chart.at,
                one=rows[sent["one"]],
                other=rows[sent["other"]],
                kind=sent["kind"],
            )
            return redirect(reverse("network:circle-show", args=[client_id]) + "#ties")
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
    return page(request, chart, tie_form=form, status=422)


@require_POST
def tie_remove(request: HttpRequest, client_id: uuid.UUID, tie_id: uuid.UUID) -> HttpResponse:
    """Take a tie off the circle that is being drawn."""
    chart = open_chart(request, client_id, page="people", write=True)
    row = get_object_or_404(Tie.objects.select_related("client"), pk=tie_id, client=chart.client)
    try:
        actions.untie(by=chart.user, at=chart.at, tie=row)
    except DomainError as error:
        return _back(request, client_id, error.sentence)
    return redirect(reverse("network:circle-show", args=[client_id]) + "#ties")


@require_POST
def ties_asked(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Say whether every pair was asked about."""
    chart = open_chart(request, client_id, page="people", write=True)
    asked = request.POST.get("asked") == "yes"
    try:
        actions.set_ties_asked(by=chart.user, at=chart.at, client=chart.client, asked=asked)
    except DomainError as error:
        return _back(request, client_id, error.sentence)
    return redirect(reverse("network:circle-show", args=[client_id]) + "#ties")


def page(
    request: HttpRequest, chart: Chart, *, status: int = 200, **forms: AddForm | TieForm
) -> HttpResponse:
    """The whole page; a form that was not taken comes back with its words."""
    context = context_of(request, chart, **forms)
    return render(request, "network/clinician/circle_show.html", context, status=status)


def context_of(request: HttpRequest, chart: Chart, **more: Any) -> dict[str, object]:
    """What the page and its parts show. Five queries besides the chart's own, however many people there are."""
    versions = list(queries.versions_of(chart.client))
    shown = versions[0] if versions else None
    ties = list(Tie.objects.filter(client=chart.client).order_by("made_at", "id"))
    circle = circle_of(queries.here(chart.client), ties, shown)
    sieve = Sieve.of(request.GET)
    drawn = pages.circle_page(circle, versions, sieve)
    may_write = chart.may_write()
    first, others = drawn.indices()
    forms = {
        "add_form": AddForm(initial={"key": key()}),
        "tie_form": TieForm(people=circle.people),
    }
    return chart.context(
        **{
            **forms,
            "drawn": drawn,
            "figure": drawing.picture(
                circle,
                drawn.earlier,
                sieve=sieve,
                movable=may_write,
                middle=chart.client.preferred_name or chart.client.given_name,
            ),
            "sieve": sieve,
            "sieve_form": SieveForm(initial=asdict(sieve)),
            "rows": drawn.rows(),
            "indices": first,
            "other_indices": others,
            "ties": pages.tie_rows(circle, ties),
            "versions": versions,
            "aside": list(queries.set_aside_of(chart.client)),
            "ring_choices": RING_CHOICES,
            "may_write": may_write,
            "just_added": "added" in request.GET,
            **more,
        }
    )


def _back(request: HttpRequest, client_id: uuid.UUID, sentence: str) -> HttpResponse:
    messages.warning(request, sentence)
    return redirect("network:circle-show", client_id)
