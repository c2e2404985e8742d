"""Who leads the group from which day, and who sits in with the members' word."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reknit.base.ui.answers import is_done, is_saved
from reknit.care.groups import actions, forms
from reknit.care.groups.access import may_change_facilitators
from reknit.care.groups.models import GroupRun, Observer
from reknit.care.groups.queries.leading import away_ahead, sitting_in
from reknit.care.people.queries import clinicians

from .opening import Opened, member_or_404, open_run


@require_safe
def leading_show(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Who leads it and led it, who is away, who sits in."""
    return _page(request, open_run(request, run_id, page="leading"))


@require_POST
def leading_change(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Somebody else takes a part: for good, or for some days."""
    opened = open_run(request, run_id, page="leading")
    form = forms.FacilitatorForm(request.POST, staff=clinicians())
    if is_saved(
        form,
        lambda: actions.change_facilitator(by=opened.user, at=opened.at, run=opened.run, **form.cleaned_data),
    ):
        messages.info(request, _("Pages and charts of the group follow these dates."))
        return _back(opened)
    return _page(request, opened, status=422, form=form)


def _back(opened: Opened) -> HttpResponse:
    """To the page; to the list of groups where this person has just left it."""
    if may_change_facilitators(opened.user, opened.run, on=opened.today):
        return redirect("groups:leading-show", opened.run.pk)
    return redirect("groups:run-list")


@require_POST
def observer_add(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Name somebody who would like to sit in."""
    opened = open_run(request, run_id, page="leading", write=True)
    form = forms.ObserverForm(request.POST, staff=clinicians())

    def save() -> None:
        said = form.cleaned_data
        actions.let_sit_in(
            by=opened.user, at=opened.at, run=opened.run, person=said["observer"],
            starts_on=said["from_on"], until=said["to_on"],
        )  # fmt: skip

    if is_saved(form, save):
        messages.info(request, _("Now ask each member. They come once everybody has agreed."))
        return redirect("groups:leading-show", run_id)
    return _page(request, opened, status=422, observer_form=form)


@require_POST
def observer_word(
    request: HttpRequest, run_id: uuid.UUID, observer_id: uuid.UUID, member_id: uuid.UUID
) -> HttpResponse:
    """What one member said."""
    opened = open_run(request, run_id, page="leading", write=True)
    observer, member = _observer(opened, observer_id), member_or_404(opened, member_id)
    agrees = request.POST.get("agrees") == "yes"
    is_done(
        request,
        lambda: actions.say_about_observer(
            by=opened.user, at=opened.at, observer=observer, member=member, agrees=agrees
        ),
        _("It is written down."),
    )
    return redirect("groups:leading-show", run_id)


@require_POST
def observer_end(request: HttpRequest, run_id: uuid.UUID, observer_id: uuid.UUID) -> HttpResponse:
    """They sit in no more."""
    opened = open_run(request, run_id, page="leading", write=True)
    observer = _observer(opened, observer_id)
    is_done(
        request,
        lambda: actions.end_sitting_in(by=opened.user, at=opened.at, observer=observer),
        _("They sit in no more after today."),
    )
    return redirect("groups:leading-show", run_id)


def _observer(opened: Opened, observer_id: uuid.UUID) -> Observer:
    found: Observer = get_object_or_404(Observer, run=opened.run, pk=observer_id)
    found.run = opened.run
    return found


def _page(request: HttpRequest, opened: Opened, *, status: int = 200, **bound: Any) -> HttpResponse:
    run, staff = opened.run, clinicians()
    context = opened.context(**{
        "spans": run.facilitations.all(),
        "away": away_ahead(run, on=opened.today),
        "sitting": sitting_in(run, on=opened.today),
        "may_change": run.state != GroupRun.State.CLOSED,
        "form": forms.FacilitatorForm(staff=staff, initial={"starts_on": opened.today}),
        "observer_form": forms.ObserverForm(staff=staff, initial={"from_on": opened.today}),
        **bound,
    })  # fmt: skip
    return render(request, "groups/clinician/leading_show.html", context, status=status)
