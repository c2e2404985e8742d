"""The page of one session: what it shows, put together for its template."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reknit.base.errors import DomainError
from reknit.base.ui.figures import Band, Phase, ScorePoint, sparkline
from reknit.care.encounters import access, facts, forms
from reknit.care.encounters.models import Encounter, ProgressNote
from reknit.care.encounters.preparing import CHECK_IN, MOOD, Preparation, prepare
from reknit.care.encounters.queries import assembled, is_unaltered, read_by, reading_choices
from reknit.care.encounters.sections import EMERGENCY, Section
from reknit.care.measures.models import Administration
from reknit.care.medication.queries import current_medication
from reknit.care.people.queries import zone
from reknit.care.programme.charts import Chart
from reknit.care.programme.queries import clinical_content, course_of
from reknit.core.measures.catalogue import measure
from reknit.core.outcomes.change import rule
from reknit.core.programme.gates import standing
from reknit.core.programme.protocol import Gate

from .kinds import KINDS, offered

State = ProgressNote.State


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """A score beside the ones before it."""

    title: str
    latest: Administration
    total: str
    is_today: bool
    before: str
    spark: SafeString | str
    sentence: str


@dataclass(frozen=True, slots=True)
class DueMeasure:
    """A measure the course asks for in this session, and its sheet when it was given."""

    id: str
    title: str
    sheet: Administration | None
    total: str


def find(chart: Chart, encounter_id: uuid.UUID) -> Encounter:
    """The session named in the address, of the client named in the address."""
    rows = Encounter.objects.select_related(
        "note__author", "note__signed_by", "note__cosigner", "clinician", "episode"
    )
    encounter = get_object_or_404(rows, pk=encounter_id, client=chart.client)
    encounter.client = encounter.episode.client = chart.client
    return encounter


def find_note(chart: Chart, encounter_id: uuid.UUID) -> ProgressNote:
    """The note of that session."""
    encounter = find(chart, encounter_id)
    note = get_object_or_404(
        ProgressNote.objects.select_related("author", "signed_by", "cosigner"), encounter=encounter
    )
    note.encounter = encounter
    return note


def show(
    request: HttpRequest, chart: Chart, encounter: Encounter, *, status: int = 200, **bound: Any
) -> HttpResponse:
    """The page, with any form that was refused in the place of its fresh one."""
    note: ProgressNote | None = getattr(encounter, "note", None)
    context: dict[str, Any] = {
        "encounter": encounter,
        "note": note,
        "may_write": chart.may_write(),
        "zone": zone(),
    }
    if note is None:
        context["contacts"] = encounter.contacts.select_related("by").order_by("on", "at")
        return render(request, "encounters/session_missed.html", chart.context(**context), status=status)
    if note.state != State.DRAFT:
        context |= _signed(chart, note)
        return render(
            request, "encounters/session_signed.html", chart.context(**context | bound), status=status
        )
    session = prepare(encounter)
    context |= _draft(chart, note, session) | bound
    return render(request, "encounters/session_show.html", chart.context(**context), status=status)


def told(form: Form, error: DomainError) -> bool:
    """Put a rule's sentence under its field, if this form has it."""
    if error.field not in form.fields:
        return False
    form.add_error(error.field, error.sentence)
    return True


def parts(session: Preparation, note: ProgressNote) -> dict[str, Any]:
    """The pieces of the page that a tick changes."""
    return {
        "session": session,
        "zone": session.zone,
        "own_pages": [slug for slug, one in KINDS.items() if one.has_page],
        "sections": {part.key: part for part in assembled(note, session=session)},
        "open_tasks": open_tasks(session),
    }


def open_tasks(session: Preparation) -> str:
    """What signing now would say about the tasks that are open."""
    count = sum(row.expected and not row.done_at for row in session.tasks)
    if not count:
        return _("Every task of today is ticked.")
    return ngettext(
        "%(count)s task is open. You can sign without it; the note will say “not done today”.",
        "%(count)s tasks are open. You can sign without them; the note will say “not done today”.",
        count,
    ) % {"count": count}


def _draft(chart: Chart, note: ProgressNote, session: Preparation) -> dict[str, Any]:
    encounter = note.encounter
    return (
        parts(session, note)
        | preparation(session)
        | {
            "offered": offered(),
            "note_form": note_form(note, needs_reason=needs_reason(chart, encounter)),
            "intention_form": forms.IntentionForm(
                initial={"text": session.agreed.text if session.agreed else ""}
            ),
            "went_form": forms.WentForm(
                initial={"outcome": session.before.outcome, "what_happened": session.before.what_happened}
                if session.before
                else None
            ),
            "is_author": note.author_id == chart.user.pk,
        }
    )


def preparation(session: Preparation) -> dict[str, Any]:
    """The two-minute view: before the session begins and on top of its page."""
    return {
        "session": session,
        "zone": session.zone,
        "lede": lede(session),
        "phases": phases(session),
        "mood": _mood(session),
        "check_in": _check_in(session),
        "use": _use(session),
        "gates": _gates(session),
        "risk": [(facts.risk_words(item.reason), item) for item in session.risk],
        "medication": current_medication(session.encounter.client, on=session.on),
        "due": [
            DueMeasure(id_, measure(id_).short_title, sheet, facts.total(sheet))
            for id_, sheet in session.measures
        ],
    }


def _gates(session: Preparation) -> list[Gate]:
    """Gates of the course that lack something now, without those that the lines above the figures say already. One query."""
    said = {"G08"} if session.review else set()
    said |= {"G09"} if session.waiting.plan_b_is_owed else set()
    return [
        gate for gate, _decision in standing(course_of(session.encounter.episode)) if gate.code not in said
    ]


