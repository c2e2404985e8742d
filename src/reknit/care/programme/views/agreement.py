"""The agreement: written, shown, answered, amended."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reknit.base.accounts.models import Role, User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.base.errors import Conflict, DomainError
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme import agreement as reads
from reknit.care.programme.access import extensions_to_answer, may_answer_extension
from reknit.care.programme.actions import agreement as actions
from reknit.care.programme.charts import Chart, open_chart
from reknit.care.programme.forms import (
    AgreeForm,
    AmendForm,
    AnswerExtensionForm,
    ClientAnswerForm,
    ExtendForm,
    GoalsForm,
    RateForm,
    ReviseForm,
    TermsForm,
)
from reknit.care.programme.models import Amendment, Contract, ContractAnswer, Episode
from reknit.care.programme.queries import current_episode
from reknit.care.programme.terms import terms_of

ROWS = 25


def agreement_chart(
    request: HttpRequest, client_id: uuid.UUID, *, write: bool = True
) -> tuple[Chart, Episode]:
    """The opened chart and its course; a page about a course that is not there is not found."""
    chart = open_chart(request, client_id, page="agreement", write=write)
    if chart.episode is None:
        raise Http404
    return chart, chart.episode


def agreement_page(
    request: HttpRequest, chart: Chart, name: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    """One page of the agreement."""
    return render(request, f"programme/clinician/{name}.html", chart.context(**more), status=status)


def agreement_home(chart: Chart, said: str = "", request: HttpRequest | None = None) -> HttpResponse:
    """Back to the agreement, with a sentence."""
    if said and request:
        messages.info(request, said)
    return redirect("programme:agreement-show", client_id=chart.client.pk)


def agreement_done(form: Form, work: Callable[[], object]) -> bool:
    """Do the one thing a form asks for; what speaks against it stands beside its field."""
    if not form.is_valid():
        return False
    try:
        work()
    except DomainError as problem:
        form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
        return False
    return True


@require_GET
def agreement_show(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """The agreement as a document, its goals with their ladders, and what changed since."""
    chart = open_chart(request, client_id, page="agreement")
    found = reads.agreement_of(chart.episode) if chart.episode else None
    is_open = chart.episode is not None and chart.episode.status == Episode.Status.OPEN
    waiting = found.waiting if found else None
    fits = None
    if found and found.draft and chart.episode:
        fits = reads.room_left(found.draft, chart.episode, today=chart.today)
    return agreement_page(
        request,
        chart,
        "agreement_show",
        found=found,
        goals=found.views if found else (),
        missing=found.missing if found else (),
        fits=fits,
        amended=chart.episode if found and found.current else None,
        substance=found.substance if found else "",
        may_write=is_open and chart.may_write(),
        may_answer=bool(waiting and may_answer_extension(chart.user, waiting, on=chart.today)),
    )


@require_POST
def agreement_begin(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Begin the draft, filled from the protocol."""
    chart, episode = agreement_chart(request, client_id)
    try:
        actions.begin_contract(by=chart.user, at=chart.at, episode=episode)
    except DomainError as problem:
        messages.warning(request, problem.sentence)
        return agreement_home(chart)
    return redirect("programme:agreement-edit", client_id=chart.client.pk)


