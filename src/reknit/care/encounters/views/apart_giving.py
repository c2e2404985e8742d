"""Giving one's own note kept apart to somebody outside: what the client signed, and the sheet to hand over."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reknit.base.audit.record import record_read
from reknit.base.errors import DomainError
from reknit.care.consent.actions import grant_notes_consent, revoke_notes_consent
from reknit.care.consent.models import NotesConsent
from reknit.care.consent.notices import SHORT_NOTICE
from reknit.care.encounters.apart import actions
from reknit.care.encounters.apart.forms import NotesConsentForm
from reknit.care.encounters.apart.reading import own_notes
from reknit.care.encounters.models.apart import APART, NoteGiven
from reknit.care.people.queries import zone
from reknit.care.programme.charts import Chart, open_chart

from . import page
from .apart import answers


@require_http_methods(["GET", "HEAD", "POST"])
def apart_consent(
    request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID, kind: str
) -> HttpResponse:
    """Write down what the client signed about notes of one kind."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    encounter = page.find(chart, encounter_id)
    model = next((one for one in APART if kind == one.KIND), None)
    if model is None:
        raise Http404
    form = NotesConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            grant_notes_consent(
                by=chart.user, at=chart.at, client=chart.client, about=kind, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
        else:
            messages.info(request, _("The consent is written down. Nothing was given yet."))
            return redirect("encounters:apart-show", chart.id, encounter_id)
    context = chart.context(encounter=encounter, title=model.TITLE, form=form)
    return render(request, "encounters/apart_consent.html", context, status=422 if form.errors else 200)


@require_POST
def apart_consent_end(
    request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID, consent_id: uuid.UUID
) -> HttpResponse:
    """The client took it back."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    revoke_notes_consent(by=chart.user, at=chart.at, consent=_consent(chart, consent_id))
    messages.info(request, _("Taken back. No note is given on it any more."))
    return redirect("encounters:apart-show", chart.id, encounter_id)


@require_POST
def apart_give(
    request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID, consent_id: uuid.UUID
) -> HttpResponse:
    """Write down that one's own note is given, and go to the sheet."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    consent = _consent(chart, consent_id)
    note = own_notes(chart.user, page.find(chart, encounter_id)).get(consent.about)
    if note is None:
        raise Http404
    try:
        key = uuid.UUID(request.POST.get("key", ""))
        given = actions.give_note(by=chart.user, at=chart.at, key=key, note=note, consent=consent)
    except (DomainError, ValueError) as error:
        reason = (
            error.sentence
            if isinstance(error, DomainError)
            else _("This page is out of date. Open it again.")
        )
        messages.warning(request, reason)
        return redirect("encounters:apart-show", chart.id, encounter_id)
    return redirect("encounters:apart-sheet", chart.id, encounter_id, given.pk)


@require_safe
def apart_sheet(
    request: HttpRequest, client_id: uuid.UUID, encounter_id: uuid.UUID, given_id: uuid.UUID
) -> HttpResponse:
    """The note as it was given, to print: for its author, while the consent stands and the note reads the same."""
    chart = open_chart(request, client_id, page="sessions", write=True)
    encounter = page.find(chart, encounter_id)
    given = get_object_or_404(
        NoteGiven.objects.select_related("consent"), pk=given_id, encounter=encounter, given_by=chart.user
    )
    note = own_notes(chart.user, encounter)[given.consent.about]
    closed = ""
    if given.consent.revoked_at or given.consent.expires_on < chart.today:
        closed = _("The consent no longer stands, so the sheet opens no more.")
    elif note.revision != given.revision:
        closed = _("The note was changed since it was given. Give it anew to print it.")
    if closed:
        messages.warning(request, closed)
        return redirect("encounters:apart-show", chart.id, encounter_id)
    record_read(
        "note kept apart", by=chart.user, at=chart.at, client=chart.client, kind=note.KIND, note=str(note.pk)
    )
    context = chart.context(
        encounter=encounter, zone=zone(), given=given, note=note, notice=SHORT_NOTICE,
        answers=answers(note, without=("outside",)),  # somebody of the client's life is nobody else's to name
    )  # fmt: skip
    return render(request, "encounters/apart_sheet.html", context)


def _consent(chart: Chart, consent_id: uuid.UUID) -> NotesConsent:
    return get_object_or_404(NotesConsent, pk=consent_id, client=chart.client, author=chart.user)
