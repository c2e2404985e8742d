"""Shape and words of the clinic page, supervisory lines, care teams and clients' sign-ins."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.core.validators import RegexValidator
from django.forms import BaseFormSet, formset_factory
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reknit.base.accounts.models import Role, User
from reknit.base.fields import no_control_characters
from reknit.core.intake.languages import LANGUAGES
from reknit.core.programme.template import templates

from .models import CareTeamMember, ClinicianProfile, Site

MOST_HELP_LINES = 6
STALE_AFTER = dt.timedelta(days=180)
number = RegexValidator(
    r"^[0-9+*#()./ -]{2,40}$", _("Write the number as it is dialled, such as 112 or +33 1 23 45 67 89.")
)
ZONES = sorted(
    zone
    for zone in zoneinfo.available_timezones()
    if "/" in zone and not zone.startswith(("Etc/", "SystemV/"))
)


class PersonChoice(forms.ChoiceField):
    """A select of people that answers with the person."""

    def offer(self, people: Iterable[User]) -> None:
        """Set who can be chosen."""
        self.people = {str(person.pk): person for person in people}
        self.choices = [("", "—"), *((key, person.name) for key, person in self.people.items())]

    def clean(self, value: Any) -> User | None:
        """The person behind the key; nobody for the blank choice."""
        return self.people.get(super().clean(value))


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]
    """The clinic's details. Numbers have no default: they differ by country."""

    duty_clinician = PersonChoice(
        label=_("Clinician on duty"),
        required=False,
        help_text=_("Answers for risk when a client has no therapist."),
    )

    stands = forms.CharField(widget=forms.HiddenInput, required=False, empty_value=None)

    class Meta:
        model = Site
        fields = ("name", "time_zone", "duty_clinician", "when_read", "phone", "emergency_number")
        labels = {
            "name": _("Name"),
            "time_zone": _("Time zone"),
            "when_read": _("When forms are read"),
            "phone": _("Clinic phone"),
            "emergency_number": _("Emergency number"),
        }
        help_texts = {
            "when_read": _("Clients read these words, such as: on weekdays between 9 and 5."),
            "emergency_number": _("The number that clients are shown for danger now."),
        }

    def __init__(self, *args: Any, clinicians: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        duty = self.fields["duty_clinician"]
        assert isinstance(duty, PersonChoice)
        duty.offer(clinicians)
        zones = ZONES if self.instance.time_zone in ZONES else [self.instance.time_zone, *ZONES]
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"), choices=[(zone, zone.replace("_", " ")) for zone in zones]
        )
        self.order_fields(self.Meta.fields)
        for name in ("phone", "emergency_number"):
            self.fields[name].validators.append(number)
        self.fields["when_read"].validators.append(no_control_characters)


