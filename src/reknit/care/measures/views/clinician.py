"""Pages for clinicians: what was given, giving it here, one sheet, correcting it, and making a link."""

import datetime as dt
import uuid

from django.contrib import messages
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from reknit.base.clock import local_date, start_of
from reknit.base.errors import Conflict, DomainError
from reknit.base.ui.answers import tell
from reknit.base.ui.qr import picture
from reknit.care.contact.queries import current_safe_contact
from reknit.care.measures import sitting
from reknit.care.measures.actions import (
    begin_sitting,
    correct_administration,
    make_link,
    record_administration,
)
from reknit.care.measures.forms import GivenForm, LinkForm, SheetForm, SittingForm, SlotForm
from reknit.care.measures.models import Administration
from reknit.care.measures.queries import (
    answers_in_words,
    corrected_by,
    courses_of_scores,
    findings,
    in_clinic_time,
    is_offered,
    links_of,
    offered,
    sheets_given,
    shown,
    subscales_in_words,
    wording_for,
)
from reknit.care.people.queries import zone
from reknit.care.programme.charts import Chart, open_chart
from reknit.care.programme.queries import course_of, this_site
from reknit.care.safety.queries import open_by_client
from reknit.core.measures import catalogue
from reknit.core.measures.definition import Measure
from reknit.core.programme.sets import set_state, sets_due, sets_open

PAGE = 25


def _measure_or_404(measure: str) -> Measure:
    if not is_offered(measure):
        raise Http404
    return catalogue.measure(measure)


