"""The evening: the room before it meets, the record with the guide beside it, the sheet to sign in, matrix, climate."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from reknit.base.errors import Conflict, DomainError
from reknit.base.ui.answers import tell
from reknit.base.ui.qr import picture
from reknit.care.formulation.models import FocusArea
from reknit.care.groups import actions, forms
from reknit.care.groups.actions.sessions import EARLY
from reknit.care.groups.drawing import turn_bars
from reknit.care.groups.models import GroupRun, GroupSession
from reknit.care.groups.queries.climate import climate_page
from reknit.care.groups.queries.done import parts_of, tasks_asked
from reknit.care.groups.queries.evening import evening, matrix_page
from reknit.care.groups.queries.leading import sitting_in
from reknit.care.groups.queries.runs import (
    day_of,
    in_order,
    named_short,
    on_the_list,
    sessions_of,
    still_to_come,
)
from reknit.care.groups.queries.told import told
from reknit.core.groups.guide import guide
from reknit.core.measures.catalogue import measure

from .opening import Opened, goes_on_from, open_run, session_or_404

OPEN = (GroupSession.State.PLANNED, GroupSession.State.DRAFT)


@require_safe
def session_show(request: HttpRequest, run_id: uuid.UUID, number: int) -> HttpResponse:
    """See the room before it meets; of a signed session, what was written."""
    opened = open_run(request, run_id, page="run")
    session = session_or_404(opened, number)
    page = evening(opened.run, session, opened.user, on=opened.today)
    page_members = on_the_list(opened.run.members.select_related("client"), session)
    written = session.attendances.select_related("member__client", "encounter")
    context = opened.context(
        session=session,
        evening=page,
        parts=guide(opened.run.minutes),
        written=in_order_of_names(written) if session.state == GroupSession.State.SIGNED else [],
        turns=session.turns.select_related("member__client").prefetch_related("responses__member__client"),
        done=parts_of(session),
        summary=getattr(session, "summary", None),
        told=told(session, page_members),
        sitting=sitting_in(opened.run, on=day_of(session), members=page_members, already=True),
        changes=session.changes.select_related("by").order_by("at"),
        may_record=session.state in OPEN and session.starts_at <= opened.at + EARLY,
        opens_at=session.starts_at - EARLY,
        scale=(0, 27),
    )
    return render(request, "groups/clinician/session_show.html", context)


def in_order_of_names(rows: Any) -> list[Any]:
    return sorted(rows, key=lambda one: one.member.client.name.casefold())


@require_http_methods(["GET", "POST"])
def session_record(request: HttpRequest, run_id: uuid.UUID, number: int) -> HttpResponse:
    """Write a session for everybody, save it, and sign it into each chart."""
    opened = open_run(request, run_id, page="run", write=True)
    session = session_or_404(opened, number)
    if session.state not in OPEN or opened.run.state == GroupRun.State.CLOSED:
        messages.warning(request, _("This session takes no more writing."))
        return redirect("groups:session-show", run_id, number)
    members = in_order(on_the_list(opened.run.members.select_related("client", "episode"), session))
    sent = request.POST if request.method == "POST" else None
    form = forms.RecordForm(
        sent, members=members, tasks=tasks_asked(session), initial=forms.as_written(session)
    )
    theirs = None
    if sent is not None and form.is_valid():
        try:
            return _keep(request, opened, session, form)
        except Conflict as error:
            theirs = error.theirs
            form.add_error(None, error.sentence)
            goes_on_from(form, theirs.revision)
        except DomainError as error:
            session.refresh_from_db()
            goes_on_from(form, session.revision)
            tell(form, error)
    sessions = sessions_of(opened.run)
    context = opened.context(
        session=session,
        form=form,
        theirs=theirs,
        parts=guide(opened.run.minutes),
        left=still_to_come(sessions, session),
        shorts=named_short(members),
    )
    status = 422 if sent is not None else 200
    return render(request, "groups/clinician/session_record.html", context, status=status)


def _keep(
    request: HttpRequest, opened: Opened, session: GroupSession, form: forms.RecordForm
) -> HttpResponse:
    """Save, and sign where that button was pressed."""
    said = form.cleaned_data
    kept = actions.save_session(
        by=opened.user, at=opened.at, session=session, revision=said["revision"], note=said["note"],
        rows=form.rows(), turns=form.turns(), done=form.what_was_done(),
    )  # fmt: skip
    if request.POST.get("do") == "sign":
        actions.sign_session(by=opened.user, at=opened.at, session=kept, revision=kept.revision)
        messages.info(request, _("Signed. Each member has their own note in their chart."))
        return redirect("groups:session-show", opened.run.pk, session.number)
    messages.info(request, _("Saved. Sign it when you are both content."))
    return redirect("groups:session-record", opened.run.pk, session.number)


@require_safe
def session_sheet(request: HttpRequest, run_id: uuid.UUID, number: int) -> HttpResponse:
    """The sheet to sign in on, with short names. It says nothing of what the group is for."""
    opened = open_run(request, run_id, page="sheet")
    session = session_or_404(opened, number)
    members = in_order(on_the_list(opened.run.members.select_related("client"), session))
    shorts = named_short(members)
    context = opened.context(session=session, names=[shorts[one.pk] for one in members])
    return render(request, "groups/clinician/session_sheet.html", context)


@require_safe
def matrix_show(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Who works on which focus, and who responds to whom."""
    opened = open_run(request, run_id, page="matrix")
    members = in_order(opened.run.members.filter(starts_on__isnull=False).select_related("client"))
    labels = {code: str(label) for code, label in FocusArea.Area.choices}
    page = matrix_page(opened.run, labels, named_short(members))
    chart = turn_bars([(row.short, row.turns, row.by) for row in page.rows]) if page.total else ""
    return render(request, "groups/clinician/matrix_show.html", opened.context(matrix=page, chart=chart))


