"""The shape of what the pages of this room send."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import no_control_characters
from reknit.care.consent.models import Consent
from reknit.core.coordination.dimensions import EDITIONS

from .models import CareContact, Incentive, LevelOfCareNote, Treatment, TreatmentEntry

STALE = {
    "invalid": _("This page is out of date. Open it again."),
    "required": _("This page is out of date. Open it again."),
}


def key() -> forms.UUIDField:
    """What makes a page sent twice one row."""
    return forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, error_messages=STALE)


def line(label: Any, most: int = 200, *, required: bool = False, hint: Any = "") -> forms.CharField:
    """One line of words."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        required=required,
        validators=[no_control_characters],
        error_messages={"required": _("Write a few words first.")},
    )


def words(label: Any, *, required: bool = False, hint: Any = "") -> forms.CharField:
    """A few sentences."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=2000,
        required=required,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[no_control_characters],
        error_messages={"required": _("Write a few words first.")},
    )


def day(label: Any, *, required: bool = False, hint: Any = "") -> forms.DateField:
    """A date."""
    wrong = {"invalid": _("Write the day as a date."), "required": _("Choose the day.")}
    return forms.DateField(label=label, help_text=hint, required=required, error_messages=wrong)


def one_of(label: Any, choices: Any, *, required: bool = True, hint: Any = "") -> forms.ChoiceField:
    """One of a list."""
    offered = [*choices] if required else [("", _("Not asked")), *choices]
    if required and len(offered) > 7:
        offered.insert(0, ("", _("Choose")))  # a list would answer with its first line
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=offered,
        required=required,
        widget=forms.RadioSelect if len(offered) <= 7 else forms.Select,
        initial=None if required else "",
        error_messages={"required": _("Choose one from the list.")},
    )


class ContactForm(forms.Form):
    """Somebody outside who is in the client's care."""

    key = key()
    role = one_of(_("What they do"), CareContact.Role.choices)
    name = line(_("Name, or the name of the service"), 120, required=True)
    service = line(_("Where they work"), 120)
    reach = line(_("How they are reached"), 120)
    starts_on = day(_("Since, if known"))
    note = line(_("Note"))


class EndForm(forms.Form):
    """The last day."""

    ends_on = day(_("Last day in this client's care"), required=True)


class SharingForm(forms.Form):
    """What the client agreed that somebody may be told."""

    covers = forms.MultipleChoiceField(
        label=_("What they may be told"),
        choices=Consent.Cover.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what may be shared.")},
    )
    purpose = line(_("What it is for"), required=True)
    expires_on = day(
        _("Until"), required=True, hint=_("Two years from now at most. The client can end it on any day.")
    )
    how = one_of(_("How the client agreed"), Consent.How.choices)
    witness = line(_("Who heard it, if it was spoken"), 120)


class CareConsentForm(forms.Form):
    """How the client agreed to care, and until when."""

    key = key()
    how = one_of(_("How the client agreed"), Consent.How.choices)
    given_on = day(_("Day they agreed"), required=True)
    witness = line(_("Who heard it, if it was spoken"), 120)
    expires_on = day(
        _("Until"),
        hint=_("Leave it empty where it has no end. Today lists it a month before it ends."),
    )


class TreatmentForm(forms.Form):
    """Something that runs beside IPT."""

    key = key()
    kind = one_of(_("What it is"), Treatment.Kind.choices)
    group = one_of(_("Which group, for mutual help"), Treatment.Group.choices, required=False)
    what = line(_("Name or place of it"))
    given_by = line(_("Who gives it"), 120)
    starts_on = day(_("First day"), hint=_("Leave it empty while it is only planned."))
    why = words(_("Why"))


class TreatmentChangeForm(forms.Form):
    """How it stands: its days say so."""

    revision = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000, error_messages=STALE
    )
    group = one_of(_("Which group"), Treatment.Group.choices, required=False)
    is_prepared = one_of(
        _("Was it talked through what to say there about medication?"),
        [("yes", _("Yes")), ("no", _("Not yet"))],
        required=False,
    )
    what = line(_("Name or place of it"))
    given_by = line(_("Who gives it"), 120)
    starts_on = day(_("First day"), hint=_("Leave it empty while it is only planned."))
    ends_on = day(_("Last day"))
    end_reason = line(_("How it ended, or why it was not begun"))

    def __init__(self, *args: Any, treatment: Treatment, **options: Any) -> None:
        super().__init__(*args, **options)
        if treatment.kind != Treatment.Kind.MUTUAL_HELP:
            del self.fields["group"], self.fields["is_prepared"]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        given = dict(self.cleaned_data)
        said = {"yes": True, "no": False}.get(given.pop("is_prepared", ""))
        return given | {"is_prepared": said}


class EntryForm(forms.Form):
    """One meeting, module or visit."""

    key = key()
    on = day(_("Day"), required=True)
    what = line(_("Which module, meeting or visit"))
    liked = one_of(_("How the client liked it"), TreatmentEntry.Liked.choices, required=False)
    contacts = forms.IntegerField(
        label=_("People got to know there"),
        help_text=_("Leave it empty when it was not asked."),
        required=False,
        min_value=0,
        max_value=99,
        error_messages={"invalid": _("Write a number from 0 to 99.")},
    )


class IncentiveForm(forms.Form):
    """One line of the ledger."""

    key = key()
    on = day(_("Day"), required=True)
    earned_for = one_of(_("Earned for"), Incentive.EarnedFor.choices)
    what = line(_("Which voucher, prize or sum"), 120, required=True)
    worth = forms.DecimalField(
        label=_("What it is worth"),
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
        error_messages={"invalid": _("Write what it is worth as a number.")},
    )
    is_handed_over = forms.BooleanField(label=_("Handed over"), required=False)


class LevelForm(forms.Form):
    """What is held to be right, what can be had, and why they differ."""

    key = key()
    edition = one_of(_("Headings of"), [(one.key, one.title) for one in EDITIONS.values()])
    wanted = one_of(_("Level you hold to be right"), LevelOfCareNote.Level.choices)
    given = one_of(_("Level given"), LevelOfCareNote.Level.choices)
    gap_reason = words(_("Why they differ, if they do"))
    why = words(_("How you come to it"), required=True)
    client_wants = line(_("What the client wants"))
