"""Shape of what is written in letters and at the end of a course."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reknit.base.fields import no_control_characters

from .kinds import LONGEST as LONGEST_PART
from .kinds import Part, Record
from .models import Letter
from .parts import LONGEST, PARTS
from .people_then_now import PersonToCall


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


class RecordForm(forms.Form):
    """The parts of one closing record, with the people who may stand on a plan."""

    revision = forms.IntegerField(min_value=0, max_value=100_000, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, record: Record, people: Sequence[PersonToCall] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        for part in record.parts:
            self.fields[part.key] = field_of(part, people)
        if not people:
            self.fields.pop("people", None)

    def words(self) -> dict[str, Any]:
        """The parts as written, without people."""
        parts = {part.key for part in self.record.parts if part.shape != "people"}
        return {key: value for key, value in self.cleaned_data.items() if key in parts}

    def people(self) -> list[str]:
        """Keys of the people chosen."""
        return list(self.cleaned_data.get("people", []))


def field_of(part: Part, people: Sequence[PersonToCall]) -> forms.Field:
    """The field of one part, by its shape."""
    shown: dict[str, Any] = {"label": part.heading, "help_text": part.hint, "required": False}
    if part.shape == "people":
        choices = [(str(one.id), one.alias) for one in people]
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **shown)
    if part.shape == "picks":
        return forms.MultipleChoiceField(choices=part.choices, widget=forms.CheckboxSelectMultiple, **shown)
    if part.shape == "choice":
        return forms.ChoiceField(choices=part.choices, widget=forms.RadioSelect, **shown)
    rows = 2 if part.key.startswith(("stress", "response")) else 4
    return forms.CharField(
        max_length=LONGEST_PART,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": rows}),
        **shown,
    )


class GiveForm(forms.Form):
    """Which revision was read before it is given."""

    revision = forms.IntegerField(min_value=1, max_value=100_000, widget=forms.HiddenInput)


class TakeBackForm(forms.Form):
    """Why a record that was given no longer holds."""

    reason = forms.CharField(
        label=_("Why it no longer holds"), max_length=200, validators=[no_control_characters]
    )


class BookForm(forms.Form):
    """From which day follow-up is counted, and at which months."""

    ended_on = forms.DateField(
        label=_("Counted from"), help_text=_("The last day of the course, as agreed or as it was.")
    )
    months = forms.TypedMultipleChoiceField(
        label=_("Months after that"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, months: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["months"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(n, ngettext("%(n)d month", "%(n)d months", n) % {"n": n}) for n in months]


class SettleForm(forms.Form):
    """How a follow-up went."""

    state = forms.ChoiceField(
        label=_("How it went"),
        choices=[("done", _("Done")), ("missed", _("Not reached")), ("called_off", _("Called off"))],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In a few words"),
        required=False,
        max_length=400,
        validators=[no_control_characters],
        help_text=_("What you heard, or what you tried."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
