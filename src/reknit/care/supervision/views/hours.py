"""The agenda, the hour, and hours as they are logged."""

import csv
import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reknit.base.accounts.models import User
from reknit.base.audit.record import record_read
from reknit.base.ui.answers import is_done, is_saved
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode
from reknit.care.supervision import access, actions, forms
from reknit.care.supervision.models import Decision, HourCase, SupervisionHour
from reknit.care.supervision.queries import hours as reads
from reknit.care.supervision.queries.agenda import agenda, open_decisions, raised_courses, seen_in
from reknit.care.supervision.queries.approvals import own_requests, what
from reknit.care.supervision.queries.mine import own_courses
from reknit.care.supervision.queries.ratings import to_rate_for

from .common import Visit, page, somebody, visit

WEEK = dt.timedelta(days=7)
ROWS = 50


@require_GET
def agenda_show(request: HttpRequest) -> HttpResponse:
    """What each supervisee's courses raise, and what waits."""
    here = visit(request)
    access.may_work_as_supervisor(here.user).or_refuse()
    found = agenda(here.user, on=here.today, at=here.at)
    record_read(
        "supervision agenda", by=here.user, at=here.at, client=None,
        courses=sum(len(one.courses) for one in found.people),
    )  # fmt: skip
    second = to_rate_for(here.user)
    return page(
        request, "agenda", agenda=found, seen=found.seen, today=here.today, to_rate=list(second[:ROWS])
    )


@require_GET
def mine_show(request: HttpRequest) -> HttpResponse:
    """One's own supervision: what was decided, what is to be rated, what was asked for, and the hours."""
    here = visit(request)
    access.may_have_supervision(here.user).or_refuse()
    record_read("own supervision", by=here.user, at=here.at, client=None)
    requests = Paginator(own_requests(here.user, on=here.today), ROWS).get_page(1)
    decisions = reads.decisions_about(here.user)
    return page(
        request,
        "mine",
        person=here.user,
        today=here.today,
        decisions=decisions,
        seen=seen_in(decisions, here.user, on=here.today),
        to_rate=list(to_rate_for(here.user)[:ROWS]),
        requests=[(one, what(one)) for one in requests],
        courses=own_courses(here.user, on=here.today),
        minutes=reads.minutes_of(here.user),
        done_form=forms.DoneForm(),
    )


@require_http_methods(["GET", "POST"])
def hour_begin(request: HttpRequest) -> HttpResponse:
    """With whom, when and how long; then the hour opens with its agenda."""
    here = visit(request)
    access.may_work_as_supervisor(here.user).or_refuse()
    people = list(access.supervisees_of(here.user, on=here.today))
    chosen = [str(one.pk) for one in people if str(one.pk) in request.GET.getlist("with")]
    form = forms.BeginForm(
        request.POST or None,
        people={"supervisees": people},
        initial={"on": here.today, "supervisees": chosen, "key": uuid.uuid4()},
    )

    def begin() -> None:
        said = form.cleaned_data
        actions.begin_hour(
            by=here.user, at=here.at, key=said["key"], supervisees=form.chosen(), on=said["on"],
            minutes=said["minutes"],
        )  # fmt: skip

    if is_saved(form, begin):
        return redirect("supervision:hour-show", form.cleaned_data["key"])
    return page(request, "hour_begin", form, form=form, people=people)


def find_hour(
    request: HttpRequest, hour_id: uuid.UUID, *, write: bool = False
) -> tuple[Visit, SupervisionHour]:
    """An hour this person may read, or write in; anything else is not found."""
    here = visit(request)
    hour = get_object_or_404(SupervisionHour.objects.select_related("supervisor"), pk=hour_id)
    access.may_read_hour(here.user, hour).or_refuse()
    if write:
        access.may_write_hour(here.user, hour).or_refuse()
    return here, hour


