"""Writing the formulation, sharing it, and writing down what the client said to it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reknit.base.errors import Conflict, DomainError
from reknit.care.formulation import actions
from reknit.care.formulation.forms import FormulationForm, ShareForm, WitnessedForm
from reknit.care.formulation.known import people_of
from reknit.care.formulation.models import Formulation
from reknit.care.formulation.pages import TextState, text_state, version_views
from reknit.care.formulation.queries import active_foci, events_of, foci
from reknit.care.formulation.starting import starting_points
from reknit.care.formulation.views.answers import blame, course_of
from reknit.care.programme.charts import Chart, open_chart
from reknit.care.substance_use.days import label
from reknit.care.substance_use.queries import monitored
from reknit.core.formulation.slots import SLOTS


def drafted(chart: Chart) -> Formulation | None:
    """The draft of the chart's course, if one was begun."""
    rows = Formulation.objects.filter(episode=course_of(chart), state=Formulation.State.DRAFT)
    return rows.select_related("episode__client").first()


@require_http_methods(["GET", "POST"])
def formulation_edit(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Write the text slot by slot, beside the facts already entered."""
    chart = open_chart(request, client_id, page="story", write=True)
    draft = drafted(chart)
    if request.method == "POST":
        return save(request, chart, draft)
    if draft is None:  # made at its first save, not by looking
        standing = Formulation.objects.filter(episode=chart.episode, state__in=Formulation.STANDING)
        if known := standing.first():
            return redirect(
                "formulation:formulation-show", client_id=chart.client.pk, formulation_id=known.pk
            )
        draft = Formulation(episode=chart.episode, number=1, language=chart.client.language)
    return page(request, chart, draft, FormulationForm(initial=FormulationForm.initial_of(draft)))


def page(
    request: HttpRequest,
    chart: Chart,
    draft: Formulation,
    form: FormulationForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The editing page; `more` may carry the other person's text of a conflict."""
    people, events = people_of(chart.client), list(events_of(chart.client))
    worked_on = active_foci(course_of(chart)) or [
        one for one in foci(course_of(chart)) if one.row.status == "proposed"
    ]
    substances = [label(one.substance) for one in monitored(chart.client)]
    points = starting_points(
        course_of(chart),
        events=events,
        people=people,
        focus=next(iter(worked_on), None),
        substances=substances,
        diagnosis=draft.diagnosis,
    )
    state = text_state(draft)
    context = chart.context(
        draft=draft,
        form=form,
        parts=[(slot, field, marks, points.get(slot.key, "")) for slot, field, marks in form.parts()],
        state=state,
        reading=reading_words(state),
        lacking=lacking_words(state),
        saved=date_format(localtime(draft.saved_at), "H:i") if draft.saved_at else "",
        foci=worked_on,
        events=[event for event in events if event.is_onset or event.is_closest_change] or events[-4:],
        people=people,
        substances=substances,
        **more,
    )
    return render(request, "formulation/clinician/formulation_edit.html", context, status=status)


def reading_words(state: TextState) -> str:
    """Length and grade in one line."""
    counted = ngettext("%(n)s word", "%(n)s words", state.reading.words) % {"n": state.reading.words}
    length = {
        "empty": "",
        "short": _("120 to 200 read well"),
        "fits": _("a good length"),
        "long": _("long; 120 to 200 read well"),
    }[state.reading.length]
    if state.reading.grade is None:
        graded = "" if not state.reading.words else _("no reading grade for this language")
    else:
        shown = {"grade": f"{max(state.reading.grade, 0):.1f}"}
        graded = (
            _("grade %(grade)s") if state.reading.is_plain else _("grade %(grade)s; aim for 6 or lower")
        ) % shown
    return " · ".join(part for part in (counted, length, graded) if part)


def lacking_words(state: TextState) -> str:
    """What the text still lacks before it can be shared."""
    if state.missing:
        return _("Still missing: %(named)s.") % {"named": "; ".join(_(words) for words in state.missing)}
    if state.gaps:
        named = "; ".join(_(title) for title in state.gaps)
        return _("A place is still open (…). Fill it in, or take the sentence out: %(named)s.") % {
            "named": named
        }
    return _("All five elements are there.")


def save(request: HttpRequest, chart: Chart, draft: Formulation | None) -> HttpResponse:
    """One save, asked by a person or by the page itself."""
    form, quiet = FormulationForm(with_starting_point(request)), request.headers.get("X-Autosave") == "1"
    shown = draft or Formulation(episode=chart.episode, number=1, language=chart.client.language)
    if not form.is_valid():
        if quiet:
            return JsonResponse({"errors": form.errors}, status=422)
        return page(request, chart, shown, form, status=422)
    try:
        draft = draft or actions.begin_formulation(by=chart.user, at=chart.at, episode=course_of(chart))
        draft = actions.save_formulation(
            by=chart.user,
            at=chart.at,
            formulation=draft,
            revision=form.cleaned_data["revision"],
            words=form.words(),
            marks=form.marks(),
            diagnosis=form.cleaned_data["diagnosis"],
        )
    except Conflict as conflict:
        return conflicted(request, chart, shown if draft is None else draft, conflict, quiet=quiet)
    except DomainError as problem:
        if quiet:
            return JsonResponse({"message": problem.sentence}, status=422)
        return page(request, chart, shown, blame(form, problem), status=422)
    if quiet:
        state = text_state(draft)
        answer = {
            "revision": str(draft.revision),
            "saved_at": date_format(localtime(chart.at), "H:i"),
            "reading": reading_words(state),
            "lacking": lacking_words(state),
        }
        return JsonResponse(answer)
    return redirect("formulation:formulation-edit", client_id=chart.client.pk)


def with_starting_point(request: HttpRequest) -> Any:
    """What was sent; a button beside an empty slot puts its starting point there."""
    data = request.POST.copy()
    slot = data.get("begin", "")
    if slot in {one.key for one in SLOTS} and not data.get(slot, "").strip():
        data[slot] = data.get(f"start-{slot}", "")
    return data


def conflicted(
    request: HttpRequest, chart: Chart, draft: Formulation, conflict: Conflict, *, quiet: bool
) -> HttpResponse:
    """Both texts, so that nobody's words are lost."""
    draft.refresh_from_db()
    if quiet:
        answer = {
            "conflict": True, "message": conflict.sentence, "theirs": conflict.theirs, "revision": str(draft.revision),
        }  # fmt: skip
        return JsonResponse(answer, status=409)
    data = request.POST.copy()
    data["revision"] = str(draft.revision)
    theirs = [(_(slot.title), conflict.theirs.get(slot.key, "")) for slot in SLOTS]
    return page(
        request, chart, draft, FormulationForm(data), status=409, conflict=conflict.sentence, theirs=theirs
    )


@require_http_methods(["GET", "POST"])
def formulation_share(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Read the text as the client will, then share it."""
    chart = open_chart(request, client_id, page="story", write=True)
    draft = drafted(chart)
    if draft is None:
        raise Http404
    if request.method == "GET":
        return share_page(request, chart, draft, ShareForm(initial={"revision": draft.revision}))
    form = ShareForm(request.POST)
    if not form.is_valid():
        return share_page(request, chart, draft, form, status=422)
    try:
        actions.share_formulation(by=chart.user, at=chart.at, formulation=draft, **form.cleaned_data)
    except Conflict as conflict:
        fresh = ShareForm(initial={"revision": draft.revision})
        return share_page(request, chart, draft, fresh, status=409, refusal=conflict.sentence)
    except DomainError as problem:
        return share_page(request, chart, draft, blame(form, problem), status=422)
    messages.info(request, _("The text is shared. The client can read and answer it on their own page."))
    return redirect("formulation:story-show", client_id=chart.client.pk)


def share_page(
    request: HttpRequest,
    chart: Chart,
    draft: Formulation,
    form: ShareForm,
    *,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    state = text_state(draft)
    context = chart.context(
        draft=draft,
        form=form,
        state=state,
        paragraphs=state.text.split("\n\n"),
        reading=reading_words(state),
        lacking=lacking_words(state),
        refusal=refusal,
    )
    return render(request, "formulation/clinician/formulation_share.html", context, status=status)


def released(chart: Chart, formulation_id: uuid.UUID) -> Formulation:
    """A shared version of this client, else not found."""
    rows = Formulation.objects.exclude(state=Formulation.State.DRAFT).select_related(
        "episode__client", "shared_by"
    )
    return get_object_or_404(rows, pk=formulation_id, episode__client=chart.client)


@require_GET
def formulation_show(request: HttpRequest, client_id: uuid.UUID, formulation_id: uuid.UUID) -> HttpResponse:
    """One version as it was shared, with every answer to it."""
    chart = open_chart(request, client_id, page="story")
    formulation = released(chart, formulation_id)
    view = next(one for one in version_views(formulation.episode) if one.row.pk == formulation.pk)
    context = chart.context(view=view, may_write=chart.may_write(), standing=Formulation.STANDING)
    return render(request, "formulation/clinician/formulation_show.html", context)


@require_POST
def formulation_revise(request: HttpRequest, client_id: uuid.UUID, formulation_id: uuid.UUID) -> HttpResponse:
    """Begin the next version from this one."""
    chart = open_chart(request, client_id, page="story", write=True)
    try:
        actions.revise_formulation(by=chart.user, at=chart.at, formulation=released(chart, formulation_id))
    except DomainError as problem:
        messages.warning(request, problem.sentence)
        return redirect("formulation:story-show", client_id=chart.client.pk)
    return redirect("formulation:formulation-edit", client_id=chart.client.pk)


@require_http_methods(["GET", "POST"])
def answer_record(request: HttpRequest, client_id: uuid.UUID, formulation_id: uuid.UUID) -> HttpResponse:
    """Write down what the client said aloud."""
    chart = open_chart(request, client_id, page="story", write=True)
    formulation = released(chart, formulation_id)
    if request.method == "GET":
        form = WitnessedForm(initial={"key": uuid.uuid4(), "witness": chart.user.name})
        return answer_page(request, chart, formulation, form)
    form = WitnessedForm(request.POST)
    if not form.is_valid():
        return answer_page(request, chart, formulation, form, status=422)
    try:
        actions.record_witnessed_answer(
            by=chart.user, at=chart.at, formulation=formulation, **form.cleaned_data
        )
    except DomainError as problem:
        return answer_page(request, chart, formulation, blame(form, problem), status=422)
    messages.info(request, _("The answer is kept, word for word."))
    return redirect("formulation:story-show", client_id=chart.client.pk)


def answer_page(
    request: HttpRequest, chart: Chart, formulation: Formulation, form: WitnessedForm, *, status: int = 200
) -> HttpResponse:
    context = chart.context(formulation=formulation, form=form, paragraphs=formulation.text.split("\n\n"))
    return render(request, "formulation/clinician/answer_record.html", context, status=status)
