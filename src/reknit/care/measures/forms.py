"""A sheet as a form, built from the definition and its words; and what is asked when a link is made."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reknit.base.fields import no_control_characters
from reknit.core.measures.definition import Item, Measure
from reknit.core.measures.wording import Wording

from .links import HOURS
from .models import Administration

PREFIX = "q-"  # every field of the sheet; anything else under it is an item that does not exist
EARLIEST = dt.date(1900, 1, 1)
BEGINS = MinValueValidator(EARLIEST, gettext_lazy("Check the day: it must lie after 1900."))
MOST_BYTES = 400_000
PLAIN = re.compile(r"[0-9]{1,2}", re.ASCII)


def plain_answers(data: QueryDict, measure: Measure) -> dict[str, int | None] | None:
    """The answers of a form that was sent as it was drawn, read without building the form; nothing if it was not.

    Nearly every sending is like this, and a form of ten questions costs more to build than the answers to keep.
    """
    given = {name.removeprefix(PREFIX): value for name, value in data.items() if name.startswith(PREFIX)}
    if not given.keys() <= {item.id for item in measure.items}:
        return None
    if not all(value == "" or PLAIN.fullmatch(str(value)) for value in given.values()):
        return None
    return {item: int(str(value)) if value else None for item, value in given.items()}


class Answers(forms.RadioSelect):
    """The answers of one item. An item nobody answered shows no answer as chosen, not even the blank one."""

    def format_value(self, value: Any) -> list[str]:
        """Django would tick the blank choice where there is no value at all."""
        return [] if value is None else [str(value)]


class SheetForm(forms.Form):
    """One measure, each item a choice that may be left blank. `key` makes a double sending harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, measure: Measure, wording: Wording, blank: str, draft: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.measure = measure
        self.fields["key"].required = not draft
        for item in measure.items:
            if item.id in wording.items:
                self.fields[PREFIX + item.id] = _item_field(item, wording, blank)

    def clean(self) -> dict[str, Any]:
        """Say what cannot be said under a field: an item that does not exist, a page that was changed."""
        given: dict[str, Any] = super().clean() or {}
        known = {PREFIX + item.id for item in self.measure.items}
        for name in [name for name in self.data if name.startswith(PREFIX) and name not in known][:1]:
            self.add_error(
                None,
                _("The %(measure)s has no item called “%(name)s”. Open the page again.")
                % {"measure": self.measure.short_title, "name": name.removeprefix(PREFIX)[:40]},
            )
        if "key" in self.errors:
            self.add_error(None, _("Open this page again, then fill it in once more."))
        return given

    @property
    def answers(self) -> dict[str, int | None]:
        """Answers by item id."""
        asked = [item.id for item in self.measure.items if PREFIX + item.id in self.fields]
        return {item: self.cleaned_data[PREFIX + item] for item in asked}

    @staticmethod
    def initial_for(answers: Mapping[str, int | None]) -> dict[str, int | None]:
        """Answers as initial values of the fields."""
        return {PREFIX + item: value for item, value in answers.items()}


def _item_field(item: Item, wording: Wording, blank: str) -> forms.TypedChoiceField:
    """A question under its number; a helper, such as sex for a limit, as the definition says it is asked."""
    choices = [*((str(value), label) for value, label in wording.options[item.id]), ("", blank)]
    label, why = f"{item.number}. {wording.items[item.id]}", ""
    sentence = _("Question %(number)s has only the answers shown here. Choose one, or leave it blank.")
    if item.ask:
        label, why = _(item.ask.question), _(item.ask.why)
        choices = [*((value, _(words)) for value, words in choices[:-1]), ("", _(item.ask.blank))]
        sentence = _("This question has only the answers shown here. Choose one, or leave it blank.")
    return forms.TypedChoiceField(
        label=label,
        help_text=why,
        choices=choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=Answers,
        error_messages={"invalid_choice": sentence % {"number": item.number}},
    )


class GivenForm(forms.Form):
    """How a sheet typed here was answered."""

    mode = forms.ChoiceField(
        label=gettext_lazy("Where was it answered?"),
        choices=[
            (Administration.Mode.SESSION, gettext_lazy("Here, now")),
            (Administration.Mode.PAPER, gettext_lazy("On paper")),
        ],
        initial=Administration.Mode.SESSION,
        widget=forms.RadioSelect,
    )
    answered_on = forms.DateField(
        label=gettext_lazy("Day on the paper"),
        required=False,
        widget=forms.DateInput,
        help_text=gettext_lazy("Only for paper; empty means today."),
        validators=[
            MinValueValidator(EARLIEST, gettext_lazy("Check the day: it must lie between 1900 and today."))
        ],
    )
    # Set by a session's page, so that the score stands at its session.
    slot = forms.IntegerField(required=False, min_value=0, max_value=999, widget=forms.HiddenInput)
    encounter = forms.UUIDField(required=False, widget=forms.HiddenInput)


class LinkForm(forms.Form):
    """How long a link works."""

    hours = forms.TypedChoiceField(
        label=gettext_lazy("How long should it work?"),
        coerce=int,
        initial=HOURS,
        choices=[
            (24, gettext_lazy("1 day")),
            (72, gettext_lazy("3 days")),
            (168, gettext_lazy("7 days")),
        ],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose how long the link should work.")},
    )
    slot = forms.IntegerField(required=False, min_value=0, max_value=999, widget=forms.HiddenInput)


class SlotForm(forms.Form):
    """The session that a page was opened for."""

    slot = forms.IntegerField(required=False, min_value=0, max_value=999, widget=forms.HiddenInput)


class SittingForm(SlotForm):
    """Which questionnaires are filled in one after another."""

    measures = forms.MultipleChoiceField(
        label=gettext_lazy("Which questionnaires?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measures = self.fields["measures"]
        assert isinstance(measures, forms.MultipleChoiceField)
        measures.choices = choices


class PermissionForm(forms.Form):
    """A permission as the clinic was given it. Whether it can hold is for the action to say."""

    given_by = forms.CharField(
        label=gettext_lazy("Who gave it?"),
        max_length=200,
        validators=[no_control_characters],
        help_text=gettext_lazy("The person or office, such as the author or the publisher."),
    )
    given_on = forms.DateField(
        label=gettext_lazy("On what day?"), widget=forms.DateInput, validators=[BEGINS]
    )
    reference = forms.CharField(
        label=gettext_lazy("Where can it be found?"),
        max_length=300,
        validators=[no_control_characters],
        help_text=gettext_lazy("Letter, contract or message, and where it is kept."),
    )
    until = forms.DateField(
        label=gettext_lazy("Last day it holds"),
        required=False,
        widget=forms.DateInput,
        validators=[BEGINS],
        help_text=gettext_lazy("Leave empty if it names none."),
    )


class OwnWordingForm(forms.Form):
    """The words that came with a permission, as a small file."""

    file = forms.FileField(
        label=gettext_lazy("File with the words"),
        help_text=gettext_lazy("The filled-in table as CSV, or a TOML file."),
        error_messages={"required": gettext_lazy("Choose the file with the words, then load it.")},
    )
    language = forms.RegexField(
        r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$",
        label=gettext_lazy("Language"),
        initial="en",
        max_length=12,
        help_text=gettext_lazy("Its short name, such as en or es."),
        error_messages={"invalid": gettext_lazy("Write the short name of the language, such as en or es.")},
    )

    def clean_file(self) -> str:
        """The text of the file, which is small and plain."""
        given = self.cleaned_data["file"]
        if given.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is too big for the words of one questionnaire."))
        try:
            return str(given.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("This file is not plain text. Save it as CSV (UTF-8).")) from None
