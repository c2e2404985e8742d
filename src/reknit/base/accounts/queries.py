"""Reads about people who sign in."""

import datetime as dt
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from .models import Role, User
from .stamps import is_over, seen_at

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def staff() -> QuerySet[User]:
    """Everybody who signs in save clients, whose names an administrator does not see."""
    return User.objects.exclude(roles=[Role.CLIENT.value])


def search(people: QuerySet[User], words: str) -> QuerySet[User]:
    """People whose name or address holds each of the words."""
    for word in words.split()[:4]:
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return people


def colleagues(*roles: str) -> list[User]:
    """Active staff who hold any of these roles, by name. One query."""
    return [person for person in staff().filter(is_active=True).order_by("name", "id") if person.has(*roles)]


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One place where a person is signed in now."""

    id: int
    device: str
    ip: str
    began_at: dt.datetime
    seen_at: dt.datetime
    is_current: bool


def open_sessions(user: User, *, current_key: str | None, at: dt.datetime) -> list[OpenSession]:
    """Where this person is signed in, this place first. Two queries."""
    known = {row.session_key: row for row in UserSession.objects.filter(user_id=user.pk)}
    found = []
    for session in Session.objects.filter(session_key__in=known, expire_date__gt=at):
        row, stamps = known[session.session_key], session.get_decoded()
        if is_over(stamps, user=user, at=at):
            continue
        found.append(
            OpenSession(
                id=row.pk,
                device=device(row.user_agent),
                ip=row.ip,
                began_at=row.created_at,
                seen_at=seen_at(stamps) or row.last_seen_at,
                is_current=session.session_key == current_key,
            )
        )
    return sorted(found, key=lambda each: (each.is_current, each.seen_at), reverse=True)


def device(user_agent: str) -> str:
    """A browser's long name in three words.

    >>> device("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox on Linux'
    """
    browser = next((word for mark, word in BROWSERS if mark in user_agent), _("A browser"))
    system = next((word for mark, word in SYSTEMS if mark in user_agent), "")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser
