"""What a form link is: its secret, the device that began it, and whether it still works.

The secret is in the address and nowhere else; the tables keep fingerprints.
"""

import datetime as dt
import hashlib
import secrets
import uuid
from enum import StrEnum

from django.utils.translation import gettext as _

from reknit.base.errors import DomainError

from .models import FormLink

SECRET_BYTES = 24  # 192 bits: nobody guesses one
HOURS = 72
MOST_HOURS = 14 * 24
SITTING_HOURS, MOST_AT_ONE_SITTING = 2, 12  # ours: an appointment with its wait, and every set of a session


class LinkState(StrEnum):
    """Whether a link still opens its form."""

    LIVE = "live"
    USED = "used"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


class LinkEnded(DomainError):
    """The link no longer takes answers; `state` says why."""

    def __init__(self, state: LinkState) -> None:
        sentences = {
            LinkState.USED: _("These answers were sent already."),
            LinkState.SUPERSEDED: _("There is a newer message with a newer link. Please use that one."),
        }
        super().__init__(sentences.get(state, _("This link has ended.")))
        self.state = state


def new_secret() -> str:
    """A secret nobody has seen yet, fit for an address."""
    return secrets.token_urlsafe(SECRET_BYTES)


def fingerprint(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def state_of(link: FormLink, *, at: dt.datetime) -> LinkState:
    """Whether the link works at an instant. Sent stays sent, whatever happened after."""
    if link.submitted_at:
        return LinkState.USED
    if link.superseded_at:
        return LinkState.SUPERSEDED
    return LinkState.LIVE if at < link.expires_at else LinkState.EXPIRED


def is_device(link: FormLink, device: str) -> bool:
    """Whether this is the device on which the form was begun."""
    return bool(device and link.device) and secrets.compare_digest(link.device, fingerprint(device))


def sheet_key(link: FormLink, key: uuid.UUID) -> uuid.UUID:
    """The key of the sheet that one sending of a form makes: the same page sent twice gives the same key.

    Made from the link and the page's key together, so that a key made up by somebody cannot name another row.
    """
    return uuid.uuid5(link.pk, str(key))
