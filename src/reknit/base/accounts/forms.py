"""Shape and words of sign-in and of the people pages."""

import uuid
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import no_control_characters

from .models import Role, User

LONGEST_PASSWORD = 256
STAFF_ROLES = [(role.value, role.label) for role in Role if role is not Role.CLIENT]


class _Plain:
    """A label says what a field is for; a placeholder that vanishes does not."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field, forms.CharField):
                field.max_length = LONGEST_PASSWORD
                field.widget.attrs["maxlength"] = str(LONGEST_PASSWORD)


class SignInForm(_Plain, LoginForm):  # type: ignore[misc]
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def sentence(self) -> str:
        """The first thing that is wrong, for a script that shows one line."""
        return str(next(iter(self.errors.values()))[0])


class PasswordForm(_Plain, ChangePasswordForm):  # type: ignore[misc]
    """The password now, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("The password you have now")
        self.fields["password1"].label = _("The new password")
        self.fields["password1"].help_text = " ".join(password_validators_help_texts()[:1])
        self.fields["password2"].label = _("The new password once more")


class PasswordAgainForm(_Plain, ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something that matters."""


class CodeForm(_Plain, AuthenticateForm):  # type: ignore[misc]
    """The code of the second step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].help_text = _("From the app on your device, or one of your recovery codes.")


class CodeAgainForm(_Plain, ReauthenticateByCodeForm):  # type: ignore[misc]
    """The code once more, before something that matters."""


class TurnOnForm(_Plain, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new device, which shows that it works."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code that the app shows now")
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class NameForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person's own name."""

    class Meta:
        model = User
        fields = ("name",)


class RolesForm(forms.Form):
    """What a person does here."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=STAFF_ROLES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )


class PersonForm(RolesForm):
    """A person to add."""

    name = forms.CharField(label=_("Name"), max_length=120, validators=[no_control_characters])
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, help_text=_("They sign in with it. Nothing is sent to it.")
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    field_order = ("name", "email", "roles", "key")


class ThemeForm(forms.Form):
    """Light, dark, or as the device has it."""

    theme = forms.ChoiceField(
        label=_("Colours"),
        choices=[("", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))],
        widget=forms.RadioSelect,
        required=False,
    )
