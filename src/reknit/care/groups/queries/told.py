"""Who was told about a session, or reminded of it, and whom somebody has to ring."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from reknit.care.contact.messages.allowed import needs_a_call, sentence_of
from reknit.care.contact.models import Message, SafeContact
from reknit.care.groups.models import GroupSession, Member


def about(session: uuid.UUID, member: uuid.UUID) -> uuid.UUID:
    """The key by which a message knows the session of one member."""
    return uuid.uuid5(session, str(member))


@dataclass(frozen=True, slots=True)
class Told:
    """One member with the latest message about this session, and how they may be reached where somebody has to ring."""

    member: Member
    message: Message
    contact: SafeContact | None

    @property
    def needs_a_call(self) -> bool:
        return needs_a_call(self.message)

    @property
    def why(self) -> str:
        return sentence_of(self.message.why)


def told(session: GroupSession, members: Iterable[Member]) -> list[Told]:
    """Each member to whom something was written about this session, as it stands; the same words together. Two queries."""
    keys = {about(session.pk, one.pk): one for one in members}
    latest: dict[uuid.UUID, Message] = {}
    rows = Message.objects.filter(about__in=keys).exclude(state=Message.State.WITHDRAWN)
    for message in rows.order_by("made_at", "pk"):
        latest[message.about] = message
    contacts = {
        one.client_id: one
        for one in SafeContact.objects.filter(
            client__in={keys[key].client_id for key in latest}, superseded_at=None
        )
    }
    found = [
        Told(member, latest[key], contacts.get(member.client_id))
        for key, member in keys.items()
        if key in latest
    ]
    return sorted(found, key=lambda one: (one.message.words, one.member.client.name.casefold()))
