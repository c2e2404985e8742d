"""The link by which a client answers a message without an account.

Its secret is sealed with the clinic's key and stands in no table: it is made when the message is handed over. It opens
nothing any more once the client counts on another way of contact.
"""

import base64
import binascii
import uuid

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from reknit.care.contact.models import Message

KEY_BYTES, SEAL_BYTES = 16, 16  # 128 bits: nobody guesses one


def secret_of(message: Message) -> str:
    """What the link of a message holds. The same message has the same one."""
    whole = message.pk.bytes + _seal(message.pk)
    return base64.urlsafe_b64encode(whole).decode().rstrip("=")


def with_link(message: Message) -> str:
    """The words as they go out: with the link where it takes an answer and the clinic has an address."""
    if not (settings.ADDRESS and message.answer_page):
        return message.words
    link = settings.ADDRESS + reverse(message.answer_page, args=[secret_of(message)])
    return message.words + " " + _("You can tell us here if you will come: %(link)s") % {"link": link}


def answerable(secret: str, *, page: str) -> Message | None:
    """The message whose link this is, while its client still counts on that way of contact. One query."""
    try:
        whole = base64.b64decode(secret + "=" * (-len(secret) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(whole) != KEY_BYTES + SEAL_BYTES:
        return None
    key = uuid.UUID(bytes=whole[:KEY_BYTES])
    if not constant_time_compare(whole[KEY_BYTES:], _seal(key)):
        return None
    found = Message.objects.filter(pk=key, answer_page=page, safe_contact__superseded_at=None)
    return found.exclude(safe_contact=None).first()


def _seal(key: uuid.UUID) -> bytes:
    return salted_hmac("contact.answer", key.bytes, algorithm="sha256").digest()[:SEAL_BYTES]
