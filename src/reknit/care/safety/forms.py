"""What may be typed when an item is answered."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.base.accounts.models import User
from reknit.base.fields import no_control_characters

from .models import RiskItem

READ = RiskItem.Closing.READ


class CloseForm(forms.Form):
    """What was done about it, chosen; more words only if they help."""

    closing = forms.ChoiceField(
        label=_("What was done?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what was done about it. An item is closed only with a reason."),
            "invalid_choice": _("Choose what was done about it from the list."),
        },
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=4000,
        widget=forms.Textarea,
        validators=[no_control_characters],
        help_text=_("What the next person needs to know. It may stay empty."),
    )

    def __init__(self, *args: Any, item: RiskItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An import is read through; about a person, "read through" would say too little.
        closings = [c for c in RiskItem.Closing.choices if (c[0] == READ) == (item.client_id is None)]
        field = self.fields["closing"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = closings


class HandOverForm(forms.Form):
    """To whom the item goes."""

    owner = forms.ChoiceField(
        label=_("Who takes it?"),
        error_messages={
            "required": _("Choose who takes this item."),
            "invalid_choice": _("Choose a clinician from the list."),
        },
    )

    def __init__(self, *args: Any, owners: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {str(owner.pk): owner for owner in owners}
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose a clinician")), *((key, o.name) for key, o in self.owners.items())]

    @property
    def chosen(self) -> User:
        """The person chosen."""
        return self.owners[self.cleaned_data["owner"]]
