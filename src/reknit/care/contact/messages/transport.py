"""Who carries a message: what the clinic set up in its settings, or nobody."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from reknit.care.contact.models import SafeContact

Channel = SafeContact.Channel
ABROAD = re.compile(r"(\+|00)(?P<number>[1-9][0-9]{6,14})")  # E.164: fifteen digits at most


@dataclass(frozen=True, slots=True)
class Transport:
    """One way of sending. `name` stands in the delivery log; `text_to` is how a number becomes an address."""

    name: str
    backend: str
    options: dict[str, Any]
    text_to: str = ""

    @property
    def channels(self) -> frozenset[str]:
        """The ways of contact it reaches."""
        return frozenset({Channel.EMAIL, Channel.TEXT} if self.text_to else {Channel.EMAIL})

    def address(self, contact: SafeContact | None) -> str:
        """Where a message to this contact goes; nothing where it cannot go."""
        if contact is None or contact.channel not in self.channels:
            return ""
        if contact.channel == Channel.EMAIL:
            return contact.value
        found = ABROAD.fullmatch(re.sub(r"[ ()./-]", "", contact.value))
        return self.text_to.replace("{number}", found["number"]) if found else ""

    def take(self, *, to: str, subject: str, words: str) -> None:
        """Hand one message over; an error when it was not taken."""
        if not to:
            raise OSError("There is no address to send to.")
        connection = get_connection(self.backend, fail_silently=False, **self.options)
        # One message to one address, and none of it says who sends it but the address that the clinic chose.
        taken = EmailMessage(subject, words, settings.MAIL_FROM, [to], connection=connection).send()
        if taken != 1:
            raise OSError("The transport took nothing.")


def transport() -> Transport | None:
    """The transport of this clinic."""
    mail: dict[str, Any] = settings.MAIL
    if not mail:
        return None
    options = dict(mail)
    return Transport(
        name=options.pop("name"),
        backend=options.pop("backend"),
        options=options,
        text_to=settings.TEXT_MAIL,
    )
