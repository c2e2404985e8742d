"""Pages of the records of a session: add, read, change, take away. With the script, parts of the session's own page."""

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reknit.base.errors import Conflict, DomainError
from reknit.care.encounters.conjoint.queries import bar_of, open_plans
from reknit.care.encounters.models import (
    CommunicationAnalysis,
    ConjointPlan,
    Encounter,
    ProgressNote,
    SessionRecord,
)
from reknit.care.encounters.preparing import prepare
from reknit.care.encounters.techniques import actions
from reknit.care.encounters.techniques.figures import focus_of, lapse_words, midcourse_figures
from reknit.care.encounters.techniques.forms import Choices, RecordForm, lists_of, rows_sent
from reknit.care.encounters.techniques.lines import line, since_first
from reknit.care.encounters.techniques.reading import OpenLapse, find, without_outcome
from reknit.care.encounters.techniques.shape import answers, label_of, lists, shape, spoken
from reknit.care.network.models import Relationship
from reknit.care.programme.charts import Chart, open_chart

from . import page
from .kinds import KINDS, Kind, offered


@require_http_methods(["GET", "POST"])
def record_add(
    request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID, kind: str
) -> HttpResponse:
    """Add a record of this kind to the session."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    encounter, of = page.find(chart, encounter_id), _kind(kind)
    return _form_page(request, chart, encounter, of, None)


@require_http_methods(["GET", "POST"])
def record_change(
    request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID, kind: str, record_id: uuid.UUID
) -> HttpResponse:
    """Change a record while its note is a draft."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    encounter, of = page.find(chart, encounter_id), _kind(kind)
    record = find(encounter, kind, record_id)
    if record is None and request.method != "POST":
        raise Http404
    return _form_page(request, chart, encounter, of, record)


@require_GET
def record_show(
    request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID, kind: str, record_id: uuid.UUID
) -> HttpResponse:
    """Everything that was written in a record, to read."""
    chart = open_chart(request, client_id, page="sessions")
    encounter, of = page.find(chart, encounter_id), _kind(kind)
    record = find(encounter, kind, record_id)
    if record is None:
        raise Http404
    context = {
        "encounter": encounter,
        "kind": of,
        "record": record,
        "sentence": line(record),
        "answers": answers(record),
        "lists": lists(record),
        "may_change": chart.may_write() and _is_draft(encounter),
    }
    return render(request, "encounters/records/record_show.html", chart.context(**context))


