"""Sessions with somebody else: what is planned, planning one, calling it off, and the supervisor's word."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reknit.base.errors import Conflict, DomainError
from reknit.care.encounters.conjoint import actions
from reknit.care.encounters.conjoint.queries import bar_of, plans_of
from reknit.care.encounters.models import ConjointPlan
from reknit.care.encounters.techniques.forms import ConjointForm
from reknit.care.network.models import Relationship
from reknit.care.people.access import may_supervise
from reknit.care.programme.charts import Chart, open_chart
from reknit.care.programme.models import Episode


@require_safe
def conjoint_show(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Whether one may take place now, and every plan of the course."""
    return _page(request, open_chart(request, client_id, page="sessions"))


@require_http_methods(["GET", "HEAD", "POST"])
def conjoint_plan(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Plan a session with somebody else."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    _course(chart)
    return _form(request, chart, None)


@require_http_methods(["GET", "HEAD", "POST"])
def conjoint_change(request: HttpRequest, client_id: uuid.UUID, plan_id: uuid.UUID) -> HttpResponse:
    """Change a plan, as when the second of the two has agreed."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    return _form(request, chart, _plan(chart, plan_id))


@require_POST
def conjoint_call_off(request: HttpRequest, client_id: uuid.UUID, plan_id: uuid.UUID) -> HttpResponse:
    """Call a planned session off."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    try:
        actions.call_off_conjoint(
            by=chart.user, at=chart.at, plan=_plan(chart, plan_id), why=request.POST.get("why", "")
        )
    except DomainError as refused:
        return _page(request, chart, refused=refused.sentence, status=422)
    messages.info(request, _("Called off. Nobody was told by this page."))
    return redirect("encounters:conjoint-show", chart.id)


@require_POST
def conjoint_allow(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """The supervisor agrees to one although the flag is on."""
    chart = open_chart(request, client_id, page="sessions")
    try:
        actions.allow_conjoint(
            by=chart.user, at=chart.at, episode=_course(chart), reason=request.POST.get("reason", "")
        )
    except DomainError as refused:
        return _page(request, chart, refused=refused.sentence, status=422)
    messages.info(request, _("Written down. The course says so from now on."))
    return redirect("encounters:conjoint-show", chart.id)


def _page(request: HttpRequest, chart: Chart, *, refused: str = "", status: int = 200) -> HttpResponse:
    bar = bar_of(chart.client, chart.episode)
    context = chart.context(
        bar=bar,
        plans=plans_of(chart.episode) if chart.episode else [],
        may_write=chart.may_write(),
        may_allow=bar.is_barred and may_supervise(chart.user, chart.client, on=chart.today).allowed,
        refused=refused,
    )
    return render(request, "encounters/conjoint_show.html", context, status=status)


def _form(request: HttpRequest, chart: Chart, plan: ConjointPlan | None) -> HttpResponse:
    people = list(
        Relationship.objects.filter(client=chart.client, set_aside_at=None, not_a_person=False).order_by(
            "alias"
        )
    )
    form = ConjointForm(request.POST or None, people=people, initial=_initial(plan))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.save_conjoint_plan(
                by=chart.user,
                at=chart.at,
                episode=_course(chart),
                key=plan.pk if plan else given["key"],
                revision=given["revision"],
                **{name: given[name] for name in ConjointPlan.ASKS if name != "relationship"},
                relationship=next((one for one in people if str(one.pk) == given["relationship"]), None),
            )
        except Conflict as taken:
            messages.warning(request, taken.sentence)
            return redirect("encounters:conjoint-show", chart.id)
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            messages.info(request, _("The plan is written down. Nothing was sent to anybody."))
            return redirect("encounters:conjoint-show", chart.id)
    bar = bar_of(chart.client, chart.episode)
    context = chart.context(form=form, bar=bar, plan=plan, people=people)
    return render(request, "encounters/conjoint_plan.html", context, status=422 if form.errors else 200)


def _initial(plan: ConjointPlan | None) -> dict[str, object]:
    if plan is None:
        return {"key": uuid.uuid4(), "revision": 0}
    stands = {name: getattr(plan, name) for name in ConjointPlan.ASKS if name != "relationship"}
    return stands | {"relationship": str(plan.relationship_id), "key": plan.pk, "revision": plan.revision}


def _plan(chart: Chart, plan_id: uuid.UUID) -> ConjointPlan:
    rows = ConjointPlan.objects.select_related("episode__client", "relationship")
    return get_object_or_404(rows, pk=plan_id, episode__client=chart.client)


def _course(chart: Chart) -> Episode:
    if chart.episode is None:
        raise Http404
    return chart.episode
