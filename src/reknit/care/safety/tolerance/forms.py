"""What is asked about a loss of tolerance."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.care.safety.forms import KeyForm, words
from reknit.care.safety.models import ToleranceLoss, ToleranceTask


class LossForm(KeyForm):
    """What happened, and when."""

    kind = forms.ChoiceField(
        label=_("What happened?"),
        choices=ToleranceLoss.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happened.")},
    )
    happened_on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Write the day as a date.")},
    )
    note = words(_("Note"), 2000)


class SettleForm(forms.Form):
    """What came of a task."""

    outcome = forms.ChoiceField(choices=ToleranceTask.Outcome.choices)
