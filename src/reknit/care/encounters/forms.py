"""Shape and wording of what is entered about sessions; rules live in the actions."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reknit.base.fields import no_control_characters

from .models import Encounter, Intention
from .sections import EMERGENCY, KEYS, MAX_WORDS, title


def check_length(value: str, *, name: str) -> None:
    """Refuse words that do not fit, with how many there are."""
    if len(value) > MAX_WORDS:
        raise ValidationError(
            _("“%(title)s” holds at most %(most)s characters and yours has %(count)s. Shorten it.")
            % {"title": name, "most": MAX_WORDS, "count": len(value)}
        )


class WordsField(forms.CharField):
    """Own words of one section. Line ends are kept as the database keeps them, so that equal texts are equal."""

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, validators=[no_control_characters], **options)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        check_length(value, name=str(self.label))


class NoteForm(forms.Form):
    """The author's words, section by section, with the revision they were written on."""

    revision = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, emergency: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        for key in ([EMERGENCY] if emergency else []) + list(KEYS):
            self.fields[key] = WordsField(label=title(key))
        if emergency:
            self.fields[EMERGENCY].label = _("Why this is an emergency")
            self.fields[EMERGENCY].help_text = _("Consent is not recorded. A note needs this reason.")

    def words(self) -> dict[str, str]:
        """Section key to words."""
        return {key: self.cleaned_data[key] for key in self.cleaned_data if key != "revision"}


class WallTimeForm(forms.Form):
    """A day and a time on the clinic's wall, and how long."""

    on = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(),
        error_messages={"invalid": gettext_lazy("Write the day as a date that exists, such as 2026-06-30.")},
    )
    time = forms.TimeField(
        label=gettext_lazy("Time"),
        widget=forms.TimeInput(),
        error_messages={"invalid": gettext_lazy("Write the time as 09:30.")},
    )
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=5, max_value=480, initial=50)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class StartForm(WallTimeForm):
    """A session that took place, or did not."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What happened"),
        choices=Encounter.Outcome.choices,
        initial=Encounter.Outcome.ATTENDED,
        widget=forms.RadioSelect,
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Where"),
        choices=Encounter.Place.choices,
        initial=Encounter.Place.HERE,
        widget=forms.RadioSelect,
    )
    uses_slot = forms.BooleanField(
        label=gettext_lazy("A safety session uses up a planned session too"), required=False
    )
    appointment = forms.UUIDField(widget=forms.HiddenInput, required=False)
    field_order = ("outcome", "on", "time", "minutes", "place", "uses_slot", "key", "appointment")

    def __init__(self, *args: Any, has_begun: bool, **kwargs: Any) -> None:
        """Once a session used up a place there is no meeting before session 1 to write down."""
        super().__init__(*args, **kwargs)
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)
        outcome.choices = [
            choice
            for choice in Encounter.Outcome.choices
            if not (has_begun and choice[0] == Encounter.Outcome.BEFORE)
        ]


class StartNowForm(forms.Form):
    """The one button: the session begins now."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    appointment = forms.UUIDField(widget=forms.HiddenInput, required=False)


class IntentionForm(forms.Form):
    """One thing to try."""

    text = forms.CharField(
        label=gettext_lazy("One thing to try with someone before next time"),
        required=False,
        max_length=400,
        validators=[no_control_characters],
        widget=forms.Textarea,
        error_messages={"max_length": gettext_lazy("This holds at most 400 characters. Shorten it.")},
    )


class WentForm(forms.Form):
    """How the last thing to try went. "Not yet" is an answer like the others."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("How did it go?"),
        choices=[choice for choice in Intention.Outcome.choices if choice[0] != Intention.Outcome.OPEN],
        widget=forms.RadioSelect,
    )
    what_happened = forms.CharField(
        label=gettext_lazy("What happened"),
        required=False,
        max_length=400,
        validators=[no_control_characters],
        error_messages={"max_length": gettext_lazy("This holds at most 400 characters. Shorten it.")},
    )


class AddendumForm(forms.Form):
    """Words to stand under a signed note."""

    text = forms.CharField(
        label=gettext_lazy("Add to this note"),
        max_length=MAX_WORDS,
        validators=[no_control_characters],
        widget=forms.Textarea,
        error_messages={
            "required": gettext_lazy("Write a few words first."),
            "max_length": gettext_lazy("This holds at most 8,000 characters. Shorten it."),
        },
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class CosignForm(forms.Form):
    """The supervisor's answer to a note."""

    decision = forms.ChoiceField(choices=[("cosign", ""), ("return", "")])
    reason = forms.CharField(
        label=gettext_lazy("What should change"),
        required=False,
        max_length=400,
        validators=[no_control_characters],
        widget=forms.Textarea,
        error_messages={"max_length": gettext_lazy("This holds at most 400 characters. Shorten it.")},
    )
