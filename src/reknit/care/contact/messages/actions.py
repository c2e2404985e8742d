"""Writing messages, taking them back, handing them over, and what the client wants of each kind."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.contact.models import Delivery, Message, MessageChoice, MessageKind
from reknit.care.contact.queries import current_choice, current_safe_contact
from reknit.care.people.models import Client

from .allowed import verdict
from .transport import Transport

State = Message.State


@action
def choose_messages(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    kind: str,
    is_wanted: bool,
    earliest: dt.time | None = None,
    latest: dt.time | None = None,
) -> MessageChoice:
    """Write down whether the client wants this kind of message, and between which hours."""
    client = hold(client)
    if kind not in MessageKind.values or kind == MessageKind.CHANGE:
        raise DomainError(_("Choose a kind of message from the list."), field="kind")
    if (earliest is None) != (latest is None):
        raise DomainError(_("Write both hours, from and until, or neither."), field="earliest")
    if earliest is not None and latest is not None and earliest >= latest:
        raise DomainError(_("The first hour lies before the last one."), field="latest")
    known = current_choice(client, kind)
    if known and (known.is_wanted, known.earliest, known.latest) == (is_wanted, earliest, latest):
        audit.unchanged()
        return known
    MessageChoice.objects.filter(client=client, kind=kind, superseded_at=None).update(superseded_at=at)
    choice = MessageChoice.objects.create(
        client=client, kind=kind, is_wanted=is_wanted, earliest=earliest, latest=latest,
        recorded_by=by, recorded_at=at,
    )  # fmt: skip
    if not is_wanted:
        Message.objects.filter(client=client, kind=kind, state__in=Message.OPEN).update(
            state=State.WITHDRAWN, why="not_wanted", changed_at=at
        )
    detail = {"kind": kind, "wanted": is_wanted, "has_hours": earliest is not None}
    audit.record("choose messages", by=by, at=at, subject=choice, client=client, detail=detail)
    return choice


@action
def write_message(
    *,
    by: User | None,
    at: dt.datetime,
    client: Client,
    kind: str,
    about: uuid.UUID,
    about_at: dt.datetime,
    words: str,
    latest_at: dt.datetime,
    transport: Transport | None,
    answer_page: str = "",
) -> Message:
    """Write the message about one thing at one time, once. It waits for its hour, or says why somebody has to ring.

    `answer_page` names the address where its client answers it, if it takes an answer.
    """
    known = Message.objects.filter(kind=kind, about=about, about_at=about_at).first()
    if known:
        audit.unchanged()
        return known
    contact = current_safe_contact(client)
    may = verdict(contact, current_choice(client, kind), transport)
    message = Message.objects.create(
        client=client, kind=kind, about=about, about_at=about_at, safe_contact=contact, words=words,
        answer_page=answer_page,
        state=State.WAITING if may else State.BY_HAND, why=may.why,
        earliest_at=at, latest_at=max(latest_at, at), made_at=at, changed_at=at,
    )  # fmt: skip
    detail = {"kind": kind, "state": str(message.state), "why": may.why}
    audit.record("write message", by=by, at=at, subject=message, client=client, detail=detail)
    return message


@action
def withdraw_messages(
    *, by: User | None, at: dt.datetime, about: uuid.UUID, why: str = "gone"
) -> list[Message]:
    """Take back what still waits about a thing whose time no longer stands. What went out stays written."""
    found = list(Message.objects.select_for_update().filter(about=about, state__in=Message.OPEN))
    for message in found:
        message.state, message.why, message.changed_at = State.WITHDRAWN, why, at
        message.save(update_fields=["state", "why", "changed_at"])
        detail = {"kind": message.kind, "why": why}
        audit.record(
            "withdraw message", by=by, at=at, subject=message, client=message.client_id, detail=detail
        )
    if not found:
        audit.unchanged()
    return found


@action
def claim_message(*, by: User | None, at: dt.datetime, message: Message) -> Message | None:
    """Take a waiting message in hand before it is handed over, so that no second run hands it over too."""
    held = Message.objects.select_for_update().get(pk=message.pk)
    if held.state != State.WAITING:
        audit.unchanged()
        return None
    if held.latest_at < at:
        return _settle(held, State.EXPIRED, "", by=by, at=at)
    contact = current_safe_contact(held.client)
    if contact is None or contact.pk != held.safe_contact_id:
        return _settle(held, State.BY_HAND, "contact", by=by, at=at)
    choice = current_choice(held.client, held.kind)
    if choice is not None and not choice.is_wanted:
        is_owed = held.kind == MessageKind.CHANGE  # somebody tells them in another way
        return _settle(held, State.BY_HAND if is_owed else State.WITHDRAWN, "not_wanted", by=by, at=at)
    return _settle(held, State.HANDING, "", by=by, at=at)


@action
def settle_delivery(
    *, by: User | None, at: dt.datetime, message: Message, transport: str, problem: str = ""
) -> Delivery:
    """Write down what came of handing a message over. Only a transport that took it makes it sent."""
    held = Message.objects.select_for_update().get(pk=message.pk)
    outcome = Delivery.Outcome.FAILED if problem else Delivery.Outcome.TAKEN
    delivery = Delivery.objects.create(
        message=held, transport=transport, outcome=outcome, problem=problem[:60], at=at
    )
    _settle(held, State.FAILED if problem else State.TAKEN, "failed" if problem else "", by=by, at=at)
    return delivery


@action
def give_up_handing(*, by: User | None, at: dt.datetime, message: Message) -> Message | None:
    """A message that was in hand when the clinic's machine stopped: nobody knows, so it is never sent again."""
    held = Message.objects.select_for_update().get(pk=message.pk)
    if held.state != State.HANDING:
        audit.unchanged()
        return None
    return _settle(held, State.UNKNOWN, "unknown", by=by, at=at)


def _settle(message: Message, state: str, why: str, *, by: User | None, at: dt.datetime) -> Message:
    message.state, message.why, message.changed_at = state, why, at
    message.save(update_fields=["state", "why", "changed_at"])
    detail = {"kind": message.kind, "state": str(state), "why": why}
    audit.record("settle message", by=by, at=at, subject=message, client=message.client_id, detail=detail)
    return message