@require_POST
def record_remove(
    request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID, kind: str, record_id: uuid.UUID
) -> HttpResponse:
    """Take a record away while its note is a draft."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    encounter, of = page.find(chart, encounter_id), _kind(kind)
    record = find(encounter, kind, record_id)
    if record is None:
        raise Http404
    try:
        revision = int(request.POST.get("revision", ""))
        actions.remove_record(by=chart.user, at=chart.at, record=record, revision=revision)
    except (DomainError, ValueError) as error:
        sentence = error.sentence if isinstance(error, DomainError) else _("Read it again first.")
        messages.warning(request, sentence)
        return redirect("encounters:record-show", chart.id, encounter_id, kind, record_id)
    messages.info(request, _("Taken away: %(title)s.") % {"title": of.title})
    return redirect(_back(chart, encounter))


def _form_page(
    request: HttpRequest, chart: Chart, encounter: Encounter, of: Kind, record: SessionRecord | None
) -> HttpResponse:
    """The form, fresh or filled; kept when it was sent and can be."""
    if request.method != "POST" and not _is_draft(encounter):
        messages.warning(request, _("This session's note is signed. Add an addendum to it instead."))
        return redirect("encounters:session-show", chart.id, encounter.pk)
    choices = _choices(encounter, of, record)
    first = _initial(request, of, record, choices)
    data, more = request.POST if request.method == "POST" else None, request.POST.get("more", "")
    form = RecordForm(data, model=of.model, choices=choices, initial=first, auto_id="id_record_%s")
    rows = lists_of(of.model, data, initial=first, more=more)
    context: dict[str, Any] = {"form": form, "lists": rows, "record": record}
    if data is None or more:
        return _answer(request, chart, encounter, of, context, status=200)
    valid = [form.is_valid(), *(each.is_valid() for each in rows.values())]
    if not all(valid):
        return _answer(request, chart, encounter, of, context, status=422)
    return _keep(request, chart, encounter, of, context)


def _keep(
    request: HttpRequest, chart: Chart, encounter: Encounter, of: Kind, context: dict[str, Any]
) -> HttpResponse:
    form: RecordForm = context["form"]
    sent = form.values() | ({"rows": rows_sent(context["lists"])} if of.model.ROWS else {})
    try:
        of.keep(
            by=chart.user, at=chart.at, encounter=encounter, key=form.cleaned_data["key"],
            revision=form.cleaned_data["revision"], **sent,
        )  # fmt: skip
    except Conflict as conflict:
        return _both(request, chart, encounter, of, context, conflict)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.sentence)
        return _answer(request, chart, encounter, of, context, status=422)
    if _by_script(request):
        return _kept(request, chart, encounter)
    if of.slug == "midcourse" and form.cleaned_data["adequate"] == "no":
        return redirect("encounters:record-add", chart.id, encounter.pk, "plan-b")
    return redirect(_back(chart, encounter))


def _both(
    request: HttpRequest,
    chart: Chart,
    encounter: Encounter,
    of: Kind,
    context: dict[str, Any],
    conflict: Conflict,
) -> HttpResponse:
    """Show what stands beside what was written; sent again, it takes the place of what stands."""
    theirs: SessionRecord | None = conflict.theirs
    form: RecordForm = context["form"]
    data: Any = request.POST.copy()
    data["revision"] = str(theirs.revision if theirs else 0)
    again = RecordForm(data, model=of.model, choices=form.choices, auto_id="id_record_%s")
    again.is_valid()
    standing = find(encounter, of.slug, theirs.pk) if theirs else None
    context |= {
        "form": again,
        "sentence": conflict.sentence,
        "theirs": _differing(standing, form) if standing else [],
        "their_lists": lists(standing) if standing else [],
    }
    return _answer(request, chart, encounter, of, context, status=409)


def _differing(theirs: SessionRecord, form: RecordForm) -> list[tuple[str, str]]:
    """Question and their answer where it is another than the one just sent."""
    mine, stands = form.values(), shape(theirs)
    found = []
    for name in theirs.ASKS:
        if name not in stands or name not in mine:
            continue
        sent = mine[name]
        sent = {one.pk for one in sent} if name == theirs.PEOPLE else getattr(sent, "pk", sent)
        if sent != stands[name]:
            found.append((label_of(theirs, name), spoken(theirs, name) or _("Nothing")))
    return found


def _answer(
    request: HttpRequest,
    chart: Chart,
    encounter: Encounter,
    of: Kind,
    context: dict[str, Any],
    *,
    status: int,
) -> HttpResponse:
    context |= {"encounter": encounter, "kind": of, "action": request.path, "by_script": _by_script(request)}
    context |= _panel(encounter, of, context)
    template = (
        "encounters/records/_form.html" if _by_script(request) else "encounters/records/record_form.html"
    )
    return render(request, template, chart.context(**context), status=status)


def _panel(encounter: Encounter, of: Kind, context: dict[str, Any]) -> dict[str, Any]:
    """What a longer form lays out beside its questions."""
    if of.slug == "midcourse":
        figures = midcourse_figures(encounter)
        drop = figures.response.drop_percent
        since = since_first(drop) if drop is not None else ""
        return {"figures": figures, "since": since, "areas": _areas(encounter)}
    if of.slug == "lapse":
        on = context["form"]["on"].value()
        words = lapse_words(encounter, str(on or ""))
        return {"words": words[0], "rule": words[1]} if words else {}
    if of.slug == "conjoint":
        return {"bar": bar_of(encounter.client, encounter.episode)}
    return {}


def _areas(encounter: Encounter) -> list[str]:
    from reknit.care.encounters.facts import focus_words

    return [focus_words(one) for one in focus_of(encounter)]


def _kept(request: HttpRequest, chart: Chart, encounter: Encounter) -> HttpResponse:
    """The parts of the session page that a record changes; the script puts each in its place."""
    session = prepare(encounter)
    context = page.parts(session, encounter.note) | {
        "client": chart.client,
        "encounter": encounter,
        "may_write": True,
        "offered": offered(),
    }
    return render(request, "encounters/records/_kept.html", context)


def _choices(encounter: Encounter, of: Kind, record: SessionRecord | None) -> Choices:
    """What the client's record offers this form."""
    asks = set(of.model.ASKS)
    found = Choices(
        people=list(Relationship.objects.filter(client=encounter.client_id).order_by("alias", "pk"))
        if asks & {"relationship", "relationships"}
        else (),
        areas=[one.area for one in focus_of(encounter)] if "code" in asks else (),
        earlier=without_outcome(encounter, keep=getattr(record, "about", None)) if "about" in asks else (),
        analyses=list(
            CommunicationAnalysis.objects.filter(encounter__episode=encounter.episode_id)
            .select_related("encounter")
            .order_by("encounter__starts_at", "made_at")
        )
        if "analysis" in asks
        else (),
        plans=_plans(encounter, record) if "plan" in asks else (),
    )
    if "use_episode_id" in asks:
        lapses = list(prepare(encounter).waiting.lapses)
        named, on = getattr(record, "use_episode_id", None), getattr(record, "on", None)
        if named and on and named not in {one.use_episode_id for one in lapses}:
            lapses.append(OpenLapse(named, on))
        found = replace(found, lapses=lapses)
    return found


def _plans(encounter: Encounter, record: SessionRecord | None) -> list[ConjointPlan]:
    """Plans on which both agreed, and the record's own."""
    mine = getattr(record, "plan_id", None)
    return [one for one in open_plans(encounter.episode) if one.both_agreed or one.pk == mine]


def _initial(
    request: HttpRequest, of: Kind, record: SessionRecord | None, choices: Choices
) -> dict[str, Any]:
    if record is not None:
        stands = shape(record)
        if record.PEOPLE:
            stands[record.PEOPLE] = [str(one) for one in stands[record.PEOPLE]]
        return {
            name: str(value) if isinstance(value, uuid.UUID) else value for name, value in stands.items()
        } | {"key": record.pk, "revision": record.revision}
    first: dict[str, Any] = {"said_by": "client", "written": "therapist"}
    if "turns" in of.model.ROWS:
        first["turns"] = []
    lapse = next((one for one in choices.lapses if str(one.use_episode_id) == request.GET.get("lapse")), None)
    if lapse:
        first |= {"use_episode_id": str(lapse.use_episode_id), "on": lapse.on}
    return first


def _kind(slug: str) -> Kind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _is_draft(encounter: Encounter) -> bool:
    note: ProgressNote | None = getattr(encounter, "note", None)
    return note is not None and note.state == ProgressNote.State.DRAFT


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Part") == "1"


def _back(chart: Chart, encounter: Encounter) -> str:
    return f"{reverse('encounters:session-show', args=[chart.id, encounter.pk])}#records"
