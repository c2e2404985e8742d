"""Who carries a message: what the clinic set up in its settings, or nobody."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from reknit.care.contact.models import SafeContact


@dataclass(frozen=True, slots=True)
class Transport:
    """One way of sending. `name` stands in the delivery log."""

    name: str
    backend: str
    options: dict[str, Any]
    channels: frozenset[str] = frozenset({SafeContact.Channel.EMAIL})

    def take(self, *, to: str, subject: str, words: str) -> None:
        """Hand one message over; an error when it was not taken."""
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
    return Transport(name=options.pop("name"), backend=options.pop("backend"), options=options)