@require_safe
def climate_show(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """The climate: mean and spread of each scale, who stands apart, where it goes."""
    opened = open_run(request, run_id, page="climate")
    page = climate_page(opened.run)
    sessions = sessions_of(opened.run)
    context = opened.context(
        climate=page,
        asks=measure(page.asks).short_title,
        sessions=[
            one for one in sessions if one.state in (GroupSession.State.DRAFT, GroupSession.State.SIGNED)
        ],
        plans=[one for one in sessions if one.climate_plan],
    )
    return render(request, "groups/clinician/climate_show.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def climate_give(request: HttpRequest, run_id: uuid.UUID, number: int) -> HttpResponse:
    """Ask for the climate of a session: a link for each who came, shown once; and what the two mean to do."""
    opened = open_run(request, run_id, page="climate", write=True)
    session = session_or_404(opened, number)
    page = climate_page(opened.run)
    form = forms.PlanForm(
        request.POST if "plan" in request.POST else None, initial={"plan": session.climate_plan}
    )
    links: list[tuple[Any, str, Any]] = []
    refused = ""
    try:
        if "plan" in request.POST and form.is_valid():
            actions.plan_for_climate(by=opened.user, at=opened.at, session=session, **form.cleaned_data)
            messages.info(request, _("What you two mean to do is written down."))
            return redirect("groups:climate-show", run_id)
        if request.POST.get("do") == "give":
            for member, secret in actions.give_climate_forms(
                by=opened.user, at=opened.at, session=session, measure=page.asks
            ):
                address = request.build_absolute_uri(reverse("measures:form-fill", args=[secret]))
                links.append((member, address, picture(address)))
    except DomainError as error:
        refused = error.sentence
    context = opened.context(
        session=session, form=form, links=links, refused=refused, asks=measure(page.asks).short_title
    )
    status = 422 if refused or (form.is_bound and form.errors) else 200
    return render(request, "groups/clinician/climate_give.html", context, status=status)


@require_http_methods(["GET", "POST"])
def summary_write(request: HttpRequest, run_id: uuid.UUID, number: int) -> HttpResponse:
    """Write the weekly summary, and approve it: two people, then the members read it."""
    opened = open_run(request, run_id, page="run", write=True)
    session = session_or_404(opened, number)
    summary = getattr(session, "summary", None)
    first = {"revision": summary.revision if summary else 0, "text": summary.words if summary else ""}
    approves = request.POST.get("do") == "approve"
    form = forms.SummaryForm(
        request.POST if request.method == "POST" and not approves else None, initial=first
    )
    refused = ""
    try:
        if approves and summary:
            revision = int(request.POST.get("revision") or 0)
            kept = actions.approve_summary(by=opened.user, at=opened.at, summary=summary, revision=revision)
            said = (
                _("Members can read it now.")
                if kept.second_at
                else _("Approved. Your co-facilitator comes next.")
            )
            messages.info(request, said)
            return redirect("groups:summary-write", run_id, number)
        if form.is_bound and form.is_valid():
            actions.save_summary(by=opened.user, at=opened.at, session=session, **form.cleaned_data)
            messages.info(request, _("Saved. Both of you approve it before members read it."))
            return redirect("groups:summary-write", run_id, number)
    except ValueError:
        refused = _("This page is out of date. Open it again.")
    except DomainError as error:
        if form.is_bound and not (summary and summary.second_at):
            tell(form, error)
        else:
            refused = error.sentence
    context = opened.context(session=session, summary=summary, form=form, refused=refused)
    status = 422 if request.method == "POST" else 200
    return render(request, "groups/clinician/summary_write.html", context, status=status)
