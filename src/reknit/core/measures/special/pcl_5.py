"""The provisional DSM-5 pattern of the PCL-5."""

import numpy as np
from numpy.typing import NDArray

from reknit.core.measures.results import Sheets, counted

NEEDED = ((slice(0, 5), 1), (slice(5, 7), 1), (slice(7, 14), 2), (slice(14, 20), 2))  # B, C, D, E


def results(sheets: Sheets) -> dict[str, NDArray[np.float64]]:
    """`dsm5_provisional`: 1 where the answers fit the pattern, 0 where not, NaN unless all twenty are answered.

    An item counts from 2 (moderately). It takes one of items 1-5, one of 6-7, two of 8-14 and two of 15-20.

    Source: National Center for PTSD, Using the PTSD Checklist for DSM-5, https://www.ptsd.va.gov.

    >>> from reknit.core.measures.catalogue import measure
    >>> from reknit.core.measures.scoring import score
    >>> sheet = {f"pcl5_{n}": 2 if n in (1, 6, 8, 9, 15, 16) else 0 for n in range(1, 21)}
    >>> score(measure("pcl-5"), sheet).results["dsm5_provisional"]
    True
    """
    codes, _ = sheets.of(tuple(item.id for item in sheets.measure.scored_items))
    present = (codes >= 2).view(np.int8)
    fits = np.logical_and.reduce([counted(present[rows]) >= least for rows, least in NEEDED])
    known = sheets.readable & (codes.min(axis=0) >= 0)
    return {"dsm5_provisional": np.where(known, fits, np.nan)}
