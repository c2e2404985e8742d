"""Forms of finding a therapist: wishes, two times to offer, and taking one of them."""

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from reknit.base.accounts.models import User
from reknit.care.encounters.times import instant
from reknit.care.intake.actions.offers import Agreement, Slot
from reknit.care.intake.models import Wishes
from reknit.care.intake.queries.hours import by_day
from reknit.care.people.forms import SKILL_WORDS
from reknit.core.programme.template import for_one_person

from .referrals import AcceptForm


class WishesForm(forms.Form):
    """What the person asks for."""

    step = forms.CharField(initial="wishes", widget=forms.HiddenInput)
    revision = forms.IntegerField(initial=0, widget=forms.HiddenInput)
    protocol = forms.ChoiceField(label=_("Course"), required=False)
    gender = forms.ChoiceField(label=_("Would rather see"), choices=Wishes.Gender.choices, required=False)
    days = forms.MultipleChoiceField(
        label=_("Days that suit"),
        choices=[(str(number), name) for number, name in WEEKDAYS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    skills = forms.MultipleChoiceField(
        label=_("Somebody who works well with"),
        choices=list(SKILL_WORDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    interpreter = forms.BooleanField(label=_("An interpreter is arranged"), required=False)

    def __init__(self, *args: Any, wishes: Wishes | None, **kwargs: Any) -> None:
        if wishes:
            kwargs["initial"] = {
                "revision": wishes.revision,
                "protocol": wishes.protocol,
                "gender": wishes.gender,
                "days": [str(day) for day in wishes.days],
                "skills": wishes.skills,
                "interpreter": wishes.interpreter,
            }
        super().__init__(*args, **kwargs)
        protocol = self.fields["protocol"]
        assert isinstance(protocol, forms.ChoiceField)
        protocol.choices = [
            ("", _("Not chosen yet")),
            *((one.code, _(one.title)) for one in for_one_person()),
        ]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "step"}
        return {**values, "days": [int(day) for day in values["days"]]}


def anyway() -> forms.BooleanField:
    """Shown only after a time outside the usual hours was typed."""
    return forms.BooleanField(label=_("Yes, at this time"), required=False)


class OfferForm(forms.Form):
    """Two times to offer; the second may stay empty."""

    step = forms.CharField(initial="offer", widget=forms.HiddenInput)
    clinician_1 = forms.ChoiceField(label=_("First: with"))
    on_1 = forms.DateField(label=_("Day"), widget=forms.DateInput)
    time_1 = forms.TimeField(label=_("Time"), widget=forms.TimeInput)
    clinician_2 = forms.ChoiceField(label=_("Second: with"), required=False)
    on_2 = forms.DateField(label=_("Day"), widget=forms.DateInput, required=False)
    time_2 = forms.TimeField(label=_("Time"), widget=forms.TimeInput, required=False)
    anyway = anyway()

    def __init__(self, *args: Any, people: list[User], zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        self.zone = zoneinfo.ZoneInfo(zone)
        for name in ("clinician_1", "clinician_2"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Choose")), *((key, one.name) for key, one in self.people.items())]

    def clean(self) -> dict[str, Any]:
        """The second offer is whole or not there."""
        said = self.cleaned_data
        parts = [said.get(f"{name}_2") for name in ("clinician", "on", "time")]
        if any(parts) and not all(part is not None and part != "" for part in parts):
            self.add_error(
                "clinician_2", _("Give the second offer a therapist, a day and a time, or none of them.")
            )
        return said

    def slots(self) -> list[Slot]:
        """The times, by the clinic's clock."""
        said = self.cleaned_data
        return [
            Slot(
                self.people[said[f"clinician_{n}"]],
                dt.datetime.combine(said[f"on_{n}"], said[f"time_{n}"], self.zone).astimezone(dt.UTC),
            )
            for n in (1, 2)
            if said[f"clinician_{n}"]
        ]


class SlotForm(forms.Form):
    """One free hour to offer, chosen by a press."""

    step = forms.CharField(initial="slot", widget=forms.HiddenInput)
    clinician = forms.UUIDField(widget=forms.HiddenInput)
    starts_at = forms.DateTimeField(widget=forms.HiddenInput)


class FirstForm(forms.Form):
    """The first session: a free hour, or another time; and how many more on the same hour."""

    step = forms.CharField(initial="first", widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    slot = forms.DateTimeField(label=_("A free hour"), widget=forms.Select, required=False)
    on = forms.DateField(label=_("Or another day"), widget=forms.DateInput, required=False)
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput, required=False)
    count = forms.IntegerField(
        label=_("How many sessions, a week apart"),
        min_value=1,
        max_value=60,
        initial=1,
        help_text=_("One is enough: the therapist books the rest. None is booked after the ending date."),
    )
    anyway = anyway()

    def __init__(self, *args: Any, free: Sequence[dt.datetime], zone: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4()}
        super().__init__(*args, **kwargs)
        self.zone = zone
        slot = self.fields["slot"].widget
        assert isinstance(slot, forms.Select)
        here = zoneinfo.ZoneInfo(zone)
        slot.choices = [("", _("Choose"))] + [
            (
                date_format(on, "l j F"),
                [(one.isoformat(), f"{one.astimezone(here):%H:%M}") for one in hours],
            )
            for on, hours in by_day(free, zone)
        ]

    def clean(self) -> dict[str, Any]:
        """One way or the other says when."""
        said = self.cleaned_data
        if not said.get("slot") and not (said.get("on") and said.get("time")):
            self.add_error("slot", _("Choose a free hour, or write a day and a time."))
        return said

    def starts_at(self) -> dt.datetime:
        """When it begins; a day and time that were written come before the list."""
        said = self.cleaned_data
        if said.get("on") and said.get("time"):
            return instant(said["on"], said["time"], self.zone)
        slot: dt.datetime = said["slot"]
        return slot


class TakeForm(AcceptForm):
    """How the person agreed to care, with the time they chose: therapist and first day come with the offer."""

    step = forms.CharField(initial="take", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["clinician"], self.fields["starts_on"]

    def agreement(self, *, at: dt.datetime) -> Agreement:
        """What the action takes."""
        return Agreement(**self.values(at=at))
