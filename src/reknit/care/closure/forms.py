"""Shape of what is written in letters and at the end of a course."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import no_control_characters

from .models import Letter
from .parts import LONGEST, PARTS


class LetterForm(forms.Form):
    """The author's parts of one letter."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, letter: Letter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if letter.kind == Letter.Kind.CLOSING:
            self.fields["recipient"] = forms.CharField(
                label=_("To"),
                required=False,
                max_length=200,
                validators=[no_control_characters],
                help_text=_("Name and place, as on an envelope."),
            )
        for part in PARTS[letter.kind]:
            self.fields[part.key] = forms.CharField(
                label=part.heading,
                help_text=part.hint,
                required=False,
                max_length=LONGEST,
                validators=[no_control_characters],
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    def words(self) -> dict[str, str]:
        """The parts as written."""
        return {
            key: value for key, value in self.cleaned_data.items() if key not in {"revision", "recipient"}
        }


class IssueForm(forms.Form):
    """Which words the author has read when the letter goes out."""

    revision = forms.IntegerField(
        min_value=0,
        widget=forms.HiddenInput(attrs={"data-revision-of": "letter-form", "autocomplete": "off"}),
    )


class CloseForm(forms.Form):
    """Why the course closes."""

    reason = forms.CharField(
        label=_("Why the course closes"),
        max_length=200,
        validators=[no_control_characters],
        help_text=_("For example: all planned sessions took place; the client moved away."),
        error_messages={"required": _("Write why the course closes.")},
    )
