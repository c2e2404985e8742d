"""Letters and the end of a course, for the care team."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_list_or_404, get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reknit.base.accounts.models import User
from reknit.base.errors import Conflict, DomainError
from reknit.care.closure import actions, queries
from reknit.care.closure.forms import CloseForm, IssueForm, LetterForm
from reknit.care.closure.hints import hints_on
from reknit.care.closure.letters import pdf_of
from reknit.care.closure.models import Letter
from reknit.care.closure.parts import PARTS
from reknit.care.programme.charts import Chart, open_chart

UNREAD = -1  # a page that does not say which words it showed has shown none


def drafts(chart: Chart, kind: str) -> QuerySet[Letter]:
    """The draft letter of a kind in the opened chart's course."""
    if kind not in Letter.Kind.values or chart.episode is None:
        raise Http404
    return Letter.objects.filter(episode=chart.episode, kind=kind, state=Letter.State.DRAFT)


@require_GET
def letter_list(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Both letters of the course, with what was issued."""
    return overview(request, open_chart(request, client_id, page="closing"), CloseForm())


def overview(request: HttpRequest, chart: Chart, close: CloseForm, *, status: int = 200) -> HttpResponse:
    """The page of both letters, where the course is closed too."""
    letters = queries.letters_of(chart.episode) if chart.episode else []
    kinds = [
        {
            "kind": kind,
            "label": label,
            "draft": next((x for x in letters if x.kind == kind and x.state == "draft"), None),
            "issued": [x for x in letters if x.kind == kind and x.state == "issued"],
        }
        for kind, label in Letter.Kind.choices
    ]
    context = chart.context(kinds=kinds, may_write=chart.may_write(), close_form=close)
    return render(request, "closure/clinician/letter_list.html", context, status=status)


@require_http_methods(["GET", "POST"])
def letter_edit(request: HttpRequest, client_id: uuid.UUID, kind: str) -> HttpResponse:
    """Write a letter beside the facts that it will carry."""
    chart = open_chart(request, client_id, page="closing", write=True)
    letter = drafts(chart, kind).first()
    if request.method == "POST":
        if letter is None:
            letter = actions.begin_letter(by=chart.user, at=chart.at, episode=chart.episode, kind=kind)
        return save(request, chart, letter)
    if letter is None:
        letter = Letter(episode=chart.episode, kind=kind)  # made at its first save, not by looking
    initial = {"revision": letter.revision, "recipient": letter.recipient, **letter.words}
    return page(request, chart, letter, LetterForm(letter=letter, initial=initial))


def page(
    request: HttpRequest, chart: Chart, letter: Letter, form: LetterForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The editing page; `more` may carry the other person's text of a conflict."""
    facts = queries.letter_facts(letter, today=chart.today, author=chart.user)
    saved = date_format(localtime(letter.saved_at), "H:i") if letter.saved_at else ""
    # Issuing speaks of the words this page shows, which are not always the newest.
    issue_form = IssueForm(initial={"revision": form["revision"].value()}, auto_id="issue-%s")
    hints = hints_on(
        ((str(part.heading), letter.words.get(part.key, "")) for part in PARTS[letter.kind]),
        for_client=letter.kind == Letter.Kind.PLAIN,
    )
    context = chart.context(
        letter=letter, form=form, facts=facts, saved=saved, issue_form=issue_form, hints=hints, **more
    )
    return render(request, "closure/clinician/letter_edit.html", context, status=status)


def save(request: HttpRequest, chart: Chart, letter: Letter) -> HttpResponse:
    """One save, asked by a person or by the page itself."""
    form = LetterForm(request.POST, letter=letter)
    quiet = request.headers.get("X-Autosave") == "1"
    if not form.is_valid():
        if quiet:
            return JsonResponse({"errors": form.errors}, status=422)
        return page(request, chart, letter, form, status=422)
    try:
        letter = actions.save_letter(
            by=chart.user,
            at=chart.at,
            letter=letter,
            revision=form.cleaned_data["revision"],
            recipient=form.cleaned_data.get("recipient", ""),
            words=form.words(),
        )
    except Conflict as conflict:
        letter.refresh_from_db()
        theirs = {**conflict.theirs, "recipient": letter.recipient}
        if quiet:
            answer = {
                "conflict": True, "message": conflict.sentence, "theirs": theirs, "revision": str(letter.revision),
            }  # fmt: skip
            return JsonResponse(answer, status=409)
        data = {**request.POST.dict(), "revision": str(letter.revision)}
        shown = [(part.heading, theirs.get(part.key, "")) for part in PARTS[letter.kind]]
        mine = LetterForm(data, letter=letter)
        return page(request, chart, letter, mine, status=409, conflict=conflict.sentence, theirs=shown)
    except DomainError as problem:
        if quiet:
            return JsonResponse({"message": problem.sentence}, status=422)
        form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
        return page(request, chart, letter, form, status=422)
    if quiet:
        at = date_format(localtime(chart.at), "H:i")
        return JsonResponse({"revision": str(letter.revision), "saved_at": at})
    messages.info(request, _("The draft is saved."))
    return redirect("closure:letter-edit", client_id=chart.client.pk, kind=letter.kind)


@require_POST
def letter_issue(request: HttpRequest, client_id: uuid.UUID, kind: str) -> HttpResponse:
    """Freeze the letter as it stands."""
    chart = open_chart(request, client_id, page="closing", write=True)
    letter = drafts(chart, kind).first()
    if letter is None:  # pressed twice, or by two people: what they wanted is done
        get_list_or_404(Letter, episode=chart.episode, kind=kind, state=Letter.State.ISSUED)
        messages.info(request, _("This letter was issued already. It no longer changes."))
        return redirect("closure:letter-list", client_id=chart.client.pk)
    form = IssueForm(request.POST)
    read = form.cleaned_data["revision"] if form.is_valid() else UNREAD
    try:
        issued = actions.issue_letter(by=chart.user, at=chart.at, letter=letter, revision=read)
        actions.file_pages(by=chart.user, at=chart.at, letter=issued)
    except DomainError as problem:
        messages.warning(request, problem.sentence)
        return redirect("closure:letter-edit", client_id=chart.client.pk, kind=kind)
    messages.info(request, _("The letter is issued. It no longer changes."))
    return redirect("closure:letter-list", client_id=chart.client.pk)


@require_GET
def letter_pdf(request: HttpRequest, client_id: uuid.UUID, kind: str) -> HttpResponse:
    """The draft as it would be printed now, marked as a draft."""
    chart = open_chart(request, client_id, page="closing")
    letter = get_object_or_404(drafts(chart, kind).select_related("episode__client"))
    facts = queries.letter_facts(letter, today=chart.today, author=chart.user)
    return as_pdf(pdf_of(letter, facts, on=chart.today), name="draft")


@require_GET
def letter_issued(request: HttpRequest, client_id: uuid.UUID, letter_id: uuid.UUID) -> HttpResponse:
    """An issued letter, exactly as issued."""
    chart = open_chart(request, client_id, page="closing")
    issued = Letter.objects.filter(state=Letter.State.ISSUED).select_related("episode__client")
    letter = get_object_or_404(issued, pk=letter_id, episode__client=chart.client)
    return as_pdf(actions.file_pages(by=chart.user, at=chart.at, letter=letter), name="letter")


@require_GET
def letter_sources(request: HttpRequest, client_id: uuid.UUID, letter_id: uuid.UUID) -> HttpResponse:
    """Where each figure of an issued letter came from, as it was when the letter was issued."""
    chart = open_chart(request, client_id, page="closing")
    issued = Letter.objects.filter(state=Letter.State.ISSUED, episode__client=chart.client).defer("pdf")
    letter = get_object_or_404(issued, pk=letter_id)
    context = chart.context(letter=letter, sources=letter.facts.get("sources", []))
    return render(request, "closure/clinician/letter_sources.html", context)


def as_pdf(pages: bytes, *, name: str) -> HttpResponse:
    """A PDF that no cache keeps, under a name that tells nothing."""
    response = HttpResponse(pages, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def course_close(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Close the course."""
    chart = open_chart(request, client_id, page="closing", write=True)
    if chart.episode is None or not isinstance(request.user, User):
        raise Http404
    form = CloseForm(request.POST)
    if not form.is_valid():
        return overview(request, chart, form, status=422)
    try:
        actions.close_course(
            by=chart.user, at=chart.at, episode=chart.episode, reason=form.cleaned_data["reason"]
        )
    except DomainError as problem:
        form.add_error(problem.field, problem.sentence)
        return overview(request, chart, form, status=422)
    messages.info(request, _("The course is closed. The chart stays readable for the team."))
    return redirect("home:client-course", client_id=chart.client.pk)
