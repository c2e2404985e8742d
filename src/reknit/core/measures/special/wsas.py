"""The WSAS where the work item does not apply: the sum of four items, put on the scale of five."""

import numpy as np
from numpy.typing import NDArray

from reknit.core.measures.plan import NOT_APPLICABLE
from reknit.core.measures.results import Sheets


def results(sheets: Sheets) -> dict[str, NDArray[np.float64]]:
    """`total_40`: the total where work applies, the sum of four times 5/4 where it does not.

    Source: Mundt, Marks, Shear, Greist 2002, Br J Psychiatry 180:461-464, for the scale and its bands; the rescaling lets
    both forms be read against the same bands.

    >>> from reknit.core.measures.catalogue import measure
    >>> from reknit.core.measures.scoring import score
    >>> sheet = {f"wsas_{n}": 4 for n in range(2, 6)} | {"wsas_work_not_applicable": 1}
    >>> found = score(measure("wsas"), sheet)
    >>> found.total, found.results["total_40"]
    (Decimal('16'), 20.0)
    """
    codes, _ = sheets.of(tuple(item.id for item in sheets.measure.scored_items))
    applicable = (codes != NOT_APPLICABLE).sum(axis=0)
    return {"total_40": sheets.totals * len(codes) / applicable}
