"""Where allauth and axes tell us that somebody signed in, out, or failed to. Each leaves an audit event."""

from typing import Any

from allauth.account.signals import user_logged_in as signed_in
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from reknit.base.clock import now

from . import stamps, trail
from .models import User


@receiver(user_logged_in)
def stamp_sign_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Begin the clocks of a new session. Runs for every way of signing in."""
    stamps.begin(request.session, at=now())


@receiver(signed_in)
def record_sign_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Somebody signed in, second factor and all."""
    trail.leave("sign in", by=user, subject=user)


@receiver(user_logged_out)
def record_sign_out(user: User | None, **kwargs: Any) -> None:
    """Somebody signed out."""
    if isinstance(user, User):
        trail.leave("sign out", by=user, subject=user)


@receiver(user_login_failed)
def record_failure(credentials: dict[str, Any], **kwargs: Any) -> None:
    """A sign-in failed. The person is named when the address is known; the address never is."""
    trail.leave("fail to sign in", subject=_person_at(credentials.get("login")))


@receiver(user_locked_out)
def record_lock_out(username: str | None = None, **kwargs: Any) -> None:
    """Sign-in is paused for an address, known or not, from one place."""
    trail.leave("pause sign-in", subject=_person_at(username))


@receiver(authentication_failed)
def record_failed_code(user: User, **kwargs: Any) -> None:
    """A code of the second factor was wrong."""
    trail.leave("fail second factor", subject=user)


@receiver(authenticator_added)
def record_second_factor_on(user: User, authenticator: Any, **kwargs: Any) -> None:
    """A second factor or its recovery codes were made."""
    trail.leave("add second factor", by=user, subject=user, kind=str(authenticator.type))


@receiver(authenticator_removed)
def record_second_factor_off(user: User, authenticator: Any, **kwargs: Any) -> None:
    """A second factor was turned off by the person."""
    trail.leave("remove second factor", by=user, subject=user, kind=str(authenticator.type))


@receiver(authenticator_reset)
def record_new_codes(user: User, authenticator: Any, **kwargs: Any) -> None:
    """Recovery codes were made anew."""
    trail.leave("renew recovery codes", by=user, subject=user, kind=str(authenticator.type))


def _person_at(address: Any) -> User | None:
    return User.objects.filter(email=str(address or "").lower()).first()
