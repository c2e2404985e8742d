"""A session at another day, hour or room, or not at all; its members are told."""

import uuid
import zoneinfo
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from reknit.base.ui.answers import is_done, is_saved
from reknit.care.encounters.booking.scope import ONE
from reknit.care.groups import actions, forms
from reknit.care.groups.models import GroupSession
from reknit.care.groups.queries.runs import sessions_of
from reknit.care.groups.queries.told import told
from reknit.care.people.queries import zone

from .opening import Opened, member_or_404, open_run, session_or_404


@require_http_methods(["GET", "POST"])
def session_move(request: HttpRequest, run_id: uuid.UUID, number: int) -> HttpResponse:
    """Move a session, or it and those after it."""
    opened = open_run(request, run_id, page="run", write=True)
    session = session_or_404(opened, number)
    now_at = session.starts_at.astimezone(zoneinfo.ZoneInfo(zone()))
    first: dict[str, Any] = {
        "revision": session.revision,
        "starts_on": now_at.date(),
        "time": now_at.time(),
        "room": session.room_taken,
        "place": session.place or ("" if session.room_taken else opened.run.place),
        "scope": ONE,
    }
    form = forms.MoveForm(request.POST or None, initial=first)
    if is_saved(
        form,
        lambda: actions.move_session(by=opened.user, at=opened.at, session=session, **form.cleaned_data),
    ):
        _say(request, opened, session, _("It is moved."))
        return redirect("groups:session-show", run_id, number)
    context = opened.context(
        session=session,
        form=form,
        is_last=not any(
            one.number > number and one.state == GroupSession.State.PLANNED for one in sessions_of(opened.run)
        ),
    )
    status = 422 if form.is_bound else 200
    return render(request, "groups/clinician/session_move.html", context, status=status)


@require_http_methods(["GET", "POST"])
def session_cancel(request: HttpRequest, run_id: uuid.UUID, number: int) -> HttpResponse:
    """Call a session off."""
    opened = open_run(request, run_id, page="run", write=True)
    session = session_or_404(opened, number)
    form = forms.CancelForm(request.POST or None)
    if is_saved(
        form,
        lambda: actions.cancel_session(by=opened.user, at=opened.at, session=session, **form.cleaned_data),
    ):
        _say(request, opened, session, _("It is called off. The last day of the group stays."))
        return redirect("groups:session-show", run_id, number)
    context = opened.context(session=session, form=form)
    status = 422 if form.is_bound else 200
    return render(request, "groups/clinician/session_cancel.html", context, status=status)


@require_POST
def member_told(request: HttpRequest, run_id: uuid.UUID, number: int, member_id: uuid.UUID) -> HttpResponse:
    """Somebody rang a member about this time, or wrote to them: what came of it."""
    opened = open_run(request, run_id, page="run", write=True)
    session, member = session_or_404(opened, number), member_or_404(opened, member_id)
    form = forms.TellingForm(request.POST)
    if form.is_valid():
        is_done(
            request,
            lambda: actions.record_telling(
                by=opened.user, at=opened.at, session=session, member=member, **form.cleaned_data
            ),
            _("It is written down."),
        )
    else:
        messages.warning(request, _("Choose what came of it from the list."))
    return redirect(f"{reverse('groups:session-show', args=[run_id, number])}#told")


def _say(request: HttpRequest, opened: Opened, session: GroupSession, done: str) -> None:
    """What was done, and whom somebody has to ring: no message goes to them by itself."""
    rows = told(session, opened.run.members.filter(ended_at=None).select_related("client"))
    to_ring = sum(one.needs_a_call for one in rows)
    if to_ring:
        words = ngettext(
            "%(n)s member has to be rung: see below.", "%(n)s members have to be rung: see below.", to_ring
        )
        done += " " + words % {"n": to_ring}
    messages.info(request, done)
