"""The shape of what intake writes down."""

import datetime as dt
import uuid
import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.base.accounts.models import User
from reknit.base.clock import instant_on
from reknit.base.errors import Conflict, DomainError
from reknit.base.fields import no_control_characters
from reknit.base.ui.meanwhile import show_meanwhile
from reknit.care.consent.models import Consent
from reknit.care.contact import forms as contact
from reknit.care.intake.models import Referral
from reknit.care.intake.queries import NO, NOT_ANSWERED, YES, clinicians, programmes, seen_at
from reknit.care.people.forms import language_choices
from reknit.care.people.models import Programme
from reknit.core.programme.template import for_one_person
from reknit.core.safety.triggers import PHONE_SAFETY


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """People of the staff by name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


def line(label: Any, length: int, **options: Any) -> forms.CharField:
    """One bounded line of plain text."""
    return forms.CharField(label=label, max_length=length, validators=[no_control_characters], **options)


def show_refusal(form: forms.Form, error: DomainError) -> None:
    """Put a rule's sentence under its field, or on top when it is about the whole; beside it what others wrote."""
    if isinstance(error, Conflict):
        show_meanwhile(form)
    form.add_error(error.field if error.field in form.fields else None, error.sentence)


class ReferralForm(forms.Form):
    """A new referral: who, from whom, when."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    given_name = line(_("Given name"), 80, required=False)
    family_name = line(_("Family name"), 80)
    preferred_name = line(_("Name they like to be called"), 80, required=False)
    birth_date = forms.DateField(label=_("Birth date"), widget=forms.DateInput, required=False)
    language = forms.ChoiceField(label=_("Language they speak best"), required=False)
    source = forms.ChoiceField(
        label=_("Who asked"),
        choices=[("", _("Choose")), *Referral.Source.choices],
    )
    source_name = line(_("Their name or service"), 120, required=False)
    received_on = forms.DateField(label=_("Date it arrived"), widget=forms.DateInput)
    received_time = forms.TimeField(label=_("Time it arrived"), widget=forms.TimeInput)
    programme = forms.ModelChoiceField(
        label=_("Programme"), queryset=Programme.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, now: dt.datetime, zone: str, **kwargs: Any) -> None:
        here = now.astimezone(zoneinfo.ZoneInfo(zone))
        kwargs["initial"] = {
            "key": uuid.uuid4(),
            "received_on": here.date(),
            "received_time": here.time().replace(second=0, microsecond=0),
        }
        super().__init__(*args, **kwargs)
        self.zone = zoneinfo.ZoneInfo(zone)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = language_choices()
        field = self.fields["programme"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = programmes()
        known = list(field.queryset)
        field.initial = known[0] if known else None
        if len(known) == 1:
            field.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """A hidden part that came back wrong is told on top: there is no field to stand under."""
        if any(field.name in self.errors for field in self.hidden_fields()):
            self.add_error(None, _("This page was out of date. Load it again, then try once more."))
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """What the action takes: date and time of the clinic's clock become one instant."""
        values = dict(self.cleaned_data)
        on, time = values.pop("received_on"), values.pop("received_time")
        values["language"] = values["language"] or "en"
        values["received_at"] = dt.datetime.combine(on, time, self.zone).astimezone(dt.UTC)
        return values


class PhoneSafetyForm(forms.Form):
    """The phone safety questions: yes, no, or not answered."""

    step = forms.CharField(initial="safety", widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": seen_at(referral)}
        super().__init__(*args, **kwargs)
        for question in PHONE_SAFETY:
            self.fields[question.key] = forms.ChoiceField(
                label=_(question.question),
                help_text=_(question.help),
                widget=forms.RadioSelect,
                choices=[(YES, _("Yes")), (NO, _("No")), (NOT_ANSWERED, _("Not answered"))],
                initial=referral.safety.get(question.key, NOT_ANSWERED),
            )

    def answers(self) -> dict[str, str]:
        """Question key to answer."""
        return {question.key: self.cleaned_data[question.key] for question in PHONE_SAFETY}


class SafeContactForm(contact.SafeContactForm):
    """How to reach the person without harm."""

    step = forms.CharField(initial="contact", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["step"] = "contact"

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "step"}


CONSENT = ("how", "given_on", "witness", "consent_until")


class AcceptForm(forms.Form):
    """Consent, therapist and course."""

    step = forms.CharField(initial="accept", widget=forms.HiddenInput)
    how = forms.ChoiceField(
        label=_("How they agreed to care"), widget=forms.RadioSelect, choices=Consent.How.choices
    )
    given_on = forms.DateField(label=_("Day they agreed"), widget=forms.DateInput)
    witness = line(_("Who heard it, when spoken"), 120, required=False)
    consent_until = forms.DateField(
        label=_("Consent ends on"),
        widget=forms.DateInput,
        required=False,
        help_text=_("Leave it empty where it has no end. Today lists it for the therapist a month before."),
    )
    clinician = PersonField(
        label=_("Therapist"), queryset=User.objects.none(), empty_label=_("Choose a therapist")
    )
    protocol = forms.ChoiceField(label=_("Course"))
    beside = forms.ChoiceField(
        label=_("Other treatment for substance use"),
        choices=[
            ("", _("Not asked yet")),
            ("yes", _("Goes on, or is arranged")),
            ("none", _("None: IPT alone")),
        ],
        required=False,
        help_text=_(
            "IPT alone has not been shown to reduce use. Where it is the only treatment, the course asks for a reason."
        ),
    )
    starts_on = forms.DateField(label=_("First session"), widget=forms.DateInput)
    ends_on = forms.DateField(label=_("Ending date"), widget=forms.DateInput, required=False)

    def __init__(
        self,
        *args: Any,
        today: dt.date,
        zone: str,
        protocol: str = "",
        has_consent: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {"given_on": today, "how": Consent.How.PAPER}
        super().__init__(*args, **kwargs)
        self.zone = zone
        for name in CONSENT if has_consent else ():  # written down already, on its own page
            del self.fields[name]
        clinician, courses = self.fields["clinician"], self.fields["protocol"]
        assert isinstance(clinician, forms.ModelChoiceField) and isinstance(courses, forms.ChoiceField)
        clinician.queryset = clinicians()
        courses.choices = [(one.code, _(one.title)) for one in for_one_person()]
        if protocol in dict(courses.choices):
            self.initial["protocol"] = protocol
        elif protocol:
            courses.help_text = _(
                "A course by group is proposed. It takes the place of the one you choose here once they are taken into a group, if nothing of this one has begun."
            )

    def values(self, *, at: dt.datetime) -> dict[str, Any]:
        """What the action takes: a consent of today was given by now, one of another day at its noon."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "step"}
        if "given_on" in values:
            values["given_at"] = instant_on(values.pop("given_on"), at=at, zone=self.zone)
        return values


class CloseForm(forms.Form):
    """Why a referral is not taken up."""

    step = forms.CharField(initial="close", widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("Kind of reason"),
        choices=Referral.Lost.choices,
        required=False,
        help_text=_("The intake report counts these."),
    )
    reason = line(
        _("Why it is closed"), 200, required=False, help_text=_("Such as: chose another service nearer home.")
    )
