"""Days and drinks compared between groups, with what their spread is really like.

Days abstinent of days reported heap at none and all: people differ in their chance, which a beta distribution holds
(beta-binomial). Drinks of the days reported spread more than a Poisson count would: negative binomial, with the days as
exposure. Reported days are what is counted; a day never told is in neither number.

Sources: Williams DA (1975), Biometrics 31:949-952, for the beta-binomial; Cameron AC, Trivedi PK (1998), Regression
Analysis of Count Data, chapter 3, for the negative binomial (NB2). Both by maximum likelihood, errors from the observed
information.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput
from reknit.core.outcomes.effect import Z95
from reknit.core.outcomes.growth import DidNotConverge

Column = NDArray[np.float64]
Turned = tuple[float, Column, Column]

_STEPS: Final = 200


@dataclass(frozen=True, slots=True)
class Ratio:
    """A group against the reference: an odds ratio or a ratio of rates, with 95 % limits. `log_error` is that of its logarithm."""

    group: str
    value: float
    low: float
    high: float
    log_error: float


@dataclass(frozen=True, slots=True)
class GroupRates:
    """Groups compared: `levels` are each group's mean share of days (0 to 1), or drinks a reported day.

    `spread` is what a plain binomial or Poisson count leaves out: the correlation of two days of one person, or the
    excess variance alpha in ``variance = mean + alpha mean^2``.
    """

    reference: str
    ratios: tuple[Ratio, ...]
    levels: dict[str, float]
    spread: float
    log_likelihood: float
    n: int


def compare_days(
    group: Sequence[str], days: Sequence[int], reported: Sequence[int], *, reference: str
) -> GroupRates:
    """Odds of a day abstinent (or of another kind) by group: `days` of `reported` days, one entry a client.

    Beta-binomial: ``logit mean = start + group``, ``P(y | m) = C(m, y) B(y + a, m - y + b) / B(a, b)`` with ``a = mean s``,
    ``b = (1 - mean) s``; the spread told is ``1 / (1 + s)``. Clients without a reported day are left out. Raises `BadInput`
    for counts that cannot be, or fewer than two clients in a group; `DidNotConverge` where the fit does not settle, as
    when a group has all or none of its days, or people do not differ more than by chance.

    >>> group = ["usual"] * 5 + ["ipt"] * 5
    >>> found = compare_days(group, [0, 3, 14, 20, 28, 8, 21, 25, 28, 28], [28] * 10, reference="usual")
    >>> round(found.ratios[0].value, 2), {one: round(share, 2) for one, share in found.levels.items()}
    (3.71, {'usual': 0.47, 'ipt': 0.77})
    """
    counts, out_of, design, others = _columns(group, days, reported, reference)
    if (counts > out_of).any():
        raise BadInput("Somebody has more such days than days reported.")

    def turned(numbers: Column) -> Turned:
        return _beta_binomial(numbers, counts, out_of, design)

    share = np.clip(counts.sum() / out_of.sum(), 0.02, 0.98)
    start = np.array([math.log(share / (1 - share)), *[0.0] * len(others), 0.5])
    numbers, errors, likelihood = _settle(turned, start)
    shares = {one: 1 / (1 + math.exp(-level)) for one, level in _levels(numbers, reference, others).items()}
    spread = 1 / (1 + math.exp(float(numbers[-1])))
    return _report(reference, others, numbers, errors, shares, spread, likelihood, len(counts))


def compare_drinks(
    group: Sequence[str], drinks: Sequence[int], reported: Sequence[int], *, reference: str
) -> GroupRates:
    """Ratio of drinks a reported day by group: `drinks` in whole standard drinks over `reported` days, one entry a client.

    Negative binomial: ``log mean = log reported + start + group``, ``variance = mean + alpha mean^2``. Clients without a
    reported day are left out. Raises `BadInput` for counts that cannot be, or fewer than two clients in a group;
    `DidNotConverge` where the fit does not settle, as when a group drank nothing, or counts spread no more than by chance.

    >>> group = ["usual"] * 5 + ["ipt"] * 5
    >>> found = compare_drinks(group, [0, 12, 40, 84, 130, 0, 4, 16, 30, 62], [28, 28, 20, 28, 26, 28, 28, 28, 14, 28], reference="usual")
    >>> round(found.ratios[0].value, 2), {one: round(rate, 2) for one, rate in found.levels.items()}
    (0.48, {'usual': 2.09, 'ipt': 1.01})
    """
    counts, out_of, design, others = _columns(group, drinks, reported, reference)

    def turned(numbers: Column) -> Turned:
        return _negative_binomial(numbers, counts, out_of, design)

    start = np.array(
        [math.log(max(float(counts.sum()), 0.5) / float(out_of.sum())), *[0.0] * len(others), 0.0]
    )
    numbers, errors, likelihood = _settle(turned, start)
    rates = {one: math.exp(level) for one, level in _levels(numbers, reference, others).items()}
    return _report(
        reference, others, numbers, errors, rates, math.exp(float(numbers[-1])), likelihood, len(counts)
    )


def _columns(
    group: Sequence[str], counts: Sequence[int], reported: Sequence[int], reference: str
) -> tuple[Column, Column, Column, list[str]]:
    if not len(group) == len(counts) == len(reported):
        raise BadInput("The columns differ in length.")
    y, m = np.asarray(counts, dtype=float), np.asarray(reported, dtype=float)
    whole = np.isfinite(y) & np.isfinite(m)
    if not whole.all() or (y != np.floor(y)).any() or (m != np.floor(m)).any() or min(y.min(), m.min()) < 0:
        raise BadInput("Days and drinks are whole numbers from zero, and none may be missing.")
    keep = m > 0
    member, y, m = np.asarray(group, dtype=str)[keep], y[keep], m[keep]
    names, sizes = np.unique(member, return_counts=True)
    if reference not in names or len(names) < 2:
        raise BadInput(f"A comparison needs the group '{reference}' and another one.")
    if sizes.min() < 2:
        raise BadInput("Each group needs at least two clients with a reported day.")
    others = [str(one) for one in names if one != reference]
    return y, m, np.column_stack([np.ones(len(y)), *(member == one for one in others)]).astype(float), others


def _beta_binomial(numbers: Column, y: Column, m: Column, design: Column) -> Turned:
    """Log-likelihood, gradient and curvature at the coefficients and log s."""
    from scipy.special import betaln, digamma, gammaln, polygamma

    mean, s = 1 / (1 + np.exp(-design @ numbers[:-1])), math.exp(numbers[-1])
    a, b = mean * s, (1 - mean) * s
    choose = gammaln(m + 1) - gammaln(y + 1) - gammaln(m - y + 1)
    value = float((choose + betaln(y + a, m - y + b) - betaln(a, b)).sum())
    by_a, by_b = digamma(y + a) - digamma(a), digamma(m - y + b) - digamma(b)
    both = digamma(m + s) - digamma(s)
    aa, bb = (polygamma(1, n + one) - polygamma(1, one) for n, one in ((y, a), (m - y, b)))
    ss = polygamma(1, m + s) - polygamma(1, s)
    slope = mean * (1 - mean)
    # By the linear predictor, and by log s: chain rule through a = mean s and b = (1 - mean) s.
    eta = s * slope * (by_a - by_b)
    scale = s * (mean * by_a + (1 - mean) * by_b - both)
    eta_eta = s**2 * slope**2 * (aa + bb) + s * slope * (1 - 2 * mean) * (by_a - by_b)
    eta_scale = eta + s**2 * slope * (mean * aa - (1 - mean) * bb)
    scale_scale = scale + s**2 * (mean**2 * aa + (1 - mean) ** 2 * bb - ss)
    return value, *_joined(design, eta, scale, eta_eta, eta_scale, scale_scale)


def _negative_binomial(numbers: Column, y: Column, m: Column, design: Column) -> Turned:
    """Log-likelihood, gradient and curvature at the coefficients and log alpha."""
    from scipy.special import digamma, gammaln, polygamma

    mean, k = m * np.exp(design @ numbers[:-1]), math.exp(-numbers[-1])
    share = mean / (mean + k)
    value = gammaln(y + k) - gammaln(k) - gammaln(y + 1) + k * np.log(k / (k + mean)) + y * np.log(share)
    by_k = digamma(y + k) - digamma(k) + np.log(k / (k + mean)) + 1 - (y + k) / (mean + k)
    by_kk = polygamma(1, y + k) - polygamma(1, k) + 1 / k - 2 / (mean + k) + (y + k) / (mean + k) ** 2
    eta = y - (y + k) * share
    eta_eta = -(y + k) * share * (1 - share)
    eta_k = -share + (y + k) * share / (mean + k)
    # k = exp(-log alpha), so each turn by log alpha is -k times that by k.
    return float(value.sum()), *_joined(design, eta, -k * by_k, eta_eta, -k * eta_k, k * by_k + k**2 * by_kk)


def _joined(
    design: Column, eta: Column, scale: Column, eta_eta: Column, eta_scale: Column, scale_scale: Column
) -> tuple[Column, Column]:
    gradient = np.append(design.T @ eta, scale.sum())
    side = design.T @ eta_scale
    curve = np.block([[(design.T * eta_eta) @ design, side[:, None]], [side[None, :], scale_scale.sum()]])
    return gradient, np.asarray(curve)


def _settle(turned: Callable[[Column], Turned], numbers: Column) -> tuple[Column, Column, float]:
    """Newton's steps held to a rise: the numbers at the top, their standard errors, and the log-likelihood there."""
    value, gradient, curve = turned(numbers)
    for _ in range(_STEPS):
        values, vectors = np.linalg.eigh(-curve)
        step = vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(values), 1e-8))
        if float(gradient @ step) < 1e-12 * max(1.0, abs(value)) and values[0] > 1e-6:
            return numbers, np.sqrt(np.diag(np.linalg.inv(-curve))), value
        step, size = step / max(1.0, float(np.abs(step).max())), 1.0
        while size > 1e-10 and not turned(numbers + size * step)[0] > value:
            size /= 2
        numbers = numbers + size * step
        value, gradient, curve = turned(numbers)
        if (
            np.abs(numbers).max() > 15
        ):  # an odds of a million: a group with all or none, or no spread beyond chance
            break
    raise DidNotConverge("The comparison did not settle on these counts, so nothing of it is reported.")


def _levels(numbers: Column, reference: str, others: Sequence[str]) -> dict[str, float]:
    start = float(numbers[0])
    return {reference: start} | {
        one: start + float(more) for one, more in zip(others, numbers[1:-1], strict=True)
    }


def _report(
    reference: str,
    others: Sequence[str],
    numbers: Column,
    errors: Column,
    levels: dict[str, float],
    spread: float,
    likelihood: float,
    n: int,
) -> GroupRates:
    ratios = tuple(
        Ratio(
            one,
            math.exp(float(b)),
            math.exp(float(b) - Z95 * float(e)),
            math.exp(float(b) + Z95 * float(e)),
            float(e),
        )
        for one, b, e in zip(others, numbers[1:-1], errors[1:-1], strict=True)
    )
    return GroupRates(reference, ratios, levels, spread, likelihood, n)
