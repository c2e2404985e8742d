"""Every change to people who sign in."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import DomainError

from .models import Role, User


@action
def create_first_administrator(
    *, by: None = None, email: str, name: str, password: str, at: dt.datetime
) -> User:
    """Make the first administrator of an empty installation."""
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
) -> User:
    """Add a person who may sign in."""
    chosen = [Role(role).value for role in roles]
    if not chosen:
        raise DomainError(_("Choose at least one role."), field="roles")
    if Role.CLIENT in chosen and len(chosen) > 1:
        raise DomainError(_("A client's sign-in holds no other role."), field="roles")
    if User.objects.filter(email__iexact=email).exists():
        raise DomainError(_("Somebody signs in with this address already."), field="email")
    user = User(
        email=email.strip(),
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
