"""Days nobody told about, drawn week by week: multiple imputation, from weeks that were told about and resemble them.

For each imputation the weeks told about are resampled (the approximate Bayesian bootstrap of Rubin and Schenker 1986, J Am
Stat Assoc 81:366-374). Each week with unknown days takes one of the ten nearest of them, or of fewer where there are fewer
than a hundred; nearness goes by the share of use in the same person's other weeks, each weighing one over the weeks
between. The chance of use on the unknown days is drawn from a beta distribution of the days of that week, the person's own
known days of the week, and one day's worth of the ten. Its odds are multiplied by a ratio, since days may be missing
because of use (a sensitivity set, after Hedeker, Mermelstein, Demirtas 2007, Addiction 102:1564-1573). The weighting, the
ten and the one day are choices of this project.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput
from reknit.core.substance_use.outcomes import Bools, Floats
from reknit.core.substance_use.timeline import NOT_USED, UNKNOWN, USED, Cells

WEEK: Final = 7
NEAREST: Final = 10
_FAINT: Final = 0.1
"""Days' worth of everybody's share of use in a week's nearness, so that it is never a quotient of nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class _Weeks:
    """Every week as one row: days of use and days known, nearness, and where it stands among clients and weeks."""

    used: Floats
    known: Floats
    nearness: Floats
    mean: float
    donors: NDArray[np.intp]


def imputed_calendars(
    amounts: Floats,
    *,
    seed: int,
    inside: Bools | None = None,
    used: Cells | None = None,
    odds: float = 1.0,
    imputations: int = 20,
) -> Iterator[tuple[Floats, Cells]]:
    """Calendars with the unknown days of a window drawn, one after another: amounts, and used (1) or not (0).

    `amounts` is clients x days with NaN for unknown, in any unit; weeks are counted from its first day; `inside` and `used`
    are those of `calendar_outcomes`. Days outside a window, and everybody who told about no day, stay unknown. A day of use takes
    an amount that the same person told of, or anybody did, where they told of none. The same `seed` gives the same calendars, and with
    higher `odds` the days of use are the same and more. Raises `BadInput` for odds that are not above zero.

    >>> told = np.array([[0, np.nan, 0, 0, 0, 0, 0], [6, 6, 6, np.nan, 6, 6, 6]])
    >>> drawn = [used for _amounts, used in imputed_calendars(told, seed=7, imputations=50)]
    >>> bool(np.mean([one[0, 1] for one in drawn]) < 0.5 < np.mean([one[1, 3] for one in drawn]))
    True
    """
    if not odds > 0:
        raise BadInput("Odds of use are above zero.")
    state = np.where(np.isnan(amounts), UNKNOWN, amounts > 0).astype(np.int8) if used is None else used
    window = np.ones(amounts.shape, dtype=np.bool_) if inside is None else inside
    told = window & (state != UNKNOWN)
    open_days = window & ~told & told.any(axis=1)[:, None]
    client, day = np.nonzero(open_days)
    weeks = _weeks(told, told & (state == USED))
    per_row = -(-amounts.shape[1] // WEEK)
    recipients, of_day = np.unique(client * per_row + day // WEEK, return_inverse=True)
    pool, starts, counts = _amounts_told(amounts, told & (state == USED))
    rng = np.random.default_rng(seed)
    for _ in range(imputations):
        chance = _chances(weeks, recipients, rng)[of_day] if len(recipients) else np.zeros(0)
        raised = odds * chance / (1 - chance + odds * chance)
        is_use = rng.random(len(client)) < raised
        picked = _picked(pool, starts[client], counts[client], rng.random(len(client)))
        filled_state, filled = state.copy(), amounts.copy()
        filled_state[client, day] = np.where(is_use, USED, NOT_USED)
        drawn = np.where(is_use, picked, 0.0)
        filled[client, day] = np.where(np.isnan(amounts[client, day]), drawn, amounts[client, day])
        yield filled, filled_state


def _weeks(told: Bools, use: Bools) -> _Weeks:
    starts = np.arange(0, told.shape[1], WEEK)
    known, used = (
        np.add.reduceat(one, starts, axis=1, dtype=float) if len(starts) else np.zeros((len(one), 0))
        for one in (told, use)
    )
    apart = np.abs(starts[:, None] - starts[None, :]) // WEEK
    weight = np.where(apart > 0, 1 / np.maximum(apart, 1), 0.0)
    mean = (used.sum() + 0.5) / (known.sum() + 1)
    nearness = (used @ weight + _FAINT * mean) / (known @ weight + _FAINT)
    return _Weeks(used.ravel(), known.ravel(), nearness.ravel(), float(mean), np.flatnonzero(known.ravel()))


def _chances(weeks: _Weeks, recipients: NDArray[np.intp], rng: np.random.Generator) -> Floats:
    """One chance of use for each week with unknown days, from a resample of the weeks told about."""
    size = len(weeks.donors)
    resampled = weeks.donors[
        rng.integers(size, size=size)
    ]  # in random order, so that ties are broken by chance
    resampled = resampled[np.argsort(weeks.nearness[resampled], kind="stable")]
    among = min(NEAREST, math.isqrt(size))
    first = _nearest(weeks.nearness[resampled], weeks.nearness[recipients], among)
    near = resampled[first[:, None] + np.arange(among)]
    local = (weeks.used[near].sum(axis=1) + weeks.mean) / (weeks.known[near].sum(axis=1) + 1)
    donor = near[np.arange(len(recipients)), rng.integers(among, size=len(recipients))]
    is_itself = donor == recipients  # its own known days count once
    used = weeks.used[recipients] + np.where(is_itself, 0.0, weeks.used[donor])
    known = weeks.known[recipients] + np.where(is_itself, 0.0, weeks.known[donor])
    drawn: Floats = rng.beta(local + used, 1 - local + known - used)
    return drawn


def _nearest(values: Floats, sought: Floats, among: int) -> NDArray[np.intp]:
    """Where, in ascending `values`, the nearest so many of each value sought begin: halving, all at once."""
    low, high = np.zeros(len(sought), dtype=np.intp), np.full(len(sought), len(values) - among)
    while (low < high).any():
        middle = (low + high) // 2
        after = values[np.minimum(middle + among, len(values) - 1)]
        further = (low < high) & (sought - values[middle] > after - sought)
        low, high = np.where(further, middle + 1, low), np.where(further, high, middle)
    return low


def _amounts_told(amounts: Floats, use: Bools) -> tuple[Floats, NDArray[np.intp], NDArray[np.intp]]:
    """Amounts of days of use, person by person, with where each person's begin and how many there are."""
    measured = use & ~np.isnan(amounts)
    counts = measured.sum(axis=1)
    return amounts[measured], np.cumsum(counts) - counts, counts


def _picked(pool: Floats, starts: NDArray[np.intp], counts: NDArray[np.intp], at: Floats) -> Floats:
    """An amount for each day, the person's own where there is one; NaN where nobody told of any."""
    if not len(pool):
        return np.full(len(at), np.nan)
    own = counts > 0
    place = np.where(own, starts, 0) + (at * np.where(own, counts, len(pool))).astype(np.intp)
    found: Floats = pool[place]
    return found
