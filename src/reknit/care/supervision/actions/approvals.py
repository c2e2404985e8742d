"""Requests: asked with reason and facts, answered yes, no, or by asking back. Each turn stays.

A gate holds the mark of a phase and never care (section 1.5): nothing that somebody asks for here keeps anybody from
seeing a client, answering a risk or writing a note meanwhile.
"""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError, Refused
from reknit.base.races import hold
from reknit.care.formulation.models import FocusArea
from reknit.care.people.access import may_write_chart
from reknit.care.people.models import SupervisoryLine, current
from reknit.care.people.queries import zone
from reknit.care.programme.access import may_answer_extension
from reknit.care.programme.actions import override_gate
from reknit.care.programme.models import Amendment, Episode
from reknit.care.programme.queries import plan_of
from reknit.care.supervision.access import may_answer
from reknit.care.supervision.models import Approval, ApprovalEntry
from reknit.care.supervision.queries.approvals import facts_now, foci_to_switch, gates_to_ask

from .common import LINE, WORDS, allowed, clean

Kind, State = Approval.Kind, Approval.State
MOST_NAMED = 120


@action
def ask_approval(
    *,
    by: User,
    at: dt.datetime,
    episode: Episode,
    kind: str,
    why: str,
    gate: str = "",
    focus: FocusArea | None = None,
    to_area: str = "",
    to_named: str = "",
) -> Approval:
    """Ask the supervisor to pass a gate, or to agree to another focus: from which to which. The facts are kept as they stand."""
    episode = _open(episode)
    today = local_date(at, zone())
    allowed(may_write_chart(by, episode.client, on=today))
    if episode.client.is_sandbox:
        raise DomainError(_("A practice course asks nobody. Look at its map instead."))
    if not SupervisoryLine.objects.filter(current(today), supervisee=by).exists():
        raise DomainError(
            _("Nobody supervises your work here, so nobody can approve this. Ask the administrator.")
        )
    if kind not in (Kind.GATE, Kind.SWITCH):
        raise DomainError(_("Choose what you ask for."), field="what")
    if kind == Kind.GATE and gate not in {one.code for one in gates_to_ask(episode)}:
        raise DomainError(_("Nothing is held back by this gate now. Look at the map again."), field="what")
    if kind == Kind.SWITCH:
        gate = ""
        to_named = clean(to_named, field="to_named", most=MOST_NAMED, required="")
        _check_switch(episode, focus, to_area)
    else:
        focus, to_area, to_named = None, "", ""
    if Approval.objects.filter(episode=episode, kind=kind, gate=gate, state__in=Approval.OPEN).exists():
        raise DomainError(_("This was asked already and waits for its answer."), field="what")
    approval = Approval.objects.create(
        episode=episode,
        kind=kind,
        gate=gate,
        focus=focus,
        to_area=to_area,
        to_named=to_named,
        why=clean(why, field="why", most=WORDS, required=_("Write why you ask.")),
        facts=facts_now(episode, today=today, gate=gate, keeps_ending=kind == Kind.SWITCH),
        asked_by=by,
        asked_at=at,
    )
    _turn(approval, "asked", "", by=by, at=at)
    _event("ask approval", approval, by=by, at=at)
    return approval


@action
def answer_approval(
    *, by: User, at: dt.datetime, approval: Approval, approve: bool, words: str = ""
) -> Approval:
    """Yes or no. A yes to a gate passes it, with the reason that was given; a no says why."""
    approval = _to_answer(approval, by, at)
    said = clean(
        words, field="words", most=LINE, required="" if approve else _("Write why not, or what is missing.")
    )
    if approve and approval.kind == Kind.GATE:
        override_gate(by=by, at=at, episode=approval.episode, code=approval.gate, reason=approval.why[:LINE])
    approval.state = State.YES if approve else State.NO
    approval.save(update_fields=["state"])
    _turn(approval, "yes" if approve else "no", said, by=by, at=at)
    _event("answer approval", approval, by=by, at=at)
    return approval


@action
def ask_back(*, by: User, at: dt.datetime, approval: Approval, words: str) -> Approval:
    """Ask the therapist something before answering."""
    approval = _to_answer(approval, by, at)
    return _ask_back(approval, words, by=by, at=at)


