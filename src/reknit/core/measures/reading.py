"""Answers of many sheets, read into codes of one byte: what is no answer of its item is marked, never guessed at."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from reknit.core.measures.plan import BLANK, ILLEGAL, Answers, Codes, Plan


def read_numbers(plan: Plan, columns: Mapping[str, NDArray[np.float64]], codes: Codes, part: slice) -> None:
    """Fill `codes`, one row an item, from a part of each column of numbers; NaN, and a column not given, is blank.

    >>> from reknit.core.measures.catalogue import measure
    >>> from reknit.core.measures.plan import plan_of
    >>> codes = np.empty((2, 3), dtype=np.int8)
    >>> read_numbers(plan_of(measure("phq-2")), {"phq2_1": np.array([3, np.nan, 1.5])}, codes, slice(0, 3))
    >>> codes.tolist()
    [[3, -1, -2], [-1, -1, -1]]
    """
    with np.errstate(invalid="ignore"):  # what no byte can hold is found below
        for name, place in plan.place.items():
            column = columns.get(name)
            if column is None:
                codes[place] = BLANK
            elif not _is_read(plan.answers[place], column[part], codes[place]):
                codes[place] = _looked_at(plan.answers[place], column[part])


def read_codes(plan: Plan, columns: Mapping[str, Codes], codes: Codes, part: slice) -> None:
    """The same from codes that were read before: -1 is blank, and a value that is no answer is marked.

    >>> from reknit.core.measures.catalogue import measure
    >>> from reknit.core.measures.plan import plan_of
    >>> codes = np.empty((2, 3), dtype=np.int8)
    >>> read_codes(plan_of(measure("phq-2")), {"phq2_1": np.array([3, -1, 9], dtype=np.int8)}, codes, slice(0, 3))
    >>> codes.tolist()
    [[3, -1, -2], [-1, -1, -1]]
    """
    for name, place in plan.place.items():
        column = columns.get(name)
        if column is None:
            codes[place] = BLANK
        else:
            given, answers = column[part], plan.answers[place]
            is_legal = answers.legal[np.where((given < BLANK) | (given > 99), ILLEGAL, given)]
            codes[place] = np.where(is_legal | (given == BLANK), given, answers.unknown)


def _is_read(answers: Answers, column: NDArray[np.float64], codes: Codes) -> bool:
    """The quick way, for a column that holds blanks and legal answers only; false where it holds anything else."""
    if not answers.are_a_run:
        return False
    np.copyto(codes, column, casting="unsafe")
    is_whole, is_blank = codes == column, np.isnan(column)
    codes *= is_whole.view(np.int8)  # a blank is zero now, whatever a byte made of it
    codes -= is_blank.view(np.int8)
    # The lowest number of the column is asked, not of the codes, where blanks are below all.
    return bool(
        (is_whole | is_blank).all()
        and codes.max(initial=BLANK) <= answers.highest
        and not np.fmin.reduce(column, initial=np.nan) < answers.lowest
    )


def _looked_at(answers: Answers, column: NDArray[np.float64]) -> Codes:
    """Each value by itself. What lies outside -1 to 100 cannot be an answer, so it may be cut off there."""
    is_blank = np.isnan(column)
    cut = np.where(is_blank, -1.0, np.clip(column, -1.0, 100.0))
    whole = cut.astype(np.int8)
    is_legal = answers.legal[np.where(whole < 0, ILLEGAL, whole)]
    codes = np.where(is_legal & (whole == cut), whole, np.int8(answers.unknown))
    return np.where(is_blank, np.int8(BLANK), codes)
