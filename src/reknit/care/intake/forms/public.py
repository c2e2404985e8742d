"""What the public form asks, in words of grade six. Nothing about health: that is asked by a person, on the phone."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.care.contact.models import SafeContact
from reknit.care.intake.models import PublicReferral
from reknit.care.people.forms import language_choices
from reknit.care.people.models import Programme

from .referrals import line


class AskForm(forms.Form):
    """A person asks for care, for themself or for someone else."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    who = forms.ChoiceField(
        label=_("Who is it for?"), choices=PublicReferral.Who.choices, widget=forms.RadioSelect
    )
    given_name = line(_("First name"), 80, required=False)
    family_name = line(_("Last name"), 80, help_text=_("Or any name we can ask for."))
    language = forms.ChoiceField(label=_("Which language is best?"), required=False)
    channel = forms.ChoiceField(
        label=_("How can we reach this person in a safe way?"),
        choices=[
            (SafeContact.Channel.PHONE, _("Call")),
            (SafeContact.Channel.TEXT, _("Text")),
            (SafeContact.Channel.EMAIL, _("E-mail")),
        ],
        widget=forms.RadioSelect,
    )
    value = line(_("Number or e-mail"), 254)
    may_leave_message = forms.BooleanField(label=_("It is safe to leave a message there"), required=False)
    safe_times = line(
        _("Good times to reach this person"),
        160,
        required=False,
        help_text=_("Such as: after 5 on weekdays."),
    )
    tie = forms.ChoiceField(
        label=_("Who are you to this person?"), choices=PublicReferral.Tie.choices, required=False
    )
    referrer_name = line(_("Your name"), 120, required=False)
    referrer_phone = line(_("Your number"), 40, required=False)
    knows = forms.BooleanField(label=_("This person knows that I am asking"), required=False)
    website = line(_("Leave this box empty"), 200, required=False)  # people do; programs fill it in

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), "language": "en"}
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = language_choices()
        self.order_fields(["key", "who"])

    @property
    def is_trap_sprung(self) -> bool:
        """Whether something that is no person filled the form in."""
        return bool(str(self.data.get("website", "")).strip())

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "website"}
        return {**values, "language": values["language"] or "en"}


class TakeOverForm(forms.Form):
    """The name as it is to stand in the record, and the programme."""

    step = forms.CharField(initial="take", widget=forms.HiddenInput)
    given_name = line(_("Given name"), 80, required=False)
    family_name = line(_("Family name"), 80)
    programme = forms.ModelChoiceField(
        label=_("Programme"), queryset=Programme.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, sent: PublicReferral, offered: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"given_name": sent.given_name, "family_name": sent.family_name}
        super().__init__(*args, **kwargs)
        programme = self.fields["programme"]
        assert isinstance(programme, forms.ModelChoiceField)
        programme.queryset = offered
        known = list(offered)
        programme.initial = known[0] if known else None

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "step"}


class AsideForm(forms.Form):
    """Why it is no referral."""

    step = forms.CharField(initial="aside", widget=forms.HiddenInput)
    aside = forms.ChoiceField(
        label=_("Why it is set aside"),
        choices=[("", _("Choose")), *[one for one in PublicReferral.Aside.choices if one[0]]],
    )
