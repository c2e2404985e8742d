"""Lapse and return to regular use, in two languages that are never mixed.

**Workflow words** say what to do next for one client: a slip or lapse is 3 or fewer days of use in 14, a return to
regular use 4 or more. Both numbers are settings of this project, which a clinician may change for one client.

**Statistical words** belong to outcome reports: a lapse is any use after the index day; of relapse there are several
definitions, no consensus, and none predicts best, so each has a name here and is never shown without it.

Neither is a label of a person, and an earlier day without use is never taken away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Literal

import numpy as np

from reknit.core.errors import BadInput

from .responders import back_at_baseline
from .timeline import NOT_USED, UNKNOWN, USED

SUPERVISION_DAYS: Final = 30
"""A second return to use within this many days is brought to supervision: a setting of this project."""

LONGEST_GAP: Final = 7
"""A client is followed up to the latest day told before more than this many unknown days in a row."""


@dataclass(frozen=True, slots=True)
class WorkflowRule:
    """Where regular use begins: `regular_from` or more days of use in the latest `window_days`."""

    window_days: int = 14
    regular_from: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.regular_from <= self.window_days <= 366:
            raise BadInput("Regular use begins at one day or more, within a window that can hold as many.")

    @property
    def lapse_up_to(self) -> int:
        """The most days that still are a slip or lapse.

        >>> WorkflowRule(window_days=14, regular_from=4).lapse_up_to
        3
        """
        return self.regular_from - 1


DEFAULT_RULE: Final = WorkflowRule()


class Pattern(StrEnum):
    """What the latest days look like, in workflow words."""

    NONE = "none"
    LAPSE = "lapse"
    REGULAR = "regular_use"


@dataclass(frozen=True, slots=True)
class Recent:
    """Use days of the latest window. `may_be_more`: days not known could make it a return to regular use."""

    pattern: Pattern
    used: int
    unknown: int
    days: int
    may_be_more: bool


def recent_pattern(states: Sequence[int], rule: WorkflowRule = DEFAULT_RULE) -> Recent:
    """The workflow word for the latest days of `states` (1 used, 0 not used, -1 unknown), oldest first.

    Days before the first one given are unknown. A day not known is not counted as either.

    >>> recent_pattern([0] * 11 + [1, 1, 1]).pattern
    <Pattern.LAPSE: 'lapse'>
    >>> recent_pattern([0] * 10 + [1, 1, 1, 1]).pattern
    <Pattern.REGULAR: 'regular_use'>
    """
    latest = list(states[-rule.window_days :])
    latest = [UNKNOWN] * (rule.window_days - len(latest)) + latest
    used, unknown = latest.count(USED), latest.count(UNKNOWN)
    pattern = Pattern.NONE if not used else Pattern.LAPSE
    if used >= rule.regular_from:
        pattern = Pattern.REGULAR
    hidden = pattern is not Pattern.REGULAR and used + unknown >= rule.regular_from
    return Recent(pattern, used, unknown, rule.window_days, hidden)


def heaviest_pattern(states: Sequence[int], rule: WorkflowRule = DEFAULT_RULE) -> Recent:
    """The workflow word for the window of the most use days within these days, oldest first.

    For looking back at a return to use and the days around it, where the latest window may already be quiet.

    >>> heaviest_pattern([1] * 4 + [0] * 20).pattern, recent_pattern([1] * 4 + [0] * 20).pattern
    (<Pattern.REGULAR: 'regular_use'>, <Pattern.NONE: 'none'>)
    """
    ends = range(min(rule.window_days, max(len(states), 1)), max(len(states), 1) + 1)
    found = [recent_pattern(states[:end], rule) for end in ends]
    worst = max(found, key=lambda one: (one.used, one.unknown))
    is_regular = worst.pattern is Pattern.REGULAR
    hidden = not is_regular and any(one.used + one.unknown >= rule.regular_from for one in found)
    return Recent(worst.pattern, worst.used, worst.unknown, worst.days, hidden)


def turned_regular(states: Sequence[int], rule: WorkflowRule = DEFAULT_RULE) -> int | None:
    """The place among `states` (oldest first) of the day on which use that is regular now became so.

    None where it is not regular now, and where it was so in every whole window given: use that never stopped is no
    return to it. A window that is not known to be regular is taken as quieter, so that blank days hide no return.

    >>> turned_regular([0] * 20 + [1] * 6)
    23
    >>> turned_regular([1] * 40), turned_regular([1] * 6 + [0] * 20)
    (None, None)
    """
    turned = None
    for end in range(len(states), rule.window_days - 1, -1):
        if recent_pattern(states[:end], rule).pattern is not Pattern.REGULAR:
            return turned
        turned = end - 1
    return None


def asks_for_supervision(starts: Sequence[date], turned_on: date | None, *, today: date) -> bool:
    """Whether a supervisor is told: a second return, or a return to regular use, within `SUPERVISION_DAYS`.

    `starts` are first days of returns to use, in any order; two reports of one day are one. `turned_on` is the day
    on which use became regular. It asks for a look together and says nothing about the person.

    >>> day = date(2026, 3, 30)
    >>> asks_for_supervision([date(2026, 3, 1), date(2026, 3, 29)], None, today=day)
    True
    >>> asks_for_supervision([date(2026, 2, 27), date(2026, 3, 29)], None, today=day)
    False
    >>> asks_for_supervision([], date(2026, 3, 20), today=day), asks_for_supervision([], date(2026, 2, 20), today=day)
    (True, False)
    """
    first = today - timedelta(days=SUPERVISION_DAYS - 1)
    near = {day for day in starts if first <= day <= today}
    return len(near) > 1 or (turned_on is not None and first <= turned_on <= today)


@dataclass(frozen=True, slots=True)
class Time:
    """Days from the index day (day 0) to an event, or, without one, to the latest day that was followed.

    Both are None when nothing at all was told.
    """

    event: int | None
    followed_to: int | None


def time_to_lapse(states: Sequence[int], *, longest_gap: int = LONGEST_GAP) -> Time:
    """Statistical lapse: the first day of any use on or after the index day.

    >>> time_to_lapse([0, 0, -1, 1])
    Time(event=3, followed_to=3)
    >>> time_to_lapse([0, 0, -1, -1, -1, 1], longest_gap=2)
    Time(event=None, followed_to=1)
    """
    followed = _followed(states, longest_gap)
    event = next((day for day, state in enumerate(followed) if state == USED), None)
    return Time(event, event if event is not None else len(followed) - 1 if followed else None)


Needs = Literal["days", "heavy_days", "amounts", "own_rule"]


@dataclass(frozen=True, slots=True)
class RelapseRule:
    """A published definition of relapse, with its name, what it says, and what must be known for it.

    `version` changes whenever an answer could come out differently; keep it with each answer.
    """

    key: str
    words: str
    needs: Needs = "days"
    version: str = "1"

    @property
    def needs_heavy_days(self) -> bool:
        """Whether it must be known of each day whether it was a heavy drinking day.

        >>> [one.key for one in RELAPSE_RULES if one.needs_heavy_days]
        ['R1', 'R2']
        """
        return self.needs == "heavy_days"


RELAPSE_RULES: Final = (
    RelapseRule("R1", "the first heavy drinking day", "heavy_days"),
    RelapseRule("R2", "a heavy drinking day after at least 4 days without use in a row", "heavy_days"),
    RelapseRule("R3", "use on 7 days in a row, or in each of 2 weeks running, counted from the index day"),
    RelapseRule(
        "R4", "a week, counted from the index day, with as much as a week of the baseline", "amounts"
    ),
    RelapseRule("R5", "what the client and the clinician wrote down", "own_rule"),
)
"""R1: alcohol trials. R2: a variant of adolescent studies. R3: from smoking research. R4: return to the baseline's weekly
grams. R5: the client's own (`OwnRule`). Source: measures catalogue 3.3."""


