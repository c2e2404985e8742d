"""How well a rule or a published forecast did over many people and weeks: Brier score, skill, AUC, calibration, alerts.

For evaluating, after the fact, and never for one person: nothing in Reknit computes a person's probability of relapse.
Split by person before you fit anything, resample whole persons for intervals, report by group, and compare with "used last
week" alone, which is often hard to beat. Sources: Brier GW (1950), Mon Weather Rev 78:1-3; Hanley JA, McNeil BJ (1982),
Radiology 143:29-36, for the AUC as a rank statistic.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reknit.core.errors import BadInput

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Alerts:
    """What alerts at a threshold were worth: of those given how many were right, and of events how many were foreseen."""

    given: int
    right: int
    events: int
    n: int

    @property
    def predictive_value(self) -> float | None:
        """Right over given; None where none was given."""
        return self.right / self.given if self.given else None

    @property
    def sensitivity(self) -> float | None:
        """Right over events; None where nothing happened."""
        return self.right / self.events if self.events else None


def brier(forecast: ArrayLike, happened: ArrayLike) -> float:
    """Brier score, mean (p - y)^2: 0 perfect.

    >>> p, y = [.1, .2, .3, .4, .6, .7, .8, .9], [0, 0, 1, 0, 1, 0, 1, 1]
    >>> round(brier(p, y), 4)
    0.175
    """
    p, y = _read(forecast, happened)
    return float(((p - y) ** 2).mean())


def brier_skill(forecast: ArrayLike, happened: ArrayLike) -> float:
    """1 - Brier / (base (1 - base)): 0 as good as saying the base rate to everybody, below 0 worse. Raises `BadInput` when
    everything or nothing happened.

    >>> p, y = [.1, .2, .3, .4, .6, .7, .8, .9], [0, 0, 1, 0, 1, 0, 1, 1]
    >>> round(brier_skill(p, y), 4)
    0.3
    """
    _p, y = _read(forecast, happened)
    _both_kinds(y)
    base = float(y.mean())
    return 1 - brier(forecast, happened) / (base * (1 - base))


def auc(score: ArrayLike, happened: ArrayLike) -> float:
    """Share of pairs, one with the event and one without, in which the one with it scored higher; ties count half.

    Any score will do, a count of signs too. Raises `BadInput` when everything or nothing happened.

    >>> p, y = [.1, .2, .3, .4, .6, .7, .8, .9], [0, 0, 1, 0, 1, 0, 1, 1]
    >>> auc(p, y)
    0.8125
    """
    s, y = _columns(score, happened)
    _both_kinds(y)
    _values, place, counts = np.unique(s, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]  # mean rank of each group of equals
    with_event = int(y.sum())
    return float(
        (ranks[y == 1].sum() - with_event * (with_event + 1) / 2) / (with_event * (len(y) - with_event))
    )


def calibration_in_the_large(forecast: ArrayLike, happened: ArrayLike) -> float:
    """Mean forecast less the share that happened: above 0, too many were expected.

    >>> round(calibration_in_the_large([.2, .4], [0, 0]), 4)
    0.3
    """
    p, y = _read(forecast, happened)
    return float(p.mean() - y.mean())


def alerts(score: ArrayLike, happened: ArrayLike, *, at_least: float) -> Alerts:
    """Alerts when a score reaches a threshold.

    >>> alerts([1, 4, 5, 2], [0, 1, 0, 1], at_least=4).predictive_value
    0.5
    """
    s, y = _columns(score, happened)
    given = s >= at_least
    return Alerts(int(given.sum()), int(y[given].sum()), int(y.sum()), len(y))


def predictive_value(*, base: float, sensitivity: float, specificity: float) -> float:
    """Of a hundred alerts, how many are right, 0 to 1: by Bayes' rule. For training: with a rare event most are false.

    >>> round(predictive_value(base=.05, sensitivity=.8, specificity=.8), 3)
    0.174
    """
    if not all(0 <= one <= 1 for one in (base, sensitivity, specificity)):
        raise BadInput("Rates lie between 0 and 1.")
    right, wrong = sensitivity * base, (1 - specificity) * (1 - base)
    if right + wrong == 0:
        raise BadInput("With these rates no alert is ever given.")
    return right / (right + wrong)


def _columns(score: ArrayLike, happened: ArrayLike) -> tuple[Column, Column]:
    s, y = np.asarray(score, dtype=float), np.asarray(happened, dtype=float)
    if s.ndim != 1 or s.shape != y.shape or not len(s):
        raise BadInput("Scores and what happened must be two columns of the same length.")
    if not np.isfinite(s).all() or not np.isin(y, (0, 1)).all():
        raise BadInput("A score is missing, or what happened is not 0 or 1.")
    return s, y


def _read(forecast: ArrayLike, happened: ArrayLike) -> tuple[Column, Column]:
    p, y = _columns(forecast, happened)
    if not ((p >= 0) & (p <= 1)).all():
        raise BadInput("A forecast lies between 0 and 1.")
    return p, y


def _both_kinds(y: Column) -> None:
    if not 0 < y.mean() < 1:
        raise BadInput("Everything happened, or nothing did, so there is nothing to tell apart.")