@require_http_methods(["GET", "POST"])
def agreement_edit(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Write the terms of the draft."""
    chart, episode = agreement_chart(request, client_id)
    draft = reads.draft_contract(episode)
    if draft is None:
        return agreement_home(chart)
    if request.method == "GET":
        initial = {"revision": draft.revision, **terms_of(draft)}
        if draft.substance_goal_on is None:
            initial["substance_goal_on"] = chart.today
        return agreement_draft(request, chart, draft, TermsForm(contract=draft, initial=initial))
    form = TermsForm(request.POST, contract=draft)
    return agreement_save(
        request,
        chart,
        draft,
        form,
        lambda revision: actions.save_contract(
            by=chart.user, at=chart.at, contract=draft, revision=revision, terms=form.terms()
        ),
    )


@require_http_methods(["GET", "POST"])
def agreement_goals(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Write the goals of the draft, each with its ladder."""
    chart, episode = agreement_chart(request, client_id)
    draft = reads.draft_contract(episode)
    if draft is None:
        return agreement_home(chart)
    if request.method == "GET":
        initial = {"revision": draft.revision, **GoalsForm.initial_of(reads.goals_of(draft))}
        return agreement_draft(request, chart, draft, GoalsForm(initial=initial))
    form = GoalsForm(request.POST)
    return agreement_save(
        request,
        chart,
        draft,
        form,
        lambda revision: actions.set_goals(
            by=chart.user, at=chart.at, contract=draft, revision=revision, goals=form.drafts()
        ),
    )


def agreement_draft(
    request: HttpRequest,
    chart: Chart,
    draft: Contract,
    form: TermsForm | GoalsForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page on which one half of the draft is written; `more` may carry the other person's words."""
    saved = date_format(localtime(draft.saved_at), "H:i") if draft.saved_at else ""
    name = "agreement_edit" if isinstance(form, TermsForm) else "agreement_goals"
    return agreement_page(request, chart, name, status=status, draft=draft, form=form, saved=saved, **more)


def agreement_save(
    request: HttpRequest,
    chart: Chart,
    draft: Contract,
    form: TermsForm | GoalsForm,
    work: Callable[[int], Contract],
) -> HttpResponse:
    """One save, asked by a person or by the page itself."""
    quiet = request.headers.get("X-Autosave") == "1"
    if form.is_valid():
        try:
            saved = work(form.cleaned_data["revision"])
        except Conflict as conflict:
            return agreement_conflict(request, chart, draft, form, conflict)
        except DomainError as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
        else:
            if quiet:
                at = date_format(localtime(chart.at), "H:i")
                return JsonResponse({"revision": str(saved.revision), "saved_at": at})
            onward = "agreement-show" if request.POST.get("then") == "show" else "agreement-goals"
            messages.info(request, _("The draft is saved."))
            return redirect(f"programme:{onward}", client_id=chart.client.pk)
    if quiet:
        return JsonResponse({"errors": form.errors}, status=422)
    return agreement_draft(request, chart, draft, form, status=422)


def agreement_conflict(
    request: HttpRequest, chart: Chart, draft: Contract, form: TermsForm | GoalsForm, conflict: Conflict
) -> HttpResponse:
    """Both versions: theirs to read, mine in the form with the revision that may now be saved over."""
    draft.refresh_from_db()
    is_terms = isinstance(form, TermsForm)
    theirs = terms_of(draft) if is_terms else GoalsForm.initial_of(reads.goals_of(draft))
    theirs = {
        name: "" if value is None else str(value) for name, value in theirs.items() if name in form.fields
    }
    if request.headers.get("X-Autosave") == "1":
        answer = {
            "conflict": True,
            "message": conflict.sentence,
            "theirs": theirs,
            "revision": str(draft.revision),
        }
        return JsonResponse(answer, status=409)
    data = {**request.POST.dict(), "revision": str(draft.revision)}
    mine = TermsForm(data, contract=draft) if is_terms else GoalsForm(data)
    shown = [(form.fields[name].label, said) for name, said in theirs.items() if said != data.get(name, "")]
    return agreement_draft(request, chart, draft, mine, status=409, conflict=conflict.sentence, theirs=shown)


@require_POST
def agreement_offer(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Show the draft to the client, as it stands."""
    chart, episode = agreement_chart(request, client_id)
    draft = reads.draft_contract(episode)
    try:
        if draft is None:
            raise DomainError(_("There is no draft to show."))
        revision = read_number(request.POST.get("revision"), draft.revision)
        actions.offer_contract(by=chart.user, at=chart.at, contract=draft, revision=revision)
    except DomainError as problem:
        messages.warning(request, problem.sentence)
        return agreement_home(chart)
    return agreement_home(chart, _("The client can read it now, and answer."), request)


def read_number(said: str | None, otherwise: int) -> int:
    """A whole number as a form sent it; something else is read as none."""
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 10 else otherwise


@require_http_methods(["GET", "POST"])
def agreement_agree(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Read the draft together, and write down the client's spoken yes."""
    chart, episode = agreement_chart(request, client_id)
    draft = reads.draft_contract(episode)
    if draft is None:
        return agreement_home(chart)
    form = AgreeForm(request.POST or None, initial={"revision": draft.revision})
    if request.method == "POST" and agreement_done(
        form,
        lambda: actions.agree_contract(
            by=chart.user, at=chart.at, contract=draft, how=Contract.How.WITNESSED, **form.cleaned_data
        ),
    ):
        return agreement_home(chart, _("Agreed. It no longer changes."), request)
    status = 422 if form.is_bound else 200
    goals = reads.goal_views(draft)
    named = reads.substance_words(draft)
    return agreement_page(
        request, chart, "agreement_agree", status=status, draft=draft, goals=goals, substance=named, form=form
    )


@require_http_methods(["GET", "POST"])
def agreement_revise(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Begin the next version, with the reason."""
    chart, episode = agreement_chart(request, client_id)
    form = ReviseForm(request.POST or None)
    if request.method == "POST" and agreement_done(
        form,
        lambda: actions.revise_contract(
            by=chart.user, at=chart.at, episode=episode, why=form.cleaned_data["why"]
        ),
    ):
        return redirect("programme:agreement-edit", client_id=chart.client.pk)
    return agreement_page(request, chart, "agreement_revise", status=422 if form.is_bound else 200, form=form)


@require_http_methods(["GET", "POST"])
def agreement_rate(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Where each goal stands, asked in the session."""
    chart, episode = agreement_chart(request, client_id)
    contract = reads.agreed_contract(episode)
    if contract is None:
        messages.warning(request, _("Goals are rated once the agreement is agreed. Agree to it first."))
        return agreement_home(chart)
    goals = reads.goals_of(contract)
    latest = max(reads.slots_used(episode), default=None)
    initial = {
        "on": chart.today,
        "slot": latest,
        "whose": "together",
        "sheet": uuid.uuid4(),
    }
    form = RateForm(request.POST or None, goals=goals, initial=initial)

    def rate() -> None:
        said = {name: form.cleaned_data[name] for name in ("on", "slot", "whose", "sheet")}
        actions.rate_goals(by=chart.user, at=chart.at, contract=contract, levels=form.levels(), **said)

    if request.method == "POST" and agreement_done(form, rate):
        return agreement_home(chart, _("The ratings are kept."), request)
    return agreement_page(request, chart, "agreement_rate", status=422 if form.is_bound else 200, form=form)


def amendable(episode: Episode) -> dict[str, object]:
    """How a form of an amendment begins: with the ending date as it stands, which it hands back."""
    return {"ends_on": episode.ends_on, "was": episode.ends_on, "key": uuid.uuid4()}


@require_http_methods(["GET", "POST"])
def agreement_amend(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Move the ending date: who, why, and how the client agreed."""
    chart, episode = agreement_chart(request, client_id)
    form = AmendForm(request.POST or None, initial=amendable(episode))

    def amend() -> None:
        said = dict(form.cleaned_data)
        actions.amend_ending_date(by=chart.user, at=chart.at, episode=episode, to=said.pop("ends_on"), **said)

    if request.method == "POST" and agreement_done(form, amend):
        return agreement_home(chart, _("The ending date is moved."), request)
    return agreement_page(request, chart, "agreement_amend", status=422 if form.is_bound else 200, form=form)


@require_http_methods(["GET", "POST"])
def agreement_extend(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Ask the supervisor for more sessions."""
    chart, episode = agreement_chart(request, client_id)
    form = ExtendForm(request.POST or None, initial=amendable(episode))
    if request.method == "POST" and agreement_done(
        form,
        lambda: actions.extend_course(by=chart.user, at=chart.at, episode=episode, **form.cleaned_data),
    ):
        return agreement_home(
            chart, _("The supervisor is asked. Nothing changes until they answer."), request
        )
    most = reads.most_to_add(episode)
    status = 422 if form.is_bound else 200
    return agreement_page(request, chart, "agreement_extend", status=status, form=form, most=most)


@require_http_methods(["GET", "POST"])
def agreement_answer(request: HttpRequest, client_id: uuid.UUID, amendment_id: uuid.UUID) -> HttpResponse:
    """The supervisor's answer to an extension."""
    chart, episode = agreement_chart(request, client_id, write=False)
    rows = Amendment.objects.select_related("asked_by").filter(episode=episode, what=Amendment.What.EXTENSION)
    amendment = get_object_or_404(rows, pk=amendment_id)
    may_answer_extension(chart.user, amendment, on=chart.today).or_refuse()
    form = AnswerExtensionForm(request.POST or None)
    if request.method == "POST" and agreement_done(
        form,
        lambda: actions.answer_extension(
            by=chart.user,
            at=chart.at,
            amendment=amendment,
            approve=form.cleaned_data["answer"] == "yes",
            words=form.cleaned_data["words"],
        ),
    ):
        return agreement_home(chart, _("Your answer is kept."), request)
    return agreement_page(
        request,
        chart,
        "agreement_answer",
        status=422 if form.is_bound else 200,
        amendment=amendment,
        added=amendment.planned_sessions - amendment.from_sessions,
        most=reads.most_to_add(episode),
        held=len(reads.slots_used(episode)),
        form=form,
    )


@require_GET
def agreement_asks(request: HttpRequest) -> HttpResponse:
    """Extensions that wait for this supervisor, the oldest first."""
    user, at = request.user, now()
    if not isinstance(user, User) or not user.has(Role.SUPERVISOR):
        raise PermissionDenied(_("This page belongs to supervisors."))
    asks = extensions_to_answer(user, on=local_date(at, zone()))
    rows = asks.select_related("asked_by", "episode__client").order_by("asked_at", "pk")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    record_read("extension list", by=user, at=at, client=None, extensions=len(page.object_list))
    return render(request, "programme/clinician/extension_list.html", {"page": page})


@require_http_methods(["GET", "POST"])
def agreement_mine(request: HttpRequest) -> HttpResponse:
    """The client's own page: what we agreed, or what was shown to them to agree to. Only ever their own."""
    user = request.user
    if not isinstance(user, User) or not user.has(Role.CLIENT):
        raise Http404
    at = now()
    client = Client.objects.filter(user=user).first()
    episode = current_episode(client) if client else None
    offered = reads.offered_to(episode) if episode else None
    form = ClientAnswerForm(request.POST or None)
    if request.method == "POST":
        if offered is None:
            messages.warning(request, _("There is nothing to answer now. Please read the page again."))
            return redirect("programme:client-agreement")
        done = agreement_done(
            form,
            lambda: actions.answer_contract(by=user, at=at, contract=offered, **form.cleaned_data),
        )
        if done:
            messages.info(request, _("Thank you. We have your answer."))
            return redirect("programme:client-agreement")
    if client and request.method == "GET":
        record_read("own agreement", by=user, at=at, client=client)
    context: dict[str, Any] = {"form": form, "answers": ContractAnswer.Answer.choices}
    context["mine"] = reads.client_view(episode, offered) if episode else None
    status = 422 if form.is_bound else 200
    return render(request, "programme/client/agreement.html", context, status=status)
