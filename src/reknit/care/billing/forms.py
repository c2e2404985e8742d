"""What may be typed into the code table, the places of service and a coded diagnosis."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import no_control_characters

from .models import BillingCode, is_code, is_place, is_substance_code


class CodeForm(forms.Form):
    """One line of the table."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Code"), max_length=5, validators=[is_code], help_text=_("Such as 90834 or H0004.")
    )
    meeting = forms.ChoiceField(label=_("For which meeting"), choices=BillingCode.Meeting.choices)
    minutes_from = forms.IntegerField(label=_("Minutes, from"), min_value=1, max_value=480)
    minutes_to = forms.IntegerField(
        label=_("Minutes, to"),
        required=False,
        min_value=1,
        max_value=480,
        help_text=_("Empty: that long or longer."),
    )
    unit_minutes = forms.IntegerField(
        label=_("Minutes of one unit"), required=False, min_value=1, max_value=480,
        help_text=_("Empty: one unit a meeting. Otherwise whole units count, and a part of one does not."),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("Holds from"))
    source = forms.CharField(
        label=_("Where this comes from"), max_length=200, validators=[no_control_characters],
        help_text=_("The payer’s rule and the day it was read."),
    )  # fmt: skip


class EndForm(forms.Form):
    """The last day of a line."""

    ends_on = forms.DateField(label=_("Last day"))


class PlacesForm(forms.Form):
    """Two digits for each way to meet."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    here = forms.CharField(label=_("In the room"), required=False, max_length=2, validators=[is_place])
    phone = forms.CharField(label=_("By phone"), required=False, max_length=2, validators=[is_place])
    video = forms.CharField(label=_("By video"), required=False, max_length=2, validators=[is_place])

    def places(self) -> dict[str, Any]:
        """The codes as written."""
        return {name: self.cleaned_data[name] for name in ("here", "phone", "video")}


class NumberForm(forms.Form):
    """The NPI of one person."""

    revision = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)
    npi = forms.CharField(
        label=_("NPI"), required=False, max_length=10, help_text=_("Ten digits. Empty: no number.")
    )


class DiagnosisForm(forms.Form):
    """A code from F10 to F19 and since when."""

    code = forms.CharField(
        label=_("Code"), max_length=8, validators=[is_substance_code],
        help_text=_("ICD-10, from F10 to F19, such as F10.20. Only what you diagnosed."),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("Since"))

    def clean_code(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["code"]).upper()
