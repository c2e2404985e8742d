"""The protocol pages: read for everybody who works by one, written by directors, answered by a second person."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reknit.base.accounts.models import User
from reknit.base.clock import now
from reknit.base.errors import DomainError
from reknit.care.programme.access import (
    may_answer_protocol,
    may_read_protocol,
    may_read_protocols,
    may_write_protocols,
)
from reknit.care.programme.actions import protocols as actions
from reknit.care.programme.forms.protocols import (
    PARTS,
    CopyForm,
    Part,
    ProtocolAnswerForm,
    SetForm,
    TaskForm,
    WithdrawForm,
)
from reknit.care.programme.models import ProtocolVersion
from reknit.care.programme.protocol_page import (
    Version,
    find_version,
    plan_of_version,
    protocol_map,
    told_changes,
    versions_for,
)
from reknit.core.errors import BadInput
from reknit.core.programme import editing
from reknit.core.programme.kept import why_task_stays

State = ProtocolVersion.State


def reader(request: HttpRequest) -> User:
    """Whoever reads protocols; anybody else gets the calm refusal."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    may_read_protocols(user).or_refuse()
    return user


def opened(request: HttpRequest, code: str, version: str) -> tuple[User, Version]:
    """A version this person may read; a draft that is not theirs is not found."""
    user, found = reader(request), find_version(code, version)
    if found is None or not may_read_protocol(user, found.row):
        raise Http404
    return user, found


def own(request: HttpRequest, code: str, version: str) -> tuple[User, Version, ProtocolVersion]:
    """A version of the clinic's own, for a director."""
    user, found = opened(request, code, version)
    may_write_protocols(user).or_refuse()
    if found.row is None:
        raise Http404
    return user, found, found.row


def page(
    request: HttpRequest, name: str, version: Version | None, *, status: int = 200, **more: Any
) -> HttpResponse:
    """One page about a version."""
    context = {"version": version, "row": version.row if version else None, **more}
    return render(request, f"programme/protocols/{name}.html", context, status=status)


def to(row: ProtocolVersion, said: str, request: HttpRequest) -> HttpResponse:
    """Back to the version, with a sentence."""
    messages.info(request, said)
    return redirect("programme:protocol-show", row.code, row.version)


def done(form: Form, work: Callable[[], object]) -> bool:
    """Do the one thing a form asks for; what speaks against it stands beside its field."""
    if not form.is_valid():
        return False
    try:
        work()
    except DomainError as problem:
        form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
        return False
    return True


@require_GET
def protocol_list(request: HttpRequest) -> HttpResponse:
    """Every protocol with its versions, what waits, and how many courses run on each. Two queries."""
    user = reader(request)
    versions = versions_for(user)
    waiting = [one for one in versions if one.row and one.row.state == State.SUBMITTED]
    return page(
        request, "list", None, versions=versions, waiting=waiting, may_write=may_write_protocols(user).allowed
    )


@require_GET
def protocol_show(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """One version as a map, with the table beside it. Two queries."""
    user, found = opened(request, code, version)
    return _show(request, user, found)


def _show(request: HttpRequest, user: User, found: Version, **more: Any) -> HttpResponse:
    row, writes = found.row, may_write_protocols(user).allowed
    status = more.pop("status", 200)
    answers = list(row.answers.select_related("by").order_by("-at")) if row else []
    context = {
        "map": protocol_map(plan_of_version(found)),
        "may_write": writes,
        "may_change": writes and row is not None and row.state == State.DRAFT,
        "answers": answers,
        "withdraw_form": WithdrawForm(),
        **more,
    }
    return page(request, "show", found, status=status, **context)


@require_http_methods(["GET", "POST"])
def protocol_copy(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Copy any version into a protocol of the clinic's own."""
    user, found = opened(request, code, version)
    may_write_protocols(user).or_refuse()
    told = request.POST if request.method == "POST" else None
    form = CopyForm(told, initial={"title": found.title})
    made: list[ProtocolVersion] = []
    if told is not None and done(
        form,
        lambda: made.append(
            actions.copy_protocol(by=user, at=now(), code=code, version=version, **form.cleaned_data)
        ),
    ):
        return to(made[0], _("Copied. It is a draft: no course can begin with it yet."), request)
    return page(request, "copy", found, status=200 if told is None else 422, form=form)


@require_POST
def protocol_next(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Begin the next version from this one."""
    user, found, row = own(request, code, version)
    try:
        later = actions.begin_protocol_version(by=user, at=now(), code=row.code, version=row.version)
    except DomainError as problem:
        return _show(request, user, found, refused=problem.sentence, status=422)
    return to(later, _("A draft of the next version. Courses under way keep theirs."), request)


@require_http_methods(["GET", "POST"])
def protocol_change(request: HttpRequest, code: str, version: str, part: str) -> HttpResponse:
    """Change one part of a draft."""
    _user, found, row = own(request, code, version)
    if part not in PARTS:
        raise Http404
    form = PARTS[part](_told(request), plan=plan_of_version(found), initial={"revision": row.revision})
    return _change(request, found, row, form, part)


@require_http_methods(["GET", "POST"])
def protocol_set(request: HttpRequest, code: str, version: str, name: str) -> HttpResponse:
    """Change what a set of measures asks for."""
    _user, found, row = own(request, code, version)
    plan = plan_of_version(found)
    one = next((each for each in plan.sets if each.code == name), None)
    if one is None:
        raise Http404
    form = SetForm(_told(request), one=one, plan=plan, initial={"revision": row.revision})
    return _change(request, found, row, form, "sets", one=one)


@require_http_methods(["GET", "POST"])
def protocol_task_add(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Add a task of the library."""
    _user, found, row = own(request, code, version)
    form = TaskForm(_told(request), plan=plan_of_version(found), initial={"revision": row.revision})
    return _change(request, found, row, form, "tasks")


@require_http_methods(["GET", "POST"])
def protocol_task(request: HttpRequest, code: str, version: str, key: str) -> HttpResponse:
    """Move a task, or change how it counts."""
    _user, found, row = own(request, code, version)
    plan = plan_of_version(found)
    try:
        task = editing.task_of(plan, key)
    except BadInput as problem:
        raise Http404 from problem
    form = TaskForm(_told(request), task=task, plan=plan, initial={"revision": row.revision})
    words = plan.library[task.code]
    return _change(
        request, found, row, form, "tasks", task=task, words=words, stays=why_task_stays(plan, task.code)
    )


@require_POST
def protocol_task_drop(request: HttpRequest, code: str, version: str, key: str) -> HttpResponse:
    """Take a task out, or one occasion of it."""
    user, found, row = own(request, code, version)
    told = Part(request.POST, plan=plan_of_version(found))
    revision = told.cleaned_data["revision"] if told.is_valid() else row.revision

    def drop(plan: Any) -> Any:
        return editing.drop_task(plan, key)

    try:
        actions.change_protocol(by=user, at=now(), row=row, revision=revision, part="tasks", edit=drop)
    except DomainError as problem:
        return _show(request, user, found, refused=problem.sentence, may_change=True, status=422)
    return to(row, _("Taken out."), request)


def _told(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _change(
    request: HttpRequest, found: Version, row: ProtocolVersion, form: Part, part: str, **more: Any
) -> HttpResponse:
    def work() -> object:
        return actions.change_protocol(
            by=request.user,
            at=now(),
            row=row,
            revision=form.cleaned_data["revision"],
            part=part,
            edit=form.edit(),
        )

    if row.state != State.DRAFT:
        raise Http404
    if form.is_bound and done(form, work):
        return to(row, _("Kept in the draft."), request)
    return page(request, "change", found, status=422 if form.is_bound else 200, form=form, part=part, **more)


@require_GET
def protocol_changes(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """What changed since the version before, in plain words, and the second person's answer. Four queries."""
    user, found = opened(request, code, version)
    if found.row is None:
        raise Http404
    return _changes(
        request, user, found, found.row, ProtocolAnswerForm(initial={"revision": found.row.revision})
    )


def _changes(
    request: HttpRequest, user: User, found: Version, row: ProtocolVersion, form: Form, status: int = 200
) -> HttpResponse:
    before, told = told_changes(row)
    waits = row.state == State.SUBMITTED
    decision = may_answer_protocol(user, row)
    return page(
        request,
        "changes",
        found,
        status=status,
        before=before,
        parts=told,
        form=form,
        may_answer=waits and decision.allowed,
        why_not=decision.reason if waits else "",
        may_write=may_write_protocols(user).allowed,
    )


@require_POST
def protocol_submit(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Hand a draft to a second person."""
    user, found, row = own(request, code, version)
    return _step(request, user, found, lambda: actions.submit_protocol(by=user, at=now(), row=row), _("Handed in. A second person answers."))  # fmt: skip


@require_POST
def protocol_take_back(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Take a version back that waits."""
    user, found, row = own(request, code, version)
    return _step(request, user, found, lambda: actions.take_back_protocol(by=user, at=now(), row=row), _("Taken back. It is a draft again."))  # fmt: skip


def _step(
    request: HttpRequest, user: User, found: Version, work: Callable[[], ProtocolVersion], said: str
) -> HttpResponse:
    try:
        return to(work(), said, request)
    except DomainError as problem:
        return _show(request, user, found, refused=problem.sentence, status=422)


@require_POST
def protocol_answer(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """The second person publishes it or gives it back."""
    user, found = opened(request, code, version)
    row = found.row
    if row is None:
        raise Http404
    may_answer_protocol(user, row).or_refuse()
    form = ProtocolAnswerForm(request.POST)

    def work() -> object:
        said = form.cleaned_data
        answer = actions.approve_protocol if said["answer"] == "yes" else actions.refuse_protocol
        return answer(by=user, at=now(), row=row, revision=said["revision"], words=said["words"])

    if not done(form, work):
        return _changes(request, user, found, row, form, status=422)
    said = form.cleaned_data["answer"] == "yes"
    return to(
        row, _("Published. New courses begin with it.") if said else _("Given back with your words."), request
    )


@require_POST
def protocol_withdraw(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Offer a version to no new course any more."""
    user, found, row = own(request, code, version)
    form = WithdrawForm(request.POST)

    def work() -> object:
        return actions.withdraw_protocol(by=user, at=now(), row=row, why=form.cleaned_data["why"])

    if done(form, work):
        return to(row, _("Withdrawn. Courses under way keep it."), request)
    return _show(request, user, found, withdraw_form=form, status=422)
