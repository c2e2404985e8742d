"""Not on track before a clinic has courses of its own: three signs that need no expected course.

Source: measures catalogue 4.3. With fewer than 200 courses no expected course is fitted, and tables of other services are
theirs. What is left is reliable deterioration, no early response by a session, and a critical answer. A sign asks for a
look together; it foretells nothing.
"""

from collections.abc import Mapping
from typing import Final, Literal

from reknit.core.errors import BadInput
from reknit.core.measures.definition import Direction
from reknit.core.outcomes.change import reliable_change
from reknit.core.outcomes.rules import ReliableChangeRule
from reknit.core.outcomes.trajectory import EARLY_SHARE

BY_SESSION: Final = 6
"""By this session a fifth to a quarter of the first score is usually gone. The catalogue names 4 to 6: a parameter."""

Sign = Literal["reliable_deterioration", "no_early_response", "critical_answer"]


def cold_start_signs(
    scores: Mapping[int, float],
    *,
    rule: ReliableChangeRule,
    direction: Direction = "higher_worse",
    critical: bool = False,
    by_session: int = BY_SESSION,
    share: float = EARLY_SHARE,
) -> tuple[Sign, ...]:
    """The signs of one course that it is not on track. `scores` maps session numbers to scores; the earliest is the first.

    Reliable deterioration: the latest score against the first, by `rule`. No early response: a score at or after
    `by_session`, and none yet that differs from the first for the better by `share` of it. `critical`: an answer of the
    latest sheet that fires by itself, whatever the total. A session without a score is no sign. Raises `BadInput` without
    any score or for a share that is not between 0 and 1.

    >>> from reknit.core.outcomes.rules import rule
    >>> cold_start_signs({1: 15, 3: 14, 6: 14}, rule=rule("phq-9"))
    ('no_early_response',)
    >>> cold_start_signs({1: 15, 2: 22}, rule=rule("phq-9"), critical=True)
    ('reliable_deterioration', 'critical_answer')
    >>> cold_start_signs({1: 15, 4: 12, 6: 13}, rule=rule("phq-9"))
    ()
    """
    if not scores:
        raise BadInput("Without a score there is nothing to say of a course.")
    if not 0 < share < 1:
        raise BadInput("The share of an early response lies between 0 and 1.")
    first, *later = (scores[session] for session in sorted(scores))
    latest = max(scores)
    better = 1 if direction == "higher_worse" else -1
    answered = any(better * (first - score) >= share * first > 0 for score in later)
    found: list[Sign] = []
    if reliable_change(rule, first, scores[latest], direction).reliable == "deteriorated":
        found.append("reliable_deterioration")
    if latest >= by_session and first > 0 and later and not answered:
        found.append("no_early_response")
    if critical:
        found.append("critical_answer")
    return tuple(found)
