"""Returns to use, tests and cravings of one client, for the care team; a supervisor reads them."""

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reknit.base.errors import Conflict, DomainError
from reknit.care.people.queries import zone
from reknit.care.programme.charts import Chart, open_chart
from reknit.care.substance_use import actions, pages, queries
from reknit.care.substance_use.days import label
from reknit.care.substance_use.forms import (
    TOLD,
    CravingForm,
    LapseRuleForm,
    NewReportForm,
    ReportForm,
    RevisionForm,
    TestForm,
    keys,
)
from reknit.care.substance_use.models import Company, TestResult, UseEpisode
from reknit.core.substance_use.lapse import DEFAULT_RULE

PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
def use_report(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Write down a return to use that was told."""
    chart = open_chart(request, client_id, page="use", write=True)
    form = NewReportForm(
        request.POST or None, initial={"key": uuid.uuid4(), "starts_on": chart.today}, **offered(chart)
    )
    if request.method == "POST" and form.is_valid():
        try:
            found = actions.report_use_episode(
                by=chart.user,
                at=chart.at,
                client=chart.client,
                key=form.cleaned_data["key"],
                reported_by=form.cleaned_data["reported_by"],
                **form.said,
            )
        except DomainError as refused:
            refuse(form, refused)
        else:
            messages.info(request, said_of(found))
            return redirect("substance_use:report-show", client_id, found.use_episode.pk)
    context = chart.context(form=form)
    status = 422 if form.errors else 200
    return render(request, "substance_use/clinician/use_report.html", context, status=status)


@require_safe
def report_list(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Every return to use that was told, latest first, with those no session has gone through yet marked."""
    chart = open_chart(request, client_id, page="use")
    page = Paginator(queries.use_episodes(chart.client), PAGE).get_page(request.GET.get("page"))
    reviewed = queries.reviewed_keys(chart.episode) if chart.episode else set()
    rows = [
        (one, [label(code) for code in one.substances], str(one.pk) in reviewed) for one in page.object_list
    ]
    context = chart.context(page=page, rows=rows, may_write=chart.may_write())
    return render(request, "substance_use/clinician/report_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report_show(request: HttpRequest, client_id: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """One report; the care team adds to it, and what stood before is kept."""
    writes = request.method == "POST"
    chart = open_chart(request, client_id, page="use", write=writes)
    use_episode = get_object_or_404(queries.use_episodes(chart.client), pk=key)
    form = RevisionForm(
        request.POST if writes else None, initial=initial_of(use_episode), **offered(chart, use_episode)
    )
    if writes and form.is_valid():
        try:
            found = actions.change_use_episode(
                by=chart.user,
                at=chart.at,
                use_episode=use_episode,
                revision=form.cleaned_data["revision"],
                **form.said,
            )
        except Conflict as taken:
            form.add_error(None, taken.sentence)
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["revision"] = str(use_episode.revision)  # type: ignore[index]
        except DomainError as refused:
            refuse(form, refused)
        else:
            messages.info(request, said_of(found))
            return redirect("substance_use:report-show", client_id, key)
    aliases = {str(one.pk): one.alias for one in queries.circle_of(chart.client)}
    versions = use_episode.versions.select_related("replaced_by").order_by("-revision")
    items, is_reviewed = queries.follows(use_episode)
    context = chart.context(
        form=form,
        one=use_episode,
        lines=lines_of(queries.said_by(use_episode), aliases),
        versions=[(version, lines_of(version.said, aliases)) for version in versions],
        may_write=chart.may_write(),
        items=items,
        is_reviewed=is_reviewed,
    )
    status = 422 if form.errors else 200
    return render(request, "substance_use/clinician/report_show.html", context, status=status)


@require_POST
def report_take_back(request: HttpRequest, client_id: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """Take back a report made by mistake."""
    chart = open_chart(request, client_id, page="use", write=True)
    use_episode = get_object_or_404(UseEpisode, client=chart.client, pk=key)
    try:
        actions.take_back_use_episode(by=chart.user, at=chart.at, use_episode=use_episode)
    except DomainError as refused:
        messages.info(request, refused.sentence)
    else:
        messages.info(request, _("Taken back. Days that it filled in stay: put them right on the calendar."))
    return redirect("substance_use:report-list", client_id)


@require_http_methods(["GET", "HEAD", "POST"])
def test_list(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Results beside the days told, and a form for one more."""
    writes = request.method == "POST"
    chart = open_chart(request, client_id, page="use", write=writes)
    codes = [one.substance for one in queries.ever_monitored(chart.client)]
    initial = {"key": uuid.uuid4(), "taken_on": chart.today}
    form = TestForm(request.POST if writes else None, initial=initial, codes=codes)
    if writes and form.is_valid() and _save_test(chart, form):
        messages.info(request, _("Saved. No day was changed."))
        return redirect("substance_use:test-list", client_id)
    page = Paginator(queries.results_of_tests(chart.client), PAGE).get_page(request.GET.get("page"))
    rows = queries.beside_days(chart.client, list(page.object_list))
    context = chart.context(
        form=form,
        page=page,
        rows=[(row, pages.fit_words(row.comparison.fit)) for row in rows],
        may_write=chart.may_write(),
    )
    status = 422 if form.errors else 200
    return render(request, "substance_use/clinician/test_list.html", context, status=status)


test_list.__test__ = False  # type: ignore[attr-defined]  # a list of tests, and no test


def _save_test(chart: Chart, form: TestForm) -> bool:
    given = dict(form.cleaned_data)
    on, time = given.pop("taken_on"), given.pop("taken_time")
    here = zoneinfo.ZoneInfo(zone())
    # A test of today without a time was taken by now; of another day, at noon.
    taken_at = dt.datetime.combine(on, time or dt.time(12), here)
    if time is None and on == chart.today:
        taken_at = min(taken_at, chart.at)
    try:
        actions.record_test_result(
            by=chart.user, at=chart.at, client=chart.client, taken_at=taken_at, **given
        )
    except DomainError as refused:
        field = "taken_on" if refused.field == "taken_at" else refused.field
        form.add_error(field if field in form.fields else None, refused.sentence)
        return False
    return True


@require_POST
def test_take_back(request: HttpRequest, client_id: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """Take back a result entered by mistake."""
    chart = open_chart(request, client_id, page="use", write=True)
    test = get_object_or_404(TestResult, client=chart.client, pk=key)
    try:
        actions.take_back_test_result(by=chart.user, at=chart.at, test=test)
    except DomainError as refused:
        messages.info(request, refused.sentence)
    else:
        messages.info(request, _("Taken back."))
    return redirect("substance_use:test-list", client_id)


test_take_back.__test__ = False  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def craving_list(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Cravings told, latest first, and a form for one more."""
    writes = request.method == "POST"
    chart = open_chart(request, client_id, page="use", write=writes)
    people = queries.circle_of(chart.client)
    form = CravingForm(request.POST if writes else None, initial={"key": uuid.uuid4()}, people=people)
    if writes and form.is_valid():
        given = dict(form.cleaned_data)
        given["with_people"] = keys(given.get("with_people", ()))
        try:
            actions.record_craving(by=chart.user, at=chart.at, client=chart.client, **given)
        except DomainError as refused:
            refuse(form, refused)
        else:
            messages.info(request, _("Saved."))
            return redirect("substance_use:craving-list", client_id)
    page = Paginator(queries.cravings(chart.client), PAGE).get_page(request.GET.get("page"))
    context = chart.context(form=form, page=page, may_write=chart.may_write())
    status = 422 if form.errors else 200
    return render(request, "substance_use/clinician/craving_list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def rule_change(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Settle where regular use begins for this client."""
    chart = open_chart(request, client_id, page="use", write=True)
    rule = queries.lapse_rule(chart.client)
    initial = {"window_days": rule.window_days, "regular_from": rule.regular_from}
    form = LapseRuleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_lapse_rule(by=chart.user, at=chart.at, client=chart.client, **form.cleaned_data)
        except DomainError as refused:
            refuse(form, refused)
        else:
            return redirect("substance_use:calendar-show", client_id)
    context = chart.context(form=form, default=DEFAULT_RULE)
    status = 422 if form.errors else 200
    return render(request, "substance_use/clinician/rule_change.html", context, status=status)


def offered(chart: Chart, use_episode: UseEpisode | None = None) -> dict[str, Any]:
    """What a report can choose from: substances asked about or already told, and people of the circle."""
    asked = [one.substance for one in queries.ever_monitored(chart.client)]
    told = [code for code in (use_episode.substances if use_episode else []) if code not in asked]
    return {"codes": asked + told, "people": queries.circle_of(chart.client)}


def initial_of(use_episode: UseEpisode) -> dict[str, Any]:
    """A report as its form shows it."""
    values = {name: getattr(use_episode, name) for name in TOLD}
    for name in ("intended", "overdose_signs"):
        values[name] = {True: "yes", False: "no", None: ""}[values[name]]
    people = [str(one.pk) for one in use_episode.with_people.all()]
    return {**values, "with_people": people, "revision": use_episode.revision}


def lines_of(said: Mapping[str, Any], aliases: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """What a report says, line by line for a reader, and whether a line is somebody's words. What was not told is
    left out, and so is the first day, which is its heading."""
    yes_no = {True: _("Yes"), False: _("No")}
    own = {name: str(ReportForm.base_fields[name].label) for name in TOLD}
    people = ", ".join(aliases[key] for key in said["with_people"] if key in aliases)
    last = said["ends_on"]
    found = [
        (own["ends_on"], date_format(dt.date.fromisoformat(last), "j F Y") if last else "", False),
        (own["substances"], ", ".join(label(code) for code in said["substances"]), False),
        (own["company"], str(Company(said["company"]).label) if said["company"] else "", False),
        (_("With whom"), people, False),
        (own["intended"], yes_no.get(said["intended"], ""), False),
        (own["overdose_signs"], yes_no.get(said["overdose_signs"], ""), False),
    ]
    words = ("place", "trigger", "stopped_by", "told_whom", "after_effects", "learned")
    found += [(own[name], said[name], True) for name in words]
    return [line for line in found if line[1]]


def said_of(found: actions.Reported) -> str:
    """What a report came to, and what it left alone."""
    said = [_("Saved.")]
    if found.filled:
        said.append(
            ngettext("%(n)s day filled in.", "%(n)s days filled in.", found.filled) % {"n": found.filled}
        )
    if found.contradicting:
        days = ", ".join(f"{label(code)} {date_format(on, 'j F')}" for code, on in found.contradicting[:5])
        said.append(
            _(
                "Told before as without use, and left so: %(days)s. Ask, and change it on the calendar if need be."
            )
            % {"days": days}
        )
    if found.not_asked:
        names = ", ".join(label(code) for code in found.not_asked)
        said.append(_("Not asked about, so not on the calendar: %(names)s.") % {"names": names})
    if found.tolerance_lost:
        said.append(_("Days without use came before: the tasks about lost tolerance are open."))
    return " ".join(said)


def refuse(form: Any, refused: DomainError) -> None:
    """A refusal stands under its field."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
