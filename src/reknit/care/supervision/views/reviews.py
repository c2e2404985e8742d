"""Looking through one chart with a reason; looking at an event to learn from it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reknit.base.accounts.models import CHART_ROLES, Role
from reknit.base.accounts.queries import colleagues
from reknit.base.audit.record import record_read
from reknit.base.ui.answers import is_done, is_saved
from reknit.care.programme.queries import course_of
from reknit.care.supervision import access, actions, forms
from reknit.care.supervision.actions.reviews import TEXTS
from reknit.care.supervision.models import ChartAudit, EventReview, ReviewAction
from reknit.care.supervision.queries import reviews as reads
from reknit.core.programme.conditions import title

from .common import Visit, course_for, page, visit
from .ratings import CHECKS


@require_http_methods(["GET", "POST"])
def audit_begin(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Why this chart is looked through, and earlier audits of it."""
    here, client, _episode = course_for(request, client_id)
    access.may_review(here.user, client, on=here.today).or_refuse()
    form = forms.AuditForm(request.POST or None)
    made: list[ChartAudit] = []

    def begin() -> None:
        made.append(
            actions.begin_audit(by=here.user, at=here.at, client=client, why=form.cleaned_data["why"])
        )

    if is_saved(form, begin):
        return redirect("supervision:audit-show", made[0].pk)
    earlier = ChartAudit.objects.filter(client=client).select_related("by").order_by("-at", "pk")
    return page(request, "audit_begin", form, form=form, client=client, earlier=earlier[:20])


@require_GET
def audit_show(request: HttpRequest, audit_id: uuid.UUID) -> HttpResponse:
    """One chart on one page, under the reason that was written down."""
    here = visit(request)
    audit = get_object_or_404(ChartAudit.objects.select_related("client", "by"), pk=audit_id)
    access.may_review(here.user, audit.client, on=here.today).or_refuse()
    record_read("chart audit", by=here.user, at=here.at, client=audit.client, audit=str(audit.pk))
    found = reads.audited(audit.client, number=request.GET.get("page"))
    rows = []
    if found.process and found.episode:
        course = course_of(found.episode)
        rows = [
            (CHECKS[one.code], one, "; ".join(_(title(course, name)) for name in one.missing))
            for one in found.process.checks
        ]
    events = [(one, found.names.get(one.by, "")) for one in found.events]
    return page(
        request, "audit_show", audit=audit, client=audit.client, found=found, rows=rows, events=events,
        page=found.events,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def review_open(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Begin to look at an event; reviews of this course that there are."""
    here, client, episode = course_for(request, client_id)
    access.may_review(here.user, client, on=here.today).or_refuse()
    form = forms.ReviewForm(request.POST or None, initial={"key": uuid.uuid4(), "on": here.today})

    def begin() -> None:
        actions.open_review(by=here.user, at=here.at, episode=episode, **form.cleaned_data)

    if is_saved(form, begin):
        return redirect("supervision:review-show", form.cleaned_data["key"])
    earlier = EventReview.objects.filter(episode__client=client).order_by("-on", "pk")
    return page(request, "review_open", form, form=form, client=client, earlier=earlier[:20])


def find_review(request: HttpRequest, review_id: uuid.UUID) -> tuple[Visit, EventReview]:
    """A review of a client whose therapist this person supervises."""
    here = visit(request)
    rows = EventReview.objects.select_related("episode__client", "opened_by")
    review = get_object_or_404(rows, pk=review_id)
    access.may_read_review(here.user, review, on=here.today).or_refuse()
    return here, review


@require_http_methods(["GET", "POST"])
def review_show(request: HttpRequest, review_id: uuid.UUID) -> HttpResponse:
    """The timeline from the record, and what was learned."""
    here, review = find_review(request, review_id)
    kept = {name: getattr(review, name) for name in TEXTS}
    form = forms.LearningForm(request.POST or None, initial={**kept, "revision": review.revision})

    def save() -> None:
        said = dict(form.cleaned_data)
        actions.save_review(
            by=here.user, at=here.at, review=review, revision=said.pop("revision"), words=said
        )

    if is_saved(form, save):
        messages.info(request, _("Kept."))
        return redirect("supervision:review-show", review.pk)
    return _review_page(request, here, review, form, _action_form(here, None))


def _action_form(here: Visit, sent: Any) -> forms.ReviewActionForm:
    people = colleagues(*CHART_ROLES, Role.DIRECTOR, Role.ADMINISTRATOR)
    initial = {"key": uuid.uuid4(), "due_on": here.today}
    return forms.ReviewActionForm(sent, people={"owner": people}, initial=initial)


def _review_page(
    request: HttpRequest,
    here: Visit,
    review: EventReview,
    form: forms.LearningForm,
    act: forms.ReviewActionForm,
) -> HttpResponse:
    if request.method == "GET":
        record_read("event review", by=here.user, at=here.at, client=review.episode.client)
    return page(
        request, "review_show", form, act, review=review, client=review.episode.client, form=form, act=act,
        timeline=reads.timeline(review), actions=review.actions.select_related("owner").order_by("due_on", "pk"),
        change=getattr(review, "protocol_request", None),
        is_open=review.state == EventReview.State.OPEN, texts=[(form[name], getattr(review, name)) for name in TEXTS],
    )  # fmt: skip


@require_POST
def review_act(request: HttpRequest, review_id: uuid.UUID) -> HttpResponse:
    """Write down what is done differently."""
    here, review = find_review(request, review_id)
    act = _action_form(here, request.POST)

    def add() -> None:
        said = act.cleaned_data
        actions.add_review_action(
            by=here.user, at=here.at, review=review, key=said["key"], words=said["words"],
            owner=act.person("owner"), due_on=said["due_on"],
        )  # fmt: skip

    if is_saved(act, add):
        return redirect("supervision:review-show", review.pk)
    kept = {name: getattr(review, name) for name in TEXTS}
    form = forms.LearningForm(initial={**kept, "revision": review.revision})
    return _review_page(request, here, review, form, act)


@require_POST
def review_act_done(request: HttpRequest, review_id: uuid.UUID, action_id: uuid.UUID) -> HttpResponse:
    """It is done."""
    here, review = find_review(request, review_id)
    one = get_object_or_404(ReviewAction, pk=action_id, review=review)
    is_done(request, lambda: actions.finish_review_action(by=here.user, at=here.at, one=one), _("Done."))
    return redirect("supervision:review-show", review.pk)


@require_POST
def review_close(request: HttpRequest, review_id: uuid.UUID) -> HttpResponse:
    """Close the review."""
    here, review = find_review(request, review_id)
    is_done(
        request,
        lambda: actions.close_review(by=here.user, at=here.at, review=review),
        _("Closed. What is still to be done goes on."),
    )
    return redirect("supervision:review-show", review.pk)
