"""McDonald's omega: reliability of a sum whose items do not all measure equally well.

Alpha takes for granted that every item carries the same amount of what is measured, and understates reliability where
they differ. Omega takes the amounts from a factor model with one factor.

Sources: McDonald RP (1999), Test Theory: a Unified Treatment, chapter 6, for omega; Joreskog KG (1967), Psychometrika
32:443-482, for the fit of the factor by maximum likelihood, on the correlations and put back on the scale of the items.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reknit.core.errors import BadInput
from reknit.core.outcomes.growth import DidNotConverge

Column = NDArray[np.float64]

LEAST_UNIQUENESS: Final = 0.005
"""An item with less variance of its own than this share has met the border of the model, as in R's `factanal`."""


@dataclass(frozen=True, slots=True, eq=False)
class Omega:
    """Omega (0 to 1) of `n` people, with the one factor behind it.

    `loadings` are in points of each item for one standard deviation of the factor; `uniquenesses` are each item's own
    variance in squared points.
    """

    value: float
    loadings: Column
    uniquenesses: Column
    n: int


def mcdonald_omega(answers: ArrayLike) -> Omega:
    """Reliability of the total of items, from people x items; rows with a blank (NaN) are left out.

    Formula: ``omega = (sum of loadings)^2 / ((sum of loadings)^2 + sum of uniquenesses)`` of the one-factor model
    ``covariance = loadings loadings' + diag(uniquenesses)``. Reversed items must be turned first. Raises `BadInput` with
    fewer than three items, no more people than items, or an item that does not vary; `DidNotConverge` where one factor
    does not fit (an item without variance of its own).

    >>> rng = np.random.default_rng(1)
    >>> answers = rng.normal(size=(4000, 1)) * [0.9, 0.7, 0.5, 0.3] + rng.normal(size=(4000, 4)) * 0.6
    >>> round(2.4**2 / (2.4**2 + 4 * 0.36), 2), round(mcdonald_omega(answers).value, 2)
    (0.8, 0.8)
    """
    rows = np.asarray(answers, dtype=float)
    if rows.ndim != 2 or rows.shape[1] < 3:
        raise BadInput("Omega needs a table of people by items, with three items or more.")
    rows = rows[~np.isnan(rows).any(axis=1)]
    people, items = rows.shape
    if people <= items:
        raise BadInput("Omega needs more people with every item answered than there are items.")
    spread = rows.std(axis=0, ddof=1)
    if (spread == 0).any():
        raise BadInput("Everybody gave the same answer to an item, so omega cannot be worked out.")
    correlations = np.corrcoef(rows, rowvar=False)
    if np.linalg.matrix_rank(correlations) < items:
        raise BadInput("One item is made up of others, so omega cannot be worked out.")
    own = _uniquenesses(correlations)
    loadings = _loadings(correlations, own) * spread
    common, unique = float(loadings.sum()) ** 2, own * spread**2
    return Omega(common / (common + float(unique.sum())), loadings, unique, people)


def _uniquenesses(correlations: Column) -> Column:
    """The share of each item's variance that is its own, where the likelihood is highest."""
    from scipy.optimize import minimize

    def misfit(own: Column) -> tuple[float, Column]:
        rest = np.linalg.eigvalsh(correlations / np.sqrt(np.outer(own, own)))[:-1]
        loadings = _loadings(correlations, own)
        apart = loadings**2 + own - np.diag(correlations)
        return float((rest - np.log(rest) - 1).sum()), apart / own**2

    start = np.clip((1 - 0.5 / len(correlations)) / np.diag(np.linalg.inv(correlations)), 0.01, 1)
    found = minimize(
        misfit,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(LEAST_UNIQUENESS, 1)] * len(start),
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 1000},
    )
    own = np.asarray(found.x, dtype=np.float64)
    inside = (own > LEAST_UNIQUENESS * 1.01) & (own < 1)
    if not inside.all() or np.abs(np.asarray(found.jac)).max() > 1e-4:
        raise DidNotConverge("One factor does not describe these items, so omega is not reported.")
    return own


def _loadings(correlations: Column, own: Column) -> Column:
    """The loadings that go with these uniquenesses, signed so that most items load upwards."""
    values, vectors = np.linalg.eigh(correlations / np.sqrt(np.outer(own, own)))
    loadings: Column = np.sqrt(own) * vectors[:, -1] * np.sqrt(max(float(values[-1]) - 1, 0))
    return loadings if loadings.sum() >= 0 else -loadings
