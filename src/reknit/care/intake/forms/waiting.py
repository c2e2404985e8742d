"""Forms of the wait: the place, a contact, a barrier; and what the list is narrowed to."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.base.accounts.models import User
from reknit.care.intake.models import Barrier, IntakeSettings, InterimContact, WaitingPlace
from reknit.care.intake.queries.waiting import Filters, Stage

from .referrals import PersonField, line


class FilterForm(forms.Form):
    """What the list is narrowed to. Nothing it does not know narrows anything."""

    q = line(_("Find by name"), 80, required=False)
    stage = forms.ChoiceField(
        label=_("Stage"), choices=[("", _("All who wait")), *Stage.choices], required=False
    )
    priority = forms.ChoiceField(
        label=_("Priority"),
        choices=[("", _("Any")), *[one for one in WaitingPlace.Priority.choices if one[0]]],
        required=False,
    )
    waits_for = forms.ChoiceField(
        label=_("Waits for"),
        choices=[("", _("Any")), *[one for one in WaitingPlace.WaitsFor.choices if one[0]]],
        required=False,
    )
    over = forms.BooleanField(label=_("Past the target only"), required=False)

    def filters(self) -> Filters:
        """The filters, with whatever was not understood left out."""
        self.is_valid()
        said = self.cleaned_data
        return Filters(
            words=said.get("q", ""),
            stage=said.get("stage", ""),
            priority=said.get("priority", ""),
            waits_for=said.get("waits_for", ""),
            over_target=bool(said.get("over")),
        )


class PlaceForm(forms.Form):
    """What a person waits for, and how soon they should be seen."""

    step = forms.CharField(initial="place", widget=forms.HiddenInput)
    revision = forms.IntegerField(initial=0, widget=forms.HiddenInput)
    priority = forms.ChoiceField(label=_("How soon"), choices=WaitingPlace.Priority.choices, required=False)
    priority_reason = line(
        _("Why before others"),
        200,
        required=False,
        help_text=_("Such as: pregnant, leaves hospital on Friday."),
    )
    waits_for = forms.ChoiceField(label=_("Waits for"), choices=WaitingPlace.WaitsFor.choices, required=False)
    waits_words = line(_("In a few words"), 200, required=False)

    def __init__(self, *args: Any, place: WaitingPlace | None, **kwargs: Any) -> None:
        if place:
            kwargs["initial"] = {name: getattr(place, name) for name in self.base_fields if name != "step"}
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "step"}


class ContactForm(forms.Form):
    """One try to reach the person."""

    step = forms.CharField(initial="contact", widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    on = forms.DateField(label=_("Day"), widget=forms.DateInput)
    how = forms.ChoiceField(label=_("How"), choices=InterimContact.How.choices)
    answer = forms.ChoiceField(
        label=_("What came of it"), choices=InterimContact.Answer.choices, widget=forms.RadioSelect
    )
    barrier_asked = forms.BooleanField(label=_("I asked what makes coming hard"), required=False)
    note = line(_("Note"), 200, required=False, help_text=_("About times and ways. Nothing about health."))

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), "on": today}
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "step"}


class BarrierForm(forms.Form):
    """What stands in the way, who sees to it, until when."""

    step = forms.CharField(initial="barrier", widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What stands in the way"), choices=[("", _("Choose")), *Barrier.Kind.choices]
    )
    barrier_words = line(_("In a few words"), 200, required=False)
    owner = PersonField(label=_("Who sees to it"), queryset=User.objects.none(), empty_label=None)
    due_on = forms.DateField(label=_("Until"), widget=forms.DateInput)

    def __init__(self, *args: Any, owners: Any, mine: User, today: dt.date, **kwargs: Any) -> None:
        kwargs["initial"] = {"owner": mine.pk, "due_on": today + dt.timedelta(days=3)}
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = owners

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "step"}


class SettleForm(forms.Form):
    """How a barrier was solved."""

    state = forms.ChoiceField(choices=[one for one in Barrier.State.choices if one[0] != "open"])
    outcome = line(_("How"), 200)


class SettingsForm(forms.Form):
    """The target, and whether the public form is open."""

    revision = forms.IntegerField(initial=0, widget=forms.HiddenInput)
    target_days = forms.IntegerField(
        label=_("Days from referral to first session, at most"),
        min_value=1,
        max_value=365,
        help_text=_("The wait list shows who is past it. Fourteen is our default, and no rule of anybody."),
    )
    public_form = forms.BooleanField(
        label=_("The public form is open"),
        required=False,
        help_text=_(
            "Anybody who has its address can ask for care. Open it when somebody reads the queue each day."
        ),
    )

    def __init__(self, *args: Any, here: IntakeSettings, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(here, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
