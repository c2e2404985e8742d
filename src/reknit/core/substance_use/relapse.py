"""Named rules for relapse as statistics use the word. There is no agreement on one, so each result names its rule.

Lapse is any use after day 0. Source of the rules: measures catalogue 3.3, where each carries what it comes from. The words
of the workflow (slip, return to regular use) are another thing and are told apart on every page. No rule here is ever
put on a client's page, and none predicts.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rule:
    """One named rule, with its version."""

    id: str
    title: str
    source: str


RULES: Final = MappingProxyType(
    {
        "R1": Rule("R1", "first heavy day", "common in alcohol trials"),
        "R2": Rule(
            "R2", "a heavy day after four or more days without use", "a variant from a study of adolescents"
        ),
        "R3": Rule("R3", "use on seven days running, or in each of two weeks running", "smoking research"),
        "R4": Rule("R4", "a week back at the weekly grams of the baseline", "measures catalogue"),
    }
)
WEEK: Final = 7


def relapse_day(
    amounts: Floats, rule: str, *, heavy: float | None = None, baseline_weekly: float | None = None
) -> int | None:
    """The day on which a rule is met in one calendar (NaN for a day nobody told about); nothing when it is not.

    Day 0 is the index day. Weeks are counted from it. An unknown day meets nothing. R1 and R2 need `heavy`, R4 the weekly
    amount of the baseline. Raises `BadInput` for a rule that is not there or lacks its number.

    >>> week = np.array([0, 0, 0, 0, 6, 0, 0])
    >>> relapse_day(week, "R1", heavy=5), relapse_day(week, "R2", heavy=5), relapse_day(week, "R3")
    (4, 4, None)
    """
    if rule not in RULES:
        raise BadInput(f"There is no relapse rule called '{rule}'. Known: {', '.join(RULES)}.")
    if rule in ("R1", "R2") and heavy is None:
        raise BadInput(f"The rule {rule} needs to know from which amount a day is heavy.")
    if rule == "R4" and baseline_weekly is None:
        raise BadInput("The rule R4 needs the weekly amount of the baseline.")
    if rule == "R1":
        return _first(amounts >= (heavy or 0))
    if rule == "R2":
        return _after_abstinence(amounts, heavy or 0)
    if rule == "R3":
        return _seven_or_two_weeks(amounts)
    return _back_at_baseline(amounts, baseline_weekly or 0)


def first_lapse(amounts: Floats) -> int | None:
    """The first day of use after day 0 began, counted from it; nothing when none is known.

    >>> first_lapse(np.array([0, np.nan, 2]))
    2
    """
    return _first(amounts > 0)


def no_heavy_days(amounts: Floats, heavy: float, *, grace_days: int = 0) -> bool | None:
    """Whether no day was heavy in the window after a grace period; nothing when a day of it is not known.

    The responder of the FDA's draft guidance of 2015, whose window is about six months; total abstinence is the other
    accepted responder. An unknown day could have been heavy, so nobody is called a responder over a gap.

    >>> no_heavy_days(np.array([9, 0, 2, 0]), 5, grace_days=1), no_heavy_days(np.array([0, np.nan]), 5)
    (True, None)
    """
    rest = amounts[grace_days:]
    if (rest >= heavy).any():
        return False
    return None if np.isnan(rest).any() or not len(rest) else True


def _first(days: NDArray[np.bool_]) -> int | None:
    found = np.flatnonzero(days)
    return int(found[0]) if len(found) else None


def _after_abstinence(amounts: Floats, heavy: float) -> int | None:
    run = 0
    for day, amount in enumerate(amounts):
        if amount >= heavy and run >= 4:
            return day
        run = run + 1 if amount == 0 else 0
    return None


def _seven_or_two_weeks(amounts: Floats) -> int | None:
    used = amounts > 0
    in_a_row = np.convolve(used, np.ones(WEEK), mode="valid") if len(used) >= WEEK else np.array([])
    by_days = _first(in_a_row >= WEEK - 1e-9)
    day = None if by_days is None else by_days + WEEK - 1
    weeks = [used[start : start + WEEK] for start in range(0, len(used) - WEEK + 1, WEEK)]
    for number in range(1, len(weeks)):
        if weeks[number - 1].any() and weeks[number].any():
            second = number * WEEK + int(np.flatnonzero(weeks[number])[0])
            return second if day is None else min(day, second)
    return day


def _back_at_baseline(amounts: Floats, weekly: float) -> int | None:
    """The last day of the first whole week, every day of it told about, whose amount reaches the baseline's."""
    for start in range(0, len(amounts) - WEEK + 1, WEEK):
        week = amounts[start : start + WEEK]
        if not np.isnan(week).any() and week.sum() >= weekly > 0:
            return start + WEEK - 1
    return None
