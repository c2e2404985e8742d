"""Trying to reach somebody before a first session, and taking away what stands in the way."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from reknit.base.accounts.models import Role, User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.contact.models import SafeContact
from reknit.care.contact.queries import current_safe_contact
from reknit.care.intake.models import Barrier, InterimContact, Referral
from reknit.care.people.queries import zone

from .common import held, words

How = InterimContact.How
LATEST_DUE = dt.timedelta(days=366)
WAYS = {
    SafeContact.Channel.PHONE: {How.CALL},
    SafeContact.Channel.TEXT: {How.TEXT, How.CALL},
    SafeContact.Channel.EMAIL: {How.EMAIL},
    SafeContact.Channel.POST: {How.LETTER},
    SafeContact.Channel.NONE: set(),
}
"""The ways that each safe contact allows. In person is always allowed: the person is there."""


@action
def log_contact(
    *,
    by: User,
    at: dt.datetime,
    referral: Referral,
    key: uuid.UUID,
    on: dt.date,
    how: str,
    answer: str,
    barrier_asked: bool = False,
    note: str = "",
) -> InterimContact:
    """Write down one try to reach a person who waits. Only by the way that is safe for them."""
    held(referral)
    if known := InterimContact.objects.filter(pk=key, referral=referral).first():
        audit.unchanged()
        return known
    if how not in How.values or answer not in InterimContact.Answer.values:
        raise DomainError(_("Choose from the list."), field="how")
    _check_day(on, referral=referral, at=at)
    _check_way(how, answer, referral=referral)
    contact = InterimContact.objects.create(
        pk=key,
        referral=referral,
        on=on,
        how=how,
        answer=answer,
        barrier_asked=barrier_asked,
        note=words(note, field="note"),
        by=by,
        at=at,
    )
    audit.record(
        "log interim contact",
        by=by,
        at=at,
        subject=contact,
        client=referral.client_id,
        detail={"how": how, "answer": answer, "barrier_asked": barrier_asked},
    )
    return contact


def _check_day(on: dt.date, *, referral: Referral, at: dt.datetime) -> None:
    if on > local_date(at, zone()):
        raise DomainError(_("A contact cannot be in the future. Check the day."), field="on")
    if on < local_date(referral.received_at, zone()):
        raise DomainError(_("This is before the referral arrived. Check the day."), field="on")


def _check_way(how: str, answer: str, *, referral: Referral) -> None:
    """Refuse a way that the person did not say is safe, and a message where none may be left."""
    if how == How.IN_PERSON:
        return
    way = current_safe_contact(referral.client)
    if way is None:
        raise DomainError(
            _("No safe way of contact is written down. Ask for it and write it down first."), field="how"
        )
    if how not in WAYS[SafeContact.Channel(way.channel)]:
        raise DomainError(
            _("That is not the safe way to reach this person. Use the one that is written down."), field="how"
        )
    if how == How.CALL and answer == InterimContact.Answer.SENT and not way.may_leave_message:
        raise DomainError(
            _("No message may be left for this person. If one was left, tell your lead today."),
            field="answer",
        )


@action
def open_barrier(
    *,
    by: User,
    at: dt.datetime,
    referral: Referral,
    kind: str,
    owner: User,
    due_on: dt.date,
    barrier_words: str = "",
) -> Barrier:
    """Make a task of what stands in the way: somebody has it, until a day. The same barrier is open once."""
    held(referral)
    if kind not in Barrier.Kind.values:
        raise DomainError(_("Choose what stands in the way."), field="kind")
    if not (owner.is_active and owner.has(Role.INTAKE)):
        raise DomainError(_("Choose somebody of intake who is at work here."), field="owner")
    today = local_date(at, zone())
    if not today <= due_on <= today + LATEST_DUE:
        raise DomainError(_("Choose a day from today, within a year."), field="due_on")
    if Barrier.objects.filter(referral=referral, kind=kind, state=Barrier.State.OPEN).exists():
        raise DomainError(_("This barrier is open already. Solve that one first."), field="kind")
    barrier = Barrier.objects.create(
        referral=referral,
        kind=kind,
        words=words(barrier_words, field="barrier_words"),
        owner=owner,
        due_on=due_on,
        opened_by=by,
        opened_at=at,
    )
    audit.record(
        "open barrier", by=by, at=at, subject=barrier, client=referral.client_id, detail={"kind": kind}
    )
    return barrier


@action
def settle_barrier(*, by: User, at: dt.datetime, barrier: Barrier, state: str, outcome: str = "") -> Barrier:
    """Say how a barrier was solved, or why it is no longer needed. Once; the first word stands."""
    if state not in (Barrier.State.SOLVED, Barrier.State.DROPPED):
        raise DomainError(_("Choose from the list."), field="state")
    stands = hold(barrier)
    if stands.state != Barrier.State.OPEN:
        raise DomainError(_("Somebody settled this already. Reload the page to see how."))
    barrier.state, barrier.settled_by, barrier.settled_at = state, by, at
    barrier.outcome = words(outcome, field="outcome", required=_("Write in a few words how."))
    barrier.save(update_fields=["state", "settled_by", "settled_at", "outcome"])
    audit.record(
        "settle barrier",
        by=by,
        at=at,
        subject=barrier,
        client=barrier.referral.client_id,
        detail={"kind": barrier.kind, "state": state},
    )
    return barrier
