"""Requests: asked by the therapist, answered in a queue by the supervisor."""

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reknit.base.audit.record import record_read
from reknit.base.errors import DomainError
from reknit.base.ui.answers import is_done, is_saved
from reknit.care.formulation.models import FocusArea
from reknit.care.people.access import may_write_chart
from reknit.care.people.models import Client
from reknit.care.programme.access import may_answer_extension
from reknit.care.programme.actions.agreement import answer_extension
from reknit.care.programme.models import Amendment
from reknit.care.programme.queries import plan_of
from reknit.care.supervision import access, actions, forms
from reknit.care.supervision.models import Approval
from reknit.care.supervision.queries import approvals as reads

from .common import Visit, course_for, page, visit

ROWS = 25


@require_GET
def request_list(request: HttpRequest) -> HttpResponse:
    """Everything that waits for this supervisor's answer, oldest first."""
    here = visit(request)
    access.may_work_as_supervisor(here.user).or_refuse()
    found = reads.queue(here.user, on=here.today)
    rows = Paginator(found.rows, ROWS).get_page(request.GET.get("page"))
    record_read("requests", by=here.user, at=here.at, client=None, requests=len(rows.object_list))
    return page(request, "request_list", page=rows, done=found.done)


@require_http_methods(["GET", "POST"])
def request_ask(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Ask to pass a gate, or to switch the focus from one area to another: two forms, since they ask for different things."""
    here, client, episode = course_for(request, client_id)
    may_write_chart(here.user, client, on=here.today).or_refuse()
    sent = request.POST.get("ask") if request.method == "POST" else ""
    offered = [(one.code, f"{one.code}: {_(one.title)}") for one in reads.gates_to_ask(episode)]
    foci, areas = reads.foci_to_switch(episode), plan_of(episode).areas
    gate = forms.AskForm(request.POST if sent == "gate" else None, offered=offered)
    switch = forms.AskSwitchForm(
        request.POST if sent == "switch" else None,
        foci=foci,
        areas=[(code, label) for code, label in FocusArea.Area.choices if code in areas],
    )

    def ask(form: forms.AskForm | forms.AskSwitchForm) -> None:
        actions.ask_approval(by=here.user, at=here.at, episode=episode, **form.chosen())

    if any(is_saved(form, partial(ask, form)) for form in (gate, switch)):
        messages.info(request, _("Asked. Care goes on meanwhile: a gate holds a mark and nothing else."))
        return redirect("supervision:mine")
    facts = reads.facts_now(episode, today=here.today, keeps_ending=True)
    return page(
        request, "request_ask", gate, switch, form=gate, switch=switch, client=client, facts=facts,
        gates=offered, foci=foci,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def request_show(request: HttpRequest, approval_id: uuid.UUID) -> HttpResponse:
    """One request with its facts and every turn of it: answered by the supervisor, replied to by who asked."""
    here = visit(request)
    rows = Approval.objects.select_related("episode__client", "asked_by", "amendment")
    approval = get_object_or_404(rows, pk=approval_id)
    client = approval.episode.client
    is_own = here.user.pk == approval.asked_by_id and here.user.reads_charts
    if is_own:
        if not Client.objects.visible_to(here.user, on=here.today).filter(pk=client.pk).exists():
            raise Http404
    else:
        access.may_answer(here.user, approval, on=here.today).or_refuse()
    form: Any = (forms.ReplyForm if is_own else forms.AnswerForm)(request.POST or None)
    do = _own_turn if is_own else _answer
    if is_saved(form, lambda: do(request, here, approval, form)):
        messages.info(request, _("Your answer is kept."))
        return redirect("supervision:mine" if is_own else "supervision:request-list")
    if request.method == "GET":
        record_read("request", by=here.user, at=here.at, client=client)
    return page(
        request, "request_show", form, approval=approval, client=client, form=form, is_own=is_own,
        what=reads.what(approval), thread=reads.thread(approval), is_open=approval.state in Approval.OPEN,
        points=reads.points(approval), may_answer=not is_own and approval.kind != Approval.Kind.EXTENSION,
    )  # fmt: skip


def _own_turn(request: HttpRequest, here: Visit, approval: Approval, form: Any) -> None:
    actions.reply(by=here.user, at=here.at, approval=approval, words=form.cleaned_data["words"])


def _answer(request: HttpRequest, here: Visit, approval: Approval, form: Any) -> None:
    said, words = request.POST.get("answer"), form.cleaned_data["words"]
    if said == "ask":
        actions.ask_back(by=here.user, at=here.at, approval=approval, words=words)
    else:
        actions.answer_approval(
            by=here.user, at=here.at, approval=approval, approve=_is_yes(said), words=words
        )


def _is_yes(said: str | None) -> bool:
    if said not in ("yes", "no"):
        raise DomainError(_("Press yes, no, or ask."))
    return said == "yes"


@require_POST
def request_take_back(request: HttpRequest, approval_id: uuid.UUID) -> HttpResponse:
    """The therapist no longer asks."""
    here = visit(request)
    approval = get_object_or_404(Approval.objects.select_related("episode__client"), pk=approval_id)
    if here.user.pk != approval.asked_by_id or not here.user.reads_charts:
        raise Http404
    is_done(
        request,
        lambda: actions.take_back_approval(by=here.user, at=here.at, approval=approval),
        _("Taken back."),
    )
    return redirect("supervision:mine")


@require_http_methods(["GET", "POST"])
def extension_show(request: HttpRequest, amendment_id: uuid.UUID) -> HttpResponse:
    """An extension with the facts of the course: yes and no are written to the agreement, a question to the request."""
    here = visit(request)
    rows = Amendment.objects.select_related("episode__client", "asked_by")
    amendment = get_object_or_404(rows, pk=amendment_id, what=Amendment.What.EXTENSION)
    may_answer_extension(here.user, amendment, on=here.today).or_refuse()
    client = amendment.episode.client
    if not Client.objects.open_to(here.user, on=here.today).filter(pk=client.pk).exists():
        raise Http404
    request.is_practice = client.is_sandbox  # type: ignore[attr-defined]
    form = forms.AnswerForm(request.POST or None)
    if is_saved(form, lambda: _answer_extension(request, here, amendment, form)):
        messages.info(request, _("Your answer is kept."))
        return redirect("supervision:request-list")
    if request.method == "GET":
        record_read("extension", by=here.user, at=here.at, client=client)
    approval = Approval.objects.filter(amendment=amendment).first()
    return page(
        request, "extension_show", form, amendment=amendment, client=client, form=form,
        thread=reads.thread(approval),
        points=reads.extended(amendment), facts=reads.facts_now(amendment.episode, today=here.today), is_open=amendment.state == Amendment.State.ASKED,
    )  # fmt: skip


def _answer_extension(
    request: HttpRequest, here: Visit, amendment: Amendment, form: forms.AnswerForm
) -> None:
    said, words = request.POST.get("answer"), form.cleaned_data["words"]
    if said == "ask":
        actions.ask_about_extension(by=here.user, at=here.at, amendment=amendment, words=words)
    else:
        answer_extension(by=here.user, at=here.at, amendment=amendment, approve=_is_yes(said), words=words)
