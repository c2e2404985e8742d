"""What may be typed when an item is answered."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reknit.base.accounts.models import User
from reknit.base.fields import no_control_characters
from reknit.core.safety.plan import PLAN_PARTS
from reknit.core.safety.withdrawal import RED_FLAGS

from .closings import closings_for
from .models import MedicalReview, NoContactOrder, OverdosePlan, RiskItem, Said


class CloseForm(forms.Form):
    """What was done about it, chosen; more words only if they help."""

    times = forms.IntegerField(widget=forms.HiddenInput, required=False)
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
        kwargs["initial"] = {"times": item.seen_count}
        super().__init__(*args, **kwargs)
        closings = [(one.value, one.label) for one in closings_for(item)]
        field = self.fields["closing"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = closings


class HandOverForm(forms.Form):
    """To whom the item goes."""

    stands = forms.CharField(widget=forms.HiddenInput, required=False)
    owner = forms.ChoiceField(
        label=_("Who takes it?"),
        error_messages={
            "required": _("Choose who takes this item."),
            "invalid_choice": _("Choose a clinician from the list."),
        },
    )

    def __init__(self, *args: Any, item: RiskItem, owners: Sequence[User], **kwargs: Any) -> None:
        kwargs["initial"] = {"stands": str(item.owner_id)}
        super().__init__(*args, **kwargs)
        self.owners = {str(owner.pk): owner for owner in owners}
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose a clinician")), *((key, o.name) for key, o in self.owners.items())]

    @property
    def chosen(self) -> User:
        """The person chosen."""
        return self.owners[self.cleaned_data["owner"]]


def words(label: Any, most: int, *, hint: Any = "", required: bool = False, rows: int = 3) -> forms.CharField:
    """A line of words, or several."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        required=required,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput,
    )


def said(label: Any, *, hint: Any = "") -> forms.ChoiceField:
    """Yes, no or not known; what is left alone is not known."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=Said.choices,
        initial=Said.UNKNOWN,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Answer with yes, no or not known.")},
    )


class KeyForm(forms.Form):
    """A form that makes one row however often it is sent: the page brings the key of the row."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "invalid": _("This page is out of date. Open it again."),
            "required": _("Open the page again."),
        },
    )


class WithdrawalForm(KeyForm):
    """One line for each red flag."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for flag in RED_FLAGS:
            self.fields[flag.key] = said(gettext(flag.question))

    @property
    def answers(self) -> dict[str, str]:
        """The answers, by flag."""
        return {flag.key: self.cleaned_data[flag.key] for flag in RED_FLAGS}


class MedicalReviewForm(KeyForm):
    """When, who, and what came of it."""

    reviewed_on = forms.DateField(label=_("Day"), error_messages={"invalid": _("Write the day as a date.")})
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=MedicalReview.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )
    reviewer = words(_("By whom"), 120, rows=1, hint=_("A role or a place is enough."))
    note = words(_("Note"), 4000)


class OverdoseForm(forms.Form):
    """What was done, line by line. `based_on` is the version the page had shown."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)
    naloxone_client = said(_("The client has naloxone"))
    trained_client = said(_("The client knows how to use it"))
    naloxone_circle = said(_("Somebody near them has naloxone"))
    trained_circle = said(_("That person knows how to use it"))
    tolerance_talk = said(
        _("Talked about lower tolerance"),
        hint=_(
            "After any time without use, and after prison, hospital or detox, the dose of before can kill."
        ),
    )
    not_alone_talk = said(_("Talked about not using alone"))
    medication_offer = forms.ChoiceField(
        label=_("Medication for opioid use disorder"), choices=OverdosePlan.Offer.choices, initial="unknown"
    )
    note = words(_("Note"), 4000)


class PlanForm(forms.Form):
    """The six parts. `based_on` is the version the page had shown."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in PLAN_PARTS:
            self.fields[part.key] = words(gettext(part.title), 2000, hint=gettext(part.hint))


class ViolenceForm(forms.Form):
    """The reason; whether it sets or lifts the flag, the button says."""

    turn = forms.ChoiceField(choices=[("on", "on"), ("off", "off")])
    reason = words(
        _("Why"), 2000, required=True, hint=_("For the care team. The client’s own page never shows it.")
    )


class NoContactForm(KeyForm):
    """Whom the client is to be kept apart from, as the order names them."""

    kind = forms.ChoiceField(
        label=_("Who decided it?"),
        choices=NoContactOrder.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who decided it.")},
    )
    given_name = words(_("Given name"), 80, required=True, rows=1)
    family_name = words(_("Family name"), 80, required=True, rows=1)
    birth_date = forms.DateField(
        label=_("Day of birth"),
        required=False,
        help_text=_("If the order gives it."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(
        label=_("Until"),
        required=False,
        help_text=_("Leave it open if no day is set."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reason = words(_("What the team should know"), 2000, hint=_("For the care team alone."))


class LiftForm(forms.Form):
    """Why an order no longer stands."""

    why = words(_("Why it is lifted"), 2000, required=True)
