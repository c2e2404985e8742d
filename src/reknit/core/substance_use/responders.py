"""Whole-course answers from a calendar of amounts: a responder without heavy days, and a week back at the baseline.

Lapse and the named rules R1 to R3 are in `lapse.py`, which needs no amounts. Source: measures catalogue 3.3.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WEEK = 7


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


def back_at_baseline(amounts: Floats, weekly: float) -> int | None:
    """Rule R4: the last day of the first whole week whose amount reaches the baseline's weekly amount.

    Weeks are counted from day 0; a week with an unknown day meets nothing. Nothing when no week does.

    >>> back_at_baseline(np.array([0.0] * 7 + [3.0] * 7), 20)
    13
    """
    for start in range(0, len(amounts) - WEEK + 1, WEEK):
        week = amounts[start : start + WEEK]
        if not np.isnan(week).any() and week.sum() >= weekly > 0:
            return start + WEEK - 1
    return None