@require_http_methods(["GET", "POST"])
def hour_show(request: HttpRequest, hour_id: uuid.UUID) -> HttpResponse:
    """The hour: its agenda and what is written while it is a draft, what was written afterwards."""
    here, hour = find_hour(request, hour_id, write=request.method == "POST")
    form = forms.HourForm(
        request.POST or None,
        initial={
            "on": hour.on,
            "minutes": hour.minutes,
            "own_notes": hour.own_notes,
            "revision": hour.revision,
        },
    )

    def save() -> None:
        actions.save_hour(by=here.user, at=here.at, hour=hour, **form.cleaned_data)

    if is_saved(form, save):
        messages.info(request, _("Kept."))
        return redirect("supervision:hour-show", hour.pk)
    return _hour_page(request, here, hour, form, _decision_form(here, hour, None))


@require_POST
def decision_add(request: HttpRequest, hour_id: uuid.UUID) -> HttpResponse:
    """Write down what was decided."""
    here, hour = find_hour(request, hour_id, write=True)
    form = _decision_form(here, hour, request.POST)

    def add() -> None:
        about, _slash, case_id = form.cleaned_data["about"].partition("/")
        actions.add_decision(
            by=here.user,
            at=here.at,
            hour=hour,
            key=form.cleaned_data["key"],
            supervisee=User.objects.get(pk=about),
            words=form.cleaned_data["words"],
            owner=form.person("owner"),
            due_on=form.cleaned_data["due_on"],
            case=HourCase.objects.get(pk=case_id) if case_id else None,
        )

    if is_saved(form, add):
        messages.info(request, _("Written down. It comes back on the next agenda until it is done."))
        return redirect("supervision:hour-show", hour.pk)
    initial = {"on": hour.on, "minutes": hour.minutes, "own_notes": hour.own_notes, "revision": hour.revision}
    return _hour_page(request, here, hour, forms.HourForm(initial=initial), form)


def _decision_form(here: Visit, hour: SupervisionHour, sent: Any) -> forms.DecisionForm:
    shown = reads.hour_as_read(here.user, hour, on=here.today)
    about = [(str(one.pk), one.name) for one in shown.members]
    for one in shown.cases:
        name = one.client.name if one.client else _("a client")
        about.append((f"{one.case.supervisee_id}/{one.case.pk}", f"{one.case.supervisee.name}, {name}"))
    people = [*shown.members, here.user]
    initial = {"key": uuid.uuid4(), "due_on": here.today + WEEK}
    return forms.DecisionForm(sent, about=about, people={"owner": people}, initial=initial)


