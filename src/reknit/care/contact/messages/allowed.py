"""Whether a message may go to a client by itself, and if not, why: the safe contact decides, then what the client wants."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reknit.care.contact.models import Message, MessageChoice, MessageKind, SafeContact

from .transport import Transport

# Quiet hours around the day, where the client named none: our default, no rule of a source.
EARLIEST, LATEST = dt.time(9, 0), dt.time(19, 0)
RINGS = (
    "phone", "post", "no_transport", "number", "hours", "no_message", "nobody_asked", "failed", "unknown",
)  # fmt: skip
"""Reasons after which somebody of the team gets in touch, as the safe contact allows."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """May it go by itself? Where not, `why` is a code whose sentence is in `sentence_of`."""

    why: str = ""

    def __bool__(self) -> bool:
        return not self.why


def verdict(
    contact: SafeContact | None, choice: MessageChoice | None, transport: Transport | None
) -> Verdict:
    """The first thing that stands against it, the client's own words before everything else."""
    if choice is not None and not choice.is_wanted:
        return Verdict("not_wanted")
    if contact is None:
        return Verdict("nobody_asked")
    if contact.channel == SafeContact.Channel.NONE:
        return Verdict("in_person")
    if contact.channel in {SafeContact.Channel.PHONE, SafeContact.Channel.POST}:
        return Verdict(contact.channel)
    if not contact.may_leave_message:
        return Verdict("no_message")
    if contact.safe_times and (choice is None or choice.earliest is None):
        return Verdict("hours")  # hours in words, which only a person can keep
    if transport is None or contact.channel not in transport.channels:
        return Verdict("no_transport")
    if not transport.address(contact):
        return Verdict("number")
    return Verdict()


def sentence_of(why: str) -> str:
    """Why a message does not go by itself."""
    return {
        "not_wanted": _("The client wants no message of this kind."),
        "nobody_asked": _("Nobody has asked for a safe way of contact yet."),
        "in_person": _("The client is told in person only."),
        "phone": _("The client asked for a phone call."),
        "post": _("The client asked for a letter."),
        "no_message": _("No message may be left there. Ring, and say nothing to anybody else."),
        "hours": _("The safe times are in words. Say the hours for messages, or ring at a safe time."),
        "no_transport": _("This clinic has set up no way to send it."),
        "number": _("The number has no country code, such as +44, so no text can go there."),
        "failed": _("It could not be sent."),
        "unknown": _("Nobody knows whether it went out."),
        "gone": _("It is about a time that no longer stands."),
        "contact": _("The safe way of contact was changed since."),
    }.get(why, "")


def is_hour(at: dt.datetime, choice: MessageChoice | None, zone: str) -> bool:
    """Whether a message may arrive at this instant, by the clinic's clock."""
    now = at.astimezone(zoneinfo.ZoneInfo(zone)).time()
    earliest = choice.earliest if choice and choice.earliest else EARLIEST
    latest = choice.latest if choice and choice.latest else LATEST
    return earliest <= now < latest


def needs_a_call(message: Message) -> bool:
    """Whether somebody of the team has to get in touch."""
    waits_for_us = message.state in {
        Message.State.BY_HAND,
        Message.State.FAILED,
        Message.State.UNKNOWN,
        Message.State.EXPIRED,
    }
    # A reminder that is not wanted is owed to nobody; that a time has changed, everybody has to know.
    is_owed = message.kind == MessageKind.CHANGE or message.why not in {"not_wanted", "in_person"}
    return waits_for_us and is_owed
