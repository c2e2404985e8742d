"""The shape of what this room's pages send."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reknit.base.fields import no_control_characters
from reknit.care.network.models import Relationship
from reknit.core.substance_use.catalogue import SUBSTANCES

from .cells import STATES, Cell, Cells, was_shown
from .days import DayEntry, label
from .models import Company, TestResult, UseEpisode

LONGEST_AMOUNT = 12


class CalendarForm(forms.Form):
    """The whole grid in one form. `entries` holds only the days that differ from what the page had shown."""

    def __init__(self, data: Mapping[str, Any], *, codes: Sequence[str], days: Sequence[dt.date]) -> None:
        super().__init__(data)
        self.codes, self.days = list(codes), list(days)
        self.cells: Cells = {}
        self.entries: list[DayEntry] = []
        self.wrong: set[tuple[str, dt.date]] = set()

    @property
    def read_at(self) -> dt.datetime | None:
        """When the page was made, if it says so in a way that can be read."""
        try:
            found = parse_datetime(self.data.get("read_at", ""))
        except ValueError:
            return None
        return found if found and found.tzinfo else None

    def clean(self) -> dict[str, Any]:
        fills = self._fills()
        for code in self.codes:
            for on, token in zip(self.days, was_shown(self.data, code, self.days), strict=True):
                cell = self._sent(Cell(on, code), token)
                if (code, on) in fills and cell.state == "unknown":
                    cell = replace(cell, state="not_used")
                self.cells[code, on] = cell
                if cell.token != token:
                    self._take(cell)
        return self.cleaned_data

    def _sent(self, cell: Cell, token: str) -> Cell:
        """A cell as it was sent. One that was left out of the page is as the page had shown it."""
        letter, amount, unit = (token.split(":") + ["", ""])[:3]
        before = {"u": "used", "n": "not_used"}.get(letter, "unknown")
        state = self.data.get(cell.name, before)
        typed = self.data.get(cell.amount_name, amount).strip().replace(",", ".")[: LONGEST_AMOUNT + 1]
        if state != "used" and typed == amount:
            typed = ""  # the amount belonged to the use that was taken back
        return replace(
            cell,
            state=state if state in STATES else "unknown",
            amount=typed,
            unit=self.data.get(cell.unit_name, unit) if typed else "",
        )

    def _take(self, cell: Cell) -> None:
        words = {"substance": label(cell.substance), "day": date_format(cell.on, "j F Y")}
        try:
            amount = Decimal(cell.amount) if cell.amount else None
        except InvalidOperation:
            self._refuse(
                cell, _("Write the amount of %(substance)s on %(day)s as a number, such as 2.5.") % words
            )
            return
        self.entries.append(DayEntry(cell.on, cell.substance, STATES[cell.state], amount, cell.unit))

    def _refuse(self, cell: Cell, sentence: str) -> None:
        self.wrong.add((cell.substance, cell.on))
        self.add_error(None, sentence)

    def _fills(self) -> set[tuple[str, dt.date]]:
        """The days that a fill button covers: the rest of one week, or all that is shown."""
        code, _colon, which = self.data.get("fill", "").partition(":")
        if code not in self.codes:
            return set()
        if which == "all":
            return {(code, on) for on in self.days}
        try:
            monday = dt.date.fromisoformat(which)
        except ValueError:
            return set()
        return {(code, on) for on in self.days if 0 <= (on - monday).days < 7}


class SubstanceForm(forms.Form):
    """Which substances are asked about, and which one the course is mainly about."""

    substances = forms.MultipleChoiceField(
        label=gettext_lazy("Ask about"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one substance to ask about.")},
    )
    primary = forms.ChoiceField(
        label=gettext_lazy("Primary substance"),
        required=False,
        help_text=gettext_lazy("The one that brought the client here, if there is one."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, label(one.code)) for one in SUBSTANCES]
        self.fields["substances"].choices = choices  # type: ignore[attr-defined]
        self.fields["primary"].choices = [("", _("None is primary")), *choices]  # type: ignore[attr-defined]


YES_NO = [("", gettext_lazy("Not told")), ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
STALE = {
    "invalid": gettext_lazy("This page is out of date. Open it again."),
    "required": gettext_lazy("This page is out of date. Open it again."),
}


def told(label: Any, most: int, *, rows: int = 2, hint: Any = "") -> forms.CharField:
    """Words that may stay empty."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        required=False,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput,
    )


def yes_no(label: Any, *, hint: Any = "") -> forms.TypedChoiceField:
    """Yes, no, or not told."""
    return forms.TypedChoiceField(
        label=label,
        help_text=hint,
        choices=YES_NO,
        required=False,
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        empty_value=None,
    )


def day(label: Any, *, required: bool = False, hint: Any = "") -> forms.DateField:
    """A date."""
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        error_messages={
            "invalid": gettext_lazy("Write the day as a date."),
            "required": gettext_lazy("Choose the day."),
        },
    )


def circle_field(people: Sequence[Relationship], label: Any) -> forms.MultipleChoiceField:
    """People of the client's own circle, under the names used there."""
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=[(str(one.pk), one.alias) for one in people],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choose people from this client’s own list.")},
    )


def keys(values: Sequence[str]) -> list[uuid.UUID]:
    """Chosen people by key."""
    return [uuid.UUID(value) for value in values]


