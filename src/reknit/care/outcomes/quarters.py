"""Quarters of the calendar, by which programmes report."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

WRITTEN = re.compile(r"(20\d\d)-([1-4])")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a year."""

    year: int
    number: int

    @property
    def start(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def after(self) -> "Quarter":
        """The one that follows."""
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    @property
    def before(self) -> "Quarter":
        """The one before it."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def end(self) -> dt.date:
        """Its last day."""
        return self.after.start - dt.timedelta(days=1)

    @property
    def code(self) -> str:
        """As it stands in addresses and files: 2026-4."""
        return f"{self.year}-{self.number}"

    @property
    def label(self) -> str:
        """As people say it."""
        return _("Quarter %(n)s of %(year)s") % {"n": self.number, "year": self.year}


def quarter_of(on: dt.date) -> Quarter:
    """The quarter a day lies in.

    >>> quarter_of(dt.date(2026, 11, 26)).code
    '2026-4'
    """
    return Quarter(on.year, (on.month + 2) // 3)


def asked_for(written: str, *, today: dt.date) -> Quarter:
    """The quarter that was asked for; this one where it cannot be read, or lies ahead."""
    this, found = quarter_of(today), WRITTEN.fullmatch(written)
    return min(this, Quarter(int(found[1]), int(found[2]))) if found else this
