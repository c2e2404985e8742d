"""Words to a person who waits: neutral, whoever else reads them. They name no service unless that is said to be safe."""

import datetime as dt
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from reknit.care.contact.models import SafeContact

Channel = SafeContact.Channel


@dataclass(frozen=True, slots=True)
class Words:
    """What to send or to say. Only one of them where the other is not safe."""

    message: str = ""
    script: str = ""


def words_for(
    contact: SafeContact | None, *, sender: str, clinic: str, phone: str, booked: dt.datetime | None = None
) -> Words:
    """The message to copy, or the words for a call, as the safe contact allows. Nothing without one.

    With a time booked the message confirms it, by the clinic's clock.
    """
    if contact is None or contact.channel == Channel.NONE:
        return Words()
    named = clinic if contact.may_name_clinic else ""
    to_send = message(sender=sender, clinic=named, phone=phone, booked=booked)
    if contact.channel == Channel.PHONE:
        return Words(message=to_send if contact.may_leave_message else "", script=script(sender=sender))
    return Words(message=to_send)


def message(*, sender: str, clinic: str, phone: str, booked: dt.datetime | None = None) -> str:
    """A few plain words to send or leave. No name of the person and nothing about health."""
    who = (
        _("Hello, this is %(sender)s from %(clinic)s.") % {"sender": sender, "clinic": clinic}
        if clinic
        else _("Hello, this is %(sender)s.") % {"sender": sender}
    )
    call = _("You can call me on %(phone)s.") % {"phone": phone} if phone else _("I will try again soon.")
    if booked:
        on, at = date_format(localtime(booked), "l j F"), f"{localtime(booked):%H:%M}"
        return " ".join([who, _("We found a time. It is %(on)s at %(at)s.") % {"on": on, "at": at}, call])
    return " ".join([who, _("We said we would find a time to talk."), call, _("There is no rush.")])


def script(*, sender: str) -> str:
    """How to begin a call, until it is known who listens."""
    return _("Hello, this is %(sender)s. Is this a good time to talk? If not, when can I call back?") % {
        "sender": sender
    }
