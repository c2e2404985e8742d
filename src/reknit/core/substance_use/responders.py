"""Whole-course answers from a calendar of amounts: a responder without heavy days, and a week back at the baseline.

Lapse and the named rules of relapse are in `lapse.py`, which takes R4 from here. Source: measures catalogue 3.3.
"""

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput
from reknit.core.substance_use.timeline import UNKNOWN, USED, Cells

Floats = NDArray[np.float64]
WEEK = 7


def no_heavy_days(amounts: Floats, heavy: float, *, grace_days: int = 0) -> bool | None:
    """Whether no day was heavy in the window after a grace period; nothing when a day of it is not known.

    The responder of the FDA's draft guidance of 2015, whose window is about six months; total abstinence is the other
    accepted responder. An unknown day could have been heavy, so nobody is called a responder over a gap.

    >>> no_heavy_days(np.array([9, 0, 2, 0]), 5, grace_days=1), no_heavy_days(np.array([0, np.nan]), 5)
    (True, None)
    """
    if grace_days < 0:
        raise BadInput("A grace period is of no day or more.")
    rest = amounts[grace_days:]
    if (rest >= heavy).any():
        return False
    return None if np.isnan(rest).any() or not len(rest) else True


def abstinent_throughout(states: Cells, *, grace_days: int = 0) -> bool | None:
    """Whether there was no use in the window after a grace period: the other responder that the FDA's draft accepts.

    `states` has 1, 0 or -1 (not known) for each day. Nothing when no use is known and some day is not, since it could
    have been one of use.

    >>> [abstinent_throughout(np.array(days), grace_days=1) for days in ([1, 0, 0], [0, 0, 1], [0, 0, -1])]
    [True, False, None]
    """
    if grace_days < 0:
        raise BadInput("A grace period is of no day or more.")
    rest = states[grace_days:]
    if (rest == USED).any():
        return False
    return None if (rest == UNKNOWN).any() or not len(rest) else True


def back_at_baseline(amounts: Floats, weekly: float) -> int | None:
    """Rule R4: the day on which a week's amount first reaches the baseline's weekly amount; nothing when no week's does.

    `amounts` has NaN for a day not known, and one unit with `weekly`, which is above zero. Weeks are counted from day 0. A day
    not known adds nothing, so that a week meets the rule by what was told alone.

    >>> back_at_baseline(np.array([0.0] * 7 + [3.0] * 7), 20), back_at_baseline(np.array([9, np.nan, 9]), 20)
    (13, None)
    """
    if not weekly > 0:
        raise BadInput("A week of the baseline has an amount above zero.")
    for start in range(0, len(amounts), WEEK):
        reached = np.flatnonzero(np.nancumsum(amounts[start : start + WEEK]) >= weekly - 1e-9)
        if len(reached):
            return start + int(reached[0])
    return None
