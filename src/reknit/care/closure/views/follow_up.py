"""Follow-up after a course: what is booked, what is due, how it went."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.care.closure import actions, queries
from reknit.care.closure.after import asked_at_follow_up, neutral_words
from reknit.care.closure.forms import BookForm, SettleForm
from reknit.care.closure.models import FollowUp
from reknit.care.closure.views.closing import course_of
from reknit.care.contact.queries import current_safe_contact
from reknit.care.people.queries import site, zone
from reknit.care.programme.charts import Chart, open_chart
from reknit.care.programme.models import Episode
from reknit.core.programme.template import template


@require_GET
def follow_up_list(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Follow-up of the course, with words to send that tell nothing."""
    chart = open_chart(request, client_id, page="closing")
    return page(request, chart)


def page(
    request: HttpRequest,
    chart: Chart,
    *,
    book: BookForm | None = None,
    settle: SettleForm | None = None,
    settled: FollowUp | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; a form that was not taken stands in its place with its words."""
    episode = course_of(chart)
    rows = queries.follow_ups_of(episode)
    following = settled or next((row for row in rows if row.state == FollowUp.State.DUE), None)
    months = template(episode.protocol, episode.protocol_version).follow_up.months
    kept = [row.months for row in rows if row.state != FollowUp.State.CALLED_OFF] or list(months)
    initial = {"ended_on": end_of(episode, chart), "months": kept}
    context = chart.context(
        rows=rows,
        following=following,
        is_due=bool(following and following.due_on <= chart.today + queries.AHEAD),
        book=book or BookForm(months=months, initial=initial),
        settle=settle or SettleForm(),
        asked=asked_at_follow_up(episode),
        words=neutral_words(chart.user, site()),
        contact=current_safe_contact(chart.client),
        may_write=chart.may_write(),
    )
    return render(request, "closure/clinician/follow_up.html", context, status=status)


def end_of(episode: Episode, chart: Chart) -> object:
    """The day follow-up is counted from: when it closed, the date agreed, or today."""
    if episode.closed_at:
        return local_date(episode.closed_at, zone())
    return episode.ends_on or chart.today


@require_POST
def follow_up_book(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Book, move or call off."""
    chart = open_chart(request, client_id, page="closing", write=True)
    episode = course_of(chart)
    months = template(episode.protocol, episode.protocol_version).follow_up.months
    form = BookForm(request.POST, months=months)
    if not form.is_valid():
        return page(request, chart, book=form, status=422)
    try:
        actions.book_follow_ups(
            by=chart.user,
            at=chart.at,
            episode=episode,
            ended_on=form.cleaned_data["ended_on"],
            months=form.cleaned_data["months"],
        )
    except DomainError as problem:
        form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
        return page(request, chart, book=form, status=422)
    messages.info(request, _("Follow-up is booked. Nothing was sent to the client."))
    return redirect("closure:follow-up-list", client_id=chart.client.pk)


@require_POST
def follow_up_settle(request: HttpRequest, client_id: uuid.UUID, follow_up_id: uuid.UUID) -> HttpResponse:
    """How one follow-up went."""
    chart = open_chart(request, client_id, page="closing", write=True)
    row = get_object_or_404(FollowUp, pk=follow_up_id, episode=course_of(chart))
    form = SettleForm(request.POST)
    if not form.is_valid():
        return page(request, chart, settle=form, settled=row, status=422)
    try:
        actions.settle_follow_up(
            by=chart.user,
            at=chart.at,
            follow_up=row,
            state=form.cleaned_data["state"],
            words=form.cleaned_data["words"],
        )
    except DomainError as problem:
        form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
        return page(request, chart, settle=form, settled=row, status=422)
    messages.info(request, _("Written down."))
    return redirect("closure:follow-up-list", client_id=chart.client.pk)
