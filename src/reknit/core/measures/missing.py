"""How far a score can be trusted when some answers are missing.

Mean substitution: ``total = sum of answered * number of items / number answered``, which is the same as
giving each blank item the mean of the answered ones. The arithmetic is in `results`, on whole numbers, so that
one answer sheet and a column of a million come out alike to the last digit.
"""

from enum import StrEnum


class ScoreState(StrEnum):
    """How far a score can be trusted. Only the first two carry a total."""

    COMPLETE = "complete"
    PRORATED = "prorated"
    INCOMPLETE = "incomplete"
    INVALID = "invalid"
