"""A calendar that can be turned to another day: the program reads its one clock there, and weeks pass in a moment.

Only the clock of `reknit.base.clock` moves. Sign-ins end meanwhile, as they would, and are begun anew.
"""

import datetime as dt
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from reknit.base import clock
from tests.cast import ZONE


class Calendar:
    """The day that it is in the clinic. Seconds go on by themselves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = dt.timedelta(0)
        edge = SimpleNamespace(now=self._now, combine=dt.datetime.combine)
        monkeypatch.setattr(clock, "dt", SimpleNamespace(datetime=edge, time=dt.time, UTC=dt.UTC))

    def _now(self, zone: dt.tzinfo) -> dt.datetime:
        return dt.datetime.now(zone) + self.ahead  # noqa: TID251 - the clock is moved here

    def turns_to(self, on: dt.date, time: str = "10:00") -> None:
        """It is this day in the clinic, and this time on its wall."""
        wall = dt.datetime.combine(on, dt.time.fromisoformat(time), ZoneInfo(ZONE))
        self.ahead += wall - clock.now()
