"""The shape of what the pages of the room send."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reknit.base.fields import no_control_characters
from reknit.care.network.models import Relationship
from reknit.core.formulation.slots import ELEMENT_WORDS, SLOTS, Slot
from reknit.core.programme.protocol import ProtocolTemplate

from .entries import MOST_REASON, MOST_TITLE, MOST_WORDS, EventEntry, FocusEntry
from .grid import HINTS, Evidence
from .models import DisputeStage, FocusArea, Formulation, FormulationAnswer, Grid, TimelineEvent
from .queries import CLIENT_LABELS

IMPACTS = [("", gettext_lazy("Not asked")), *[(str(n), f"{n:+d}" if n else "0") for n in range(5, -6, -1)]]
MOODS = [("", gettext_lazy("Not asked")), *[(str(n), str(n)) for n in range(11)]]
MOST_SLOT = 2000


def plain_words(label: Any, *, most: int = MOST_REASON, rows: int = 0, **more: Any) -> forms.CharField:
    """A line or an area of plain words."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput
    return forms.CharField(
        label=label, max_length=most, validators=[no_control_characters], widget=widget, **more
    )


class PeopleField(forms.TypedMultipleChoiceField):
    """Rows of this client, by key, shown by what they are called."""

    def __init__(self, rows: "Iterable[Relationship | TimelineEvent]", label: Any, **more: Any) -> None:
        self.rows = {str(row.pk): row for row in rows}
        choices = [
            (key, getattr(row, "alias", "") or getattr(row, "title", "")) for key, row in self.rows.items()
        ]
        super().__init__(
            choices=choices,
            label=label,
            required=False,
            coerce=self.rows.get,
            widget=forms.CheckboxSelectMultiple,
            **more,
        )


