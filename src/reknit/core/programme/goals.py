"""Goal Attainment Scaling: how far the goals of a course were reached, on a scale written for each goal.

A goal has five sentences, from -2 (much less than hoped for) by 0 (what was hoped for) to +2 (much more). Ratings
of several goals together give the T score of Kiresuk and Sherman. It is a figure for staff: 50 when every goal
is reached as hoped for. It is shown to no client as a number, and it decides nothing.

Sources: Kiresuk TJ, Sherman RE 1968, Goal attainment scaling: a general method for evaluating comprehensive
community mental health programs, Community Mental Health Journal 4(6), 443-453. The mean inter-correlation of
goals, .30, is theirs. Equal weights are a setting of this project.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from reknit.core.errors import BadInput

LEVELS: Final = (-2, -1, 0, 1, 2)
MOST_GOALS: Final = 3  # programme setting: one to three interpersonal goals
CORRELATION: Final = 0.30


@dataclass(frozen=True, slots=True)
class GoalScore:
    """The T score of the goals that were rated, and how many of how many that is."""

    t: float | None
    rated: int
    goals: int

    @property
    def missing(self) -> int:
        """Goals without a rating. They are left out of the score and never stand in it as zero."""
        return self.goals - self.rated


def t_score(
    levels: Sequence[int | None],
    weights: Sequence[float] | None = None,
    *,
    correlation: float = CORRELATION,
) -> GoalScore:
    """The T score of some goals: 50 + 10 * sum(w x) / sqrt((1 - r) * sum(w^2) + r * sum(w)^2).

    A goal without a rating is `None`: it is left out, with its weight, and counted as missing. With no rating
    at all there is no score. Raises `BadInput`.

    >>> t_score([0, 0, 0]).t
    50.0
    >>> t_score([1]).t
    60.0
    >>> round(t_score([1, 1, 1]).t, 2), t_score([1, None, None]).t
    (63.69, 60.0)
    >>> t_score([None, None])
    GoalScore(t=None, rated=0, goals=2)
    """
    given = [1.0] * len(levels) if weights is None else list(weights)
    if len(given) != len(levels) or any(not weight > 0 for weight in given):
        raise BadInput("Each goal needs one weight above zero.")
    if any(level is not None and level not in LEVELS for level in levels):
        raise BadInput("A goal is rated from -2 to +2 in whole steps.")
    if not 0 <= correlation < 1:
        raise BadInput("The correlation of goals lies between 0 and 1.")
    rated = [(level, weight) for level, weight in zip(levels, given, strict=True) if level is not None]
    if not rated:
        return GoalScore(None, 0, len(levels))
    total = sum(weight * level for level, weight in rated)
    squares = sum(weight**2 for _level, weight in rated)
    square = sum(weight for _level, weight in rated) ** 2
    spread = sqrt((1 - correlation) * squares + correlation * square)
    return GoalScore(50 + 10 * total / spread, len(rated), len(levels))
