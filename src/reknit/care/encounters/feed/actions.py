"""Making a calendar address anew, and taking it back."""

import datetime as dt
import hashlib
import secrets

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import Refused
from reknit.care.encounters.access import may_have_feed
from reknit.care.encounters.models import CalendarFeed

BYTES = 32


def digest_of(secret: str) -> str:
    """What is kept of a secret. It is random and long, so one round is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@action
def renew_feed(*, by: User, at: dt.datetime) -> str:
    """A new calendar address for oneself; the one before is dead from now on. The secret is told once."""
    person = _held(by)
    if not may_have_feed(person):
        raise Refused(_("A calendar address is for people with a calendar here."))
    CalendarFeed.objects.filter(person=person, revoked_at=None).update(revoked_at=at)
    secret = secrets.token_urlsafe(BYTES)
    feed = CalendarFeed.objects.create(person=person, digest=digest_of(secret), made_at=at)
    audit.record("renew calendar address", by=by, at=at, subject=feed)
    return secret


@action
def revoke_feed(*, by: User | None, at: dt.datetime, person: User) -> CalendarFeed | None:
    """Take somebody's calendar address back. The system does it for a person who left."""
    _held(person)
    feed = CalendarFeed.objects.filter(person=person, revoked_at=None).first()
    if feed is None:
        audit.unchanged()
        return None
    feed.revoked_at = at
    feed.save(update_fields=["revoked_at"])
    audit.record("revoke calendar address", by=by, at=at, subject=feed)
    return feed


def _held(person: User) -> User:
    """The person as they stand now, so that two who make an address at once make one after the other."""
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)
