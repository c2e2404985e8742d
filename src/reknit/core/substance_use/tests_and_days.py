"""A test beside the days that were told: do they fit, or is there something to ask? Nothing here changes a day.

A positive result and days told as without use can both be honest: tests err, samples are mixed up, medication shows.
So the answer is never more than "ask", and a day nobody told about contradicts nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from reknit.core.errors import BadInput


class Result(StrEnum):
    """What a test said. `NOT_GIVEN` is a sample that was not given, for whatever reason."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    INCONCLUSIVE = "inconclusive"
    NOT_GIVEN = "not_given"


class Fit(StrEnum):
    """How a result stands to the days of its window."""

    NOT_COMPARED = "not_compared"  # anything but a positive result says nothing against a day
    NO_WINDOW = "no_window"  # no source tells how far back this test sees
    EXPLAINED = "explained"  # a prescribed medication shows as this substance
    FITS = "fits"  # use was told on a day of the window
    NOT_KNOWN = "not_known"  # no use was told, and some days are not known
    DISCORDANT = "discordant"  # every day of the window was told as without use: ask


@dataclass(frozen=True, slots=True)
class Comparison:
    """The fit, the days it rests on, and how many days of the window nobody told about."""

    fit: Fit
    days: tuple[date, ...] = ()
    unknown: int = 0

    @property
    def is_discordant(self) -> bool:
        """Whether every day of the window was told as without use, so that there is something to ask.

        >>> Comparison(Fit.DISCORDANT).is_discordant, Comparison(Fit.NOT_KNOWN).is_discordant
        (True, False)
        """
        return self.fit is Fit.DISCORDANT


def window_days(taken_on: date, days: int) -> tuple[date, ...]:
    """The days a test can see: that of the test and so many before it, oldest first.

    >>> [one.day for one in window_days(date(2026, 3, 5), 2)]
    [3, 4, 5]
    """
    if not 0 < days <= 3660:
        raise BadInput("A detection window has one day or more.")
    return tuple(taken_on - timedelta(days=back) for back in range(days, -1, -1))


def compare(
    result: Result,
    told: Mapping[date, bool],
    *,
    taken_on: date,
    window: int | None,
    substance: str,
    explained_by: Sequence[str] = (),
) -> Comparison:
    """Set one result beside the days told of the same substance. `told` has no entry for a day not known.

    The day of the test itself is usually not told yet: while it is not known it is left out. Any other day that is
    not known could be the day of use, so the answer is then "not known" and not "discordant".

    >>> told = {date(2026, 3, 3): False, date(2026, 3, 4): False}
    >>> compare(Result.POSITIVE, told, taken_on=date(2026, 3, 5), window=2, substance="cocaine").fit
    <Fit.DISCORDANT: 'discordant'>
    >>> compare(Result.POSITIVE, told, taken_on=date(2026, 3, 5), window=3, substance="cocaine").fit
    <Fit.NOT_KNOWN: 'not_known'>
    """
    if result is not Result.POSITIVE:
        return Comparison(Fit.NOT_COMPARED)
    if substance in explained_by:
        return Comparison(Fit.EXPLAINED)
    if window is None:
        return Comparison(Fit.NO_WINDOW)
    days = [day for day in window_days(taken_on, window) if day != taken_on or day in told]
    used = tuple(day for day in days if told.get(day) is True)
    free = tuple(day for day in days if told.get(day) is False)
    unknown = len(days) - len(used) - len(free)
    if used:
        return Comparison(Fit.FITS, used, unknown)
    return Comparison(Fit.NOT_KNOWN if unknown else Fit.DISCORDANT, free, unknown)


def without_discordant(told: Mapping[date, bool], comparisons: Iterable[Comparison]) -> dict[date, bool]:
    """The days told, for an outcome that takes tests into account: days that a discordant test stands against are left out.

    A positive test overrides what was told of its window, but not which of its days was one of use: so none of them counts
    as a day without use, and none as one of use. `told` itself is not changed, and is what a client is shown.
    Source: measures catalogue 3.3.

    >>> told = {date(2026, 3, day): False for day in (1, 3, 4)}
    >>> found = compare(Result.POSITIVE, told, taken_on=date(2026, 3, 5), window=2, substance="cocaine")
    >>> sorted(day.day for day in without_discordant(told, [found]))
    [1]
    """
    doubted = {day for one in comparisons if one.is_discordant for day in one.days}
    return {day: used for day, used in told.items() if day not in doubted}
