"""How many had reliably improved by how many sessions they came to: treatment that ends when it is enough.

Source: Barkham M, Connell J, Stiles WB and others (2006), J Consult Clin Psychol 74:160-167; limits of Wilson EB (1927),
J Am Stat Assoc 22:209-212. People stop when they are well enough, so a lower rate after more sessions says that slower
people stayed, and nothing about what sessions do.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reknit.core.errors import BadInput
from reknit.core.outcomes.effect import Z95


@dataclass(frozen=True, slots=True)
class ImprovedBySessions:
    """Of `n` clients who came to so many sessions, `improved` reliably improved; `share` (0 to 1) with 95 % limits."""

    sessions: int
    n: int
    improved: int
    share: float
    low: float
    high: float


def improvement_by_sessions(
    sessions: Sequence[int], improved: Sequence[bool]
) -> tuple[ImprovedBySessions, ...]:
    """Share reliably improved by sessions attended, one entry a client whose course has ended, fewest sessions first.

    Limits of Wilson: ``(p + z^2 / 2n +- z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)``. Raises `BadInput` for columns
    that differ in length, nobody, or a number of sessions below one.

    >>> found = improvement_by_sessions([4, 4, 4, 8, 8], [True, True, False, True, False])
    >>> [(one.sessions, one.n, round(one.share, 2), round(one.low, 2), round(one.high, 2)) for one in found]
    [(4, 3, 0.67, 0.21, 0.94), (8, 2, 0.5, 0.09, 0.91)]
    """
    if len(sessions) != len(improved) or not len(sessions):
        raise BadInput("Improvement by sessions needs the sessions and the outcome of at least one client.")
    if min(sessions) < 1:
        raise BadInput("A course has at least one session.")
    clients = Counter(sessions)
    better = Counter(n for n, is_better in zip(sessions, improved, strict=True) if is_better)
    return tuple(
        ImprovedBySessions(
            n, clients[n], better[n], better[n] / clients[n], *wilson_limits(better[n], clients[n])
        )
        for n in sorted(clients)
    )


def wilson_limits(count: int, n: int) -> tuple[float, float]:
    """95 % limits of a share, after Wilson: they hold for small numbers and stay between 0 and 1.

    >>> [round(limit, 3) for limit in wilson_limits(0, 10)]
    [0.0, 0.278]
    """
    if not 0 <= count <= n or n < 1:
        raise BadInput("A share needs a count between nobody and everybody.")
    share, square = count / n, Z95**2 / n
    middle = share + square / 2
    width = Z95 * math.sqrt(share * (1 - share) / n + square / (4 * n))
    return max((middle - width) / (1 + square), 0.0), min((middle + width) / (1 + square), 1.0)
