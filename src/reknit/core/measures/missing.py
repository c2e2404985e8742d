"""Blank items: what the total is worth when some answers are missing.

Mean substitution: ``total = sum of answered * number of items / number answered``, which is the same as
giving each blank item the mean of the answered ones. All arithmetic here is on whole numbers, so that
one answer sheet and a column of a million come out alike to the last digit.
"""

from enum import StrEnum

from reknit.core.measures.definition import Measure


class ScoreState(StrEnum):
    """How far a score can be trusted. Only the first two carry a total."""

    COMPLETE = "complete"
    PRORATED = "prorated"
    INCOMPLETE = "incomplete"
    INVALID = "invalid"


def half_up(numerator: int, denominator: int) -> int:
    """Round a fraction of whole numbers, zero or more, to the nearest whole; a half goes up.

    Python's own `round` sends halves to the even neighbour, which would
    put a prorated 9.5 on the PHQ-9 now in one band and now in the other.

    >>> half_up(19, 2), half_up(21, 2), half_up(1, 3)
    (10, 11, 0)
    """
    return (2 * numerator + denominator) // (2 * denominator)


def state_of(measure: Measure, answered: int) -> ScoreState:
    """State of a sheet whose answers are all legal, from the number of scored items answered.

    >>> from reknit.core.measures.catalogue import measure
    >>> [str(state_of(measure("phq-9"), n)) for n in (9, 7, 6)]
    ['complete', 'prorated', 'incomplete']
    """
    missing = len(measure.scored_items) - answered
    if missing == 0:
        return ScoreState.COMPLETE
    if measure.missing.kind == "mean_substitution" and missing <= measure.missing.max_missing:
        return ScoreState.PRORATED
    return ScoreState.INCOMPLETE


def total_fraction(measure: Measure, summed: int, answered: int) -> tuple[int, int]:
    """The total as numerator and denominator, after mean substitution for blank items.

    A mean score is the mean of the answered items; a summed one is that mean times the number of items.

    >>> from reknit.core.measures.catalogue import measure
    >>> total_fraction(measure("phq-9"), summed=12, answered=7)
    (108, 7)
    """
    if measure.scoring == "mean":
        return summed, answered
    return summed * len(measure.scored_items), answered
