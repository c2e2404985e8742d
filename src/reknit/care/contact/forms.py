"""How a client can be reached without harm, as pages ask for it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import no_control_characters

from .models import SafeContact


def line(label: Any, most: int, hint: Any = "") -> forms.CharField:
    """One line that may stay empty."""
    return forms.CharField(
        label=label, max_length=most, required=False, help_text=hint, validators=[no_control_characters]
    )


class SafeContactForm(forms.Form):
    """One way, when, and what may be left behind there. `stands` is what was on the page."""

    stands = forms.CharField(widget=forms.HiddenInput, required=False)
    channel = forms.ChoiceField(label=_("Safe way to reach them"), choices=SafeContact.Channel.choices)
    value = line(_("Number or address"), 254)
    safe_times = line(_("Safe times"), 160, _("Such as weekdays after 17:00. Not when at home."))
    may_leave_message = forms.BooleanField(label=_("We may leave a message"), required=False)
    may_name_clinic = forms.BooleanField(label=_("We may say the name of the clinic"), required=False)

    def __init__(self, *args: Any, contact: SafeContact | None, **kwargs: Any) -> None:
        if contact:
            names = ("channel", "value", "safe_times", "may_leave_message", "may_name_clinic")
            kwargs["initial"] = {name: getattr(contact, name) for name in names} | {"stands": str(contact.pk)}
        super().__init__(*args, **kwargs)