class AddEventForm(forms.Form):
    """One event in one line; the rest can follow."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    link = forms.UUIDField(required=False, widget=forms.HiddenInput)
    title = plain_words(gettext_lazy("What happened"), most=MOST_TITLE)
    starts_on = forms.DateField(label=gettext_lazy("When"), widget=forms.DateInput)
    precision = forms.ChoiceField(label=gettext_lazy("How exactly"), choices=TimelineEvent.Precision.choices)
    lane = forms.ChoiceField(label=gettext_lazy("Belongs to"), choices=TimelineEvent.Lane.choices)
    kind = forms.ChoiceField(label=gettext_lazy("It was"), choices=TimelineEvent.Kind.choices, required=False)

    @classmethod
    def blank(cls, **initial: Any) -> "AddEventForm":
        """An empty line with a key of its own, so that a double click adds one event."""
        return cls(initial={"key": uuid.uuid4(), "lane": "life", "precision": "day", **initial})

    def entry(self, linked: Sequence[TimelineEvent] = ()) -> EventEntry:
        """What was told."""
        data = {name: self.cleaned_data[name] for name in ("title", "starts_on", "precision", "lane", "kind")}
        return EventEntry(**data, linked=linked)


class EventForm(forms.Form):
    """Everything about one event. Nothing but the title and the day is needed."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    title = plain_words(
        gettext_lazy("What happened"),
        most=MOST_TITLE,
        help_text=gettext_lazy("No detail is needed. “Something hard happened” will do."),
    )
    starts_on = forms.DateField(label=gettext_lazy("When"), widget=forms.DateInput)
    ends_on = forms.DateField(label=gettext_lazy("Until"), widget=forms.DateInput, required=False)
    precision = forms.ChoiceField(label=gettext_lazy("How exactly"), choices=TimelineEvent.Precision.choices)
    lane = forms.ChoiceField(label=gettext_lazy("Belongs to"), choices=TimelineEvent.Lane.choices)
    kind = forms.ChoiceField(label=gettext_lazy("It was"), choices=TimelineEvent.Kind.choices, required=False)
    impact = forms.TypedChoiceField(
        label=gettext_lazy("How it was for the client, -5 to +5"),
        choices=IMPACTS,
        coerce=int,
        empty_value=None,
        required=False,
    )
    mood_then = forms.TypedChoiceField(
        label=gettext_lazy("Mood then, 0 hardest to 10 best"),
        choices=MOODS,
        coerce=int,
        empty_value=None,
        required=False,
    )
    use_change = forms.ChoiceField(
        label=gettext_lazy("Use"), choices=TimelineEvent.UseChange.choices, required=False
    )
    source = forms.ChoiceField(label=gettext_lazy("Told by"), choices=TimelineEvent.Source.choices)
    is_restricted = forms.BooleanField(
        label=gettext_lazy("Keep it off every print and off the client's page"), required=False
    )

    def __init__(
        self, *args: Any, people: Iterable[Relationship], others: Iterable[TimelineEvent], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relationships"] = PeopleField(people, _("With whom"))
        self.fields["linked"] = PeopleField(others, _("Linked with"))

    @staticmethod
    def initial_of(event: TimelineEvent) -> dict[str, Any]:
        """An event as the form shows it."""
        plain = {name: getattr(event, name) for name in EventEntry.__slots__}
        return {
            **plain,
            "revision": event.revision,
            "impact": "" if event.impact is None else str(event.impact),
            "mood_then": "" if event.mood_then is None else str(event.mood_then),
            "relationships": [str(person.pk) for person in event.relationships.all()],
            "linked": [str(other.pk) for other in event.linked.all()],
        }

    def entry(self) -> EventEntry:
        """What was told."""
        return EventEntry(**{name: value for name, value in self.cleaned_data.items() if name != "revision"})


def area_words(code: str, label: Any, plan: ProtocolTemplate) -> str:
    """One problem area as it is chosen: its name, the client's words for it, and what this protocol says of it."""
    said = [
        _("%(label)s. For the client: %(client)s")
        % {"label": label, "client": CLIENT_LABELS[FocusArea.Area(code)]}
    ]
    added = [_(one.title) for one in plan.more_areas if one.counts_as == code]
    if added:
        said.append(_("Here also: %(added)s (programme setting)") % {"added": ", ".join(added)})
    if code in plan.poor_areas:
        said.append(
            _("A poor choice in %(n)d sessions: think of another first (programme setting)")
            % {"n": plan.planned_sessions}
        )
    return ". ".join(said)


class FocusForm(forms.Form):
    """A focus area as it is proposed."""

    area = forms.ChoiceField(label=gettext_lazy("Area"), widget=forms.RadioSelect)
    named = plain_words(
        gettext_lazy("In a few words"),
        most=120,
        required=False,
        help_text=gettext_lazy("As you say it with the client, for example: losing her sister."),
    )
    reason = plain_words(gettext_lazy("Why this one"), required=False, rows=2)

    def __init__(
        self,
        *args: Any,
        people: Iterable[Relationship],
        events: Sequence[TimelineEvent],
        plan: ProtocolTemplate,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)
        area.choices = [
            (code, area_words(code, label, plan))
            for code, label in FocusArea.Area.choices
            if code in plan.areas
        ]
        self.fields["relationships"] = PeopleField(people, _("With whom"))
        self.events = {str(event.pk): event for event in events}
        self.fields["event"] = forms.ChoiceField(
            label=_("Around which event"),
            choices=[("", _("None")), *[(key, event.title) for key, event in self.events.items()]],
            required=False,
        )
        self.order_fields(["area", "relationships", "event", "named", "reason"])

    def entry(self) -> FocusEntry:
        """What is proposed."""
        data = self.cleaned_data
        return FocusEntry(
            area=data["area"],
            relationships=data["relationships"],
            event=self.events.get(data["event"]),
            named=data["named"],
            reason=data["reason"],
        )


class SwitchForm(FocusForm):
    """Another area in place of the present one, and why."""

    why = plain_words(
        gettext_lazy("Why it changes"),
        rows=2,
        help_text=gettext_lazy("A new event, or what showed that the first choice does not fit."),
    )
    client_agreed = forms.BooleanField(
        label=gettext_lazy("The client agreed to work on this"), required=False
    )


class ReasonForm(forms.Form):
    """A reason, where one is needed or welcome."""

    reason = plain_words(gettext_lazy("Reason"), required=False, rows=2)


class StageForm(forms.Form):
    """Where a dispute stands."""

    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"), choices=DisputeStage.Stage.choices, widget=forms.RadioSelect
    )
    on = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput)


