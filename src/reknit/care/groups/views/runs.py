"""The groups of a facilitator, one group with what it waits for, and its end."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reknit.base.audit.record import record_read
from reknit.base.ui.answers import is_saved
from reknit.care.groups import actions, forms
from reknit.care.groups.access import may_form, runs_open_to
from reknit.care.groups.models import Facilitation, GroupRun, MeetingAlone, Member
from reknit.care.groups.queries.climate import set_sessions
from reknit.care.groups.queries.ending import outcomes
from reknit.care.groups.queries.owed import meetings_owed, owed
from reknit.care.groups.queries.runs import (
    group_protocols,
    in_order,
    names_leading,
    next_session,
    sessions_of,
    with_counts,
)
from reknit.care.people.models import Client
from reknit.care.people.queries import clinicians
from reknit.core.groups import roster

from .opening import Opened, member_or_404, open_run, person

ROWS = 20


@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    """One's own groups and those of people one supervises."""
    user, at, today = person(request)
    may_form_one = may_form(user)
    runs = with_counts(runs_open_to(user, on=today))
    if not (may_form_one or user.reads_charts):
        may_form_one.or_refuse()
    page = Paginator(runs, ROWS).get_page(request.GET.get("page"))
    record_read("groups", by=user, at=at, client=None)
    context = {
        "page": page,
        "runs": [(run, names_leading(run, on=today)) for run in page],
        "may_form": may_form_one.allowed,
        "meetings": meetings_owed([one.pk for one in page], until=today)[:ROWS],
        "today": today,
    }
    return render(request, "groups/clinician/run_list.html", context)


@require_http_methods(["GET", "POST"])
def run_form(request: HttpRequest) -> HttpResponse:
    """Form a group: name, protocol, first day, two facilitators, a room."""
    user, at, _today = person(request)
    may_form(user).or_refuse()
    first = {"key": uuid.uuid4(), "starts_time": "18:00", "lead": user.pk, "capacity": 8}
    form = forms.GroupForm(
        request.POST or None, initial=first, protocols=group_protocols(), staff=clinicians()
    )
    made: list[GroupRun] = []
    if is_saved(form, lambda: made.append(actions.form_group(by=user, at=at, **form.cleaned_data))):
        return redirect("groups:run-show", made[0].pk)
    status = 422 if form.is_bound else 200
    return render(request, "groups/clinician/run_form.html", {"form": form}, status=status)


@require_safe
def run_show(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """One group: the next session, what waits, members, all sessions."""
    opened = open_run(request, run_id, page="run")
    return _show(request, opened)


def _show(request: HttpRequest, opened: Opened, *, status: int = 200, **bound: object) -> HttpResponse:
    run = opened.run
    sessions = sessions_of(run)
    rows = run.members.select_related("client", "asked_by")
    members = in_order(rows.prefetch_related("meetings__appointment", "meetings__encounter__note"))
    waits = owed(run, at=opened.at, today=opened.today)
    context: dict[str, object] = {
        "sessions": sessions,
        "following": next_session(sessions, at=opened.at),
        "inside": [one for one in members if one.starts_on and not one.ended_at],
        "waiting": [
            (one, next((each for each in one.meetings.all() if each.kind == MeetingAlone.Kind.BEFORE), None))
            for one in members
            if not one.starts_on and not one.ended_at
        ],
        "left": [one for one in members if one.ended_at],
        "owed": waits,
        "co_facilitator": next(
            (one.person.name for one in run.led_by(opened.today) if one.part == Facilitation.Part.CO), ""
        ),
        "asks_climate": set_sessions(run),
        "least": roster.LEAST_TO_MEET,
        "decisions": run.decisions.select_related("by").order_by("-after_session"),
        "decision_form": forms.DecisionForm(initial={"after_session": waits.small_after}),
    }
    return render(
        request, "groups/clinician/run_show.html", opened.context(**(context | bound)), status=status
    )


@require_POST
def small_decide(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Write how a small group goes on."""
    opened = open_run(request, run_id, page="run", write=True)
    form = forms.DecisionForm(request.POST)
    if is_saved(
        form,
        lambda: actions.decide_small_group(by=opened.user, at=opened.at, run=opened.run, **form.cleaned_data),
    ):
        messages.info(request, _("It is written down how the group goes on."))
        return redirect("groups:run-show", run_id)
    return _show(request, opened, status=422, decision_form=form)


@require_http_methods(["GET", "POST"])
def ending_show(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """The end: what each came to, next steps, what was learned; then the group is closed."""
    opened = open_run(request, run_id, page="ending", write=request.method == "POST")
    run = opened.run
    form = forms.CloseForm(request.POST or None, initial=_said(run))
    if is_saved(
        form, lambda: actions.close_group(by=opened.user, at=opened.at, run=run, **form.cleaned_data)
    ):
        messages.info(request, _("The group is closed."))
        return redirect("groups:ending-show", run_id)
    return _ending(request, opened, form, status=422 if form.is_bound else 200)


def _said(run: GroupRun) -> dict[str, object]:
    return {"lessons": run.lessons, "done": run.ending_tasks}


def _ending(
    request: HttpRequest,
    opened: Opened,
    form: forms.CloseForm,
    *,
    status: int,
    step: tuple[Member, forms.NextStepForm] | None = None,
) -> HttpResponse:
    """The page of the ending; `step` is a next step that was refused."""
    run = opened.run
    seen = set(Client.objects.visible_to(opened.user, on=opened.today).values_list("pk", flat=True))
    rows = outcomes(run, seen)
    context = opened.context(
        form=form,
        outcomes=rows,
        steps=[
            (
                one,
                step[1]
                if step and step[0].pk == one.member.pk
                else forms.NextStepForm(
                    initial={"step": one.member.next_step, "say": one.member.next_words},
                    auto_id=f"{one.member.pk}_%s",
                ),
            )
            for one in rows
        ],
        completion=round(100 * roster.COMPLETION),
        is_closed=run.state == GroupRun.State.CLOSED,
    )
    return render(request, "groups/clinician/ending_show.html", context, status=status)


@require_POST
def next_step_set(request: HttpRequest, run_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """Write one member's next step."""
    opened = open_run(request, run_id, page="ending", write=True)
    member = member_or_404(opened, member_id)
    form = forms.NextStepForm(request.POST, auto_id=f"{member.pk}_%s")
    if is_saved(
        form, lambda: actions.set_next_step(by=opened.user, at=opened.at, member=member, **form.cleaned_data)
    ):
        messages.info(request, _("The next step is written down."))
        return redirect("groups:ending-show", run_id)
    return _ending(
        request, opened, forms.CloseForm(initial=_said(opened.run)), status=422, step=(member, form)
    )
