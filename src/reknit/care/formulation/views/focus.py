"""What the course works on: propose, agree, switch, resolve, and the stage of a dispute."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reknit.base.errors import DomainError
from reknit.care.formulation import actions
from reknit.care.formulation.forms import FocusForm, ReasonForm, StageForm, SwitchForm
from reknit.care.formulation.known import people_of
from reknit.care.formulation.models import FocusArea
from reknit.care.formulation.pages import focus_views
from reknit.care.formulation.queries import events_of
from reknit.care.formulation.views.answers import blame, course_of
from reknit.care.programme.charts import Chart, open_chart
from reknit.care.programme.queries import plan_of

STEPS = ("agree", "switch", "resolve", "set-aside", "stage")


def lists(chart: Chart) -> dict[str, Any]:
    """People, events and areas to choose from."""
    return {
        "people": people_of(chart.client),
        "events": list(events_of(chart.client)),
        "plan": plan_of(course_of(chart)),
    }


@require_http_methods(["GET", "POST"])
def focus_propose(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Propose an area; a hint may have filled in the beginning."""
    chart = open_chart(request, client_id, page="story", write=True)
    episode = course_of(chart)
    if request.method == "GET":
        initial = {
            "area": request.GET.get("area", ""),
            "relationships": request.GET.getlist("person"),
            "event": request.GET.get("event", ""),
        }
        return propose_page(request, chart, FocusForm(initial=initial, **lists(chart)))
    form = FocusForm(request.POST, **lists(chart))
    if not form.is_valid():
        return propose_page(request, chart, form, status=422)
    try:
        focus = actions.propose_focus(by=chart.user, at=chart.at, episode=episode, entry=form.entry())
    except DomainError as problem:
        return propose_page(request, chart, blame(form, problem), status=422)
    return redirect("formulation:focus-show", client_id=chart.client.pk, focus_id=focus.pk)


def propose_page(request: HttpRequest, chart: Chart, form: FocusForm, *, status: int = 200) -> HttpResponse:
    return render(
        request, "formulation/clinician/focus_propose.html", chart.context(form=form), status=status
    )


def focus_of(chart: Chart, focus_id: uuid.UUID) -> FocusArea:
    """A focus area of this client, else not found."""
    rows = FocusArea.objects.select_related("episode__client")
    return get_object_or_404(rows, pk=focus_id, episode__client=chart.client)


@require_GET
def focus_show(request: HttpRequest, client_id: uuid.UUID, focus_id: uuid.UUID) -> HttpResponse:
    """One area with its history and what can be done next."""
    chart = open_chart(request, client_id, page="story")
    return focus_page(request, chart, focus_of(chart, focus_id), {})


def focus_page(
    request: HttpRequest, chart: Chart, focus: FocusArea, bound: dict[str, forms.Form], *, status: int = 200
) -> HttpResponse:
    """The page; `bound` holds the form that was sent and did not pass."""
    views = focus_views(focus.episode)
    plan = plan_of(focus.episode)
    view = next(one for one in views if one.focus.row.pk == focus.pk)
    made: dict[str, Any] = {
        "agree": ReasonForm(prefix="agree"),
        "switch": SwitchForm(prefix="switch", **lists(chart)),
        "resolve": ReasonForm(prefix="resolve"),
        "set-aside": ReasonForm(prefix="set-aside"),
        "stage": StageForm(prefix="stage", initial={"on": chart.today}),
        **bound,
    }
    context = chart.context(
        view=view,
        agree_form=made["agree"],
        switch_form=made["switch"],
        resolve_form=made["resolve"],
        aside_form=made["set-aside"],
        stage_form=made["stage"],
        sent=next(iter(bound), ""),
        others=sum(one.focus.row.status == FocusArea.Status.ACTIVE for one in views if one is not view),
        is_poor=focus.area in plan.poor_areas,
        planned=plan.planned_sessions,
        may_write=chart.may_write(),
    )
    return render(request, "formulation/clinician/focus.html", context, status=status)


@require_POST
def focus_step(request: HttpRequest, client_id: uuid.UUID, focus_id: uuid.UUID, step: str) -> HttpResponse:
    """One step of one area."""
    chart = open_chart(request, client_id, page="story", write=True)
    if step not in STEPS:
        raise Http404
    focus = focus_of(chart, focus_id)
    made: dict[str, Callable[[], forms.Form]] = {
        "switch": lambda: SwitchForm(request.POST, prefix=step, **lists(chart)),
        "stage": lambda: StageForm(request.POST, prefix=step),
    }
    form = made.get(step, lambda: ReasonForm(request.POST, prefix=step))()
    if not form.is_valid():
        return focus_page(request, chart, focus, {step: form}, status=422)
    try:
        stands = take(step, form, focus, chart)
    except DomainError as problem:
        return focus_page(request, chart, focus, {step: blame(form, problem)}, status=422)
    messages.info(request, _("Saved."))
    return redirect("formulation:focus-show", client_id=chart.client.pk, focus_id=stands.pk)


def take(step: str, form: forms.Form, focus: FocusArea, chart: Chart) -> FocusArea:
    """Call the one action of a step; the area to show after it."""
    who, data = {"by": chart.user, "at": chart.at, "focus": focus}, form.cleaned_data
    if step == "agree":
        return actions.agree_focus(**who, second_reason=data["reason"])
    if step == "resolve":
        return actions.resolve_focus(**who, reason=data["reason"])
    if step == "set-aside":
        return actions.set_aside_focus(**who, reason=data["reason"])
    if step == "stage":
        actions.set_dispute_stage(**who, stage=data["stage"], on=data["on"])
        return focus
    assert isinstance(form, SwitchForm)
    return actions.switch_focus(
        **who, entry=form.entry(), reason=data["why"], client_agreed=data["client_agreed"]
    )