class ReportForm(forms.Form):
    """A return to use, for staff. Only the first day is asked for."""

    starts_on = day(gettext_lazy("First day"), required=True)
    ends_on = day(gettext_lazy("Last day"), hint=gettext_lazy("Empty: one day, or not told."))
    substances = forms.MultipleChoiceField(
        label=gettext_lazy("What"), required=False, widget=forms.CheckboxSelectMultiple
    )
    company = forms.ChoiceField(
        label=gettext_lazy("Alone or with someone"),
        choices=Company.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    place = told(gettext_lazy("Where"), 200, rows=1)
    trigger = told(
        gettext_lazy("What came before"), 2000, hint=gettext_lazy("Who, what was said, which feeling.")
    )
    intended = yes_no(gettext_lazy("Meant to"))
    overdose_signs = yes_no(
        gettext_lazy("Signs of an overdose"),
        hint=gettext_lazy(
            "Hard to wake, slow breathing, blue lips. Yes opens an item that is due within a day."
        ),
    )
    stopped_by = told(gettext_lazy("What helped to stop"), 2000)
    told_whom = told(gettext_lazy("Whom they told"), 2000)
    after_effects = told(gettext_lazy("How they felt after"), 2000)
    learned = told(gettext_lazy("What they learned from it"), 2000)

    def __init__(
        self, *args: Any, codes: Sequence[str], people: Sequence[Relationship], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["substances"].choices = [(code, label(code)) for code in codes]  # type: ignore[attr-defined]
        if people:
            self.fields["with_people"] = circle_field(people, gettext_lazy("With whom"))
            self.order_fields([*list(self.fields)[:4], "with_people"])

    @property
    def said(self) -> dict[str, Any]:
        """What was told, ready for the action."""
        given = {name: value for name, value in self.cleaned_data.items() if name in TOLD}
        given["with_people"] = keys(self.cleaned_data.get("with_people", ()))
        return given


TOLD = frozenset(ReportForm.base_fields)


class NewReportForm(ReportForm):
    """A first report, with who told of it."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages=STALE)
    reported_by = forms.ChoiceField(
        label=gettext_lazy("Told by"),
        choices=[one for one in UseEpisode.ReportedBy.choices if one[0] != "client"],
        initial="therapist",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who told of it.")},
    )


class RevisionForm(ReportForm):
    """More about a report that stands; `revision` is the one the page had shown."""

    revision = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=1_000_000, error_messages=STALE
    )


class OwnReportForm(RevisionForm):
    """The same in the client's words. Every line may stay empty but the day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {
            "starts_on": _("Which day was it?"),
            "ends_on": _("If it was more than one day: the last one"),
            "substances": _("What did you use?"),
            "company": _("Were you alone?"),
            "with_people": _("Who was there?"),
            "place": _("Where were you?"),
            "trigger": _("What was going on before?"),
            "intended": _("Did you plan to?"),
            "overdose_signs": _("Did you pass out, or was it hard to wake you?"),
            "stopped_by": _("What helped you stop?"),
            "told_whom": _("Whom have you told?"),
            "after_effects": _("How did you feel after?"),
            "learned": _("What would you like to try next time?"),
        }
        for name, words in own.items():
            if name in self.fields:
                self.fields[name].label, self.fields[name].help_text = words, ""
        self.fields["overdose_signs"].help_text = _("If you say yes, we will call you within a day.")


class TestForm(forms.Form):
    """One result of one substance."""

    __test__ = False
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages=STALE)
    matrix = forms.ChoiceField(
        label=gettext_lazy("Tested"), choices=TestResult.Matrix.choices, initial="urine"
    )
    substance = forms.ChoiceField(label=gettext_lazy("For"))
    result = forms.ChoiceField(
        label=gettext_lazy("Result"),
        choices=TestResult.Result.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what the test said.")},
    )
    value = forms.DecimalField(
        label=gettext_lazy("Value"),
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=3,
        error_messages={"invalid": gettext_lazy("Write the value as a number, zero or more.")},
    )
    unit = told(gettext_lazy("Unit"), 20, rows=1)
    taken_on = day(gettext_lazy("Day of the test"), required=True)
    taken_time = forms.TimeField(label=gettext_lazy("Time"), required=False)

    def __init__(self, *args: Any, codes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = [(code, label(code)) for code in codes]
        rest = [(one.code, label(one.code)) for one in SUBSTANCES if one.code not in codes]
        self.fields["substance"].choices = first + rest  # type: ignore[attr-defined]


class CravingForm(forms.Form):
    """How strong, with whom, which feeling."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages=STALE)
    now = forms.IntegerField(label=gettext_lazy("Now, 0 to 10"), required=False, min_value=0, max_value=10)
    peak = forms.IntegerField(
        label=gettext_lazy("Strongest since last time, 0 to 10"), required=False, min_value=0, max_value=10
    )
    company = forms.ChoiceField(
        label=gettext_lazy("Alone or with someone"),
        choices=Company.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    feeling = told(gettext_lazy("Feeling"), 200, rows=1)

    def __init__(self, *args: Any, people: Sequence[Relationship], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if people:
            self.fields["with_people"] = circle_field(people, gettext_lazy("With whom"))


class LapseRuleForm(forms.Form):
    """From how many days on it is called a return to regular use."""

    regular_from = forms.IntegerField(
        label=gettext_lazy("Days of use from which on"), min_value=1, max_value=366
    )
    window_days = forms.IntegerField(label=gettext_lazy("Within how many days"), min_value=1, max_value=366)
