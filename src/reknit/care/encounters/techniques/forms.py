"""Forms of records, made from their models: the questions, lengths and choices stand there once. Shape alone is checked."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.db import models
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.base.fields import no_control_characters
from reknit.care.encounters.models import (
    CommunicationAnalysis,
    ConjointPlan,
    LapseReview,
    PlanB,
    SessionRecord,
)
from reknit.care.formulation.models import FocusArea
from reknit.care.network.models import Relationship
from reknit.core.programme.strategies import AREAS, depths, steps_of

from .reading import OpenLapse
from .shape import plan_title, title_of

MOST = 60
SPARE = {"turns": 6, "alternatives": 3, "options": 3, "rounds": 2}  # empty rows of a new list
FEW = 6  # up to so many choices are shown at once


@dataclass(frozen=True, slots=True)
class Choices:
    """What a form offers that depends on the client: people, areas in focus, earlier records, open lapses."""

    people: Sequence[Relationship] = ()
    areas: Sequence[str] = ()
    earlier: Sequence[SessionRecord] = ()
    analyses: Sequence[CommunicationAnalysis] = ()
    lapses: Sequence[OpenLapse] = ()
    plans: Sequence[ConjointPlan] = ()
    by_key: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in (*self.people, *self.earlier, *self.analyses, *self.plans):
            self.by_key[str(one.pk)] = one


class RecordForm(forms.Form):
    """The questions of one kind of record."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    revision = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput, initial=0)

    def __init__(self, *args: Any, model: type[SessionRecord], choices: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.model, self.choices = model, choices
        for name in model.ASKS:
            made = _own(model, name, choices) if name in OWN else _plain(model, name)
            if made is not None:
                self.fields[name] = made

    def values(self) -> dict[str, Any]:
        """What the action takes: keys of people and records as the rows they stand for."""
        found = {name: value for name, value in self.cleaned_data.items() if name not in ("key", "revision")}
        for name in ("relationship", "analysis", "about", "plan"):
            if name in found:
                found[name] = self.choices.by_key.get(found[name])
        if self.model.PEOPLE and self.model.PEOPLE in found:
            found[self.model.PEOPLE] = [self.choices.by_key[one] for one in found[self.model.PEOPLE]]
        if "use_episode_id" in found:
            found["use_episode_id"] = uuid.UUID(found["use_episode_id"]) if found["use_episode_id"] else None
        return found


class RowForm(forms.Form):
    """One row of a list. An empty one is no row."""

    table: type[models.Model]

    def __init__(self, *args: Any, place: int | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.table.ASKS:  # type: ignore[attr-defined]
            made = _plain(self.table, name)
            made.required = False
            of: Any = self.table._meta.get_field(name)
            if of.choices:
                made.initial = of.choices[(place or 0) % 2][0]  # two who take turns
            self.fields[name] = made


class InTurn(BaseFormSet):  # type: ignore[type-arg]
    """Rows that know their place."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "place": index}


def lists_of(
    model: type[SessionRecord],
    data: Mapping[str, Any] | None = None,
    *,
    initial: Mapping[str, Any],
    more: str = "",
) -> "dict[str, BaseFormSet[Any]]":
    """A list of row forms for each list of the record; `more` asks for further empty rows of one of them."""
    found = {}
    for name in model.ROWS:
        table: Any = model._meta.get_field(name).related_model
        rows = initial.get(name, [])
        spare = max(SPARE[name] - len(rows), 2)
        made: Any = formset_factory(
            type("Row", (RowForm,), {"table": table}),
            formset=InTurn,
            extra=spare,
            max_num=MOST,
            absolute_max=MOST,
        )
        sent = data
        if data is not None and more:
            sent = _grown(data, name, by=4 if more == name else 0)
        found[name] = made(sent, prefix=name, initial=rows)
    return found


def rows_sent(lists: "Mapping[str, BaseFormSet[Any]]") -> dict[str, list[dict[str, Any]]]:
    """The rows as the action takes them."""
    return {name: [dict(row.cleaned_data) for row in rows.forms] for name, rows in lists.items()}


def _grown(data: Mapping[str, Any], name: str, *, by: int) -> Any:
    """The same data with room for more rows."""
    copy: Any = data.copy()  # type: ignore[attr-defined]
    try:
        count = int(copy.get(f"{name}-TOTAL_FORMS", "0"))
    except ValueError:
        count = 0
    copy[f"{name}-TOTAL_FORMS"] = str(min(max(count, 0) + by, MOST))
    return copy


def _plain(model: type[models.Model], name: str) -> forms.Field:
    """A field as its model states it."""
    of: Any = model._meta.get_field(name)
    said: dict[str, Any] = {"label": of.verbose_name, "required": not of.blank}
    if of.choices:
        return _choice(of.choices, of.blank, said, nothing=_("Not asked") if model is LapseReview else "")
    if isinstance(of, models.BooleanField):
        return forms.BooleanField(label=of.verbose_name, required=False)
    if isinstance(of, models.DateField):
        wrong = _("Write the day as a date that exists, such as 2026-06-30.")
        return forms.DateField(widget=forms.DateInput(), error_messages={"invalid": wrong}, **said)
    if isinstance(of, models.TimeField):
        wrong = _("Write the time as 09:30.")
        return forms.TimeField(widget=forms.TimeInput(), error_messages={"invalid": wrong}, **said)
    if isinstance(of, models.PositiveSmallIntegerField):
        most = next(one.limit_value for one in of.validators if isinstance(one, MaxValueValidator))
        return forms.IntegerField(min_value=0, max_value=most, **said)
    most = of.max_length or 300
    too_long = _("This holds at most %(most)s characters. Shorten it.") % {"most": most}
    widget = forms.Textarea(attrs={"rows": 2}) if most > 400 else forms.TextInput()
    return forms.CharField(
        max_length=most,
        widget=widget,
        validators=[no_control_characters],
        error_messages={"max_length": too_long, "required": _("Write a few words first.")},
        **said,
    )


def _choice(choices: Any, blank: bool, said: dict[str, Any], *, nothing: str = "") -> forms.ChoiceField:
    offered = [one for one in choices if one[0] != ""]
    if blank:
        offered = [("", nothing or _("Not known")), *offered]
    widget = forms.Select if len(offered) > FEW else forms.RadioSelect
    if widget is forms.Select and not blank:
        offered = [("", _("Choose")), *offered]
    return forms.ChoiceField(choices=offered, widget=widget, initial="" if blank else None, **said)


def _own(model: type[SessionRecord], name: str, choices: Choices) -> forms.Field | None:
    """Fields whose choices depend on the client or on data of the core; None when there is nothing to choose."""
    made: forms.Field | None = OWN[name](model, choices)
    return made


def _label(model: type[SessionRecord], name: str) -> Any:
    return model._meta.get_field(name).verbose_name  # type: ignore[union-attr]


def _people(model: type[SessionRecord], choices: Choices) -> forms.Field | None:
    if not choices.people:
        return None
    return forms.MultipleChoiceField(
        label=_label(model, model.PEOPLE),
        choices=[(str(one.pk), one.alias) for one in choices.people],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def _person(model: type[SessionRecord], choices: Choices) -> forms.Field | None:
    if not choices.people:
        return None
    people = [(str(one.pk), one.alias) for one in choices.people]
    return forms.ChoiceField(
        label=_label(model, "relationship"),
        choices=[("", _("Nobody in particular")), *people],
        required=False,
    )


def _code(model: type[SessionRecord], choices: Choices) -> forms.Field:
    order = [*dict.fromkeys(choices.areas), *(area for area in AREAS if area not in choices.areas)]
    groups = [
        (
            str(FocusArea.Area(area).label),
            [(step.code, f"{step.code} {_(step.title)}") for step in steps_of(area)],
        )
        for area in order
    ]
    return forms.ChoiceField(label=_label(model, "code"), choices=[("", _("Choose")), *groups])


def _depth(model: type[SessionRecord], _choices: Choices) -> forms.Field:
    return forms.TypedChoiceField(
        label=_label(model, "depth"),
        choices=[(one.depth, _(one.title)) for one in depths()],
        coerce=int,
        widget=forms.RadioSelect,
        help_text=" ".join(f"{_(one.title)}: {_(one.meaning)}" for one in depths()),
    )


def _about(_model: type[SessionRecord], choices: Choices) -> forms.Field:
    return forms.ChoiceField(
        label=_("About"),
        choices=[("", _("Choose")), *((str(one.pk), title_of(one)) for one in choices.earlier)],
    )


def _analysis(model: type[SessionRecord], choices: Choices) -> forms.Field | None:
    if not choices.analyses:
        return None
    return forms.ChoiceField(
        label=_label(model, "analysis"),
        choices=[("", _("None")), *((str(one.pk), title_of(one)) for one in choices.analyses)],
        required=False,
    )


def _plan(model: type[SessionRecord], choices: Choices) -> forms.Field:
    return forms.ChoiceField(
        label=_label(model, "plan"),
        choices=[("", _("Choose")), *((str(one.pk), plan_title(one)) for one in choices.plans)],
        error_messages={"required": _("Plan the session with the client first, then choose the plan.")},
    )


def _use_episode(model: type[SessionRecord], choices: Choices) -> forms.Field | None:
    if not choices.lapses:
        return None
    offered = [
        (str(one.use_episode_id), _("The one of %(day)s") % {"day": date_format(one.on, "j F Y")})
        for one in choices.lapses
    ]
    return forms.ChoiceField(
        label=_label(model, "use_episode_id"),
        choices=[("", _("One not written down yet")), *offered],
        required=False,
    )


def _plan_b(model: type[SessionRecord], _choices: Choices) -> forms.Field:
    return forms.MultipleChoiceField(
        label=_label(model, "choices"), choices=PlanB.Choice.choices, widget=forms.CheckboxSelectMultiple
    )


OWN: dict[str, Any] = {
    "relationship": _person,
    "relationships": _people,
    "code": _code,
    "depth": _depth,
    "about": _about,
    "analysis": _analysis,
    "plan": _plan,
    "use_episode_id": _use_episode,
    "choices": _plan_b,
}


class MissForm(forms.Form):
    """What is written after a missed session, with the questions of its model."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, model: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in model.ASKS:
            self.fields[name] = _plain(model, name)


class ConjointForm(forms.Form):
    """The plan of a session with somebody else, with the questions of its model."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    revision = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput, initial=0)

    def __init__(self, *args: Any, people: Sequence[Relationship], **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ConjointPlan.ASKS:
            if name == "relationship":
                offered = [("", _("Choose")), *((str(one.pk), one.alias) for one in people)]
                self.fields[name] = forms.ChoiceField(
                    label=_("Who is asked to come"),
                    choices=offered,
                    error_messages={"required": _("Choose somebody from this client's people.")},
                )
            else:
                self.fields[name] = _plain(ConjointPlan, name)
        self.fields["screened_on"].error_messages["required"] = _(
            "Ask the client alone about violence first."
        )
