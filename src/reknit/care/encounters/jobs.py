"""Writes the reminders of the next two days. Run again it writes none twice."""

import datetime as dt

from reknit.care.contact.messages.actions import write_message
from reknit.care.contact.messages.transport import transport
from reknit.care.contact.models import MessageKind
from reknit.care.people.queries import site, zone

from .reminders import ANSWER_PAGE, AT_LATEST, due_for_reminder, words_of


def write_reminders(*, at: dt.datetime) -> int:
    """Write each reminder that is due, and say how many. Handing them over is the room of contact's."""
    carrier, here, clinic = transport(), zone(), site()
    written = 0
    for appointment in due_for_reminder(at=at):
        write_message(
            by=None, at=at, client=appointment.client, kind=MessageKind.REMINDER, about=appointment.pk,
            about_at=appointment.starts_at, words=words_of(appointment.starts_at, zone=here, clinic=clinic),
            latest_at=appointment.starts_at - AT_LATEST, transport=carrier,
            answer_page=ANSWER_PAGE,
        )  # fmt: skip
        written += 1
    return written
