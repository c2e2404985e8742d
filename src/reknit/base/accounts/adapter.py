"""How sign-in behaves here: nobody signs themselves up; people are added by an administrator."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reknit.base.addresses import caller
from reknit.base.clock import now

from .actions import change_password
from .models import User

# One sentence for an unknown address, a wrong password and a person who left.
FAILED = gettext_lazy("That did not work. Check the e-mail and the password.")


class ClinicAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No open sign-up, no way to learn who is here, and no way to be sent elsewhere."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": FAILED,
        "too_many_login_attempts": gettext_lazy(
            "There were too many tries. Wait a few minutes and try again."
        ),
        "enter_current_password": gettext_lazy("Type the password that you have now."),
        "incorrect_password": gettext_lazy("That is not your password. Type it once more."),
        "incorrect_code": gettext_lazy("That code did not work. Wait for the next one and type it."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by an administrator, never by a visitor."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that the brakes on sign-in count by."""
        return caller(request)

    def is_safe_url(self, url: str | None) -> bool:
        """Only a path of this site: another host of ours is still another place."""
        return bool(url) and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def is_ajax(self, request: HttpRequest) -> bool:
        """Our own sign-in view answers JSON in its own words."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Failed tries are counted in one place: axes."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Tell axes whom to count, and treat a person who left like one who never was here."""
        user = super().authenticate(request, **credentials, login=credentials.get("email", "").lower())
        return user if isinstance(user, User) and user.is_active else None

    def reauthenticate(self, user: User, password: str) -> bool:
        """Ask for the password again, counted by axes like any other try."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def clean_password(self, password: str, user: User | None = None) -> str:
        """A new password differs from the one before, which somebody else may have read out."""
        cleaned: str = super().clean_password(password, user)
        if user and user.check_password(cleaned):
            raise ValidationError(_("Choose a password that differs from the one you have now."))
        return cleaned

    def set_password(self, user: User, password: str) -> None:
        """A person chose a new password."""
        change_password(by=user, at=now(), password=password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the person's own page."""
        return reverse("accounts:me")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor, in our words."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That code did not work. Wait for the next one and type it."),
    }
