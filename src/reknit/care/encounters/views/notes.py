"""Writing, signing, co-signing and adding to notes."""

import uuid
import zoneinfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reknit.base.accounts.models import Role, User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.care.encounters import actions
from reknit.care.encounters.access import may_cosign
from reknit.care.encounters.forms import AddendumForm, CosignForm, NoteForm
from reknit.care.encounters.missed import for_supervisor, supervised
from reknit.care.encounters.models import ProgressNote
from reknit.care.encounters.preparing import prepare
from reknit.care.encounters.queries import assembled, is_unaltered, notes_to_cosign
from reknit.care.encounters.sections import title
from reknit.care.people.queries import supervisor_who_cosigns, zone
from reknit.care.programme.charts import Chart, open_chart
from reknit.care.substance_use.queries import returns_for_supervision

from . import page

ROWS = 20


@require_POST
def note_save(request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID) -> HttpResponse:
    """Save a draft: every few seconds by the script, or by its button."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    note = page.find_note(chart, encounter_id)
    by_script = request.headers.get("X-Autosave") == "1"
    form = NoteForm(request.POST, emergency="emergency" in request.POST)
    if not form.is_valid():
        return _refused(request, chart, note, form, by_script=by_script)
    words = form.words()
    try:
        if request.POST.get("keep") == "both":
            words = both(note.words, words)
        note = actions.save_note(
            by=chart.user, at=chart.at, note=note, revision=form.cleaned_data["revision"], words=words
        )
    except Conflict as conflict:
        return _two_versions(request, chart, note, conflict, words, by_script=by_script)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.sentence)
        return _refused(request, chart, note, form, by_script=by_script)
    if by_script:
        return JsonResponse({"revision": str(note.revision), "saved_at": _time(note)})
    if request.POST.get("then") == "sign":
        return redirect("encounters:note-sign", chart.id, encounter_id)
    messages.info(request, _("Saved as a draft."))
    return redirect("encounters:session-show", chart.id, encounter_id)


@require_http_methods(["GET", "POST"])
def note_sign(request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID) -> HttpResponse:
    """Read the note once as it will stand, then sign it."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    note = page.find_note(chart, encounter_id)
    if note.state != ProgressNote.State.DRAFT:
        return redirect("encounters:session-show", chart.id, encounter_id)
    status, sentence = 200, ""
    if request.method == "POST":
        try:
            revision = int(request.POST.get("revision", ""))
            note = actions.sign_note(by=chart.user, at=chart.at, note=note, revision=revision)
        except Refused as error:
            raise PermissionDenied(error.sentence) from error
        except (DomainError, ValueError) as error:
            status = 409 if isinstance(error, Conflict) else 422
            sentence = (
                error.sentence if isinstance(error, DomainError) else _("Read the note again, then sign.")
            )
            note.refresh_from_db()
        else:
            return redirect("encounters:session-show", chart.id, encounter_id)
    session = prepare(note.encounter)
    context = {
        "note": note,
        "encounter": note.encounter,
        "sections": assembled(note, session=session),
        "session": session,
        "zone": session.zone,
        "at": chart.at,
        "sentence": sentence,
        "lede": page.lede(session),
        "is_author": note.author_id == chart.user.pk,
        "cosigner": supervisor_who_cosigns(note.author, on=chart.today),
    }
    return render(request, "encounters/note_sign.html", chart.context(**context), status=status)


@require_GET
def note_read(request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID) -> HttpResponse:
    """The note by itself, under the headings of the chosen reading, for the eye and for paper."""
    chart = open_chart(request, client_id, page="sessions")
    note = page.find_note(chart, encounter_id)
    session = prepare(note.encounter)
    context = {
        "note": note,
        "encounter": note.encounter,
        "session": session,
        "zone": session.zone,
        "lede": page.lede(session),
        "is_draft": note.state == ProgressNote.State.DRAFT,
        "unaltered": is_unaltered(note),
        "addenda": note.addenda.select_related("by").order_by("at", "pk"),
        **page.read_as(chart, assembled(note, session=session)),
    }
    return render(request, "encounters/note_read.html", chart.context(**context))


@require_POST
def reading_choose(request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID) -> HttpResponse:
    """Choose the headings under which notes are shown to this person from now on."""
    chart = open_chart(request, client_id, page="sessions")
    page.find_note(chart, encounter_id)
    try:
        actions.choose_reading(by=chart.user, at=chart.at, code=request.POST.get("reading", ""))
    except DomainError as error:
        messages.warning(request, error.sentence)
    return redirect("encounters:note-read", chart.id, encounter_id)