def _signed(chart: Chart, note: ProgressNote) -> dict[str, Any]:
    session = prepare(note.encounter)
    return {
        "session": session,
        "zone": session.zone,
        "lede": lede(session),
        "phases": phases(session),
        **read_as(chart, assembled(note)),
        "unaltered": is_unaltered(note),
        "addenda": note.addenda.select_related("by").order_by("at", "pk"),
        "addendum_form": forms.AddendumForm(),
        "cosign_form": forms.CosignForm(),
        "may_add": access.may_add(chart.user, note, chart.client, on=chart.today).allowed,
        "may_cosign": note.state == State.AWAITING_COSIGN
        and access.may_cosign(chart.user, note, on=chart.today).allowed,
    }


def read_as(chart: Chart, parts: tuple[Section, ...]) -> dict[str, Any]:
    """A note as this person reads notes, and the readings they can choose."""
    read = read_by(chart.user, parts)
    return {"read": read, "readings": reading_choices(read)}


def needs_reason(chart: Chart, encounter: Encounter) -> bool:
    """Whether consent was missing at the session and is missing now, so that a note needs its reason."""
    times = (chart.at, encounter.starts_at)
    return not any(clinical_content(chart.client, at=at).allowed for at in times)


def note_form(note: ProgressNote, *, needs_reason: bool) -> forms.NoteForm:
    """The form of a draft, filled with what is saved."""
    emergency = needs_reason or bool(note.words.get(EMERGENCY))
    return forms.NoteForm(
        initial={**note.words, "revision": note.revision}, emergency=emergency, auto_id="id_%s"
    )


def lede(session: Preparation) -> str:
    """One line: which session, how many are left, when the course ends."""
    planned = session.encounter.episode.planned_sessions
    left = ngettext("%(count)s left", "%(count)s left", session.still_to_come) % {
        "count": in_words(session.still_to_come)
    }
    if session.is_beside:
        return " · ".join(
            [
                facts.beside(session),
                left,
                facts.ends(session.encounter.episode.ends_on),
            ]
        )
    said = [
        _("Meeting before session 1 of %(planned)s") % {"planned": planned}
        if session.is_before
        else _("Session %(slot)s of %(planned)s") % {"slot": session.slot, "planned": planned},
        left if session.still_to_come else _("the last one"),
        facts.ends(session.encounter.episode.ends_on),
        _(session.phase.title).lower(),
        *(facts.focus_words(one) for one in session.focus),
    ]
    return " · ".join(said)


def in_words(count: int) -> str:
    """Small numbers as words, as in running text."""
    words = (
        _("none"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"),
        _("ten"), _("eleven"), _("twelve"),
    )  # fmt: skip
    return words[count] if count < len(words) else str(count)


def phases(session: Preparation) -> list[Phase]:
    """The phases as the row of stitches wants them."""
    return [Phase(_(one.title), one.from_slot, one.to_slot) for one in session.plan.phases]


def _mood(session: Preparation) -> ScoreCard | None:
    sheets, known = session.sheets.get(MOOD, []), facts.scored(session, MOOD)
    if not sheets:
        return None
    first, threshold = (float(known[0].total or 0), rule(MOOD).threshold) if known else (0.0, 0.0)
    low, high = measure(MOOD).score_range
    points = [
        ScorePoint(
            label=str(sheet.slot or place),
            value=None if sheet.total is None else float(sheet.total),
            state="prorated" if sheet.state == "prorated" else "measured",
        )
        for place, sheet in enumerate(sheets, start=1)
    ]
    said = {
        "before": facts.total(known[-2]) if len(known) > 1 else "",
        "first": facts.total(known[0]) if known else "",
    }
    before = ""
    if len(known) == 2:
        before = _("first %(first)s") % said
    elif len(known) > 2:
        before = _("was %(before)s, first %(first)s") % said
    return ScoreCard(
        title=measure(MOOD).short_title,
        latest=sheets[-1],
        total=facts.total(sheets[-1]),
        is_today=session.given(MOOD) == sheets[-1],
        before=before,
        spark=sparkline(
            points,
            (low, high),
            Band(first - threshold, first + threshold) if known else None,
            measure(MOOD).short_title,
        ),
        sentence=facts.change(session),
    )


def _check_in(session: Preparation) -> ScoreCard | None:
    known = facts.scored(session, CHECK_IN)
    if not known:
        return None
    return ScoreCard(
        title=measure(CHECK_IN).title,
        latest=known[-1],
        total=facts.total(known[-1]),
        is_today=session.given(CHECK_IN) == known[-1],
        before=_("of 10, was %(before)s") % {"before": facts.total(known[-2])}
        if len(known) > 1
        else _("of 10"),
        spark="",
        sentence=_("Compare only with this person's own check-ins."),
    )


def _use(session: Preparation) -> dict[str, Any] | None:
    if not session.days:
        return None
    known = sum(day.state != "unknown" for day in session.days)
    return {
        "used": sum(day.state == "used" for day in session.days),
        "known": known,
        "before": _use_before(session),
        "days": session.days,
        "substances": ", ".join(session.substances),
    }


def _use_before(session: Preparation) -> str:
    """Use in the seven days before the session before, to compare with."""
    known = [day for day in session.days_before if day.state != "unknown"]
    if not known:
        return ""
    used = sum(day.state == "used" for day in known)
    return _("Before the last session %(used)s of %(known)s known.") % {"used": used, "known": len(known)}
