"""The two times a session carries: when the person signed in, and when they were last seen here."""

import datetime as dt
from collections.abc import Mapping, MutableMapping
from typing import Any

from django.conf import settings

from .models import Role, User

BEGAN, SEEN = "signed_in_at", "seen_at"
LONGEST = dt.timedelta(hours=12)  # however busy
STAMP_EVERY = dt.timedelta(minutes=1)  # a page that only reads should not write each time it is opened


def begin(session: MutableMapping[str, Any], *, at: dt.datetime) -> None:
    """Stamp a sign-in."""
    session[BEGAN] = session[SEEN] = int(at.timestamp())


def touch(session: MutableMapping[str, Any], *, at: dt.datetime) -> bool:
    """Stamp that the person is here, at most once a minute; return whether it was stamped."""
    if BEGAN not in session:
        begin(session, at=at)
        return True
    seen = seen_at(session)
    if seen and at - seen < STAMP_EVERY:
        return False
    session[SEEN] = int(at.timestamp())
    return True


def is_over(session: Mapping[str, Any], *, user: User, at: dt.datetime) -> bool:
    """Whether this sign-in ended by time."""
    began, seen = _instant(session, BEGAN), seen_at(session)
    return bool((began and at - began >= LONGEST) or (seen and at - seen >= idle_time(user)))


def idle_time(user: User) -> dt.timedelta:
    """How long this person may be away before the sign-in ends."""
    minutes = settings.IDLE_MINUTES_CLIENT if user.has(Role.CLIENT) else settings.IDLE_MINUTES_STAFF
    return dt.timedelta(minutes=minutes)


def seen_at(session: Mapping[str, Any]) -> dt.datetime | None:
    """When the person was last seen, to the minute."""
    return _instant(session, SEEN)


def _instant(session: Mapping[str, Any], name: str) -> dt.datetime | None:
    stamp = session.get(name)
    return dt.datetime.fromtimestamp(stamp, dt.UTC) if isinstance(stamp, int) else None
