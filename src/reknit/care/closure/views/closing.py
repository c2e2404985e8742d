"""The Closing tab and the records behind it, for the care team."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reknit.base.errors import Conflict, DomainError
from reknit.care.closure import actions, people_then_now
from reknit.care.closure.beside import beside_of
from reknit.care.closure.closing_page import closing_page
from reknit.care.closure.documents.kinds import is_read_by_client
from reknit.care.closure.forms import GiveForm, RecordForm, TakeBackForm
from reknit.care.closure.hints import hints_on
from reknit.care.closure.kinds import RECORDS, Record, label, lacking
from reknit.care.closure.models import ClosingRecord
from reknit.care.closure.people_then_now import PersonToCall
from reknit.care.closure.records import initial_of, records_of, said
from reknit.care.programme.charts import Chart, open_chart
from reknit.care.programme.models import Episode


@require_GET
def closing_show(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """What closing needs, in order."""
    chart = open_chart(request, client_id, page="closing")
    page = closing_page(chart.episode) if chart.episode else None
    return render(
        request, "closure/clinician/closing.html", chart.context(page=page, may_write=chart.may_write())
    )


def record_kind(kind: str) -> Record:
    """A kind of closing record, or not found."""
    if kind not in RECORDS:
        raise Http404
    return RECORDS[kind]


def course_of(chart: Chart) -> Episode:
    """The course of the opened chart, or not found."""
    if chart.episode is None:
        raise Http404
    return chart.episode


def people_for(record: Record, chart: Chart) -> tuple[PersonToCall, ...]:
    """People who may be called, where the record asks for them."""
    return people_then_now.people_to_call(chart.client) if record.part("people") else ()


@require_http_methods(["GET", "POST"])
def record_edit(request: HttpRequest, client_id: uuid.UUID, kind: str) -> HttpResponse:
    """Write one closing record with the client."""
    chart = open_chart(request, client_id, page="closing", write=True)
    record = record_kind(kind)
    course_of(chart)
    people = people_for(record, chart)
    if request.method == "POST":
        return save(request, chart, record, people)
    standing = records_of(course_of(chart))[kind]
    initial = {"revision": standing.draft.revision if standing.draft else 0, **initial_of(standing)}
    return edit_page(request, chart, record, RecordForm(record=record, people=people, initial=initial))


def edit_page(
    request: HttpRequest, chart: Chart, record: Record, form: RecordForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The editing page; `more` may carry the other person's text of a conflict."""
    episode = course_of(chart)
    standing = records_of(episode)[record.kind]
    draft = standing.draft
    saved = date_format(localtime(draft.saved_at), "H:i") if draft and draft.saved_at else ""
    beside = beside_of(record, episode, today=chart.today)
    context = chart.context(record=record, standing=standing, form=form, saved=saved, beside=beside, **more)
    return render(request, "closure/clinician/record_edit.html", context, status=status)


def save(
    request: HttpRequest, chart: Chart, record: Record, people: tuple[PersonToCall, ...]
) -> HttpResponse:
    """One save, asked by a person or by the page itself."""
    form = RecordForm(request.POST, record=record, people=people)
    quiet = request.headers.get("X-Autosave") == "1"
    if not form.is_valid():
        if quiet:
            return JsonResponse({"errors": form.errors}, status=422)
        return edit_page(request, chart, record, form, status=422)
    try:
        row = actions.save_record(
            by=chart.user,
            at=chart.at,
            episode=course_of(chart),
            kind=record.kind,
            revision=form.cleaned_data["revision"],
            words=form.words(),
            people=form.people(),
        )
    except Conflict as conflict:
        return conflicting(request, chart, record, people, conflict, quiet=quiet)
    except DomainError as problem:
        if quiet:
            return JsonResponse({"message": problem.sentence}, status=422)
        form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
        return edit_page(request, chart, record, form, status=422)
    if quiet:
        at = date_format(localtime(chart.at), "H:i")
        return JsonResponse({"revision": str(row.revision), "saved_at": at})
    if "read" in request.POST:
        return redirect("closure:record-give", client_id=chart.client.pk, kind=record.kind)
    messages.info(request, _("The draft is saved."))
    return redirect("closure:record-edit", client_id=chart.client.pk, kind=record.kind)


def conflicting(
    request: HttpRequest,
    chart: Chart,
    record: Record,
    people: tuple[PersonToCall, ...],
    conflict: Conflict,
    *,
    quiet: bool,
) -> HttpResponse:
    """Both versions: the person's own in the form, the other beside it."""
    draft = records_of(course_of(chart))[record.kind].draft
    revision = str(draft.revision if draft else 0)
    if quiet:
        theirs = {part.key: label(part, conflict.theirs.get(part.key)) for part in record.parts}
        answer = {"conflict": True, "message": conflict.sentence, "theirs": theirs, "revision": revision}
        return JsonResponse(answer, status=409)
    data = request.POST.copy()
    data["revision"] = revision
    mine = RecordForm(data, record=record, people=people)
    theirs_said = said(record, conflict.theirs, draft.people if draft else ())
    return edit_page(request, chart, record, mine, status=409, conflict=conflict.sentence, theirs=theirs_said)


