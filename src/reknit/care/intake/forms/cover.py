"""Who pays."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.care.intake.models import Cover

from .referrals import line


class CoverForm(forms.Form):
    """What a payer pays for."""

    step = forms.CharField(initial="cover", widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    stands = forms.CharField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("Who pays"), choices=[("", _("Choose")), *Cover.Kind.choices])
    payer = line(_("Name of the payer"), 120, required=False)
    member_id = line(_("Member number"), 60, required=False)
    authorisation = line(_("Number of the authorisation"), 60, required=False)
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput)
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput, required=False)
    sessions = forms.IntegerField(
        label=_("Sessions allowed"),
        min_value=1,
        max_value=500,
        required=False,
        help_text=_("Leave it empty where nobody has said."),
    )
    used_before = forms.IntegerField(
        label=_("Of these, used elsewhere"), min_value=0, max_value=500, required=False
    )

    def __init__(self, *args: Any, standing: Cover | None, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), "stands": str(standing.pk) if standing else ""}
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "step"}
        return {**values, "used_before": values["used_before"] or 0}