@require_POST
def addendum_add(request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID) -> HttpResponse:
    """Add words under a signed note."""
    chart = open_chart(request, client_id, page="sessions")
    note = page.find_note(chart, encounter_id)
    form = AddendumForm(request.POST)
    if form.is_valid():
        try:
            actions.add_addendum(by=chart.user, at=chart.at, note=note, **form.cleaned_data)
        except Refused as error:
            raise PermissionDenied(error.sentence) from error
        except DomainError as error:
            if not page.told(form, error):
                messages.warning(request, error.sentence)
                return redirect("encounters:session-show", chart.id, encounter_id)
        else:
            messages.info(request, _("Added under the note. The note itself stands as it was signed."))
            return redirect("encounters:session-show", chart.id, encounter_id)
    return page.show(request, chart, note.encounter, status=422, addendum_form=form)


@require_POST
def note_cosign(request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID) -> HttpResponse:
    """The supervisor co-signs, or gives the note back with a reason."""
    chart = open_chart(request, client_id, page="sessions")
    note = page.find_note(chart, encounter_id)
    may_cosign(chart.user, note, on=chart.today).or_refuse()
    form = CosignForm(request.POST)
    if form.is_valid():
        try:
            if form.cleaned_data["decision"] == "cosign":
                actions.cosign_note(by=chart.user, at=chart.at, note=note)
                messages.info(request, _("Co-signed. The note is locked."))
            else:
                reason = form.cleaned_data["reason"]
                actions.return_note(by=chart.user, at=chart.at, note=note, reason=reason)
                messages.info(request, _("Given back. It is a draft again, with your reason on top."))
        except DomainError as error:
            if not page.told(form, error):
                messages.warning(request, error.sentence)
                return redirect("encounters:session-show", chart.id, encounter_id)
        else:
            return redirect("encounters:cosign-list")
    return page.show(request, chart, note.encounter, status=422, cosign_form=form)


@require_GET
def cosign_list(request: HttpRequest) -> HttpResponse:
    """The notes that wait for this supervisor, the oldest first."""
    user, at = request.user, now()
    if not isinstance(user, User) or not user.has(Role.SUPERVISOR):
        raise PermissionDenied(_("This page belongs to supervisors."))
    here = zone()
    today = local_date(at, here)
    waiting = notes_to_cosign(user, on=today)
    rows = Paginator(waiting, ROWS).get_page(request.GET.get("page"))
    oldest = rows.object_list[0] if rows.number == 1 and rows.object_list else waiting.first()
    record_read("co-sign list", by=user, at=at, client=None, notes=len(rows.object_list))
    for note in rows:
        note.age = (today - local_date(note.signed_at or at, here)).days  # type: ignore[attr-defined]
    courses = supervised(user, today=today)
    returns = returns_for_supervision([one.client_id for one in courses], today=today)
    context = {
        "page": rows,
        "oldest_days": (today - local_date(oldest.signed_at or at, here)).days if oldest else None,
        "zone": here,
        "look_at": for_supervisor(courses, today=today),
        "returns": [(one.client, returns[one.client_id]) for one in courses if one.client_id in returns],
    }
    return render(request, "encounters/cosign_list.html", context)


def both(theirs: dict[str, str], mine: dict[str, str]) -> dict[str, str]:
    """Both versions of each section, theirs first; nothing is lost and nothing is said twice."""
    return {
        key: "\n\n".join(dict.fromkeys(filter(None, [theirs.get(key, ""), mine.get(key, "")])))
        for key in [*theirs, *(key for key in mine if key not in theirs)]
    }


def _time(note: ProgressNote) -> str:
    return date_format(note.saved_at.astimezone(zoneinfo.ZoneInfo(zone())), "H:i") if note.saved_at else ""


def _refused(
    request: HttpRequest, chart: Chart, note: ProgressNote, form: NoteForm, *, by_script: bool
) -> HttpResponse:
    """Say what is wrong; the words stay in the form."""
    if by_script:
        return JsonResponse({"errors": form.errors}, status=422)
    if note.state != ProgressNote.State.DRAFT:
        messages.warning(request, " ".join(map(str, form.non_field_errors())))
        return render(
            request,
            "encounters/note_kept.html",
            chart.context(note=note, encounter=note.encounter, form=form),
            status=422,
        )
    return page.show(request, chart, note.encounter, status=422, note_form=form)


def _two_versions(
    request: HttpRequest,
    chart: Chart,
    note: ProgressNote,
    conflict: Conflict,
    words: dict[str, str],
    *,
    by_script: bool,
) -> HttpResponse:
    """Show both versions of the sections that differ, and let the person choose."""
    theirs = conflict.theirs
    differ = {key: theirs.get(key, "") for key in words if words[key] != theirs.get(key, "")}
    if by_script:
        answer = {
            "conflict": True,
            "message": conflict.sentence,
            "theirs": differ,
            "revision": str(note.revision),
        }
        return JsonResponse(answer, status=409)
    context = {
        "note": note,
        "encounter": note.encounter,
        "sentence": conflict.sentence,
        "differ": [(key, title(key), words[key], text) for key, text in differ.items()],
        "same": [(key, text) for key, text in words.items() if key not in differ],
    }
    return render(request, "encounters/note_conflict.html", chart.context(**context), status=409)
