"""The shape of what is sent when something is given to read."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.core.materials.catalogue import LANGUAGES, TOPICS, material

from .models import MaterialGiven
from .queries import language_name

STALE = {
    "invalid": _("This page is out of date. Open it again."),
    "required": _("This page is out of date. Open it again."),
}


class GiveForm(forms.Form):
    """Which text, in which language, and how."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, error_messages=STALE)
    encounter = forms.UUIDField(widget=forms.HiddenInput, required=False, error_messages=STALE)
    topic = forms.ChoiceField(
        label=_("Which text"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a text from the list.")},
    )
    language = forms.ChoiceField(
        label=_("Language"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the language.")},
    )
    how = forms.ChoiceField(
        label=_("How"),
        choices=MaterialGiven.How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it was given.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        topics: Any = self.fields["topic"]
        topics.choices = [(topic, material(topic, "en").about) for topic in TOPICS]
        languages: Any = self.fields["language"]
        languages.choices = [(code, language_name(code)) for code in LANGUAGES]
