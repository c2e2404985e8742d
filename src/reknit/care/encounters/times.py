"""A date and a time on the clinic's wall, as one instant."""

import datetime as dt
import zoneinfo

from django.utils.translation import gettext as _

from reknit.base.errors import DomainError

EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2200, 1, 1)


def check_year(on: dt.date) -> None:
    """Refuse a day whose year is a slip of the pen."""
    if not EARLIEST <= on < LATEST:
        raise DomainError(_("Check the date: its year cannot be right."), field="on")


def instant(on: dt.date, time: dt.time, zone: str) -> dt.datetime:
    """The instant of a wall time. When clocks go back, the earlier of the two; when they go forward, none.

    >>> instant(dt.date(2026, 7, 1), dt.time(9, 30), "Europe/Paris")
    datetime.datetime(2026, 7, 1, 7, 30, tzinfo=datetime.timezone.utc)
    """
    check_year(on)
    here = zoneinfo.ZoneInfo(zone)
    wall = dt.datetime.combine(on, time, here)
    found = wall.astimezone(dt.UTC)
    if found.astimezone(here).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise DomainError(
            _("That time does not exist: the clocks go forward that night. Choose another time."),
            field="time",
        )
    return found
