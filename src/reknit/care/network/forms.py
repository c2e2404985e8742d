"""The shape of what the pages of the circle send."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import no_control_characters

from .circles import Person
from .details import GROUPS, SCALES
from .models import CircleVersion, Relationship, Tie
from .sifting import CHOICES

EVERYBODY = ("", _("everybody"))
NOT_KNOWN = ("", _("not known"))
RING_CHOICES = (
    ("1", _("1, closest")),
    ("2", _("2, close")),
    ("3", _("3, further out")),
    ("4", _("outside")),
)


class AddForm(forms.Form):
    """Two fields while talking; the ring if it is said already."""

    alias = forms.CharField(
        label=_("Initials or nickname"),
        max_length=40,
        validators=[no_control_characters],
        error_messages={"required": _("Write initials or a nickname.")},
    )
    relation = forms.ChoiceField(
        label=_("Relation"), choices=[("", _("choose")), *Relationship.Relation.choices], required=False
    )
    ring = forms.TypedChoiceField(
        label=_("Ring"),
        choices=[("", _("later")), *RING_CHOICES],
        required=False,
        coerce=int,
        empty_value=None,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class SieveForm(forms.Form):
    """Whom the circle and its table show."""

    use = forms.ChoiceField(label=_("Use"), choices=[EVERYBODY, *CHOICES["use"]], required=False)
    support = forms.ChoiceField(
        label=_("On recovery"), choices=[EVERYBODY, *CHOICES["support"]], required=False
    )
    conflict = forms.ChoiceField(
        label=_("Conflict"), choices=[EVERYBODY, *CHOICES["conflict"]], required=False
    )


class NumbersForm(forms.Form):
    """Numbers of versions in an address. What is no number is passed over."""

    version = forms.IntegerField(min_value=1, max_value=32767, required=False)
    then = forms.IntegerField(min_value=1, max_value=32767, required=False)
    now = forms.IntegerField(min_value=1, max_value=32767, required=False)

    @classmethod
    def of(cls, sent: Mapping[str, Any]) -> dict[str, int | None]:
        """Each number, or None."""
        form = cls(sent)
        form.is_valid()
        return {name: form.cleaned_data.get(name) for name in form.fields}


class PlaceForm(forms.Form):
    """A ring, and an angle and a depth where the mark was moved by hand."""

    ring = forms.IntegerField(min_value=1, max_value=4)
    angle = forms.IntegerField(min_value=-3600, max_value=3600, required=False)
    depth = forms.IntegerField(min_value=0, max_value=100, required=False)


class RingsForm(forms.Form):
    """The rings of the table. Only those that differ from what the page had shown are taken."""

    def __init__(self, data: Mapping[str, Any], *, people: Sequence[uuid.UUID]) -> None:
        super().__init__(data)
        self.moved: dict[uuid.UUID, int] = {}
        self.keys = people

    def clean(self) -> dict[str, Any]:
        for key in self.keys:
            sent, shown = self.data.get(f"ring-{key}", ""), self.data.get(f"was-{key}", "")
            if sent == shown or not sent:
                continue
            if sent not in dict(RING_CHOICES):
                raise forms.ValidationError(_("Choose a ring from 1 to 3, or outside."))
            self.moved[key] = int(sent)
        return self.cleaned_data


class TieForm(forms.Form):
    """Two people and how they stand to each other."""

    one = forms.ChoiceField(label=_("Person"))
    kind = forms.ChoiceField(label=_("How they stand to each other"), choices=Tie.Kind.choices)
    other = forms.ChoiceField(label=_("Other person"))

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("choose")), *((str(one.id), one.alias) for one in people)]
        self.fields["one"].choices = choices  # type: ignore[attr-defined]
        self.fields["other"].choices = choices  # type: ignore[attr-defined]


class SignForm(forms.Form):
    """What is said when a version is signed off."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    treatment_asked = forms.TypedChoiceField(
        label=_("Did you ask about people from treatment or mutual help?"),
        help_text=_("Short lists leave them out more than anybody else."),
        choices=[("yes", _("Yes, asked")), ("no", _("Not asked"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether you asked.")},
    )
    author = forms.ChoiceField(
        label=_("Who drew it"),
        choices=CircleVersion.Author.choices,
        widget=forms.RadioSelect,
        initial="together",
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the team. The client does not see it."),
    )


LABELS = {
    "alias": _("Initials or nickname"),
    "relation": _("Relation"),
    "relation_words": _("In the client’s own words"),
    "status": _("How it stands"),
    "contact": _("Contact"),
    "same_household": _("Live together"),
    "from_treatment": _("From treatment or mutual help"),
    "not_a_person": _("Not a person: left out of the figures"),
    "alcohol": _("Alcohol"),
    "drugs": _("Drugs"),
    "uses_with_client": _("Uses with the client"),
    "supplies": _("Supplies the client"),
    "reaction_to_use": _("When the client used, they"),
    "supports_recovery": _("On recovery"),
    "knows_of_treatment": _("Knows of the treatment"),
    "supports_treatment": _("Support for treatment, 1 none to 6 all they can"),
    "medication_attitude": _("On medication"),
    "importance": _("Importance, 1 little to 6 most"),
    "general_support": _("General support, 1 none to 6 most"),
    "practical_support": _("Practical support, 1 none to 6 most"),
    "emotional_support": _("Emotional support, 1 none to 6 most"),
    "reciprocity": _("Give and take"),
    "conflict": _("Conflict, 0 none to 10 most"),
    "expectations_mine": _("What the client expects of them"),
    "expectations_theirs": _("What they expect of the client"),
    "good_things": _("What is good"),
    "hard_things": _("What is hard"),
    "change_wanted": _("What the client wants to change"),
    "wanted_ring": _("Where the client wants them"),
    "is_risk": _("Unsafe for the client"),
}
NUMBERED = {
    "contact": Relationship.Contact.choices,
    "uses_with_client": Relationship.Together.choices,
    "supports_recovery": Relationship.Support.choices,
    "medication_attitude": Relationship.Support.choices,
    "wanted_ring": [(int(value), words) for value, words in RING_CHOICES],
}
HINTS = {
    "alias": _("Not a full name. It stays in this chart."),
    "relation_words": _("For example: son, 9."),
    "alcohol": _("Light use counts as use."),
    "drugs": _("The mark shows no use only when alcohol and drugs are both known."),
    "is_risk": _("Seen by the care team and its supervisors only. Never on a page of the client’s."),
}
YES_NO = [NOT_KNOWN, ("yes", _("yes")), ("no", _("no"))]


class RelationshipForm(forms.Form):
    """Everything about one person; all of it but the alias may stay open."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Relationship, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"revision": row.revision, **_initial(row)})
        super().__init__(*args, **kwargs)
        for _title, names in GROUPS:
            for name in names:
                self.fields[name] = detail_field(name)
                self.fields[name].label = LABELS[name]
                self.fields[name].help_text = HINTS.get(name, "")

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields as the page shows them, part by part."""
        return [(str(title), [self[name] for name in names]) for title, names in GROUPS]

    def details(self) -> dict[str, Any]:
        """What was sent, as the table holds it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


def shown(row: Relationship) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """What is known about somebody, part by part: label, words or "not known", and whether it is known."""
    return [(str(title), [_shown(row, name) for name in names if name != "alias"]) for title, names in GROUPS]


def _shown(row: Relationship, name: str) -> tuple[str, str, bool]:
    value = getattr(row, name)
    if value is None or value == "":
        return str(LABELS[name]), str(NOT_KNOWN[1]), False
    if isinstance(value, bool):
        return str(LABELS[name]), str(_("yes") if value else _("no")), True
    column = Relationship._meta.get_field(name)
    choices = dict(NUMBERED.get(name) or getattr(column, "flatchoices", None) or [])
    return str(LABELS[name]), str(choices.get(value, value)), True


def detail_field(name: str, *, open_words: Any = NOT_KNOWN[1]) -> forms.Field:
    """The field of a detail; `open_words` stand for an answer that was not given."""
    not_known = ("", open_words)
    column = Relationship._meta.get_field(name)
    kind = column.get_internal_type()
    if kind == "TextField":
        return _words(1000, forms.Textarea(attrs={"rows": 2}))
    if kind == "BooleanField":
        if not column.null:
            return forms.BooleanField(required=False)
        answers = {"yes": True, "no": False}
        return forms.TypedChoiceField(
            choices=YES_NO, required=False, coerce=answers.__getitem__, empty_value=None
        )
    if kind == "CharField" and not getattr(column, "choices", None):
        return _words(40, forms.TextInput(attrs={"autocomplete": "off"}))
    if kind == "CharField":
        return forms.ChoiceField(choices=[not_known, *getattr(column, "choices", [])], required=False)
    least, most = SCALES[name]
    choices: Sequence[tuple[int, Any]] = NUMBERED.get(name) or [(n, str(n)) for n in range(least, most + 1)]
    return forms.TypedChoiceField(choices=[not_known, *choices], required=False, coerce=int, empty_value=None)


def _words(most: int, widget: forms.Widget) -> forms.CharField:
    return forms.CharField(required=False, max_length=most, validators=[no_control_characters], widget=widget)


def _initial(row: Relationship) -> dict[str, Any]:
    """What stands, as the fields show it."""
    values = {name: getattr(row, name) for _title, names in GROUPS for name in names}
    asked = {
        name for name in values if Relationship._meta.get_field(name).get_internal_type() == "BooleanField"
    }
    return {
        name: {True: "yes", False: "no", None: ""}[value] if name in asked and _nullable(name) else value
        for name, value in values.items()
    }


def _nullable(name: str) -> bool:
    return bool(Relationship._meta.get_field(name).null)
