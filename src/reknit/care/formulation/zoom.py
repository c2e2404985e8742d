"""Which days of the line are shown, and the steps from there: closer, wider, earlier, later, first, latest."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _

LENGTHS: Final = (28, 84, 182, 365, 3 * 365, 10 * 365)  # days: weeks, months, years
LONGEST: Final = 120 * 365
KEYS: Final = {
    "closer": "+",
    "wider": "-",
    "earlier": "ArrowLeft",
    "later": "ArrowRight",
    "first": "Home",
    "latest": "End",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the line: what it is called, its key, and where it leads. Without an address it leads nowhere."""

    words: str
    key: str
    query: str


def asked_window(sent: Mapping[str, str]) -> tuple[dt.date, dt.date] | None:
    """The days named in an address, or nothing where they are no days in order."""
    start, end = parse_day(sent.get("from", "")), parse_day(sent.get("to", ""))
    if start is None or end is None or not 6 <= (end - start).days <= LONGEST:
        return None
    return start, end


def parse_day(written: str) -> dt.date | None:
    """A day of an address or a form, if it is one that a life can hold."""
    try:
        found = parse_date(written)
    except ValueError:
        return None
    return found if found and dt.date(1900, 1, 1) <= found <= dt.date(2200, 1, 1) else None


def steps(start: dt.date, end: dt.date, *, first: dt.date, latest: dt.date) -> list[Step]:
    """The six steps from the days shown. `first` and `latest` are the ends of all there is.

    The end that was shown last stays shown when looking closer, since that is where care is now.
    """
    length = (end - start).days
    closer = max((one for one in LENGTHS if one < length), default=None)
    wider = min((one for one in LENGTHS if one > length), default=None)
    move = dt.timedelta(days=max(length // 2, 7))
    whole = dt.timedelta(days=length)
    windows = {
        "closer": (end - dt.timedelta(days=closer), end) if closer else None,
        "wider": (max(end - dt.timedelta(days=wider), first), end) if wider and start > first else None,
        "earlier": (start - move, end - move) if start > first else None,
        "later": (start + move, end + move) if end < latest else None,
        "first": (first, first + whole) if start > first else None,
        "latest": (latest - whole, latest) if end < latest else None,
    }
    words = {
        "closer": _("Closer"),
        "wider": _("Wider"),
        "earlier": _("Earlier"),
        "later": _("Later"),
        "first": _("First"),
        "latest": _("Latest"),
    }
    return [
        Step(
            words[name], KEYS[name], urlencode({"from": f"{found[0]}", "to": f"{found[1]}"}) if found else ""
        )
        for name, found in windows.items()
    ]


def free_runs(known: list[tuple[dt.date, bool]]) -> list[tuple[dt.date, dt.date, int]]:
    """Each stretch of use days after known days without use: its first and last day, and how many days came before it.

    `known` are the known days in order, each with whether there was use. A day not known ends what is counted.
    """
    found: list[tuple[dt.date, dt.date, int]] = []
    free, open_run = 0, False
    for before, (on, used) in pairwise([(dt.date.min, False), *known]):
        is_next = before[0] != dt.date.min and (on - before[0]).days == 1
        if not is_next:
            free, open_run = 0, False
        if used and open_run:
            found[-1] = (found[-1][0], on, found[-1][2])
        elif used and free:
            found.append((on, on, free))
            open_run = True
        free = 0 if used else free + 1
        open_run = open_run and used
    return found