@require_http_methods(["GET", "POST"])
def record_give(request: HttpRequest, client_id: uuid.UUID, kind: str) -> HttpResponse:
    """Read together what is about to be given, then give it."""
    chart = open_chart(request, client_id, page="closing", write=True)
    record = record_kind(kind)
    draft = records_of(course_of(chart))[kind].draft
    if draft is None:
        if request.method == "POST":  # sent twice: it was given by the first
            return redirect("closure:closing-show", client_id=chart.client.pk)
        raise Http404
    if request.method == "GET":
        return give_page(request, chart, record, draft)
    form = GiveForm(request.POST)
    if not form.is_valid():
        return give_page(request, chart, record, draft, _("Read it again, then give it."), status=422)
    try:
        actions.give_record(by=chart.user, at=chart.at, record=draft, revision=form.cleaned_data["revision"])
    except DomainError as problem:
        status = 409 if isinstance(problem, Conflict) else 422
        return give_page(request, chart, record, draft, problem.sentence, status=status)
    messages.info(
        request, _("%(title)s: %(done)s.") % {"title": record.title, "done": str(record.done).lower()}
    )
    return redirect("closure:closing-show", client_id=chart.client.pk)


def give_page(
    request: HttpRequest,
    chart: Chart,
    record: Record,
    draft: ClosingRecord,
    problem: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    """The draft as it will be given, and what it still lacks."""
    lacks = lacking(record, draft.words)
    parts = said(record, draft.words, draft.people)
    written = {part.key for part in record.parts if part.shape == "text"}
    context = chart.context(
        record=record,
        draft=draft,
        parts=parts,
        hints=hints_on((str(one.client_heading), one.text) for one in parts if one.key in written)
        if is_read_by_client(record)
        else [],
        lacks=str(lacks.sentence) if lacks else "",
        problem=problem,
    )
    return render(request, "closure/clinician/record_give.html", context, status=status)


def given_record(chart: Chart, record_id: uuid.UUID) -> ClosingRecord:
    """A record of the opened chart that was given, or not found."""
    rows = ClosingRecord.objects.filter(
        state=ClosingRecord.State.GIVEN, episode__client=chart.client
    ).select_related("episode", "given_by", "taken_back_by")
    return get_object_or_404(rows, pk=record_id)


@require_GET
def record_show(request: HttpRequest, client_id: uuid.UUID, record_id: uuid.UUID) -> HttpResponse:
    """One version, exactly as it was given."""
    chart = open_chart(request, client_id, page="closing")
    return show_page(request, chart, given_record(chart, record_id), TakeBackForm())


def show_page(
    request: HttpRequest, chart: Chart, row: ClosingRecord, form: TakeBackForm, *, status: int = 200
) -> HttpResponse:
    """The version with its fingerprint, its neighbours, and the way to take it back."""
    record = RECORDS[row.kind]
    standing = records_of(row.episode)[row.kind]
    may_change = chart.may_write() and (record.after_close or row.episode.status == Episode.Status.OPEN)
    context = chart.context(
        record=record,
        row=row,
        parts=said(record, row.words, row.people),
        others=[one for one in (standing.given, *standing.earlier) if one and one != row],
        stands=standing.given == row,
        may_take_back=may_change and standing.given == row,
        form=form,
    )
    return render(request, "closure/clinician/record_show.html", context, status=status)


@require_POST
def record_take_back(request: HttpRequest, client_id: uuid.UUID, record_id: uuid.UUID) -> HttpResponse:
    """Say that a version no longer holds."""
    chart = open_chart(request, client_id, page="closing", write=True)
    row = given_record(chart, record_id)
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        return show_page(request, chart, row, form, status=422)
    try:
        actions.take_back_record(by=chart.user, at=chart.at, record=row, reason=form.cleaned_data["reason"])
    except DomainError as problem:
        form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
        return show_page(request, chart, row, form, status=422)
    messages.info(request, _("It no longer holds. You can write a new one."))
    return redirect("closure:closing-show", client_id=chart.client.pk)


@require_POST
def circle_look(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Client and therapist have looked at then and now together."""
    chart = open_chart(request, client_id, page="closing", write=True)
    try:
        actions.look_at_circles(by=chart.user, at=chart.at, episode=course_of(chart))
    except DomainError as problem:
        messages.warning(request, problem.sentence)
    return redirect("closure:closing-show", client_id=chart.client.pk)
