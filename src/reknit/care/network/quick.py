"""The quick page: up to eight people at once, and one question about people from treatment or mutual help."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import key

from .forms import LABELS, RING_CHOICES, AddForm, detail_field
from .models import Relationship

PEOPLE, FROM_TREATMENT = 8, 2
"""Five to eight people are asked for in brief forms; short lists leave out ties from mutual help and treatment, so these
have two lines of their own (interpersonal inventory, quick path).
"""
DETAILS = ("contact", "alcohol", "drugs", "supports_recovery", "conflict")


class QuickRow(forms.Form):
    """One line. A line in which nothing was written is passed over."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, from_treatment: bool, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"key": key()})
        super().__init__(*args, **kwargs)
        self.from_treatment = from_treatment
        add = AddForm.base_fields
        self.fields["alias"] = forms.CharField(
            label=_("Initials"),
            max_length=40,
            required=False,
            validators=add["alias"].validators[-1:],
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        if not from_treatment:
            self.fields["relation"] = forms.ChoiceField(
                label=add["relation"].label,
                choices=[("", "–"), *Relationship.Relation.choices],
                required=False,
            )
        self.fields["ring"] = forms.TypedChoiceField(
            label=add["ring"].label,
            choices=[("", "–"), *RING_CHOICES],
            required=False,
            coerce=int,
            empty_value=None,
        )
        for name in DETAILS:
            self.fields[name] = detail_field(name, open_words="–")
            self.fields[name].label = LABELS[name]
        self.fields["conflict"].label = _("Conflict")

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written in it."""
        sent = (self.data.get(self.add_prefix(name), "") for name in self.fields if name != "key")
        return not any(str(one).strip() for one in sent)

    def clean(self) -> dict[str, Any]:
        if not self.is_blank and not self.cleaned_data.get("alias") and "alias" not in self.errors:
            self.add_error("alias", AddForm.base_fields["alias"].error_messages["required"])
        return self.cleaned_data

    def told(self) -> dict[str, Any]:
        """What was written, as the action takes it."""
        relation = {"relation": Relationship.Relation.PEER} if self.from_treatment else {}
        return {**self.cleaned_data, **relation}

    def lines(self) -> list[forms.BoundField]:
        """The fields in the order in which they are asked."""
        return [self[name] for name in self.fields if name != "key"]


class QuickPage:
    """All lines of the page."""

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        self.rows = [
            QuickRow(data, prefix=f"p{number}", from_treatment=number >= PEOPLE)
            for number in range(PEOPLE + FROM_TREATMENT)
        ]

    @cached_property
    def written(self) -> list[QuickRow]:
        """The lines that hold something."""
        return [row for row in self.rows if not row.is_blank]

    def is_valid(self) -> bool:
        """Whether every line that holds something can be taken. Each is checked, so that all problems show at once."""
        return not [row for row in self.written if not row.is_valid()]

    def people(self) -> list[QuickRow]:
        return self.rows[:PEOPLE]

    def from_treatment(self) -> list[QuickRow]:
        return self.rows[PEOPLE:]

    def refuse(self, sentence: str, field: str | None) -> None:
        """Put what an action said beside the line it is about: `field` is "place-name"."""
        place, _dash, name = (field or "").partition("-")
        row = self.written[int(place)] if place.isdecimal() else self.rows[0]
        row.add_error(name if name in row.fields else None, sentence)
