"""Shape and wording of a practice course."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from reknit.base.fields import no_control_characters


class OpenForm(forms.Form):
    """Which protocol, and a name that somebody invents."""

    protocol = forms.ChoiceField(label=gettext_lazy("Protocol"))
    name = forms.CharField(
        label=gettext_lazy("Made-up first name"),
        max_length=40,
        validators=[no_control_characters],
        help_text=gettext_lazy("Invent one. Never use anything about a real client."),
    )

    def __init__(self, *args: Any, protocols: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ChoiceField, self.fields["protocol"]).choices = protocols

    def chosen(self) -> dict[str, str]:
        """What was chosen, as the action wants it."""
        protocol, version = self.cleaned_data["protocol"].split("/", 1)
        return {"protocol": protocol, "version": version, "name": self.cleaned_data["name"]}


class ForwardForm(forms.Form):
    """The session to move on to."""

    to = forms.IntegerField(label=gettext_lazy("Move on to session"), min_value=1, max_value=60)
