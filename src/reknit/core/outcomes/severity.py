"""Change given how severe things were at intake: how far each person ended from what was expected of them.

People who start higher fall further and still end higher, so neither raw change nor the share recovered compares two
caseloads fairly. The expected score after is read from a line fitted on a reference: ``expected = a + b before``.

Source of the method: measures catalogue 4.8 (severity-adjusted residuals); the line is ordinary least squares. Only the
severity at intake is adjusted for: whatever else differs between caseloads stays in the residuals.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Expectation:
    """The line of a reference of `n` people, in points of the measure; `residual_sd` is the spread around it.

    It holds for scores before from `lowest` to `highest`, those of the reference. `n_left_out` had a score missing.
    """

    start: float
    slope: float
    residual_sd: float
    lowest: float
    highest: float
    n: int
    n_left_out: int

    def after(self, before: float) -> float:
        """The score expected after. Raises `BadInput` for a score before that nobody of the reference had.

        >>> round(expected_after([10, 14, 18, 22], [7, 9, 10, 14]).after(16), 2)
        10.0
        """
        if not self.lowest <= before <= self.highest:
            raise BadInput("Nobody of the reference started with such a score, so nothing is expected of it.")
        return self.start + self.slope * before


def expected_after(before: Sequence[float], after: Sequence[float]) -> Expectation:
    """Fit what is expected after, given the score before, on a reference: one entry a person, NaN is a missing score.

    Formula: least squares, ``b = sum (x - mean x)(y - mean y) / sum (x - mean x)^2``, ``residual SD = sqrt(sum r^2 / (n - 2))``.
    Raises `BadInput` for columns that differ in length, fewer than three people, or people who all start alike.

    >>> found = expected_after([10, 14, 18, 22], [7, 9, 10, 14])
    >>> round(found.start, 2), round(found.slope, 2), round(found.residual_sd, 2)
    (1.2, 0.55, 0.95)
    """
    if len(before) != len(after):
        raise BadInput("The columns differ in length.")
    x, y = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    keep = np.isfinite(x) & np.isfinite(y)
    x, y = x[keep], y[keep]
    if len(x) < 3 or np.ptp(x) == 0:
        raise BadInput("An expected score needs at least three people who do not all start alike.")
    apart = x - x.mean()
    slope = float(apart @ (y - y.mean()) / (apart @ apart))
    rest = y - y.mean() - slope * apart
    return Expectation(
        start=float(y.mean() - slope * x.mean()),
        slope=slope,
        residual_sd=math.sqrt(float(rest @ rest) / (len(x) - 2)),
        lowest=float(x.min()),
        highest=float(x.max()),
        n=len(x),
        n_left_out=int((~keep).sum()),
    )


def residual_changes(expectation: Expectation, before: Sequence[float], after: Sequence[float]) -> Column:
    """Score after minus the score expected, in points, one a person: below zero is lower than expected.

    NaN where a score is missing or the score before lies outside the reference, since nothing is expected there.

    >>> expectation = expected_after([10, 14, 18, 22], [7, 9, 10, 14])
    >>> residual_changes(expectation, [16, 30, 14], [8, 9, float("nan")]).round(2).tolist()
    [-2.0, nan, nan]
    """
    x, y = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    if len(x) != len(y):
        raise BadInput("The columns differ in length.")
    inside = (x >= expectation.lowest) & (x <= expectation.highest)
    found: Column = np.where(inside, y - (expectation.start + expectation.slope * x), np.nan)
    return found
