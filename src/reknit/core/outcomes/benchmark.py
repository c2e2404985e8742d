"""Benchmarking: is a clinic's change as large as that of trials, to within a margin, and larger than that of waiting?

Source: Minami T, Serlin RC, Wampold BE, Kircher JC, Brown GS (2008). Using clinical trials to benchmark effects
produced in clinical practice. Qual Quant 42:513-525. The benchmark itself is handed in with its own source: values
for different kinds of measures differ too much for one to be built in.
"""

import math
from dataclasses import dataclass
from typing import Final

from reknit.core.errors import BadInput
from reknit.core.outcomes.effect import small_sample_factor

MARGIN: Final = 0.2
"""A difference under 0.2 standard deviations counts as no clinical difference (Minami and colleagues 2008)."""


@dataclass(frozen=True, slots=True)
class Benchmarked:
    """A clinic's effect beside the smallest that may be called comparable. `n` people started in the clinical range."""

    effect: float
    critical: float
    is_comparable: bool
    n: int


@dataclass(frozen=True, slots=True)
class BeyondNatural:
    """A clinic's effect beside the smallest that is larger than natural history by the margin. `n` as above."""

    effect: float
    critical: float
    is_beyond: bool
    n: int


def against_benchmark(
    *,
    mean_before: float,
    mean_after: float,
    sd_before: float,
    n: int,
    benchmark: float,
    margin: float = MARGIN,
) -> Benchmarked:
    """Compare the change of people who started in the clinical range with an efficacy benchmark.

    Formula: ``d = (1 - 3 / (4n - 5)) (Mpre - Mpost) / SDpre``; critical d = the 95 % point of a noncentral t with n - 1
    degrees of freedom and noncentrality ``sqrt(n) (B - margin)``, over ``sqrt(n)``. Raises `BadInput` under two people.

    >>> found = against_benchmark(mean_before=16, mean_after=10, sd_before=6, n=60, benchmark=0.8)
    >>> round(found.effect, 3), round(found.critical, 3), found.is_comparable
    (0.987, 0.851, True)
    """
    effect, critical = _effect_and_critical(mean_before - mean_after, sd_before, n, benchmark - margin)
    return Benchmarked(effect, critical, effect > critical, n)


def against_natural_history(
    *,
    mean_before: float,
    mean_after: float,
    sd_before: float,
    n: int,
    natural: float,
    margin: float = MARGIN,
) -> BeyondNatural:
    """Compare the change of people who started in the clinical range with that of people who were not treated.

    `natural` is the effect of waiting, in standard deviations before, with a source of its own. As in
    `against_benchmark`, but the margin is added: noncentrality ``sqrt(n) (natural + margin)``. Raises `BadInput` under two
    people.

    >>> found = against_natural_history(mean_before=16, mean_after=10, sd_before=6, n=60, natural=0.15)
    >>> round(found.effect, 3), round(found.critical, 3), found.is_beyond
    (0.987, 0.582, True)
    """
    effect, critical = _effect_and_critical(mean_before - mean_after, sd_before, n, natural + margin)
    return BeyondNatural(effect, critical, effect > critical, n)


def _effect_and_critical(change: float, sd_before: float, n: int, least: float) -> tuple[float, float]:
    """The effect, and the 95 % point of what it would be were the true one `least`."""
    if n < 2 or not sd_before > 0:
        raise BadInput("A benchmark needs at least two people who do not all start alike.")
    from scipy.stats import nct

    root = math.sqrt(n)
    return small_sample_factor(n - 1) * change / sd_before, float(nct.ppf(0.95, n - 1, root * least)) / root
