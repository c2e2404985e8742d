"""The way that stands now, and what the client wants of each kind of message."""

from reknit.care.people.models import Client

from .models import Message, MessageChoice, MessageKind, SafeContact

SHOWN = 20


def current_safe_contact(client: Client) -> SafeContact | None:
    """The client's safe contact as of now, or nothing when nobody asked yet."""
    return SafeContact.objects.filter(client=client, superseded_at=None).first()


def safe_contacts_of(client: Client) -> list[SafeContact]:
    """Every way that was written down, with who did: the one that stands first. One query."""
    rows = SafeContact.objects.filter(client=client).select_related("recorded_by")
    return list(rows.order_by("-recorded_at", "pk"))


def current_choice(client: Client, kind: str) -> MessageChoice | None:
    """What the client wants of one kind of message, or nothing when nobody asked yet. A change goes by the word on reminders."""
    return MessageChoice.objects.filter(client=client, kind=asked_as(kind), superseded_at=None).first()


def asked_as(kind: str) -> str:
    """The kind of which the client was asked."""
    return MessageKind.REMINDER if kind == MessageKind.CHANGE else kind


def latest_messages(client: Client, kind: str) -> list[Message]:
    """The latest messages of a kind with every try to hand them over, latest first. Two queries."""
    rows = Message.objects.filter(client=client, kind=kind).prefetch_related("deliveries")
    return list(rows.order_by("-made_at", "pk")[:SHOWN])
