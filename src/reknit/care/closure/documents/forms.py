"""Shape of a wording, and of what a document asks for when it is made."""

import zoneinfo
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from reknit.base.documents.wording import LONGEST
from reknit.base.fields import no_control_characters
from reknit.care.encounters.models import Encounter
from reknit.care.people.queries import zone

from .kinds import Document


class WordingForm(forms.Form):
    """The words round the fields."""

    version = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Heading"), max_length=80, validators=[no_control_characters])
    body = forms.CharField(
        label=_("Wording"),
        max_length=LONGEST,
        validators=[no_control_characters],
        widget=forms.Textarea,
        help_text=_("A free line begins a new paragraph."),
    )
    with_notice = forms.BooleanField(label=_("Print the notice of 42 CFR Part 2 under it"), required=False)

    def __init__(self, *args: Any, document: Document, **more: Any) -> None:
        super().__init__(*args, **more)
        if document.is_certificate:
            del self.fields["with_notice"]

    def words(self) -> dict[str, Any]:
        """What the action takes."""
        return {"with_notice": False, **self.cleaned_data}


class SessionForm(forms.Form):
    """Which session a certificate of attendance is about."""

    session = forms.TypedChoiceField(
        label=_("Which day"), error_messages={"required": _("Choose a session.")}
    )

    def __init__(self, *args: Any, attended: Sequence[Encounter], **more: Any) -> None:
        super().__init__(*args, **more)
        here = zoneinfo.ZoneInfo(zone())
        self.known = {str(one.pk): one for one in attended}
        self.fields["session"].choices = [  # type: ignore[attr-defined]
            (key, date_format(one.starts_at.astimezone(here), "j F Y, H:i"))
            for key, one in self.known.items()
        ]

    def chosen(self) -> Encounter:
        """The session that was chosen."""
        return self.known[self.cleaned_data["session"]]
