"""The stretch of days that a calendar page shows: 28 or 90 days up to a date."""

import datetime as dt
from dataclasses import dataclass

WINDOW = 28
"""Four whole weeks, the step of the page."""
LOOK_BACK = 90
"""The usual reach of a first Timeline Followback interview."""
LENGTHS = (WINDOW, LOOK_BACK)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` to `end`, both included, and the days around them that may be turned to."""

    end: dt.date
    length: int
    today: dt.date

    @classmethod
    def asked(cls, until: str, length: str, *, today: dt.date, default: int = WINDOW) -> "Span":
        """Read from an address; what cannot be a span becomes the one that ends today."""
        days = int(length) if length in {str(one) for one in LENGTHS} else default
        try:
            end = dt.date.fromisoformat(until)
        except ValueError:
            end = today
        return cls(min(max(end, today - dt.timedelta(days=3660)), today), days, today)

    @property
    def start(self) -> dt.date:
        return self.end - dt.timedelta(days=self.length - 1)

    @property
    def days(self) -> list[dt.date]:
        """Each day in order."""
        return [self.start + dt.timedelta(days=place) for place in range(self.length)]

    @property
    def weeks(self) -> list[list[dt.date | None]]:
        """Rows of seven, Monday first; None outside the span."""
        monday = self.start - dt.timedelta(days=self.start.weekday())
        rows = []
        while monday <= self.end:
            week = [monday + dt.timedelta(days=place) for place in range(7)]
            rows.append([day if self.start <= day <= self.end else None for day in week])
            monday += dt.timedelta(days=7)
        return rows

    @property
    def earlier(self) -> str:
        """The address of the span before this one."""
        return self._address(self.start - dt.timedelta(days=1), self.length)

    @property
    def later(self) -> str:
        """The address of the span after this one; empty when this one ends today."""
        if self.end >= self.today:
            return ""
        return self._address(min(self.end + dt.timedelta(days=self.length), self.today), self.length)

    @property
    def lengths(self) -> list[tuple[int, str, bool]]:
        """The lengths to choose from, each with its address and whether it is the one shown."""
        return [(days, self._address(self.end, days), days == self.length) for days in LENGTHS]

    @property
    def address(self) -> str:
        """The query string of this span."""
        return self._address(self.end, self.length)

    @property
    def query(self) -> str:
        """The query string without its question mark, for page links."""
        return self.address.removeprefix("?")

    def _address(self, end: dt.date, days: int) -> str:
        return f"?until={end.isoformat()}&days={days}"
