"""Short forms for screens and plans. What stands is shown on the Risk page; each save keeps a new row or version."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reknit.base.errors import Conflict, DomainError
from reknit.care.programme.charts import Chart, open_chart
from reknit.care.safety import actions
from reknit.care.safety.forms import (
    MedicalReviewForm,
    OverdoseForm,
    PlanForm,
    ViolenceForm,
    WithdrawalForm,
)
from reknit.care.safety.queries import is_conjoint_barred, overdose_plans, parts_of, safety_plans

Save = Callable[[], Any]


@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal_screen(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """The red flags, one line each."""
    chart = open_chart(request, client_id, page="risk", write=True)
    form = WithdrawalForm(request.POST or None, initial={"key": uuid.uuid4()})

    def save() -> None:
        row = actions.record_withdrawal_screen(
            by=chart.user,
            at=chart.at,
            client=chart.client,
            key=form.cleaned_data["key"],
            answers=form.answers,
        )
        if row.positive:
            messages.info(request, _("A red flag was found. A medical view is due today; an item is open."))

    return _answer(request, chart, form, save, "withdrawal_screen")


@require_http_methods(["GET", "HEAD", "POST"])
def medical_review(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """A medical view that took place, or was offered."""
    chart = open_chart(request, client_id, page="risk", write=True)
    form = MedicalReviewForm(request.POST or None, initial={"key": uuid.uuid4(), "reviewed_on": chart.today})

    def save() -> None:
        actions.record_medical_review(by=chart.user, at=chart.at, client=chart.client, **form.cleaned_data)

    return _answer(request, chart, form, save, "medical_review")


@require_http_methods(["GET", "HEAD", "POST"])
def overdose_plan(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """The overdose plan, filled with what stands."""
    chart = open_chart(request, client_id, page="risk", write=True)
    stands = overdose_plans(chart.client).first()
    names = [name for name in OverdoseForm.base_fields if name != "based_on"]
    initial = {name: getattr(stands, name) for name in names} if stands else {}
    form = OverdoseForm(
        request.POST or None, initial={**initial, "based_on": stands.version if stands else 0}
    )

    def save() -> None:
        actions.save_overdose_plan(by=chart.user, at=chart.at, client=chart.client, **form.cleaned_data)

    return _answer(request, chart, form, save, "overdose_plan", stands=stands)


@require_http_methods(["GET", "HEAD", "POST"])
def safety_plan(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """The six parts, filled with what stands."""
    chart = open_chart(request, client_id, page="risk", write=True)
    stands = safety_plans(chart.client).first()
    initial = {**(stands.words if stands else {}), "based_on": stands.version if stands else 0}
    form = PlanForm(request.POST or None, initial=initial)

    def save() -> None:
        given = dict(form.cleaned_data)
        based_on = given.pop("based_on")
        actions.save_safety_plan(
            by=chart.user, at=chart.at, client=chart.client, based_on=based_on, words=given
        )

    return _answer(request, chart, form, save, "safety_plan", stands=stands)


@require_POST
def safety_plan_share(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Show the latest version on the client's own page, or take the plan down."""
    chart = open_chart(request, client_id, page="risk", write=True)
    plan = safety_plans(chart.client).first()
    try:
        if request.POST.get("do") == "take_down":
            actions.withdraw_safety_plan(by=chart.user, at=chart.at, client=chart.client)
            messages.info(request, _("The client’s own page no longer shows the plan."))
        elif plan and str(plan.version) == request.POST.get("version"):
            actions.release_safety_plan(by=chart.user, at=chart.at, plan=plan)
            messages.info(request, _("The client can now read the plan under Help now."))
        else:
            messages.info(
                request, _("The plan has changed since you opened the page. Read it, then show it.")
            )
    except DomainError as refused:
        messages.info(request, refused.sentence)
    return redirect("safety:risk-client", client_id)


@require_http_methods(["GET", "HEAD", "POST"])
def violence_flag(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Set the flag about violence, or lift it, with a reason."""
    chart = open_chart(request, client_id, page="risk", write=True)
    is_on = is_conjoint_barred(chart.client)
    form = ViolenceForm(request.POST or None)

    def save() -> None:
        turn = form.cleaned_data["turn"] == "on"
        actions.flag_violence(
            by=chart.user, at=chart.at, client=chart.client, is_on=turn, reason=form.cleaned_data["reason"]
        )

    return _answer(request, chart, form, save, "violence_flag", is_on=is_on)


def _answer(
    request: HttpRequest, chart: Chart, form: forms.Form, save: Save, page: str, **more: Any
) -> HttpResponse:
    """The form, saved or shown again with what is wrong. Words typed are kept."""
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except Conflict as taken:
            form.add_error(None, taken.sentence)
            more["theirs"] = taken.theirs
            more["their_parts"] = parts_of(taken.theirs) if page == "safety_plan" else []
            take_up(form, taken.theirs.version)
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            messages.info(request, _("Saved."))
            return redirect("safety:risk-client", chart.id)
    context = chart.context(form=form, **more)
    status = 422 if form.errors else 200
    return render(request, f"safety/clinician/{page}.html", context, status=status)


def take_up(form: forms.Form, version: int) -> None:
    """After a conflict the next save stands on what was shown beside it."""
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["based_on"] = str(version)  # type: ignore[index]