@action
def ask_about_extension(*, by: User, at: dt.datetime, amendment: Amendment, words: str) -> Approval:
    """Ask something about an extension. Yes and no to it belong to the agreement."""
    episode = _open(amendment.episode)
    amendment = hold(amendment)
    amendment.episode = episode
    allowed(may_answer_extension(by, amendment, on=local_date(at, zone())))
    if amendment.what != Amendment.What.EXTENSION or amendment.state != Amendment.State.ASKED:
        raise DomainError(_("This was answered already."))
    approval = Approval.objects.filter(amendment=amendment).first() or Approval.objects.create(
        episode=episode,
        kind=Kind.EXTENSION,
        amendment=amendment,
        why=amendment.why,
        facts=facts_now(episode, today=local_date(at, zone())),
        asked_by=amendment.asked_by,
        asked_at=amendment.asked_at,
    )
    return _ask_back(approval, words, by=by, at=at)


@action
def reply(*, by: User, at: dt.datetime, approval: Approval, words: str) -> Approval:
    """The therapist's answer to a question; the request waits for the supervisor again."""
    approval = _own(approval, by)
    if approval.state != State.ASKED_BACK:
        raise DomainError(_("Nothing was asked that is not answered yet."))
    said = clean(words, field="words", most=LINE, required=_("Write your answer."))
    approval.state = State.WAITING
    approval.save(update_fields=["state"])
    _turn(approval, "reply", said, by=by, at=at)
    _event("reply about approval", approval, by=by, at=at)
    return approval


@action
def take_back_approval(*, by: User, at: dt.datetime, approval: Approval) -> Approval:
    """The therapist no longer asks for it."""
    approval = _own(approval, by)
    if approval.kind == Kind.EXTENSION or approval.state not in Approval.OPEN:
        raise DomainError(_("This can no longer be taken back."))
    approval.state = State.TAKEN_BACK
    approval.save(update_fields=["state"])
    _turn(approval, "taken_back", "", by=by, at=at)
    _event("take back approval", approval, by=by, at=at)
    return approval


def _check_switch(episode: Episode, focus: FocusArea | None, to_area: str) -> None:
    """A switch leads from an area that is worked on, or proposed, to another that the protocol works with."""
    if focus is None or focus.pk not in {one.row.pk for one in foci_to_switch(episode)}:
        raise DomainError(_("Choose the focus that would be switched."), field="focus")
    if to_area not in plan_of(episode).areas:
        raise DomainError(
            _("Choose one of the areas that this course’s protocol works with."), field="to_area"
        )


def _ask_back(approval: Approval, words: str, *, by: User, at: dt.datetime) -> Approval:
    said = clean(words, field="words", most=LINE, required=_("Write what you want to know."))
    approval.state = State.ASKED_BACK
    approval.save(update_fields=["state"])
    _turn(approval, "question", said, by=by, at=at)
    _event("ask back about approval", approval, by=by, at=at)
    return approval


def _open(episode: Episode) -> Episode:
    """Hold the chart in its order, and read the course as it stands."""
    client = hold(episode.client)
    episode = hold(episode)
    episode.client = client
    if episode.status != Episode.Status.OPEN:
        raise DomainError(_("This course is closed."))
    return episode


def _held(approval: Approval) -> Approval:
    client = hold(approval.episode.client)
    episode = hold(approval.episode)
    episode.client = client
    approval = hold(approval)
    approval.episode = episode
    return approval


def _to_answer(approval: Approval, by: User, at: dt.datetime) -> Approval:
    approval = _held(approval)
    allowed(may_answer(by, approval, on=local_date(at, zone())))
    if approval.state not in Approval.OPEN or approval.kind == Kind.EXTENSION:
        raise DomainError(_("This was answered already."))
    return approval


def _own(approval: Approval, by: User) -> Approval:
    approval = _held(approval)
    if by.pk != approval.asked_by_id:
        raise Refused(_("Only the person who asked can do this."))
    return approval


def _turn(approval: Approval, kind: str, words: str, *, by: User, at: dt.datetime) -> None:
    ApprovalEntry.objects.create(approval=approval, kind=kind, words=words, by=by, at=at)


def _event(verb: str, approval: Approval, *, by: User, at: dt.datetime) -> None:
    detail = {"kind": str(approval.kind), "gate": approval.gate, "state": str(approval.state)}
    audit.record(verb, by=by, at=at, subject=approval, client=approval.episode.client_id, detail=detail)