@dataclass(frozen=True, slots=True)
class OwnRule:
    """A client's own definition for R5: `days` or more days of use within `within` days in a row, in their `words`.

    With `heavy` only heavy drinking days count. Raises `BadInput` for days that do not fit into the span.
    """

    words: str
    days: int
    within: int
    heavy: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.days <= self.within <= 366:
            raise BadInput("A client's own rule counts one day or more, within a span that can hold as many.")


def time_to_relapse(
    states: Sequence[int],
    rule: str,
    *,
    heavy: Sequence[int] | None = None,
    amounts: Sequence[float] | None = None,
    weekly: float | None = None,
    own: OwnRule | None = None,
    longest_gap: int = LONGEST_GAP,
) -> Time:
    """Statistical relapse by a named rule: the day on which its condition is first met.

    `heavy` has 1, 0 or -1 for each day: a heavy drinking day, none, not known (R1, R2, and R5 where it counts heavy days).
    `amounts` has the amount of each day, NaN where it is not known, and `weekly` that of a week of the baseline in the same
    unit (R4). `own` is the client's own rule (R5). A day not known meets nothing. Raises `BadInput` for a rule
    that is not known, or that lacks what it needs.

    >>> time_to_relapse([1] * 7, "R3").event
    6
    >>> time_to_relapse([0, 1, 0, 0, 0, 0, 0, 0, 0, 1], "R3").event
    9
    >>> time_to_relapse([0, 0, 1, 1, 1], "R4", amounts=[0, 0, 60, 60, 60], weekly=150).event
    4
    >>> time_to_relapse([1, 0, 1, 0, 1], "R5", own=OwnRule("two days of three", days=2, within=3)).event
    2
    """
    known = {one.key: one for one in RELAPSE_RULES}
    if rule not in known:
        raise BadInput(f"There is no relapse rule called '{rule}'. Known: {', '.join(known)}.")
    followed = _followed(states, longest_gap)
    event: int | None
    if known[rule].needs_heavy_days:
        event = _first_heavy(followed, _each_day(heavy, states, rule), free_before=4 if rule == "R2" else 0)
    elif rule == "R4":
        if amounts is None or weekly is None or len(amounts) != len(states) or not weekly > 0:
            raise BadInput(
                "Rule R4 needs the amount of each day, and one above zero for a week of the baseline."
            )
        event = back_at_baseline(np.array(amounts[: len(followed)], dtype=float), weekly)
    elif rule == "R5":
        if own is None:
            raise BadInput("Rule R5 needs the client's own rule.")
        days = _each_day(heavy, states, rule)[: len(followed)] if own.heavy else followed
        event = _within(days, own)
    else:
        event = _seven_days_or_two_weeks(followed)
    return Time(event, event if event is not None else len(followed) - 1 if followed else None)


