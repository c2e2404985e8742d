"""Hiding small numbers in anything that leaves the clinic.

A count of one to four can point at a person, above all in a small programme. Hiding one cell is not
enough when a total is printed beside the table, so a second one goes with it where needed.
"""

from collections.abc import Mapping
from typing import Final

from reknit.core.errors import BadInput

DEFAULT_THRESHOLD: Final = 5
"""Project rule: counts below 5 are hidden, a common limit of health statistics offices; a site may raise it."""


def suppress(counts: Mapping[str, int], threshold: int = DEFAULT_THRESHOLD) -> dict[str, int | None]:
    """Replace counts from 1 to `threshold` - 1 by None, and hide more where a total would give them away.

    `counts` are the cells of one row or column that adds up to a published total. Zero is shown: nobody
    is behind it. Another cell, the smallest shown one, is hidden as well while the hidden cells could be
    worked out from the total: when only one is hidden, or when their sum leaves a single answer (all of
    them 1, or all of them at the limit). When no other cell is left, as in a table of one, the total
    itself must not be published. Raises `BadInput` for negative counts or a threshold below 1.

    >>> suppress({"attended": 40, "transferred": 3, "moved": 12})
    {'attended': 40, 'transferred': None, 'moved': None}
    >>> suppress({"attended": 40, "moved": 0})
    {'attended': 40, 'moved': 0}
    """
    if threshold < 1 or any(count < 0 for count in counts.values()):
        raise BadInput("Counts and the suppression limit must be whole numbers of people.")
    hidden = {name for name, count in counts.items() if 0 < count < threshold}
    while _can_be_derived(hidden, counts, threshold) and (extra := _next(hidden, counts)) is not None:
        hidden.add(extra)
    return {name: None if name in hidden else count for name, count in counts.items()}


def _can_be_derived(hidden: set[str], counts: Mapping[str, int], threshold: int) -> bool:
    """Whether the total minus the shown cells leaves one possible answer for the hidden ones."""
    if len(hidden) < 2:
        return len(hidden) == 1
    summed = sum(counts[name] for name in hidden)
    return summed in (len(hidden), len(hidden) * (threshold - 1))


def _next(hidden: set[str], counts: Mapping[str, int]) -> str | None:
    """The smallest shown cell with people in it; failing that an empty one; failing that none."""
    shown = [name for name in counts if name not in hidden]
    return min(shown, key=lambda name: (counts[name] == 0, counts[name]), default=None)
