"""What may be typed into the search."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 80


class SearchForm(forms.Form):
    """A few words, and which page of what they find."""

    words = forms.CharField(
        label=_("Name or date of birth"),
        required=False,
        max_length=LONGEST,
        help_text=_("Parts of names will do. Accents and capitals make no difference."),
        error_messages={"max_length": _("Search for fewer words.")},
        widget=forms.TextInput(
            attrs={"type": "search", "autofocus": True, "autocomplete": "off", "data-search": True}
        ),
    )
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def clean_words(self) -> str:
        """Without what no name holds and no database takes."""
        return str(self.cleaned_data["words"]).replace("\x00", " ").strip()
