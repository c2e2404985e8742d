"""Writes the reminders of group sessions of the next two days. Run again it writes none twice."""

import datetime as dt

from reknit.care.contact.messages.actions import write_message
from reknit.care.contact.messages.transport import transport
from reknit.care.contact.models import Message, MessageKind
from reknit.care.encounters.reminders import AHEAD, AT_LATEST, words_of
from reknit.care.groups.models import GroupSession
from reknit.care.groups.queries.runs import on_the_list
from reknit.care.groups.queries.told import about
from reknit.care.people.queries import site, zone


def write_reminders(*, at: dt.datetime) -> int:
    """Write what is due to each member on the list, and say how many. Handing them over is the room of contact's."""
    carrier, here, clinic = transport(), zone(), site()
    sessions = GroupSession.objects.filter(
        state=GroupSession.State.PLANNED, starts_at__gt=at + AT_LATEST, starts_at__lte=at + AHEAD
    )
    written = 0
    for session in sessions.order_by("starts_at", "pk"):
        members = {
            about(session.pk, one.pk): one
            for one in on_the_list(session.run.members.select_related("client"), session)
        }
        known = Message.objects.filter(
            kind=MessageKind.REMINDER, about__in=members, about_at=session.starts_at
        ).values_list("about", flat=True)
        for key in members.keys() - set(known):
            write_message(
                by=None, at=at, client=members[key].client, kind=MessageKind.REMINDER, about=key,
                about_at=session.starts_at, words=words_of(session.starts_at, zone=here, clinic=clinic),
                latest_at=session.starts_at - AT_LATEST, transport=carrier,
            )  # fmt: skip
            written += 1
    return written
