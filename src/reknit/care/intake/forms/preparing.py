"""What is asked while a person is prepared for a first session."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.base.clock import instant_on
from reknit.care.consent.models import Consent
from reknit.care.coordination.forms import CareConsentForm, SharingForm, key, one_of
from reknit.care.coordination.forms import line as short
from reknit.care.coordination.models import CareContact
from reknit.care.encounters.times import instant
from reknit.care.intake.models import CourseChoice, Transfer
from reknit.care.intake.queries.preparing import BaselineRow, courses_to_propose
from reknit.care.measures.forms import LinkForm

from .choices import ChoiceForm


class ProposalForm(ChoiceForm):
    """What only a person can ask, then the course that is proposed."""

    opioids = forms.ChoiceField(
        label=_("Are opioids used?"), choices=CourseChoice.Opioids.choices, required=False
    )
    field_order = ("people_problem", "unsettled", "opioids", "chosen", "reason")

    def __init__(self, *args: Any, choice: CourseChoice | None, protocol: str, **kwargs: Any) -> None:
        super().__init__(*args, choice=choice, protocol=choice.chosen if choice else protocol, **kwargs)
        if choice:
            self.initial["opioids"] = choice.opioids
        chosen = self.fields["chosen"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.label = _("The course you propose")
        chosen.choices = [(one.code, _(one.title)) for one in courses_to_propose()]


class SendForm(LinkForm):
    """Which questionnaires go to the phone, and how long their links work."""

    measures = forms.MultipleChoiceField(
        label=_("What to send"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    field_order = ("measures", "hours")

    def __init__(self, *args: Any, rows: Sequence[BaselineRow], **kwargs: Any) -> None:
        kwargs["initial"] = {"measures": [one.measure for one in rows if not one.is_extra]}
        super().__init__(*args, **kwargs)
        del self.fields["slot"]
        measures = self.fields["measures"]
        assert isinstance(measures, forms.MultipleChoiceField)
        measures.choices = [
            (one.measure, f"{one.title}: {one.words}" if one.link else one.title) for one in rows
        ]


class TransferForm(forms.Form):
    """Where they are sent, when they are expected, and until when somebody looks."""

    key = key()
    kind = one_of(_("What"), Transfer.Kind.choices)
    place = short(_("Where, and who there expects them"), required=True)
    expected_on = forms.DateField(label=_("Expected on"), widget=forms.DateInput)
    expected_time = forms.TimeField(label=_("At"), widget=forms.TimeInput)
    due_on = forms.DateField(label=_("Look whether they arrived: day"), widget=forms.DateInput)
    due_time = forms.TimeField(label=_("Until"), widget=forms.TimeInput)

    def __init__(self, *args: Any, today: dt.date, zone: str, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "key": uuid.uuid4(),
            "kind": Transfer.Kind.MEDICAL,
            "expected_on": today,
            "due_on": today,
        }
        super().__init__(*args, **kwargs)
        self.zone = zone

    def values(self) -> dict[str, Any]:
        """What the action takes, by the clinic's clock."""
        said = dict(self.cleaned_data)
        for name in ("expected", "due"):
            said[f"{name}_at"] = instant(said.pop(f"{name}_on"), said.pop(f"{name}_time"), self.zone)
        return said


class ArrivalForm(forms.Form):
    """Whether they arrived."""

    state = forms.ChoiceField(choices=Transfer.State.choices)
    outcome = short(_("What happens next"))


class ItemForm(CareConsentForm):
    """One consent asked by itself: which, how, and until when."""

    step = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str, today: dt.date, zone: str, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "key": uuid.uuid4(),
            "given_on": today,
            "how": Consent.How.PAPER,
            "step": kind,
        }
        super().__init__(*args, **kwargs, auto_id=f"{kind}_%s")  # type: ignore[misc]
        self.kind, self.zone = kind, zone

    def values(self, *, at: dt.datetime) -> dict[str, Any]:
        """What the action takes."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "step"}
        return said | {
            "kind": self.kind,
            "given_at": instant_on(said.pop("given_on"), at=at, zone=self.zone),
        }


class NamedForm(SharingForm):
    """Somebody outside by name, and what they may be told."""

    step = forms.CharField(initial="share", widget=forms.HiddenInput)
    key = key()
    name = short(_("Their name"), 120, required=True)
    service = short(_("Service or place"), 120)
    role = forms.ChoiceField(
        label=_("What they are to the person"),
        choices=[("", _("Choose")), *CareContact.Role.choices],
        error_messages={"required": _("Choose one from the list.")},
    )
    field_order = ("name", "role", "service", "covers", "purpose", "expires_on", "how", "witness")

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "step"}
