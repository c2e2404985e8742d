"""Forming a group on one page: who could be in it, what each still lacks, who leads it where and when, and taking them in."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from reknit.base.ui.answers import is_saved
from reknit.care.groups import actions, forms
from reknit.care.groups.models import GroupSession
from reknit.care.groups.queries.candidates import candidates
from reknit.care.groups.queries.runs import day_of, next_session, sessions_of
from reknit.core.groups import roster

from .opening import open_run


@require_http_methods(["GET", "POST"])
def candidate_list(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """The list; sending it takes in everybody who was shown as ready."""
    opened = open_run(request, run_id, page="candidates", write=request.method == "POST")
    run, found = opened.run, candidates(opened.run, opened.user, at=opened.at, on=opened.today)
    following = next_session(sessions_of(run), at=opened.at)
    starts_on = max(opened.today, day_of(following)) if following else opened.today
    form = forms.StartManyForm(request.POST or None, initial={"starts_on": starts_on})
    shown = set(request.POST.getlist("member"))
    chosen = [one.member for one in found.ready if one.member and str(one.member.pk) in shown]
    if is_saved(
        form,
        lambda: actions.start_members(
            by=opened.user, at=opened.at, run=run, members=chosen, **form.cleaned_data
        ),
    ):
        n = len(chosen)
        said = ngettext("%(n)s member is in the group from that day on.", "%(n)s members are in the group from that day on.", n)  # fmt: skip
        messages.info(request, said % {"n": n})
        return redirect("groups:run-show", run_id)
    first = run.sessions.select_related("room").order_by("number").first()
    if first:
        first.run = run
    taken = run.members.filter(ended_at=None).count()
    context = opened.context(
        found=found,
        form=form,
        leading=run.led_by(opened.today),
        first=first,
        may_move=first is not None
        and first.state == GroupSession.State.PLANNED
        and first.starts_at > opened.at,
        inside=run.members.filter(starts_on__isnull=False, ended_at=None).count(),
        left=max(run.capacity - taken, 0),
        least=roster.LEAST_TO_MEET,
        last_to_join=roster.LAST_TO_JOIN,
    )
    status = 422 if form.is_bound else 200
    return render(request, "groups/clinician/candidate_list.html", context, status=status)
