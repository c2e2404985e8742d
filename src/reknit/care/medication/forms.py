"""The shape of what this room's pages send."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import no_control_characters
from reknit.core.medication.catalogue import MEDICATIONS

from .models import Medication, MedicationReview, Taking

STALE = {
    "invalid": _("This page is out of date. Open it again."),
    "required": _("This page is out of date. Open it again."),
}


def line(label: Any, most: int, *, required: bool = False, hint: Any = "") -> forms.CharField:
    """One line of words."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        required=required,
        validators=[no_control_characters],
    )


def day(label: Any) -> forms.DateField:
    """A date."""
    wrong = {"invalid": _("Write the day as a date."), "required": _("Choose the day.")}
    return forms.DateField(label=label, error_messages=wrong)


class MedicationForm(forms.Form):
    """What is prescribed. The name is typed, with the short list offered."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages=STALE)
    kind = forms.ChoiceField(
        label=_("For what"),
        choices=Medication.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the medication is for.")},
    )
    name = line(_("Name"), 80, required=True, hint=_("The generic name."))
    dose = line(_("Dose"), 120, hint=_("As it is written on the prescription."))
    prescriber = line(_("Prescribed by"), 120)
    starts_on = day(_("Since"))

    known = [one.name for one in MEDICATIONS]


class EndForm(forms.Form):
    """The last day, and why."""

    ends_on = day(_("Last day"))
    end_reason = line(_("Why it ended"), 200)


class TakingForm(forms.Form):
    """How it was taken, from a day to a day."""

    starts_on = day(_("From"))
    ends_on = day(_("To"))
    how = forms.ChoiceField(
        label=_("How it was taken"),
        choices=Taking.How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it was taken.")},
    )


class ReviewForm(forms.Form):
    """What was decided."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages=STALE)
    reviewed_on = day(_("Day"))
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=MedicationReview.Decision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what was decided.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=4000,
        widget=forms.Textarea,
        validators=[no_control_characters],
    )