def _each_day(heavy: Sequence[int] | None, states: Sequence[int], rule: str) -> Sequence[int]:
    if heavy is None or len(heavy) != len(states):
        raise BadInput(f"Rule {rule} needs to know for each day whether it was a heavy drinking day.")
    return heavy


def _within(days: Sequence[int], own: OwnRule) -> int | None:
    """The first day on which so many days count within the span that ends on it."""
    for day in range(len(days)):
        if list(days[max(0, day + 1 - own.within) : day + 1]).count(USED) >= own.days:
            return day
    return None


def _followed(states: Sequence[int], longest_gap: int) -> list[int]:
    """The days up to the latest one told before the first gap that is too long. An unknown start is a gap too."""
    if longest_gap < 0:
        raise BadInput("The longest gap is no day or more.")
    latest = -1
    for day, state in enumerate(states):
        if state not in (USED, NOT_USED, UNKNOWN):
            raise BadInput("A day is 1 (used), 0 (not used) or -1 (unknown).")
        if state == UNKNOWN:
            if day - latest > longest_gap:
                break
        else:
            latest = day
    return list(states[: latest + 1])


def _first_heavy(states: Sequence[int], heavy: Sequence[int], *, free_before: int) -> int | None:
    run, reached = 0, free_before == 0
    for day, state in enumerate(states):
        if heavy[day] == USED and reached:
            return day
        run = run + 1 if state == NOT_USED else 0
        reached = reached or run >= free_before
    return None


def _seven_days_or_two_weeks(states: Sequence[int]) -> int | None:
    run, weeks = 0, set()
    for day, state in enumerate(states):
        run = run + 1 if state == USED else 0
        if state != USED:
            continue
        weeks.add(day // 7)
        if run == 7 or day // 7 - 1 in weeks:
            return day
    return None
