"""What is written about a concern, and what a clinic writes about its duties."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.base.accounts.models import User
from reknit.care.people.forms import PersonChoice
from reknit.care.safety.forms import KeyForm, words
from reknit.care.safety.models import Concern, SafeguardingEntry

Kind = SafeguardingEntry.Kind


class ConcernForm(KeyForm):
    """What it is about, and what was seen or said."""

    concern = forms.ChoiceField(
        label=_("What is it about?"),
        choices=Concern.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about.")},
    )
    words = words(
        _("What you saw or heard"),
        8000,
        required=True,
        rows=6,
        hint=_("Who said what, when. Facts first, what you make of them after."),
    )


class EntryForm(forms.Form):
    """One more note, or a decision with its reasons."""

    kind = forms.ChoiceField(
        label=_("What is this?"),
        choices=[
            (one.value, one.label) for one in (Kind.NOTED, Kind.CONSULTED, Kind.REPORTED, Kind.NOT_REPORTED)
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether this is a note or a decision.")},
    )
    words = words(_("In words, with the reasons"), 8000, required=True, rows=4)


class ReasonForm(forms.Form):
    """Why a record is closed."""

    times = forms.IntegerField(widget=forms.HiddenInput, required=False)
    words = words(_("Why it can be closed"), 8000, required=True)


class PersonForm(forms.Form):
    """Whom to let in, or who takes it over, and why."""

    person = PersonChoice(label=_("Who?"), error_messages={"required": _("Choose a clinician.")})
    words = words(_("Why they need to know"), 8000, required=True)

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, PersonChoice)
        field.offer(people)


class DutyForm(forms.Form):
    """What the clinic has to do where it is. `based_on` is the version that was on the page."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)
    duty = words(
        _("What has to be done"),
        4000,
        required=True,
        rows=6,
        hint=_("The law of the place, in the clinic’s own words."),
    )
    contacts = words(_("Whom to call"), 2000, hint=_("Names of offices with their numbers."))
    hours = forms.IntegerField(
        label=_("Hours until it must be decided"),
        min_value=1,
        max_value=720,
        error_messages={
            "min_value": _("Choose between 1 and 720 hours."),
            "max_value": _("Choose between 1 and 720 hours."),
        },
    )
