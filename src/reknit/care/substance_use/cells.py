"""A cell of the calendar as a page shows it and sends it back."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from .days import UNITS
from .models import UseDay

State = Literal["used", "not_used", "unknown"]
STATES: dict[str, bool | None] = {"used": True, "not_used": False, "unknown": None}
LETTERS: dict[State, str] = {"used": "u", "not_used": "n", "unknown": "-"}
USUAL_UNIT = {"alcohol": "drinks", "tobacco": "cigarettes", "sedatives": "tablets"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One substance on one day: `amount` is text, as typed."""

    on: dt.date
    substance: str
    state: State = "unknown"
    amount: str = ""
    unit: str = ""

    @property
    def name(self) -> str:
        """The name of its radios; `amount_name` and `unit_name` go with it."""
        return f"d-{self.substance}-{self.on.isoformat()}"

    @property
    def amount_name(self) -> str:
        return f"a-{self.substance}-{self.on.isoformat()}"

    @property
    def unit_name(self) -> str:
        return f"u-{self.substance}-{self.on.isoformat()}"

    @property
    def token(self) -> str:
        """How the page remembers what it showed, so that only days somebody changed are written."""
        return ":".join([LETTERS[self.state], self.amount, self.unit if self.amount else ""])

    @property
    def has_own_unit(self) -> bool:
        """Whether an import brought a unit that the list does not offer."""
        return bool(self.unit) and self.unit not in dict(UNITS)

    @property
    def unit_or_usual(self) -> str:
        """The unit, or the one this substance is usually told in."""
        return self.unit or USUAL_UNIT.get(self.substance, "times")


Cells = dict[tuple[str, dt.date], Cell]


def cells_of(rows: Sequence[UseDay], codes: Sequence[str], days: Sequence[dt.date]) -> Cells:
    """A cell for each substance and day; those without a row are not known."""
    found = {(row.substance, row.on): row for row in rows}
    return {(code, on): _cell(found.get((code, on)), code, on) for code in codes for on in days}


def shown(cells: Cells, code: str) -> str:
    """What the page shows of one substance, in one hidden field."""
    return ",".join(cell.token for (substance, _on), cell in cells.items() if substance == code)


def was_shown(sent: Mapping[str, str], code: str, days: Sequence[dt.date]) -> list[str]:
    """The tokens of `shown` as they came back; a page that lost them showed nothing as known."""
    tokens = sent.get(f"shown-{code}", "").split(",")
    return tokens if len(tokens) == len(days) else ["-::"] * len(days)


def plain(amount: Decimal | None) -> str:
    """An amount without needless zeros.

    >>> plain(Decimal("2.50")), plain(Decimal("10.00")), plain(None)
    ('2.5', '10', '')
    """
    if amount is None:
        return ""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _cell(row: UseDay | None, code: str, on: dt.date) -> Cell:
    if row is None:
        return Cell(on, code)
    return Cell(on, code, "used" if row.used else "not_used", plain(row.amount), row.unit)
