"""Shape and wording of notes kept apart."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reknit.base.fields import no_control_characters
from reknit.care.consent.models import NotesConsent
from reknit.care.encounters.forms import WordsField
from reknit.care.encounters.models.apart import NoteKeptApart
from reknit.care.encounters.models.records import YesNo
from reknit.care.encounters.techniques.shape import label_of
from reknit.care.network.models import Relationship
from reknit.care.people.models import Client


class ApartForm(forms.Form):
    """One note of one kind. Its ids carry the kind, since both kinds stand on one page."""

    revision = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)

    def __init__(
        self,
        sent: Any = None,
        *,
        model: type[NoteKeptApart],
        client: Client,
        note: NoteKeptApart | None = None,
    ) -> None:
        initial: dict[str, Any] = {"revision": note.revision if note else 0}
        if note:
            initial |= {name: getattr(note, name) for name in model.ASKS}
        super().__init__(sent, initial=initial, auto_id=f"id_{model.KIND}_%s")
        self.model = model
        for name in model.ASKS:
            self.fields[name] = self._field(name, client)

    def _field(self, name: str, client: Client) -> forms.Field:
        label = label_of(self.model, name)  # type: ignore[arg-type]
        if name == "outside":
            rows = Relationship.objects.filter(client=client).order_by("alias")
            return Somebody(rows, label=label, required=False, empty_label=_("Nobody named"))
        if name == "discussed":
            return forms.ChoiceField(
                label=label,
                required=False,
                choices=[("", _("Not said")), *YesNo.choices],
                widget=forms.RadioSelect,
            )
        return WordsField(label=label)

    def values(self) -> dict[str, Any]:
        """Field to value."""
        return {name: self.cleaned_data[name] for name in self.model.ASKS}


class Somebody(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A person of the client's life, by alias."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.alias)


def _line(label: Any, most: int, missing: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, validators=[no_control_characters], error_messages={"required": missing}
    )


def _day(label: Any, hint: Any = "") -> forms.DateField:
    wrong = {"invalid": gettext_lazy("Write the day as a date."), "required": gettext_lazy("Choose the day.")}
    return forms.DateField(label=label, help_text=hint, error_messages=wrong)


class NotesConsentForm(forms.Form):
    """What the client signed about notes of one kind, and nothing else with it."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    recipient = _line(
        gettext_lazy("Who may be given them, by name"), 160, gettext_lazy("Write who may be given the notes.")
    )
    purpose = _line(gettext_lazy("What it is for"), 200, gettext_lazy("Write what it is for."))
    signed_on = _day(gettext_lazy("Signed on"))
    expires_on = _day(
        gettext_lazy("Until"),
        gettext_lazy("Two years from now at most. The client can take it back on any day."),
    )
    how = forms.ChoiceField(
        label=gettext_lazy("How it was signed"),
        choices=NotesConsent.How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one from the list.")},
    )
    is_free = forms.BooleanField(
        label=gettext_lazy("I told the client that care here does not depend on it"), required=False
    )
