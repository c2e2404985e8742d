"""Results that are no sum and no mean, one module for each measure that has one.

Each takes rows under way (`results.Sheets`) and gives its results by name, NaN for undefined; one that decides the band
itself gives the places of the bands as `band`. The list is explicit.
"""

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from reknit.core.measures.results import Sheets
from reknit.core.measures.special import c_ssrs, ipip_ipc, pcl_5, phq_9, wsas

SPECIAL: dict[str, Callable[[Sheets], dict[str, NDArray[Any]]]] = {
    "c_ssrs": c_ssrs.results,
    "ipip_ipc": ipip_ipc.results,
    "pcl_5": pcl_5.results,
    "phq_9": phq_9.results,
    "wsas": wsas.results,
}
