"""Notes kept apart, on a page of their own: the author's to write, a supervisor's to read where the author opened one."""

import uuid
import zoneinfo
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reknit.base.audit.record import record_read
from reknit.base.errors import Conflict, DomainError
from reknit.care.consent.queries import live_notes_consents
from reknit.care.encounters.apart import actions
from reknit.care.encounters.apart.forms import ApartForm
from reknit.care.encounters.apart.reading import given_by, opened_notes, own_notes
from reknit.care.encounters.models import Encounter
from reknit.care.encounters.models.apart import APART, NoteKeptApart
from reknit.care.encounters.techniques.shape import label_of, spoken
from reknit.care.people.queries import zone
from reknit.care.programme.charts import Chart, open_chart

from . import page


@require_GET
def apart_show(request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID) -> HttpResponse:
    """The notes about this session that are kept apart and that this person may read."""
    chart = open_chart(request, client_id, page="sessions")
    return _page(request, chart, _held(chart, encounter_id))


@require_POST
def apart_save(
    request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID, kind: str
) -> HttpResponse:
    """Save one's own note: every few seconds by the script, or by its button."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    encounter = _held(chart, encounter_id)
    model = _kind(kind)
    by_script = request.headers.get("X-Autosave") == "1"
    form = ApartForm(request.POST, model=model, client=chart.client)
    try:
        if not form.is_valid():
            return _refused(request, chart, encounter, form, by_script=by_script)
        note = actions.save_apart(
            by=chart.user, at=chart.at, encounter=encounter, kind=kind,
            revision=form.cleaned_data["revision"], values=form.values(),
        )  # fmt: skip
    except Conflict as conflict:
        return _conflict(request, chart, encounter, form, conflict, by_script=by_script)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.sentence)
        return _refused(request, chart, encounter, form, by_script=by_script)
    if by_script:
        at = date_format(note.saved_at.astimezone(zoneinfo.ZoneInfo(zone())), "H:i")
        return JsonResponse({"revision": str(note.revision), "saved_at": at})
    messages.info(request, _("Kept, apart from the record."))
    return redirect("encounters:apart-show", chart.id, encounter_id)


@require_POST
def apart_open(
    request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID, kind: str
) -> HttpResponse:
    """Open one's own note to supervision, or close it again."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    note = own_notes(chart.user, _held(chart, encounter_id)).get(_kind(kind).KIND)
    if note is None:
        messages.warning(request, _("Write the note first, then open it."))
    else:
        actions.open_to_supervision(
            by=chart.user, at=chart.at, note=note, is_open=request.POST.get("open") == "yes"
        )
    return redirect("encounters:apart-show", chart.id, encounter_id)


def _held(chart: Chart, encounter_id: uuid.UUID) -> Encounter:
    encounter = page.find(chart, encounter_id)
    if encounter.outcome not in Encounter.HELD:
        raise Http404
    return encounter


def _kind(kind: str) -> type[NoteKeptApart]:
    model = next((one for one in APART if kind == one.KIND), None)
    if model is None:
        raise Http404
    return model


def _page(
    request: HttpRequest,
    chart: Chart,
    encounter: Encounter,
    *,
    bound: ApartForm | None = None,
    status: int = 200,
) -> HttpResponse:
    mine = own_notes(chart.user, encounter)
    opened = opened_notes(chart.user, encounter, on=chart.today)
    if not chart.may_write() and not opened and not mine:
        raise PermissionDenied(_("Notes kept apart are read by their author alone. None was opened to you."))
    for note in (*mine.values(), *opened):
        record_read(
            "note kept apart",
            by=chart.user,
            at=chart.at,
            client=chart.client,
            kind=note.KIND,
            note=str(note.pk),
        )
    consents = live_notes_consents(chart.client, chart.user, on=chart.today) if chart.may_write() else []
    context: dict[str, Any] = {
        "encounter": encounter,
        "zone": zone(),
        "forms": [
            (model.KIND, model.TITLE, mine.get(model.KIND), _form(model, chart, mine, bound),
             [one for one in consents if one.about == model.KIND])
            for model in APART
        ] if chart.may_write() else [],
        "given": given_by(chart.user, encounter),
        "key": uuid.uuid4(),
        "opened": [(note, answers(note)) for note in opened],
        "mine": [] if chart.may_write() else [(note, answers(note)) for note in mine.values()],
    }  # fmt: skip
    return render(request, "encounters/apart_show.html", chart.context(**context), status=status)


def _form(
    model: type[NoteKeptApart], chart: Chart, mine: dict[str, NoteKeptApart], bound: ApartForm | None
) -> ApartForm:
    if bound is not None and bound.model is model:
        return bound
    return ApartForm(model=model, client=chart.client, note=mine.get(model.KIND))


def answers(note: NoteKeptApart, *, without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Question and answer of what was filled in."""
    asked = [name for name in note.ASKS if name not in without]
    found = ((label_of(note, name), _spoken(note, name)) for name in asked)  # type: ignore[arg-type]
    return [(label, said) for label, said in found if said]


def _spoken(note: NoteKeptApart, name: str) -> str:
    value = getattr(note, name)
    return value.alias if name == "outside" and value else spoken(note, name)


def _refused(
    request: HttpRequest, chart: Chart, encounter: Encounter, form: ApartForm, *, by_script: bool
) -> HttpResponse:
    if by_script:
        return JsonResponse({"errors": form.errors}, status=422)
    return _page(request, chart, encounter, bound=form, status=422)


def _conflict(
    request: HttpRequest,
    chart: Chart,
    encounter: Encounter,
    form: ApartForm,
    conflict: Conflict,
    *,
    by_script: bool,
) -> HttpResponse:
    stands = own_notes(chart.user, encounter)[form.model.KIND]
    if by_script:
        answer = {
            "conflict": True, "message": conflict.sentence, "theirs": conflict.theirs,
            "revision": str(stands.revision),
        }  # fmt: skip
        return JsonResponse(answer, status=409)
    again = request.POST.copy()
    again[form.add_prefix("revision")] = str(stands.revision)
    bound = ApartForm(again, model=form.model, client=chart.client)
    bound.is_valid()
    bound.add_error(
        None,
        conflict.sentence
        + " "
        + _("These are the words of this window; keep them to write over the others."),
    )
    return _page(request, chart, encounter, bound=bound, status=409)
