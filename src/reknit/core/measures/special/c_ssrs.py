"""The triage of the C-SSRS screener: the worst answer decides, and a blank never counts as no."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reknit.core.measures.results import Sheets

NONE, LOW, MODERATE, HIGH = range(4)


def results(sheets: Sheets) -> dict[str, NDArray[Any]]:
    """The band: high for item 4 or 5, or behaviour within three months; moderate for item 3, or behaviour longer ago; low
    for item 1 or 2; none when all are answered no.

    High stands as soon as one such answer is there, whatever is blank, since nothing could make it lower. Any other
    band needs the whole sheet. Public code exists that ranks item 4 as moderate; that is wrong.

    Source: Columbia Lighthouse Project, C-SSRS screener with triage points, https://cssrs.columbia.edu.

    >>> from reknit.core.measures.catalogue import measure
    >>> from reknit.core.measures.scoring import score
    >>> sheet = {"cssrs_1": 1, "cssrs_2": 0, "cssrs_6": 1, "cssrs_6_recent": 0}
    >>> score(measure("c-ssrs-screener"), sheet).band
    'moderate'
    >>> score(measure("c-ssrs-screener"), {"cssrs_2": 1, "cssrs_4": 1}).band
    'high'
    """
    yes = [sheets.code(item.id) == 1 for item in sheets.measure.scored_items]
    found = np.select(
        [yes[3] | yes[4] | yes[6], yes[2] | yes[5], yes[0] | yes[1]], [HIGH, MODERATE, LOW], default=NONE
    )
    stands = sheets.readable & (sheets.has_total | (found == HIGH))
    return {"band": np.where(stands, found, -1).astype(np.int8)}
