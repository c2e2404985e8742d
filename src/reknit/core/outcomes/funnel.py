"""Funnel plots: could a caseload or site of this size differ so much from the target by chance?

Source: Spiegelhalter DJ (2005), Stat Med 24:1185-1202: limits of 95 and 99.8 % around a target, from the binomial
distribution for shares, from the normal one for means. A count comes in steps, so that limits of a share cannot be met
exactly; they are interpolated so that chance alone never puts more than the share named beyond them, for which see
Manktelow BN, Seaton SE (2012), PLoS ONE 7:e45723. Of twenty units that are all alike, about one lies beyond 95 %.

A funnel asks where to look together, and looks at what the clients brought first. It is no ranking: units come in the
order of their names, and below a certain size no place is given at all.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from reknit.core.errors import BadInput

FEW: Final = 10
"""Below this many clients a unit has limits but no place: a project rule."""

Place = Literal["inside", "beyond_95", "beyond_99_8", "too_few"]


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """Limits around the target for a unit of `n` clients, in the unit of the target: 95 % and 99.8 %."""

    n: int
    low_95: float
    high_95: float
    low_99_8: float
    high_99_8: float

    def place(self, value: float) -> Place:
        """Where a value lies; a value at a limit is inside it. "too_few" below ten clients, whatever the value.

        >>> limits = mean_limits(0, sd=6, n=36)
        >>> limits.place(1.5), limits.place(-2.5), limits.place(3.5), mean_limits(0, sd=6, n=9).place(9)
        ('inside', 'beyond_95', 'beyond_99_8', 'too_few')
        """
        if self.n < FEW:
            return "too_few"
        if not self.low_99_8 <= value <= self.high_99_8:
            return "beyond_99_8"
        return "inside" if self.low_95 <= value <= self.high_95 else "beyond_95"


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """One unit: its value, the limits for its size, and its place."""

    name: str
    value: float
    limits: FunnelLimits
    place: Place


def share_limits(target: float, *, n: int) -> FunnelLimits:
    """Limits for a share (0 to 1) of `n` clients, such as those reliably improved.

    Formula of the lower ones: ``(r - a) / n``, r the smallest count with ``P(R <= r) > p`` for R binomial(n, target),
    ``a = (P(R <= r) - p) / P(R = r)``, p .025 and .001. The upper ones are those of the clients it did not come about for,
    turned round. Raises `BadInput` for a target that is not between 0 and 1, or nobody.

    >>> limits = share_limits(0.5, n=20)
    >>> round(limits.low_95, 3), round(limits.high_95, 3)
    (0.256, 0.744)
    """
    _some(n)
    if not 0 < target < 1:
        raise BadInput("The target of a share lies between 0 and 1.")
    return FunnelLimits(
        n,
        low_95=_low(0.025, n, target),
        high_95=1 - _low(0.025, n, 1 - target),
        low_99_8=_low(0.001, n, target),
        high_99_8=1 - _low(0.001, n, 1 - target),
    )


def mean_limits(target: float, *, sd: float, n: int) -> FunnelLimits:
    """Limits for a mean of `n` clients, such as the mean residual change with target 0 and the residual SD.

    Formula: ``target +- z SD / sqrt(n)``, z 1.96 and 3.09; `sd` is that of one client, in the unit of the target, taken as
    known. Raises `BadInput` for a spread that is not above zero, or nobody.

    >>> limits = mean_limits(0, sd=6, n=36)
    >>> round(limits.high_95, 2), round(limits.high_99_8, 2)
    (1.96, 3.09)
    """
    from scipy.special import ndtri

    _some(n)
    if not sd > 0:
        raise BadInput("The standard deviation must be above zero.")
    return FunnelLimits(
        n, *(target + float(ndtri(p)) * sd / math.sqrt(n) for p in (0.025, 0.975, 0.001, 0.999))
    )


def funnel_of_shares(units: Mapping[str, tuple[int, int]], *, target: float) -> tuple[FunnelPoint, ...]:
    """Units by name, each (how many clients it came about for, of how many), against a target share.

    In the order of names, never of values. Raises `BadInput` for a count that is not between 0 and the clients.

    >>> [(one.name, one.value, one.place) for one in funnel_of_shares({"south": (3, 24), "north": (4, 8)}, target=0.5)]
    [('north', 0.5, 'too_few'), ('south', 0.125, 'beyond_99_8')]
    """
    found = []
    for name in sorted(units):
        count, n = units[name]
        limits = share_limits(target, n=n)
        if not 0 <= count <= n:
            raise BadInput(f"The count of '{name}' does not lie between nobody and all of its clients.")
        found.append(FunnelPoint(name, count / n, limits, limits.place(count / n)))
    return tuple(found)


def funnel_of_means(
    units: Mapping[str, tuple[float, int]], *, target: float, sd: float
) -> tuple[FunnelPoint, ...]:
    """Units by name, each (mean, number of clients), against a target mean; `sd` is the spread of one client.

    In the order of names, never of values.

    >>> found = funnel_of_means({"south": (-0.4, 40), "north": (2.6, 30)}, target=0, sd=6)
    >>> [(one.name, one.place) for one in found]
    [('north', 'beyond_95'), ('south', 'inside')]
    """
    found = []
    for name in sorted(units):
        mean, n = units[name]
        limits = mean_limits(target, sd=sd, n=n)
        found.append(FunnelPoint(name, mean, limits, limits.place(mean)))
    return tuple(found)


def _some(n: int) -> None:
    if n < 1:
        raise BadInput("A unit needs at least one client.")


def _low(p: float, n: int, target: float) -> float:
    from scipy.special import bdtr

    upto = bdtr(np.arange(n + 1.0), n, target)
    r = int(np.searchsorted(upto, p, side="right"))
    at = float(upto[r]) - (float(upto[r - 1]) if r else 0.0)
    return max((r - (float(upto[r]) - p) / at) / n, 0.0)
