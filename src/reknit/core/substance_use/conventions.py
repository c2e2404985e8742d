"""Days nobody told about, under each convention side by side: compute all, name the one that is shown.

``observed``: such a day stays out; what clients are shown. ``worst``: it counts as one at exactly the heavy limit, the
convention of trials, which is biased where days are missing more often in one arm. ``mi``: it is drawn, many times over
(`imputation`), at odds of use that are those of the days told (1) or twice and five times as high (a sensitivity set for
days that are missing because of use). A person's time after dropping out is missing like any other, and never abstinent.
The gap rule is for charts only, so it is a function of its own (`bridged`) and gives no percentage.
Source: measures catalogue 3.4.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from reknit.core.errors import BadInput
from reknit.core.substance_use.imputation import imputed_calendars
from reknit.core.substance_use.outcomes import Bools, CalendarOutcomes, Floats, calendar_outcomes
from reknit.core.substance_use.timeline import UNKNOWN, Cells

ODDS: Final = (1.0, 2.0, 5.0)
IMPUTATIONS: Final = 20
BRIDGED_DAYS: Final = 2
"""A gap of this many days or fewer may be bridged on a chart."""


@dataclass(frozen=True, slots=True)
class GroupMean:
    """The mean of `n` clients, its standard error and an interval; nothing where fewer than two have a value.

    Over imputations by Rubin's rules with the degrees of freedom of Barnard and Rubin; `missing_share` is the share of
    the variance that comes from what is missing, 0 without imputation.
    """

    n: int
    mean: float
    se: float
    low: float
    high: float
    missing_share: float


@dataclass(frozen=True, slots=True, eq=False)
class UnderConvention:
    """Outcomes under one convention, one value a client, NaN where undefined: the mean over its imputations, if any.

    `pda`, `phdd` in per cent of days; `dpdd`, `per_day` in the unit handed in; `longest_abstinence` in days;
    `no_heavy_days` from 0 to 1, the share of imputations without a heavy day. `pda_spread` is the standard deviation of
    `pda` between imputations. `group` is the mean percentage of days abstinent of all clients.
    """

    key: str
    words: str
    pda: Floats
    phdd: Floats
    dpdd: Floats
    per_day: Floats
    longest_abstinence: Floats
    no_heavy_days: Floats
    pda_spread: Floats
    group: GroupMean


def side_by_side(
    amounts: Floats,
    *,
    heavy: Floats,
    seed: int,
    inside: Bools | None = None,
    used: NDArray[np.int8] | None = None,
    odds: Sequence[float] = ODDS,
    imputations: int = IMPUTATIONS,
    confidence: float = 0.95,
) -> dict[str, UnderConvention]:
    """The same calendars, clients x days, under every convention: ``observed``, ``worst``, ``mi``, ``mi-odds-2``, ...

    `amounts`, `inside`, `used` and `heavy` are those of `calendar_outcomes`; a substance without amounts has 1 for a day of
    use, and 1 for its limit. The same `seed` gives the same answer, and every odds ratio works on the same draws, so that
    higher odds never raise the days abstinent of anybody. Somebody who told about no day at all has no value under any
    convention. Raises `BadInput` for odds that are not above zero, fewer than two imputations, or a confidence outside
    0 to 1.

    >>> told = np.array([[0, 0, np.nan, 5, 0, 0, 0, np.nan]])
    >>> found = side_by_side(told, heavy=np.array([4.0]), seed=1)
    >>> [(key, round(float(one.pda[0]), 1)) for key, one in found.items() if not key.startswith("mi")]
    [('observed', 83.3), ('worst', 62.5)]
    >>> bool(found["worst"].pda[0] <= found["mi-odds-5"].pda[0] <= found["mi-odds-2"].pda[0] <= found["mi"].pda[0])
    True
    """
    if not 0 < confidence < 1:
        raise BadInput("The confidence of an interval lies between 0 and 1.")
    if imputations < 2:
        raise BadInput("Multiple imputation needs two imputations or more.")
    observed = calendar_outcomes(amounts, inside=inside, used=used, heavy=heavy)
    worst = calendar_outcomes(amounts, inside=inside, used=used, heavy=heavy, missing="worst")
    found = {
        "observed": _under("observed", "days nobody told about stay out", [observed], confidence),
        "worst": _under("worst", "a day nobody told about counts as a heavy day", [worst], confidence),
    }
    for ratio in odds:
        key = "mi" if ratio == 1 else f"mi-odds-{ratio:g}"
        words = f"days nobody told about are drawn {imputations} times, at {ratio:g} times the odds of use"
        drawn = imputed_calendars(
            amounts, seed=seed, inside=inside, used=used, odds=ratio, imputations=imputations
        )
        calendars = [
            calendar_outcomes(filled, inside=inside, used=state, heavy=heavy) for filled, state in drawn
        ]
        found[key] = _under(key, words, calendars, confidence)
    return found


def pooled_mean(imputed: Iterable[Floats], *, confidence: float = 0.95) -> GroupMean:
    """The mean over clients of a value that was imputed many times, one array of clients for each imputation.

    Rubin's rules: the mean of the means, with the variance ``U + (1 + 1/m) B``, where U is the mean of the squared
    standard errors and B the variance of the means (Rubin 1987, Multiple Imputation for Nonresponse in Surveys); degrees
    of freedom of Barnard and Rubin 1999, Biometrika 86:948-955. A client without a value (NaN) stays out.

    >>> found = pooled_mean([np.array([40.0, 60.0, 80.0]), np.array([50.0, 60.0, 100.0])])
    >>> found.n, found.mean, round(found.se, 3), round(found.missing_share, 3)
    (3, 65.0, 16.073, 0.29)
    """
    table = np.stack(list(imputed))
    table = table[:, ~np.isnan(table).any(axis=0)]
    times, n = table.shape
    if n < 2:
        mean = float(table.mean()) if n else np.nan
        return GroupMean(n, mean, np.nan, np.nan, np.nan, np.nan)
    means = table.mean(axis=1)
    within = float((table.var(axis=1, ddof=1) / n).mean())
    between = float(means.var(ddof=1)) * (1 + 1 / times) if times > 1 else 0.0
    total = within + between
    share = between / total if total > 0 else 0.0
    freedom = float(n - 1)
    if share > 0:  # of Barnard and Rubin: what is known of the complete data, and what the imputations add
        complete = freedom * n / (n + 2) * (1 - share)
        freedom = 1 / (1 / complete + share**2 / (times - 1)) if complete > 0 else 0.0
    mean, se = float(means.mean()), total**0.5
    reach = se * float(student.ppf((1 + confidence) / 2, freedom)) if freedom > 0 else np.nan
    return GroupMean(n, mean, se, mean - reach, mean + reach, share)


def bridged(states: Cells, *, longest: int = BRIDGED_DAYS) -> tuple[Cells, Bools]:
    """States of days (1 use, 0 none, -1 unknown; clients x days) with short gaps bridged, and which days those are.

    A gap is bridged where it is no longer than `longest` days and the days before and after it are alike. For charts
    only, which must show those days apart: no percentage and no run counts them. Raises `BadInput` below zero days.

    >>> lines, drawn = bridged(np.array([[0, -1, -1, 0, -1, 1, 1]], dtype=np.int8))
    >>> lines.tolist(), drawn.astype(int).tolist()
    ([[0, 0, 0, 0, -1, 1, 1]], [[0, 1, 1, 0, 0, 0, 0]])
    """
    if longest < 0:
        raise BadInput("The longest gap to bridge is no day or more.")
    place = np.broadcast_to(np.arange(states.shape[1]), states.shape)
    known = states != UNKNOWN
    before = np.maximum.accumulate(np.where(known, place, -1), axis=1)
    after = np.minimum.accumulate(np.where(known, place, states.shape[1])[:, ::-1], axis=1)[:, ::-1]
    lies_between = ~known & (before >= 0) & (after < states.shape[1]) & (after - before - 1 <= longest)
    rows, days = np.nonzero(lies_between)
    left, right = states[rows, before[rows, days]], states[rows, after[rows, days]]
    drawn = np.zeros(states.shape, dtype=np.bool_)
    drawn[rows, days] = left == right
    lines = states.copy()
    lines[rows, days] = np.where(left == right, left, UNKNOWN)
    return lines, drawn


def _under(key: str, words: str, calendars: list[CalendarOutcomes], confidence: float) -> UnderConvention:
    def over(name: str) -> Floats:
        """One column, imputations x clients, with -1 for undefined turned into NaN."""
        table = np.stack([getattr(one, name) for one in calendars]).astype(float)
        return np.where(table < 0, np.nan, table)

    pda = over("pda")
    return UnderConvention(
        key,
        words,
        pda=pda.mean(axis=0),
        phdd=over("phdd").mean(axis=0),
        dpdd=_mean_where_defined(over("dpdd")),
        per_day=over("per_day").mean(axis=0),
        longest_abstinence=over("longest_abstinence").mean(axis=0),
        no_heavy_days=over("no_heavy_days").mean(axis=0),
        pda_spread=pda.std(axis=0, ddof=1) if len(pda) > 1 else np.where(np.isnan(pda[0]), np.nan, 0.0),
        group=pooled_mean(pda, confidence=confidence),
    )


def _mean_where_defined(table: Floats) -> Floats:
    """A calendar without a drinking day has no amount per drinking day; the mean is that of the others."""
    defined = ~np.isnan(table)
    count = defined.sum(axis=0)
    total = np.where(defined, table, 0.0).sum(axis=0)
    mean: Floats = np.divide(total, count, out=np.full(table.shape[1], np.nan), where=count > 0)
    return mean
