"""What a clinician writes about the danger of suicide. Nothing is filled in from a score."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.care.safety.forms import said, words
from reknit.care.safety.models import RiskFormulation


class FormulationForm(forms.Form):
    """The view, part by part. `based_on` is the version that was on the page."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)
    level = forms.ChoiceField(
        label=_("Level, as you judge it"),
        choices=RiskFormulation.Level.choices,
        widget=forms.RadioSelect,
        help_text=_("Yours to set. No score sets it, and a low score is no reason for a low level."),
        error_messages={"required": _("Choose the level. It is yours to set; no score sets it.")},
    )
    reasons = words(
        _("Reasons for it"), 4000, required=True, hint=_("What speaks for more danger, and what for less.")
    )
    foreseeable = words(
        _("What could change it soon"),
        4000,
        hint=_("Losses, dates, use, coming home: what would make you look again."),
    )
    plan = words(_("What is done now, and by whom"), 4000, required=True)
    means = words(
        _("Means"),
        4000,
        hint=_("Medicines, opioids, alcohol at hand, firearms: what was made safer, with whom."),
    )
    told = words(
        _("Who was told"), 2000, rows=2, hint=_("With the client’s word, or because a duty asks for it.")
    )
    intoxicated = said(
        _("Intoxicated while you talked"), hint=_("Then ask again when sober; safety does not wait.")
    )
    review_on = forms.DateField(
        label=_("Look again on"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Write the day as a date.")},
    )
