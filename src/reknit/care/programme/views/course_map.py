"""The course map: what the protocol asks, what is there, and what waits."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reknit.base.errors import DomainError
from reknit.care.programme import actions
from reknit.care.programme.access import may_override
from reknit.care.programme.charts import Chart, open_chart
from reknit.care.programme.course_map import CourseMap, course_map
from reknit.care.programme.forms import OverrideForm
from reknit.care.programme.queries import course_of, overrides_of
from reknit.core.programme.sets import SetState


@require_GET
def course_map_show(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Every slot, set and gate of the course. Two queries besides opening the chart, and two to ask who may write and override."""
    return _page(request, open_chart(request, client_id, page="course"), OverrideForm())


@require_POST
def gate_override(request: HttpRequest, client_id: uuid.UUID, code: str) -> HttpResponse:
    """Pass a gate with a reason."""
    chart = open_chart(request, client_id, page="course")
    form = OverrideForm(request.POST)
    if chart.episode is None:
        raise Http404
    if not form.is_valid():
        return _page(
            request, chart, form, status=422, refused=_("Write why the course goes on without this.")
        )
    try:
        actions.override_gate(
            by=chart.user, at=chart.at, episode=chart.episode, code=code, reason=form.cleaned_data["reason"]
        )
    except DomainError as problem:
        return _page(request, chart, form, status=422, refused=problem.sentence)
    messages.info(request, _("Written down. The course says so from now on."))
    return redirect("programme:course-map", client_id=chart.id)


def _page(
    request: HttpRequest, chart: Chart, form: OverrideForm, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    drawn = course_map(course_of(chart.episode)) if chart.episode else None
    context = chart.context(
        map=drawn,
        overrides=list(overrides_of(chart.episode)) if chart.episode else [],
        may_override=_may_pass(chart, drawn),
        may_write=chart.may_write(),
        override_form=form,
        unavailable=_unavailable(drawn),
        refused=refused,
    )
    return render(request, "programme/clinician/course_map.html", context, status=status)


def _may_pass(chart: Chart, drawn: CourseMap | None) -> set[str]:
    """Codes of the gates that this person may pass; asked only of those that a reason answers now."""
    holding = [row.gate for row in drawn.waiting if row.may_be_passed] if drawn else []
    asked = {gate.override_role: gate for gate in holding}
    may = {
        role: may_override(chart.user, gate, chart.client, on=chart.today).allowed
        for role, gate in asked.items()
    }
    return {gate.code for gate in holding if may[gate.override_role]}


def _unavailable(drawn: CourseMap | None) -> list[tuple[str, str]]:
    """Items of the sets that this installation does not hold, each once, with why."""
    sets: list[SetState] = (
        [one for phase in drawn.phases for slot in phase.slots for one in slot.sets] if drawn else []
    )
    why = {"not_loaded": _("not loaded"), "not_permitted": _("wording not permitted here")}
    found = {item.item.title: why[item.state] for one in sets for item in one.items if item.state in why}
    return sorted(found.items())
