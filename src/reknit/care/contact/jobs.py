"""Hands waiting messages over when their hour has come. Safe to run twice and from several processes."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.care.contact.messages.actions import (
    claim_message,
    give_up_handing,
    settle_delivery,
)
from reknit.care.contact.messages.allowed import is_hour
from reknit.care.contact.messages.answering import with_link
from reknit.care.contact.messages.transport import Transport, transport
from reknit.care.contact.models import Message, MessageChoice, MessageKind, SafeContact
from reknit.care.contact.queries import asked_as
from reknit.care.people.queries import zone

AT_A_TIME = 200
STUCK_AFTER = dt.timedelta(minutes=15)


def deliver(*, at: dt.datetime) -> int:
    """Hand over what may go now, and say how many were taken."""
    stuck = Message.objects.filter(state=Message.State.HANDING, changed_at__lt=at - STUCK_AFTER)
    for message in stuck[:AT_A_TIME]:
        give_up_handing(by=None, at=at, message=message)
    waiting = list(
        Message.objects.filter(state=Message.State.WAITING, earliest_at__lte=at)
        .select_related("client", "safe_contact")
        .order_by("latest_at", "id")[:AT_A_TIME]
    )
    if not waiting:
        return 0
    carrier, here = transport(), zone()
    choices = {
        (one.client_id, one.kind): one
        for one in MessageChoice.objects.filter(
            client__in={one.client_id for one in waiting}, superseded_at=None
        )
    }
    taken = 0
    for message in waiting:
        is_late = message.latest_at < at
        if is_late or (
            carrier and is_hour(at, choices.get((message.client_id, asked_as(message.kind))), here)
        ):
            taken += _hand_over(message, carrier, at=at)
    return taken


def _hand_over(message: Message, carrier: Transport | None, *, at: dt.datetime) -> int:
    held = claim_message(by=None, at=at, message=message)
    if held is None or held.state != Message.State.HANDING or carrier is None:
        return 0
    try:
        to = carrier.address(message.safe_contact)
        carrier.take(to=to, subject=subject(message), words=with_link(message))
    except Exception as error:  # whatever a mail server does, the message says that it did not go out
        settle_delivery(by=None, at=at, message=held, transport=carrier.name, problem=type(error).__name__)
        return 0
    settle_delivery(by=None, at=at, message=held, transport=carrier.name)
    return 1


def subject(message: Message) -> str:
    """The line over a message, which may show on a locked screen; a text has none."""
    if message.safe_contact and message.safe_contact.channel == SafeContact.Channel.TEXT:
        return ""
    return _("A change of time") if message.kind == MessageKind.CHANGE else _("A reminder")
