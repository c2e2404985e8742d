"""Every change to people who sign in."""

import datetime as dt
import secrets
import uuid
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.utils import reset as reset_tries
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils.translation import gettext as _

from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import DomainError
from reknit.base.races import hold_line

from .models import Role, User

FIRST = 0x46495253  # the line in which the first administrator is made
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for another when read out


@action
def create_first_administrator(
    *, by: None = None, email: str, name: str, password: str, at: dt.datetime
) -> User:
    """Make the first administrator of an empty installation."""
    hold_line(FIRST)
    if User.objects.exists():
        raise DomainError(_("There is an administrator already. Sign in, or ask them to add you."))
    return add_person(by=None, at=at, email=email, name=name, roles=[Role.ADMINISTRATOR], password=password)


@action
def add_person(
    *,
    by: User | None,
    at: dt.datetime,
    email: str,
    name: str,
    roles: Iterable[str],
    password: str | None = None,
    must_change_password: bool = False,
    key: uuid.UUID | None = None,
) -> User:
    """Add a person who may sign in. `key` may have been made by the page, so a double send adds one."""
    address = email.strip().lower()  # sign-in looks for the small letters
    # One look for both: between two looks the first send of this page may arrive.
    there = {person.pk: person for person in User.objects.filter(Q(pk=key) | Q(email__iexact=address))}
    if key and (known := there.get(key)):
        if known.email != address:
            raise DomainError(_("This page was used before. Open it again, then fill it in once more."))
        audit.unchanged()
        return known
    chosen = _checked_roles(roles)
    if there:
        raise DomainError(_("Somebody signs in with this address already."), field="email")
    user = User(
        **({"id": key} if key else {}),
        email=address,
        name=name.strip(),
        roles=chosen,
        must_change_password=must_change_password,
        made_at=at,
    )
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save(force_insert=True)
    audit.record("add person", by=by, at=at, subject=user, detail={"roles": chosen})
    return user


@action
def add_person_with_password(
    *,
    by: User,
    at: dt.datetime,
    email: str,
    name: str,
    roles: Iterable[str],
    key: uuid.UUID | None = None,
) -> tuple[User, str]:
    """Add a person who is told a one-time password; return both. It is kept nowhere but as its hash.

    The second send of one page gives back the person without a password: theirs was told to the first.
    """
    words = _one_time_password()
    person = add_person(
        by=by,
        at=at,
        email=email,
        name=name,
        roles=roles,
        password=words,
        must_change_password=True,
        key=key,
    )
    return person, words if person.check_password(words) else ""


def _one_time_password() -> str:
    return "-".join("".join(secrets.choice(READABLE) for _each in range(4)) for _group in range(4))


def _checked_roles(roles: Iterable[str]) -> list[str]:
    given = {Role(role) for role in roles}
    chosen = [role.value for role in Role if role in given]
    if not chosen:
        raise DomainError(_("Choose at least one role."), field="roles")
    if Role.CLIENT in given and len(chosen) > 1:
        raise DomainError(_("A client's sign-in holds no other role."), field="roles")
    return chosen


@action
def change_name(*, by: User, at: dt.datetime, person: User, name: str) -> User:
    """Write a person's name anew."""
    if person.name == name.strip():
        audit.unchanged()
        return person
    person.name = name.strip()
    person.save(update_fields=["name"])
    audit.record("change person", by=by, at=at, subject=person, detail={"fields": ["name"]})
    return person


@action
def change_roles(*, by: User, at: dt.datetime, person: User, roles: Iterable[str]) -> User:
    """Give a person other roles. They hold from the person's next page."""
    chosen = _checked_roles(roles)
    if person.has(Role.CLIENT) or Role.CLIENT in chosen:
        raise DomainError(_("A client's sign-in stays a client's. Add the person anew."), field="roles")
    if chosen == person.roles:
        audit.unchanged()
        return person
    if person.has(Role.ADMINISTRATOR) and Role.ADMINISTRATOR not in chosen:
        if person.pk == by.pk:
            raise DomainError(_("Ask another administrator to take this role from you."), field="roles")
        _leave_an_administrator(without=person)
    before, person.roles = person.roles, chosen
    person.save(update_fields=["roles"])
    audit.record("change roles", by=by, at=at, subject=person, detail={"from": before, "to": chosen})
    return person


@action
def deactivate(*, by: User, at: dt.datetime, person: User) -> User:
    """End a person's sign-in here, at once and everywhere. Their name stays on what they wrote."""
    if person.pk == by.pk:
        raise DomainError(_("Ask another administrator to end your own sign-in."))
    if not person.is_active:
        audit.unchanged()
        return person
    if person.has(Role.ADMINISTRATOR):
        _leave_an_administrator(without=person)
    person.is_active = False
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    ended = _end_every_session(person)
    audit.record("deactivate person", by=by, at=at, subject=person, detail={"sessions": ended})
    return person


@action
def make_one_time_password(*, by: User, at: dt.datetime, person: User) -> str:
    """Make a password that is said to the person once and opens one page: where they choose their own.

    A person who was deactivated may sign in again by it, and one whose sign-in was paused after too many tries.
    Whoever is signed in as them is signed out.
    """
    if person.pk == by.pk:
        raise DomainError(_("Change your own password on your settings page."))
    words = _one_time_password()
    person.set_password(words)
    person.must_change_password = True
    came_back, person.is_active = not person.is_active, True
    person.save(update_fields=["password", "must_change_password", "is_active"])
    ended = _end_every_session(person)
    reset_tries(username=person.email)
    audit.record(
        "make one-time password",
        by=by,
        at=at,
        subject=person,
        detail={"sessions": ended, "came_back": came_back},
    )
    return words


@action
def change_password(*, by: User, at: dt.datetime, password: str) -> User:
    """A person chose their own password. Every session of theirs ends; the caller keeps the one at hand alive."""
    by.set_password(password)
    by.must_change_password = False
    by.save(update_fields=["password", "must_change_password"])
    _end_every_session(by)
    audit.record("change password", by=by, at=at, subject=by)
    return by


@action
def remove_second_factor(*, by: User, at: dt.datetime, person: User) -> User:
    """Let a person who lost their device sign in with the password alone, until they set it up again."""
    if person.pk == by.pk:
        raise DomainError(_("Turn off your own second step on your settings page."))
    removed, _kinds = Authenticator.objects.filter(user=person).delete()
    if removed:
        audit.record("remove second factor", by=by, at=at, subject=person)
    else:
        audit.unchanged()
    return person


@action
def end_session(*, by: User, at: dt.datetime, session: UserSession) -> None:
    """Sign a person out in one place."""
    Session.objects.filter(session_key=session.session_key).delete()
    session.delete()
    audit.record("end session", by=by, at=at, subject=by)


def _leave_an_administrator(*, without: User) -> None:
    """Somebody must be able to let people in. Locked, so that two cannot remove each other at once."""
    staff = User.objects.filter(is_active=True).exclude(roles=[Role.CLIENT.value]).order_by("pk")
    held = staff.select_for_update(no_key=True)
    if not any(person.has(Role.ADMINISTRATOR) for person in held if person.pk != without.pk):
        raise DomainError(_("This is the only administrator. Make somebody else one first."), field="roles")


def _end_every_session(person: User) -> int:
    known = UserSession.objects.filter(user=person)
    keys = list(known.values_list("session_key", flat=True))
    ended, _kinds = Session.objects.filter(session_key__in=keys).delete()
    known.delete()
    return ended
