"""Opening a group: the one way every page of a run begins."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import cast

from django.forms import Form
from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404

from reknit.base.accounts.models import User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.care.groups.access import may_facilitate, runs_open_to
from reknit.care.groups.models import GroupRun, GroupSession, Member
from reknit.care.groups.queries.runs import leading, names_leading, protocol_title
from reknit.care.people.queries import zone


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened run: who opened it and when, and whether they may write in it."""

    run: GroupRun
    user: User
    at: dt.datetime
    today: dt.date
    page: str
    may_write: bool

    def context(self, **more: object) -> dict[str, object]:
        """What `groups/clinician/run.html` needs, with the page's own."""
        return {
            "run": self.run,
            "protocol": protocol_title(self.run),
            "leaders": names_leading(self.run, on=self.today),
            "may_write": self.may_write and self.run.state != GroupRun.State.CLOSED,
            "is_facilitator": self.may_write,
            "zone": zone(),
            "today": self.today,
            "at": self.at,
            "page": self.page,
            **more,
        }


def person(request: HttpRequest) -> tuple[User, dt.datetime, dt.date]:
    """Whoever asks, and when; nobody who is not signed in."""
    if not isinstance(request.user, User):
        raise Http404
    at = now()
    return request.user, at, local_date(at, zone())


def open_run(request: HttpRequest, run_id: uuid.UUID, *, page: str, write: bool = False) -> Opened:
    """Load a run, ask the policy, record the reading. A run that is not open to somebody is not found."""
    user, at, today = person(request)
    runs = runs_open_to(user, on=today).select_related("room").prefetch_related(leading())
    run = runs.filter(pk=run_id).first()
    if run is None:
        raise Http404
    decision = may_facilitate(user, run, on=today)
    if write:
        decision.or_refuse()
    if request.method in {"GET", "HEAD"}:
        record_read(f"group {page}", by=user, at=at, client=None, group=str(run.pk))
    return Opened(run, user, at, today, page, decision.allowed)


def session_or_404(opened: Opened, number: int) -> GroupSession:
    """A session of the run, by its number."""
    session: GroupSession = get_object_or_404(GroupSession, run=opened.run, number=number)
    session.run = opened.run
    return session


def member_or_404(opened: Opened, member_id: uuid.UUID) -> Member:
    """A member of the run."""
    rows = Member.objects.select_related("client", "episode")
    member: Member = get_object_or_404(rows, run=opened.run, pk=member_id)
    member.run = opened.run
    member.episode.client = member.client
    return member


def goes_on_from(form: Form, revision: int) -> None:
    """A refused form goes on from what stands now, with everything that was typed into it."""
    data = cast(QueryDict, form.data).copy()
    data["revision"] = str(revision)
    form.data = data
