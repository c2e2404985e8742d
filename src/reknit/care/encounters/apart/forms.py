"""Shape and wording of notes kept apart."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

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