class HelpLineForm(forms.Form):
    """One number that clients may call."""

    name = forms.CharField(label=_("Name"), max_length=80, validators=[no_control_characters])
    number = forms.CharField(label=_("Number"), max_length=40, validators=[number])
    hours = forms.CharField(
        label=_("Hours"), max_length=80, required=False, validators=[no_control_characters]
    )
    checked_on = forms.DateField(label=_("Checked on"))

    def __init__(self, *args: Any, today: dt.date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_checked_on(self) -> dt.date:
        """A number cannot have been checked tomorrow."""
        checked: dt.date = self.cleaned_data["checked_on"]
        if self.today and checked > self.today:
            raise forms.ValidationError(_("Write the day on which somebody called it, today at the latest."))
        return checked

    @property
    def is_stale(self) -> bool:
        """Whether the number was last checked so long ago that somebody should call it again."""
        checked = self.initial.get("checked_on")
        return bool(checked and self.today and self.today - checked > STALE_AFTER)

    def told(self) -> dict[str, str]:
        """The row as it is kept."""
        words = {name: self.cleaned_data[name] for name in ("name", "number", "hours")}
        return {**words, "checked_on": self.cleaned_data["checked_on"].isoformat()}


class _HelpLines(BaseFormSet):  # type: ignore[type-arg]
    """The rows, each of which can be taken away."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """Say in words what the tick does."""
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Take this line away")

    @property
    def wants_more(self) -> bool:
        """Whether the empty rows stand open: there is no line yet, or somebody began to write one."""
        return not self.initial_forms or any(row.has_changed() for row in self.extra_forms)


HelpLines = formset_factory(
    HelpLineForm,
    formset=_HelpLines,
    extra=2,
    max_num=MOST_HELP_LINES,
    validate_max=True,
    absolute_max=MOST_HELP_LINES,
    can_delete=True,
)


def help_lines_of(site: Site) -> list[dict[str, Any]]:
    """The kept rows as the formset wants them."""
    return [
        {**line, "checked_on": dt.date.fromisoformat(line["checked_on"]) if line.get("checked_on") else None}
        for line in site.help_lines
    ]


def told_help_lines(rows: BaseFormSet) -> list[dict[str, str]]:  # type: ignore[type-arg]
    """What a valid formset holds, without rows that are empty or taken away."""
    return [row.told() for row in rows if row not in rows.deleted_forms and row.cleaned_data.get("name")]


class LineForm(forms.Form):
    """Who answers for whose work."""

    supervisor = PersonChoice(label=_("Supervisor"))
    supervisee = PersonChoice(label=_("Answers for the work of"))
    cosigns = forms.BooleanField(
        label=_("Co-signs every note, while this person is in training"), required=False
    )

    def __init__(self, *args: Any, clinicians: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = list(clinicians)
        for name, offered in (
            ("supervisor", [person for person in people if person.has(Role.SUPERVISOR)]),
            ("supervisee", people),
        ):
            field = self.fields[name]
            assert isinstance(field, PersonChoice)
            field.offer(offered)


class TeamForm(forms.Form):
    """A clinician to add to a care team."""

    clinician = PersonChoice(label=_("Clinician"))
    part = forms.ChoiceField(
        label=_("Part"), choices=CareTeamMember.Part.choices, initial=CareTeamMember.Part.LEAD
    )

    def __init__(self, *args: Any, clinicians: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["clinician"]
        assert isinstance(field, PersonChoice)
        field.offer(clinicians)


class ClientSignInForm(forms.Form):
    """The address that a client signs in with."""

    email = forms.EmailField(
        label=_("The client's e-mail"),
        max_length=254,
        help_text=_("They sign in with it. Nothing is sent to it."),
    )


SKILL_WORDS = {
    "trauma": _("Trauma"),
    "perinatal": _("Pregnancy and the first year"),
    "young": _("Young people"),
    "older": _("Older people"),
    "pain": _("Pain"),
    "stimulants": _("Stimulants"),
    "opioids": _("Opioids"),
    "couples": _("Couples and families"),
    "groups": _("Groups"),
    "justice": _("Court and prison"),
}
DAYS = [(str(number), name) for number, name in WEEKDAYS.items()]


def language_choices() -> list[tuple[str, str]]:
    """Languages by their names, in order of the alphabet, English first."""
    named = [(code, str(gettext(LANG_INFO[code]["name"]))) for code in LANGUAGES]
    return sorted(named, key=lambda one: (one[0] != "en", one[1]))


class ProfileForm(forms.Form):
    """What a clinician can take on. Left empty means not written down."""

    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    taking_new = forms.BooleanField(label=_("Takes new people on"), required=False, initial=True)
    counts_in = forms.ChoiceField(
        label=_("Counted in"), choices=ClinicianProfile.CountsIn.choices, widget=forms.RadioSelect
    )
    capacity = forms.IntegerField(
        label=_("How many"),
        min_value=0,
        max_value=200,
        required=False,
        help_text=_("Leave it empty where nobody has said."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken with clients"), required=False, widget=forms.CheckboxSelectMultiple
    )
    protocols = forms.MultipleChoiceField(
        label=_("Trained in"), required=False, widget=forms.CheckboxSelectMultiple
    )
    skills = forms.MultipleChoiceField(
        label=_("Works well with"),
        choices=list(SKILL_WORDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.MultipleChoiceField(
        label=_("Days at work"), choices=DAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    gender = forms.ChoiceField(
        label=_("When somebody asks for a woman or a man"),
        choices=ClinicianProfile.Gender.choices,
        required=False,
    )

    def __init__(self, *args: Any, profile: ClinicianProfile | None, **kwargs: Any) -> None:
        names = [name for name in self.base_fields if name != "days"]
        if profile:
            kwargs["initial"] = {name: getattr(profile, name) for name in names}
            kwargs["initial"]["days"] = [str(day) for day in profile.days]
        else:
            kwargs["initial"] = {"counts_in": ClinicianProfile.CountsIn.PLACES}
        super().__init__(*args, **kwargs)
        languages, protocols = self.fields["languages"], self.fields["protocols"]
        assert isinstance(languages, forms.MultipleChoiceField)
        assert isinstance(protocols, forms.MultipleChoiceField)
        languages.choices = language_choices()
        protocols.choices = [(one.code, gettext(one.title)) for one in templates()]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {**self.cleaned_data, "days": sorted(int(day) for day in self.cleaned_data["days"])}
