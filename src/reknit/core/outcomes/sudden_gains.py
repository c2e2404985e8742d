"""Sudden gains after Tang and DeRubeis: a large, lasting drop between two sessions; and sudden losses, their mirror image.

Source: Tang TZ, DeRubeis RJ (1999). Sudden gains and critical sessions in cognitive-behavioral therapy for depression.
J Consult Clin Psychol 67:894-904. Two readings of the third criterion are in use, and both are here by name.

A sudden gain marks a stretch of a chart. It is common in people who change steadily, and in 185 women treated with IPT
(33.5 % had one) it did not go with a better outcome: annotate, and infer nothing.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from reknit.core.errors import BadInput

Reading = Literal["t-test", "pooled-sd"]
CRITICAL: Final = {2: 4.303, 3: 3.182, 4: 2.776}
"""Two-sided 5 % points of Student's t by degrees of freedom, as the paper's readers use them: 4 with all six values."""
SHARE: Final = Decimal("0.25")
GIVEN_BACK: Final = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class SuddenGain:
    """A gain after session `pregain_session`. `size` is the drop in points; `reversed`: half of it was given back later."""

    pregain_session: int
    size: float
    reversed: bool


@dataclass(frozen=True, slots=True)
class SuddenLoss:
    """A loss after session `preloss_session`. `size` is the rise in points; `reversed`: half of it was won back later."""

    preloss_session: int
    size: float
    reversed: bool


def sudden_gains(
    scores: Mapping[int, float] | Sequence[float | None],
    *,
    criterion_1: float,
    criterion_3: Reading = "t-test",
) -> tuple[SuddenGain, ...]:
    """The sudden gains in one course, on a measure where lower is better.

    `scores` maps session numbers to scores, or lists them from session 1 with None for a session without one. Between
    sessions n and n+1, both with a score: (1) a drop of `criterion_1` points or more; (2) a drop of 25 % or more of the
    score at n; (3) the mean of n-2..n exceeds that of n+1..n+3, at least two values each side, by the reading named:
    ``t-test`` takes ``Sp sqrt(1/n1 + 1/n2)`` as standard error, ``pooled-sd`` demands a difference over ``t_crit Sp``,
    which is stricter and is what a published package computes. Windows go by session number; a session without a score
    is a gap. Reversed: a later score at or above the one after the gain plus half the gain.

    >>> course = [25, 26, 24, 12, 11, 12, 10]
    >>> sudden_gains(course, criterion_1=7)
    (SuddenGain(pregain_session=3, size=12.0, reversed=False),)
    """
    return tuple(SuddenGain(*one) for one in _drops(_known(scores), criterion_1, criterion_3))


def sudden_losses(
    scores: Mapping[int, float] | Sequence[float | None],
    *,
    criterion_1: float,
    criterion_3: Reading = "t-test",
) -> tuple[SuddenLoss, ...]:
    """The sudden losses in one course, on a measure where lower is better: `sudden_gains` with its signs turned.

    (1) a rise of `criterion_1` points or more; (2) of 25 % or more of the score at n, the one before the rise; (3) the mean
    of n+1..n+3 exceeds that of n-2..n by the reading named. Reversed: a later score at or below the one after the rise
    less half the rise. There is no one published rule for losses: this is the mirror image, and says so.

    >>> sudden_losses([10, 11, 12, 24, 26, 25, 17], criterion_1=7)
    (SuddenLoss(preloss_session=3, size=12.0, reversed=True),)
    """
    turned = {session: -score for session, score in _known(scores).items()}
    return tuple(SuddenLoss(*one) for one in _drops(turned, criterion_1, criterion_3))


def _drops(
    known: Mapping[int, float], criterion_1: float, criterion_3: Reading
) -> Iterator[tuple[int, float, bool]]:
    """Session, size and whether reversed, of each drop that meets all three criteria."""
    if not criterion_1 > 0:
        raise BadInput("The first criterion needs a drop above zero points.")
    if criterion_3 not in ("t-test", "pooled-sd"):
        raise BadInput("The third criterion is read as `t-test` or `pooled-sd`.")
    for session in sorted(known):
        if session + 1 not in known:
            continue
        before, after = _exact(known[session]), _exact(known[session + 1])
        drop = before - after
        if (
            drop < _exact(criterion_1)
            or drop < SHARE * abs(before)
            or not _lasts(known, session, criterion_3)
        ):
            continue
        yield session, float(drop), _is_reversed(known, session, after, drop)


def _known(scores: Mapping[int, float] | Sequence[float | None]) -> dict[int, float]:
    pairs = scores.items() if isinstance(scores, Mapping) else enumerate(scores, start=1)
    return {session: float(score) for session, score in pairs if score is not None and not math.isnan(score)}


def _lasts(known: Mapping[int, float], session: int, reading: Reading) -> bool:
    pre = [known[n] for n in range(session - 2, session + 1) if n in known]
    post = [known[n] for n in range(session + 1, session + 4) if n in known]
    if min(len(pre), len(post)) < 2:
        return False
    df = len(pre) + len(post) - 2
    difference = _mean(pre) - _mean(post)
    pooled = math.sqrt((_squares(pre) + _squares(post)) / df)
    error = pooled * math.sqrt(1 / len(pre) + 1 / len(post)) if reading == "t-test" else pooled
    return difference > CRITICAL[df] * error


def _is_reversed(known: Mapping[int, float], session: int, after: Decimal, drop: Decimal) -> bool:
    return any(_exact(score) >= after + GIVEN_BACK * drop for n, score in known.items() if n > session + 1)


def _exact(score: float) -> Decimal:
    """A score as it was written: "or more" is asked of decimals, and 9.2 - 6.9 is 2.3 and not a little less."""
    return Decimal(str(score))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _squares(values: Sequence[float]) -> float:
    mean = _mean(values)
    return sum((value - mean) ** 2 for value in values)