def _hour_page(
    request: HttpRequest, here: Visit, hour: SupervisionHour, form: forms.HourForm, decide: forms.DecisionForm
) -> HttpResponse:
    shown = reads.hour_as_read(here.user, hour, on=here.today)
    is_draft = hour.state == SupervisionHour.State.DRAFT
    keys = [one.pk for one in shown.members]
    record_read("supervision hour", by=here.user, at=here.at, client=None, hour=str(hour.pk))
    earlier = open_decisions(keys) if is_draft else []
    context = {
        "agenda": agenda(here.user, on=here.today, at=here.at, only=keys) if is_draft else None,
        "earlier": earlier,
        "seen": seen_in(earlier, here.user, on=here.today),
        "talked": {one.case.episode_id for one in shown.cases},
        "done_form": forms.DoneForm(),
    }
    return page(
        request, "hour_show", form, decide, hour=hour, shown=shown, is_draft=is_draft, form=form,
        decide=decide, today=here.today, person=here.user, **context,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def hour_case(request: HttpRequest, hour_id: uuid.UUID, episode_id: uuid.UUID) -> HttpResponse:
    """What was said about one course and advised."""
    here, hour = find_hour(request, hour_id, write=True)
    seen = Client.objects.visible_to(here.user, on=here.today)
    episode = get_object_or_404(Episode.objects.select_related("client"), pk=episode_id, client__in=seen)
    case = HourCase.objects.filter(hour=hour, episode=episode).first()
    kept = {"discussed": case.discussed, "advice": case.advice, "revision": case.revision} if case else {}
    form = forms.CaseForm(request.POST or None, initial=kept or {"revision": 0})

    def save() -> None:
        actions.save_case(by=here.user, at=here.at, hour=hour, episode=episode, **form.cleaned_data)

    if is_saved(form, save):
        messages.info(request, _("Kept."))
        return redirect("supervision:hour-show", hour.pk)
    if request.method == "GET":
        record_read("supervision case", by=here.user, at=here.at, client=episode.client)
    raised = raised_courses([episode], today=here.today).get(episode.pk)
    return page(request, "hour_case", form, hour=hour, client=episode.client, raised=raised, form=form)


@require_POST
def hour_sign(request: HttpRequest, hour_id: uuid.UUID) -> HttpResponse:
    """Sign the hour."""
    here, hour = find_hour(request, hour_id, write=True)
    is_done(
        request,
        lambda: actions.sign_hour(by=here.user, at=here.at, hour=hour),
        _("Signed. The hour counts for everybody in it."),
    )
    return redirect("supervision:hour-show", hour.pk)


@require_POST
def hour_discard(request: HttpRequest, hour_id: uuid.UUID) -> HttpResponse:
    """Throw a draft away."""
    here, hour = find_hour(request, hour_id, write=True)
    if is_done(
        request, lambda: actions.discard_hour(by=here.user, at=here.at, hour=hour), _("The draft is gone.")
    ):
        return redirect("supervision:agenda-show")
    return redirect("supervision:hour-show", hour.pk)


def find_decision(request: HttpRequest, decision_id: uuid.UUID) -> tuple[Visit, Decision]:
    """A decision of an hour this person may read."""
    here = visit(request)
    decision = get_object_or_404(
        Decision.objects.select_related("hour", "owner", "supervisee"), pk=decision_id
    )
    own = here.user.reads_charts and here.user.pk in (decision.owner_id, decision.supervisee_id)
    if not own and not access.supervises(here.user, decision.supervisee, on=here.today):
        access.may_read_hour(here.user, decision.hour).or_refuse()
    return here, decision


@require_POST
def decision_done(request: HttpRequest, decision_id: uuid.UUID) -> HttpResponse:
    """Say that it is done."""
    here, decision = find_decision(request, decision_id)
    form = forms.DoneForm(request.POST)
    said = form.cleaned_data["words"] if form.is_valid() else ""
    if form.errors:
        messages.warning(request, _("Write it in at most 400 characters."))
    else:
        is_done(
            request,
            lambda: actions.finish_decision(by=here.user, at=here.at, decision=decision, words=said),
            _("Done. It leaves the agenda."),
        )
    return redirect(
        "supervision:mine" if here.user.pk != decision.hour.supervisor_id else "supervision:agenda-show"
    )


@require_POST
def decision_remove(request: HttpRequest, decision_id: uuid.UUID) -> HttpResponse:
    """Take a decision out of a draft."""
    here, decision = find_decision(request, decision_id)
    access.may_write_hour(here.user, decision.hour).or_refuse()
    hour_id = decision.hour_id
    is_done(
        request, lambda: actions.remove_decision(by=here.user, at=here.at, decision=decision), _("Taken out.")
    )
    return redirect("supervision:hour-show", hour_id)


@require_GET
def person_hours(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Every signed hour in one person's file."""
    here, person = somebody(request, person_id)
    rows = Paginator(reads.signed_hours(person), ROWS).get_page(request.GET.get("page"))
    record_read("supervision hours", by=here.user, at=here.at, client=None)
    drafts = list(reads.drafts_of(person)) if person.pk == here.user.pk else []
    return page(
        request, "person_hours", person=person, page=rows, lines=reads.lines_of(person, list(rows)),
        minutes=reads.minutes_of(person), drafts=drafts, is_own=person.pk == here.user.pk, user_id=here.user.pk,
    )  # fmt: skip


@require_GET
def person_hours_file(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """The hours as a table for a body that certifies. It names no client."""
    here, person = somebody(request, person_id)
    record_read("supervision hours file", by=here.user, at=here.at, client=None)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="supervision-hours.csv"'
    table = csv.writer(answer)
    table.writerow(["date", "minutes", "part", "format", "people", "supervisor", "signed"])
    for one in reads.lines_of(person, list(reads.signed_hours(person))):
        name = one.hour.supervisor.name
        safe = f"'{name}" if name[:1] in "=+-@\t\r" else name  # a spreadsheet would take it for a formula
        signed = one.hour.signed_at.date().isoformat() if one.hour.signed_at else ""
        kind = "group" if one.people > 1 else "individual"
        table.writerow([one.hour.on.isoformat(), one.hour.minutes, one.part, kind, one.people, safe, signed])
    return answer
