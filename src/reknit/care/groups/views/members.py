"""Places: asked for from a chart, started after the meeting before the group, with goals, meetings alone and an end."""

import datetime as dt
import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reknit.base.audit.record import record_read
from reknit.base.errors import Conflict, DomainError
from reknit.base.ui.answers import is_saved, tell
from reknit.care.encounters.times import instant
from reknit.care.groups import actions, forms
from reknit.care.groups.access import may_ask_for_place, may_facilitate
from reknit.care.groups.models import GroupRun, MeetingAlone, Member
from reknit.care.groups.queries.alone import forms_for
from reknit.care.groups.queries.before import meeting_before
from reknit.care.groups.queries.runs import day_of, next_session, offered_to, sessions_of
from reknit.care.people.access import may_read_chart
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.charts import open_chart

from .opening import Opened, goes_on_from, member_or_404, open_run, person


@require_http_methods(["GET", "POST"])
def place_ask(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """The groups that meet here, and a place for this client. Who is in a group is not shown.

    Intake, which puts the first care team together, asks for a place here without opening the chart.
    """
    user, at, today = person(request)
    client = get_object_or_404(Client.objects.select_related("programme"), pk=client_id)
    opens_chart = may_read_chart(user, client, on=today).allowed
    may_ask = may_ask_for_place(user, client, on=today)
    if not opens_chart and not may_ask:
        raise Http404
    may_ask.or_refuse()
    refused, status = "", 200
    if request.method == "POST":
        run = get_object_or_404(GroupRun, pk=_key(request.POST.get("run")))
        try:
            member = actions.ask_for_place(by=user, at=at, run=run, client=client)
        except DomainError as error:
            refused, status = error.sentence, 422
        else:
            messages.info(request, _("The place is kept. The meeting before the group comes next."))
            if may_facilitate(user, run, on=today):  # where that meeting is begun or booked
                return redirect("groups:member-show", run.pk, member.pk)
            return redirect("groups:place-ask", client_id)
    context: dict[str, object] = {"offered": offered_to(client, on=today), "refused": refused}
    if opens_chart:
        chart = open_chart(request, client_id, page="care")
        return render(request, "groups/clinician/place_ask.html", chart.context(**context), status=status)
    record_read("group places", by=user, at=at, client=client)
    context["client"] = client
    return render(request, "groups/clinician/place_ask_intake.html", context, status=status)


def _key(value: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(value or "")
    except ValueError:
        return None


@require_http_methods(["GET", "POST"])
def member_show(request: HttpRequest, run_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """One member: what waits before they start, goals, meetings alone. Sending it saves focus and goals."""
    opened = open_run(request, run_id, page="run", write=request.method == "POST")
    member = member_or_404(opened, member_id)
    may_read_chart(opened.user, member.client, on=opened.today).or_refuse()
    form, theirs = (
        forms.GoalsForm(request.POST if request.method == "POST" else None, initial=_goals(member)),
        None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_goals(by=opened.user, at=opened.at, member=member, **form.cleaned_data)
        except Conflict as error:
            theirs = error.theirs
            form.add_error(None, error.sentence)
            goes_on_from(form, theirs.revision)
        except DomainError as error:
            tell(form, error)
        else:
            messages.info(request, _("Goals are saved."))
            return redirect("groups:member-show", run_id, member_id)
    status = 422 if request.method == "POST" else 200
    return _page(request, opened, member, status=status, goals_form=form, theirs=theirs)


def _goals(member: Member) -> dict[str, object]:
    return {
        "revision": member.revision,
        "focus": member.focus,
        "shared_goals": member.shared_goals,
        "private_goals": member.private_goals,
    }


def _page(
    request: HttpRequest, opened: Opened, member: Member, *, status: int = 200, **bound: object
) -> HttpResponse:
    sessions = sessions_of(opened.run)
    following = next_session(sessions, at=opened.at)
    starts = max(opened.today, day_of(following)) if following else opened.today
    meetings = list(member.meetings.select_related("appointment", "encounter__note").order_by("due_on", "pk"))
    context = {
        "member": member,
        "before": meeting_before(member),
        "meetings": [(one, forms_for(opened.run, one)) for one in meetings],
        "goals_form": forms.GoalsForm(initial=_goals(member)),
        "start_form": forms.StartForm(initial={"starts_on": starts}),
        "end_form": forms.EndForm(initial={"ends_on": opened.today}),
        "book_form": forms.MeetingForm(
            initial={"on": opened.today, "time": dt.time(16, 0), "minutes": 50, "key": uuid.uuid4()}
        ),
        **bound,
    }
    return render(request, "groups/clinician/member_show.html", opened.context(**context), status=status)


@require_POST
def member_start(request: HttpRequest, run_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """Take a member in from a day on."""
    opened = open_run(request, run_id, page="run", write=True)
    member = member_or_404(opened, member_id)
    form = forms.StartForm(request.POST)
    if is_saved(
        form, lambda: actions.start_member(by=opened.user, at=opened.at, member=member, **form.cleaned_data)
    ):
        messages.info(request, _("They are in the group from that day on."))
        return redirect("groups:run-show", run_id)
    member.refresh_from_db()
    return _page(request, opened, member, status=422, start_form=form)


@require_POST
def member_end(request: HttpRequest, run_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """End a place."""
    opened = open_run(request, run_id, page="run", write=True)
    member = member_or_404(opened, member_id)
    form = forms.EndForm(request.POST)
    if is_saved(
        form, lambda: actions.end_place(by=opened.user, at=opened.at, member=member, **form.cleaned_data)
    ):
        messages.info(request, _("The place has ended."))
        return redirect("groups:run-show", run_id)
    member.refresh_from_db()
    return _page(request, opened, member, status=422, end_form=form)


def _meeting(opened: Opened, member_id: uuid.UUID, meeting_id: uuid.UUID) -> MeetingAlone:
    member = member_or_404(opened, member_id)
    rows = MeetingAlone.objects.select_related("appointment")
    meeting: MeetingAlone = get_object_or_404(rows, member=member, pk=meeting_id)
    meeting.member = member
    return meeting


@require_POST
def meeting_book(
    request: HttpRequest, run_id: uuid.UUID, member_id: uuid.UUID, meeting_id: uuid.UUID
) -> HttpResponse:
    """Put a meeting alone into one's own diary."""
    opened = open_run(request, run_id, page="run", write=True)
    meeting = _meeting(opened, member_id, meeting_id)
    form = forms.MeetingForm(request.POST)

    def save() -> None:
        said = form.cleaned_data
        actions.book_meeting(
            by=opened.user, at=opened.at, meeting=meeting, minutes=said["minutes"], key=said["key"],
            starts_at=instant(said["on"], said["time"], zone()),
        )  # fmt: skip

    if is_saved(form, save):
        messages.info(request, _("The meeting is booked."))
        return redirect("groups:member-show", run_id, member_id)
    return _page(request, opened, meeting.member, status=422, book_form=form, booking=meeting.pk)


@require_POST
def meeting_hold(
    request: HttpRequest, run_id: uuid.UUID, member_id: uuid.UUID, meeting_id: uuid.UUID
) -> HttpResponse:
    """Begin a meeting alone; its session opens in the member's chart."""
    opened = open_run(request, run_id, page="run", write=True)
    meeting = _meeting(opened, member_id, meeting_id)
    try:
        held = actions.hold_meeting(by=opened.user, at=opened.at, meeting=meeting)
    except DomainError as error:
        messages.warning(request, error.sentence)
        return redirect("groups:member-show", run_id, member_id)
    return redirect("encounters:session-show", meeting.member.client_id, held.encounter_id)
