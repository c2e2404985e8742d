"""The shape of what is entered about a course."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import no_control_characters


class OverrideForm(forms.Form):
    """Why a gate is passed."""

    reason = forms.CharField(
        label=_("Why the course goes on without this"),
        max_length=400,
        validators=[no_control_characters],
        widget=forms.Textarea,
    )
