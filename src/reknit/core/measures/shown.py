"""Scores in words and figures: how a number is written, and why a sheet has none."""

import numpy as np
from numpy.typing import NDArray

from reknit.core.measures.columns import ScoreColumns
from reknit.core.measures.definition import Measure


def number_text(hundredths: int, *, two: bool) -> str:
    """A score, given in hundredths: with two decimals where they are kept or needed, else whole.

    >>> number_text(1200, two=False), number_text(1200, two=True), number_text(1625, two=False)
    ('12', '12.00', '16.25')
    """
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}" if two or rest else str(whole)


def first_reason(measure: Measure, result: ScoreColumns) -> tuple[list[str], NDArray[np.int64]]:
    """Sentences for sheets that are incomplete, and which of them each sheet takes; the first one is empty.

    >>> from reknit.core.measures.catalogue import measure
    >>> from reknit.core.measures.scoring import score_columns
    >>> first_reason(measure("gad-2"), score_columns(measure("gad-2"), {"gad2_1": np.array([1.0])}))[0][-1]
    '1 of 2 items is blank'
    """
    most = int(result.missing.max(initial=0))
    count = len(measure.scored_items)
    allowed = measure.missing.max_missing
    limit = f"; at most {allowed} may be" if allowed else ""
    texts = [""]
    texts += [f"{n} of {count} items {'is' if n == 1 else 'are'} blank{limit}" for n in range(1, most + 1)]
    places = np.where(result.states == 2, result.missing, 0)
    if needed := [item for item in measure.items if item.required]:
        places = np.where((result.states == 2) & (result.missing <= allowed), len(texts), places)
        texts.append(f"{needed[0].column} is blank")
    return texts, places.astype(np.int64)
