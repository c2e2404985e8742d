"""Who was told about a session, or reminded of it, and whom somebody has to ring."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from reknit.care.contact.messages.allowed import needs_a_call, sentence_of
from reknit.care.contact.models import Message, MessageKind, SafeContact
from reknit.care.groups.models import GroupRun, GroupSession, Member, Telling

from .runs import in_order, on_the_list


def about(session: uuid.UUID, member: uuid.UUID) -> uuid.UUID:
    """The key by which a message knows the session of one member."""
    return uuid.uuid5(session, str(member))


@dataclass(frozen=True, slots=True)
class Told:
    """One member with the latest message about this session, how they may be reached, and who tried to tell them."""

    member: Member
    message: Message
    contact: SafeContact | None
    tries: tuple[Telling, ...]
    key: uuid.UUID = field(default_factory=uuid.uuid4)  # of the next try, so that a double send writes one

    @property
    def needs_a_call(self) -> bool:
        """Whether somebody has to ring. A message left counts as told; a call that nobody answered does not."""
        return needs_a_call(self.message) and not self.is_told

    @property
    def is_told(self) -> bool:
        return any(one.answer != Telling.Answer.NOT_REACHED for one in self.tries)

    @property
    def is_change(self) -> bool:
        return self.message.kind == MessageKind.CHANGE

    @property
    def why(self) -> str:
        return sentence_of(self.message.why)


def told(session: GroupSession, members: Iterable[Member]) -> list[Told]:
    """Each member to whom something was written about this session, as it stands; the same words together. Three queries."""
    found = _told({about(session.pk, one.pk): one for one in members})
    return sorted(found.values(), key=lambda one: (one.message.words, one.member.client.name.casefold()))


def to_tell(run: GroupRun, *, at: dt.datetime) -> list[tuple[GroupSession, list[Member]]]:
    """Sessions still to come that were moved or called off, with the members nobody has told yet. Five queries at most."""
    changed = list(run.sessions.filter(changed_at__isnull=False, starts_at__gt=at).order_by("number"))
    if not changed:
        return []
    members = list(run.members.select_related("client"))
    keys = {about(session.pk, one.pk): one for session in changed for one in on_the_list(members, session)}
    found = _told(keys)
    waits = [
        (
            session,
            [
                one
                for one in in_order(members)
                if (each := found.get(about(session.pk, one.pk))) and each.is_change and each.needs_a_call
            ],
        )
        for session in changed
    ]
    return [(session, people) for session, people in waits if people]


def _told(keys: dict[uuid.UUID, Member]) -> dict[uuid.UUID, Told]:
    latest: dict[uuid.UUID, Message] = {}
    rows = Message.objects.filter(about__in=keys).exclude(state=Message.State.WITHDRAWN)
    for message in rows.order_by("made_at", "pk"):
        latest[message.about] = message
    contacts, tries = _contacts(latest.values()), _tries(latest.values())
    return {
        key: Told(keys[key], message, contacts.get(message.client_id), tuple(tries[message.pk]))
        for key, message in latest.items()
    }


def _contacts(messages: Collection[Message]) -> dict[uuid.UUID, SafeContact]:
    keys = {one.client_id for one in messages}
    return {one.client_id: one for one in SafeContact.objects.filter(client__in=keys, superseded_at=None)}


def _tries(messages: Collection[Message]) -> dict[uuid.UUID, list[Telling]]:
    found: dict[uuid.UUID, list[Telling]] = defaultdict(list)
    for one in Telling.objects.filter(message__in=messages).select_related("by"):
        found[one.message_id].append(one)
    return found