class FormulationForm(forms.Form):
    """The nine slots with their marks."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    diagnosis = plain_words(
        gettext_lazy("Condition or conditions, in plain words"),
        most=200,
        required=False,
        help_text=gettext_lazy("For the record and the starting points, for example: depression."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for slot in SLOTS:
            self.fields[slot.key] = plain_words(
                f"{slot.number}. {_(slot.title)}",
                most=MOST_SLOT,
                rows=3,
                required=False,
                help_text=_(slot.prompt),
            )
            if slot.may_hold:
                self.fields[f"marks-{slot.key}"] = forms.MultipleChoiceField(
                    label=_("This part names"),
                    choices=[(element, _(ELEMENT_WORDS[element])) for element in slot.may_hold],
                    widget=forms.CheckboxSelectMultiple,
                    required=False,
                )

    @staticmethod
    def initial_of(formulation: Formulation) -> dict[str, Any]:
        """A draft as the form shows it."""
        marks = {f"marks-{slot}": chosen for slot, chosen in formulation.marks.items()}
        return {
            "revision": formulation.revision,
            "diagnosis": formulation.diagnosis,
            **formulation.words,
            **marks,
        }

    def words(self) -> dict[str, str]:
        """Slot and words as written."""
        return {slot.key: self.cleaned_data[slot.key] for slot in SLOTS}

    def marks(self) -> dict[str, list[str]]:
        """Slot and the elements marked on it."""
        return {slot.key: self.cleaned_data[f"marks-{slot.key}"] for slot in SLOTS if slot.may_hold}

    def parts(self) -> "list[tuple[Slot, forms.BoundField, forms.BoundField | None]]":
        """Each slot with its fields, in order."""
        return [
            (slot, self[slot.key], self[f"marks-{slot.key}"] if slot.may_hold else None) for slot in SLOTS
        ]


class ShareForm(forms.Form):
    """How the text reached the client."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    how = forms.ChoiceField(
        label=gettext_lazy("How it is shared"), choices=Formulation.How.choices, widget=forms.RadioSelect
    )


class WitnessedForm(forms.Form):
    """An answer said aloud."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    response = forms.ChoiceField(
        label=gettext_lazy("Answer"), choices=FormulationAnswer.Response.choices, widget=forms.RadioSelect
    )
    words = plain_words(gettext_lazy("In the client's own words"), most=MOST_WORDS, rows=3)
    witness = plain_words(gettext_lazy("Heard by"), most=80)


class OwnAnswerForm(forms.Form):
    """The client's own answer: one of four buttons, and words where they wish."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    response = forms.ChoiceField(choices=FormulationAnswer.Response.choices)
    words = plain_words(gettext_lazy("What would you change?"), most=MOST_WORDS, rows=3, required=False)


class GridForm(forms.Form):
    """Five cells of words, each with what it rests on."""

    based_on = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput, initial=0)

    def __init__(self, *args: Any, evidence: Mapping[str, Evidence], **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [(key, one.title) for key, one in evidence.items()]
        for cell in Grid.Cell:
            self.fields[cell.value] = forms.CharField(
                label=cell.label,
                help_text=HINTS[cell],
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 3}),
                validators=[no_control_characters],
            )
            self.fields[f"{cell.value}_links"] = forms.MultipleChoiceField(
                label=_("What it rests on"),
                required=False,
                choices=offered,
                widget=forms.CheckboxSelectMultiple,
            )

    @staticmethod
    def initial_for(row: Grid | None) -> dict[str, Any]:
        """The standing version as the form shows it."""
        if row is None:
            return {"based_on": 0}
        links = {f"{cell}_links": keys for cell, keys in row.rests_on.items()}
        return {"based_on": row.version, **row.words, **links}

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        given = self.cleaned_data
        return {
            "based_on": given["based_on"],
            "words": {cell: given[cell] for cell in Grid.Cell.values},
            "rests_on": {cell: given[f"{cell}_links"] for cell in Grid.Cell.values},
        }

    def take_up(self, version: int) -> None:
        """After a conflict the next save stands on what was shown beside it."""
        self.data: Any = self.data.copy()
        self.data["based_on"] = str(version)

    def cells(self) -> list[tuple[Any, Any]]:
        """Each cell with its links, for the page."""
        return [(self[cell], self[f"{cell}_links"]) for cell in Grid.Cell.values]
