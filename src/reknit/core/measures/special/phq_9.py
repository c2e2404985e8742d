"""The diagnostic algorithm of the PHQ-9: how many symptoms are there, and is one of the first two among them."""

import numpy as np
from numpy.typing import NDArray

from reknit.core.measures.results import Sheets, counted

NONE, OTHER, MAJOR = range(3)


def results(sheets: Sheets) -> dict[str, NDArray[np.float64]]:
    """`algorithm`: none, other or major depressive syndrome, as a place in the values of the definition.

    A symptom counts from 2 (more than half the days), thoughts of death or self-harm from 1. Five or more symptoms with
    item 1 or 2 among them are major, two to four are other. It says which answers fit a pattern; a diagnosis also needs
    impairment, and other causes ruled out by a clinician. Only for sheets with all nine items answered.

    Source: Spitzer, Kroenke, Williams 1999, JAMA 282:1737-1744; Kroenke, Spitzer, Williams 2001.

    >>> from reknit.core.measures.catalogue import measure
    >>> from reknit.core.measures.scoring import score
    >>> score(measure("phq-9"), {f"phq9_{n}": 2 if n < 6 else 0 for n in range(1, 10)}).results["algorithm"]
    'major'
    """
    codes, _ = sheets.of(tuple(item.id for item in sheets.measure.scored_items))
    present = codes >= 2
    present[8] = codes[8] >= 1
    count = counted(present.view(np.int8))
    core = present[0] | present[1]
    found = (core & (count >= 2)).view(np.int8) + (core & (count >= 5)).view(np.int8)
    known = sheets.readable & (codes.min(axis=0) >= 0)
    return {"algorithm": np.where(known, found, np.nan)}
