"""Effect sizes, each by its name: never just "d".

Sources: Hedges LV (1981), J Educ Stat 6:107-128, for g; Borenstein M, Hedges LV, Higgins JPT, Rothstein HR (2009),
Introduction to Meta-Analysis, chapter 4, for variances; Becker BJ (1988), Br J Math Stat Psychol 41:257-278, for the
pre-post form on the standard deviation before; Morris SB (2008), Organ Res Methods 11:364-386, for the controlled one.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from reknit.core.errors import BadInput

Z95: Final = 1.959963984540054
"""Two-sided 95 % point of the standard normal distribution."""


ASSUMED_R: Final = (0.5, 0.7)
"""Correlations of before and after to report for where none is known (measures catalogue 4.2)."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect size by one named form. `value` is the corrected one (g); `raw` the uncorrected (d).

    `variance` is that of `value`; `low` and `high` are its 95 % limits.
    """

    form: str
    raw: float
    value: float
    variance: float

    @property
    def low(self) -> float:
        """The lower 95 % limit, ``value - 1.96 sqrt(variance)``.

        >>> round(Effect("hedges_g", raw=0.5, value=0.5, variance=0.04).low, 3)
        0.108
        """
        return self.value - Z95 * math.sqrt(self.variance)

    @property
    def high(self) -> float:
        """The upper 95 % limit, ``value + 1.96 sqrt(variance)``.

        >>> round(Effect("hedges_g", raw=0.5, value=0.5, variance=0.04).high, 3)
        0.892
        """
        return self.value + Z95 * math.sqrt(self.variance)


def small_sample_factor(df: float) -> float:
    """Hedges' correction, ``J = 1 - 3 / (4 df - 1)``.

    >>> round(small_sample_factor(98), 4)
    0.9923
    """
    if df < 1:
        raise BadInput("An effect size needs at least one degree of freedom.")
    return 1 - 3 / (4 * df - 1)


def hedges_g(*, m1: float, sd1: float, n1: int, m2: float, sd2: float, n2: int) -> Effect:
    """Standardised difference of two independent groups, first minus second.

    Formula: ``d = (M1 - M2) / Sp``, ``Sp^2 = ((n1-1) s1^2 + (n2-1) s2^2) / (n1 + n2 - 2)``, ``g = J d``,
    ``Vd = (n1 + n2) / (n1 n2) + d^2 / (2 (n1 + n2))``, ``Vg = J^2 Vd``. Raises `BadInput` for fewer than two people in a
    group or no spread at all.

    >>> effect = hedges_g(m1=103, sd1=5.5, n1=50, m2=100, sd2=4.5, n2=50)
    >>> round(effect.raw, 4), round(effect.value, 4), round(effect.variance, 4)
    (0.597, 0.5924, 0.0411)
    """
    if min(n1, n2) < 2:
        raise BadInput("Each group needs at least two people.")
    df = n1 + n2 - 2
    spread = math.sqrt(((n1 - 1) * _positive(sd1) ** 2 + (n2 - 1) * _positive(sd2) ** 2) / df)
    if spread == 0:
        raise BadInput("Nobody differs from anybody, so there is no effect size.")
    d, factor = (m1 - m2) / spread, small_sample_factor(df)
    variance = (n1 + n2) / (n1 * n2) + d**2 / (2 * (n1 + n2))
    return Effect("hedges_g", d, factor * d, factor**2 * variance)


def paired_within(*, m1: float, m2: float, sd_difference: float, r: float, n: int) -> Effect:
    """Change of one group on the standard deviation within occasions (d_rm), first minus second.

    Formula: ``Swithin = SDdiff / sqrt(2 (1 - r))``, ``d = (M1 - M2) / Swithin``, ``V = (1/n + d^2 / 2n) 2 (1 - r)``,
    corrected with ``df = n - 1``. `r` is the correlation between the two occasions.

    >>> effect = paired_within(m1=103, m2=100, sd_difference=5.5, r=0.7, n=50)
    >>> round(effect.raw, 4), round(effect.value, 4)
    (0.4225, 0.416)
    """
    twice = 2 * (1 - _correlation(r))
    within = _positive(sd_difference) / math.sqrt(twice)
    return _corrected("d_rm", (m1 - m2) / _spread(within), n, lambda d: (1 / n + d**2 / (2 * n)) * twice)


def paired_before(*, m1: float, m2: float, sd_before: float, r: float, n: int) -> Effect:
    """Change of one group on the standard deviation before (d_pre, Becker), first minus second.

    Formula: ``d = (M1 - M2) / SDpre``, ``V = 2 (1 - r) / n + d^2 / 2n``, corrected with ``df = n - 1``. The variance
    before the correction is squared with it, as for g.

    >>> round(paired_before(m1=16, m2=10, sd_before=6, r=0.5, n=60).value, 3)
    0.987
    """
    twice = 2 * (1 - _correlation(r))
    return _corrected("d_pre", (m1 - m2) / _spread(sd_before), n, lambda d: twice / n + d**2 / (2 * n))


def paired_before_unknown(*, m1: float, m2: float, sd_before: float, n: int) -> tuple[Effect, Effect]:
    """`paired_before` where the correlation is not known: for .5 and .7, which change the limits and not the value.

    >>> wide, narrow = paired_before_unknown(m1=16, m2=10, sd_before=6, n=60)
    >>> wide.value == narrow.value, round(wide.low, 2), round(narrow.low, 2)
    (True, 0.68, 0.73)
    """
    wide, narrow = (paired_before(m1=m1, m2=m2, sd_before=sd_before, r=r, n=n) for r in ASSUMED_R)
    return wide, narrow


def paired_z(*, m1: float, m2: float, sd_difference: float, n: int) -> Effect:
    """Mean change on the standard deviation of the changes (d_z), first minus second.

    Formula: ``d = (M1 - M2) / SDdiff``, ``V = 1/n + d^2 / 2n``, corrected with ``df = n - 1``. It grows with the
    correlation between occasions and must not be compared with the other two forms.

    >>> round(paired_z(m1=103, m2=100, sd_difference=5.5, n=50).raw, 4)
    0.5455
    """
    return _corrected("d_z", (m1 - m2) / _spread(sd_difference), n, lambda d: 1 / n + d**2 / (2 * n))


def controlled_before_after(
    *,
    treated: tuple[float, float, float, int],
    control: tuple[float, float, float, int],
    r: float,
) -> Effect:
    """Difference of two changes on the pooled standard deviation before (d_ppc2, Morris 2008).

    Each group is (mean before, mean after, SD before, n). Formula: ``d = Cp ((Mpost,T - Mpre,T) - (Mpost,C - Mpre,C)) /
    SDpre,pooled``, ``Cp = 1 - 3 / (4 (nT + nC - 2) - 1)``. Variance: Morris 2008, equation 25.

    The example is the first of the five studies of Morris 2008.

    >>> effect = controlled_before_after(treated=(30.6, 38.5, 15.0, 20), control=(23.1, 19.7, 13.8, 20), r=0.47)
    >>> round(effect.value, 2)
    0.77
    """
    (before_t, after_t, sd_t, n_t), (before_c, after_c, sd_c, n_c) = treated, control
    if min(n_t, n_c) < 2:
        raise BadInput("Each group needs at least two people.")
    df = n_t + n_c - 2
    pooled = _spread(math.sqrt(((n_t - 1) * _positive(sd_t) ** 2 + (n_c - 1) * _positive(sd_c) ** 2) / df))
    raw = ((after_t - before_t) - (after_c - before_c)) / pooled
    factor = small_sample_factor(df)
    value = factor * raw
    twice = 2 * (1 - _correlation(r))
    unit = twice * (n_t + n_c) / (n_t * n_c)
    variance = factor**2 * unit * (df / (df - 2)) * (1 + value**2 / unit) - value**2 if df > 2 else math.inf
    return Effect("d_ppc2", raw, value, variance)


def _corrected(form: str, d: float, n: int, variance: Callable[[float], float]) -> Effect:
    if n < 2:
        raise BadInput("A change needs at least two people.")
    factor = small_sample_factor(n - 1)
    return Effect(form, d, factor * d, factor**2 * variance(d))


def _positive(value: float) -> float:
    if not value >= 0:
        raise BadInput("A standard deviation cannot be below zero.")
    return value


def _spread(value: float) -> float:
    if not value > 0:
        raise BadInput("Nobody differs from anybody, so there is no effect size.")
    return value


def _correlation(r: float) -> float:
    if not -1 <= r < 1:
        raise BadInput("The correlation must lie between -1 and 1, and below 1.")
    return r
