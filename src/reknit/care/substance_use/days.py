"""What is written into the calendar: one entry for one substance on one day."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reknit.core.substance_use.catalogue import counts_in_any, substance

UNITS = (
    ("drinks", gettext_lazy("standard drinks")),
    ("cigarettes", gettext_lazy("cigarettes")),
    ("grams", gettext_lazy("grams")),
    ("milligrams", gettext_lazy("milligrams")),
    ("tablets", gettext_lazy("tablets")),
    ("times", gettext_lazy("times")),
)
"""Units an amount may be told in. Nothing here turns one into another or adds amounts up."""


@dataclass(frozen=True, slots=True)
class DayEntry:
    """What was told about one substance on one day. `used` None puts the day back to not known."""

    on: dt.date
    substance: str
    used: bool | None
    amount: Decimal | None = None
    unit: str = ""


def label(code: str) -> str:
    """The words for a substance, in the reader's language where it is translated."""
    return _(substance(code).label)


def counted(codes: list[str]) -> list[str]:
    """The codes that make a day a use day of "any substance".

    Tobacco and caffeine stay outside, unless nothing else is monitored: then they are what is counted, and the
    page names them.
    """
    return [code for code in codes if counts_in_any(code)] or codes
