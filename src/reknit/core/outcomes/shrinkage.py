"""Means of small caseloads drawn towards the mean of all, as far as they are uncertain.

Model: ``y = mean + u + e``, u ~ N(0, between) of each therapist, e ~ N(0, within), by restricted maximum likelihood.
Sources: Laird NM, Ware JH (1982), Biometrics 38:963-974; Robinson GK (1991), Stat Sci 6:15-32, for the shrunken means.

The mean of three clients says little of their therapist. Drawn towards all, it says as much as it can. The result comes
in the order of names and is no ranking: most of what differs between small caseloads is who came.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shrunken:
    """One caseload: its plain mean of `n` people, the mean drawn towards all, and the standard error of that."""

    name: str
    n: int
    mean: float
    shrunken: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class Caseloads:
    """All caseloads in the order of their names, the mean of all, and the two variances in squared points.

    `share_between` is the intraclass correlation: how much of the spread goes with who the therapist is (0 to 1).
    """

    caseloads: tuple[Shrunken, ...]
    mean: float
    mean_error: float
    between: float
    within: float
    n: int

    @property
    def share_between(self) -> float:
        """Between over all variance.

        >>> shrunken_means(["a", "a", "b", "b"], [1.0, 2.0, 1.0, 2.0]).share_between
        0.0
        """
        return self.between / (self.between + self.within)


def shrunken_means(therapist: Sequence[str], value: Sequence[float]) -> Caseloads:
    """Mean of each therapist's clients, shrunken; `value` is a person's residual change or another score. NaN is left out.

    Formula: ``shrunken = m + w (mean_j - m)``, ``w = between / (between + within / n_j)``, m the weighted mean of all;
    ``SE^2 = w within / n_j + (1 - w)^2 SE(m)^2``. Raises `BadInput` for columns that differ in length, fewer than two
    therapists, no more clients than therapists, or values that do not vary within therapists.

    >>> found = shrunken_means(["ana"] * 4 + ["ben"] * 2 + ["cleo"] * 4, [1, 2, 3, 2, 5, 7, 0, 1, 1, 2])
    >>> [(one.name, one.n, one.mean, round(one.shrunken, 2)) for one in found.caseloads]
    [('ana', 4, 2.0, 2.03), ('ben', 2, 6.0, 5.81), ('cleo', 4, 1.0, 1.06)]
    """
    if len(therapist) != len(value):
        raise BadInput("The columns differ in length.")
    y = np.asarray(value, dtype=float)
    keep = np.isfinite(y)
    names, place = np.unique(np.asarray(therapist, dtype=str)[keep], return_inverse=True)
    y = y[keep]
    if len(names) < 2 or len(y) <= len(names):
        raise BadInput("Shrunken means need two therapists or more, and more clients than therapists.")
    n = np.bincount(place).astype(np.float64)
    means = np.bincount(place, weights=y) / n
    inside = float(((y - means[place]) ** 2).sum())
    if inside == 0:
        raise BadInput(
            "No therapist's clients differ from each other, so there is nothing to weigh the means with."
        )
    ratio = _ratio(n, means, inside)
    weight, middle, rest = _weighed(n, means, inside, ratio)
    within = rest / (len(y) - 1)
    error = math.sqrt(within / float(weight.sum()))
    kept = ratio * weight
    return Caseloads(
        caseloads=tuple(
            Shrunken(
                str(name),
                int(size),
                mean,
                middle + w * (mean - middle),
                math.sqrt(w * within / size + ((1 - w) * error) ** 2),
            )
            for name, size, mean, w in zip(names, n.tolist(), means.tolist(), kept.tolist(), strict=True)
        ),
        mean=middle,
        mean_error=error,
        between=ratio * within,
        within=within,
        n=len(y),
    )


def _weighed(n: Column, means: Column, inside: float, ratio: float) -> tuple[Column, float, float]:
    """Weights of the caseloads at between = `ratio` times within, the mean of all, and the residual sum."""
    weight = n / (1 + ratio * n)
    middle = float(weight @ means / weight.sum())
    return weight, middle, inside + float(weight @ (means - middle) ** 2)


def _ratio(n: Column, means: Column, inside: float) -> float:
    """Between over within where the restricted likelihood is highest; zero where it only falls from there."""
    from scipy.optimize import minimize_scalar

    df = float(n.sum()) - 1

    def criterion(ratio: float) -> float:
        weight, _, rest = _weighed(n, means, inside, ratio)
        return float(np.log1p(ratio * n).sum() + math.log(weight.sum()) + df * math.log(rest))

    grid = np.concatenate(([0.0], np.logspace(-4, 4, 60)))
    values = [criterion(one) for one in grid.tolist()]
    best = int(np.argmin(values))
    edges = (float(grid[max(best - 1, 0)]), float(grid[min(best + 1, len(grid) - 1)]))
    found = minimize_scalar(
        criterion, bounds=edges, method="bounded", options={"xatol": 1e-9 * max(edges[1], 1e-3)}
    )
    return float(found.x) if found.fun < values[0] - 1e-10 else 0.0
