"""The shape of what the calendar's pages send."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reknit.core.substance_use.catalogue import SUBSTANCES

from .cells import STATES, Cell, Cells, was_shown
from .days import DayEntry, label

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