@require_safe
def measure_list(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Scores over the course, what can be given now, links that still work, and every sheet."""
    chart = open_chart(request, client_id, page="measures")
    sheets = list(sheets_given(chart.client))
    page = Paginator([shown(sheet) for sheet in sheets], PAGE).get_page(request.GET.get("page"))
    context = chart.context(
        scores=courses_of_scores(sheets),
        measures=offered(),
        links=[(link, catalogue.measure(link.measure)) for link in links_of(chart.client, at=chart.at)],
        page=page,
        sets=sets_open(course_of(chart.episode), site=this_site()) if chart.episode else (),
        may_write=chart.may_write(),
        zone=zone(),
    )
    return render(request, "measures/clinician/list.html", context)


def _sheet_form(chart: Chart, measure: Measure, data: object = None, **options: object) -> SheetForm:
    wording = wording_for(measure.id, chart.client.language)
    return SheetForm(data, measure=measure, wording=wording, blank=_("Blank"), **options)  # type: ignore[arg-type]


def _sheet_page(
    request: HttpRequest, chart: Chart, form: SheetForm, *, status: int = 200, **more: object
) -> HttpResponse:
    context = chart.context(
        form=form,
        measure=form.measure,
        wording=wording_for(form.measure.id, chart.client.language),
        highest=max(option.value for option in form.measure.options),
        **more,
    )
    return render(request, "measures/clinician/sheet.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def administration_add(request: HttpRequest, client_id: uuid.UUID, measure: str) -> HttpResponse:
    """Give a measure here, or type in a paper sheet."""
    chart = open_chart(request, client_id, page="measures", write=True)
    chosen = _measure_or_404(measure)
    if request.method != "POST":
        form = _sheet_form(chart, chosen, initial={"key": uuid.uuid4()})
        given = GivenForm(
            initial={"mode": "session"} | {k: request.GET.get(k) for k in ("slot", "encounter")}
        )
        return _sheet_page(request, chart, form, given=given)
    form, given = _sheet_form(chart, chosen, request.POST), GivenForm(request.POST)
    if form.is_valid() and given.is_valid():
        try:
            sheet = _record(chart, form, given)
        except DomainError as refused:
            given.add_error("answered_on" if refused.field else None, refused.sentence)
        else:
            messages.info(request, _("%(measure)s is saved.") % {"measure": chosen.short_title})
            return redirect("measures:administration-show", chart.id, sheet.pk)
    return _sheet_page(request, chart, form, given=given, status=422)


def _record(chart: Chart, form: SheetForm, given: GivenForm) -> Administration:
    words = given.cleaned_data
    on_paper = words["mode"] == Administration.Mode.PAPER
    if not on_paper and words["answered_on"] not in {None, chart.today}:
        raise DomainError(
            _("Choose “On paper” for a sheet of another day, or leave the day empty."), field="answered_on"
        )
    return record_administration(
        by=chart.user,
        at=chart.at,
        client=chart.client,
        measure=form.measure.id,
        answers=form.answers,
        mode=words["mode"],
        episode=chart.episode,
        slot=words["slot"],
        encounter_id=words["encounter"],
        answered_at=_instant(words["answered_on"], chart) if on_paper else chart.at,
        key=form.cleaned_data["key"],
    )


def _instant(on: dt.date | None, chart: Chart) -> dt.datetime:
    """A sheet knows its day and not its hour: noon of that day, or now if it is today."""
    if on is None or on == local_date(chart.at, zone()):
        return chart.at
    return start_of(on, zone()) + dt.timedelta(hours=12)


@require_safe
def administration_show(
    request: HttpRequest, client_id: uuid.UUID, administration_id: uuid.UUID
) -> HttpResponse:
    """One sheet: answers, score and state, who wrote it down and by which version it was scored."""
    chart = open_chart(request, client_id, page="measures")
    rows = Administration.objects.select_related("recorded_by", "corrects")
    sheet = get_object_or_404(rows, pk=administration_id, client=chart.client)
    reasons = {finding.reason for finding in findings(sheet)}
    waiting = open_by_client([chart.id]).get(chart.id, [])
    context = chart.context(
        row=shown(sheet),
        answers=answers_in_words(sheet, chart.client.language),
        subscales=subscales_in_words(sheet),
        wording=wording_for(sheet.measure, chart.client.language),
        waiting=[item for item in waiting if item.reason in reasons],
        stands=corrected_by(sheet) if sheet.superseded_at else None,
        may_write=chart.may_write(),
        zone=zone(),
    )
    return render(request, "measures/clinician/show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def administration_correct(
    request: HttpRequest, client_id: uuid.UUID, administration_id: uuid.UUID
) -> HttpResponse:
    """Type a sheet again that was written down wrongly; the old one is kept."""
    chart = open_chart(request, client_id, page="measures", write=True)
    old = get_object_or_404(Administration, pk=administration_id, client=chart.client)
    chosen = _measure_or_404(old.measure)
    initial = {"key": uuid.uuid4(), **SheetForm.initial_for(old.answers)}
    form = _sheet_form(chart, chosen, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            new = correct_administration(by=chart.user, at=chart.at, administration=old, answers=form.answers)
        except Conflict as taken:
            messages.info(request, taken.sentence)
            return redirect("measures:administration-show", chart.id, (taken.theirs or old).pk)
        except DomainError as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.info(request, _("The sheet now stands as shown below."))
            return redirect("measures:administration-show", chart.id, new.pk)
    status = 422 if request.method == "POST" else 200
    return _sheet_page(request, chart, form, corrects=old, status=status)


def _due(chart: Chart, slot: int | None) -> dict[str, int]:
    """The questionnaires still to give at a session, each with its slot: at the one asked for, else at the next."""
    if chart.episode is None:
        return {}
    course, here = course_of(chart.episode), this_site()
    sets = (
        sets_open(course, site=here)
        if slot is None
        else [set_state(course, one, slot, site=here) for one in sets_due(course.template, slot)]
    )
    found: dict[str, int] = {}
    for one in sets:
        for row in one.open:
            if row.item.kind == "measure":
                found.setdefault(row.item.id, one.slot)
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sitting_begin(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Choose what the client fills in on this device. Whoever begins is signed out here: no way leads back to a chart."""
    chart = open_chart(request, client_id, page="measures", write=True)
    asked = SlotForm(request.POST if request.method == "POST" else request.GET)
    slots = _due(chart, asked.cleaned_data["slot"] if asked.is_valid() else None)
    order = {measure: place for place, measure in enumerate(slots)}  # the protocol's own
    due_first = sorted(offered(), key=lambda one: order.get(one.id, len(order)))
    form = SittingForm(
        request.POST if request.method == "POST" else None,
        choices=[(one.id, one.short_title) for one in due_first],
        initial={"measures": list(slots), "slot": request.GET.get("slot")},
    )
    if form.is_valid():
        try:
            secrets = begin_sitting(
                by=chart.user, at=chart.at, client=chart.client, measures=form.cleaned_data["measures"],
                episode=chart.episode, slots=slots,
            )  # fmt: skip
        except DomainError as refused:
            tell(form, refused)
        else:
            logout(request)
            response = redirect("measures:form-fill", secrets[0])
            sitting.begin(response, secrets)
            response["Clear-Site-Data"] = '"cache"'
            return response
    waiting = links_of(chart.client, at=chart.at)
    context = chart.context(
        form=form, waiting=[catalogue.measure(one.measure).short_title for one in waiting]
    )
    return render(
        request, "measures/clinician/sitting.html", context, status=422 if request.method == "POST" else 200
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link_make(request: HttpRequest, client_id: uuid.UUID, measure: str) -> HttpResponse:
    """Make a link. Its address is shown in the answer to the POST and can never be shown again: only a
    fingerprint is kept. Sending the page twice therefore makes a newer link, and that one is the one shown.
    """
    chart = open_chart(request, client_id, page="measures", write=True)
    chosen = _measure_or_404(measure)
    form = LinkForm(request.POST or None, initial={"slot": request.GET.get("slot")})
    context = chart.context(
        form=form, measure=chosen, contact=current_safe_contact(chart.client), zone=zone()
    )
    if request.method != "POST":
        context["older"] = [link for link in links_of(chart.client, at=chart.at) if link.measure == chosen.id]
        return render(request, "measures/clinician/link.html", context)
    if form.is_valid():
        given = form.cleaned_data
        try:
            link, secret = make_link(
                by=chart.user,
                at=chart.at,
                client=chart.client,
                measure=chosen.id,
                episode=chart.episode,
                slot=given["slot"],
                hours=given["hours"],
            )
        except DomainError as refused:
            form.add_error(refused.field, refused.sentence)
        else:
            address = request.build_absolute_uri(reverse("measures:form-fill", args=[secret]))
            until = in_clinic_time(link.expires_at)
            context |= {"link": link, "address": address, "until": until, "code": picture(address)}
            return render(request, "measures/clinician/link_made.html", context)
    return render(request, "measures/clinician/link.html", context, status=422)
