"""Which sessions are rated: drawn by a recorded seed from all that were held, in each part of a course.

Nobody chooses, so that what is heard is the usual work. The same pool and seed give the same draw, whatever the order of
the pool, so that anybody can draw it again. Rates are our default (section 7.2).
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final, Literal

from reknit.core.programme.protocol import Phase, ProtocolTemplate

Stage = Literal["initial", "middle", "closing"]
STAGES: Final[tuple[Stage, ...]] = ("initial", "middle", "closing")
TWICE: Final = 0.2
"""Share of sampled sessions that a second person rates."""


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """A session that could be drawn: its key and the part of the course it lies in."""

    key: str
    stage: Stage


def stage_of(template: ProtocolTemplate, phase: Phase) -> Stage:
    """Which of the three parts a phase is: the first is initial, the last closing, whatever lies between middle.

    >>> from reknit.core.programme.template import template
    >>> from reknit.core.programme.protocol import phase_of
    >>> plan = template("ipt-16")
    >>> [stage_of(plan, phase_of(plan, slot)) for slot in (1, 8, 15)]
    ['initial', 'middle', 'closing']
    """
    codes = [one.code for one in template.phases]
    if phase.code == codes[0]:
        return "initial"
    return "closing" if phase.code == codes[-1] else "middle"


def draw(pool: Iterable[Candidate], *, seed: int, each: int = 1) -> tuple[Candidate, ...]:
    """`each` sessions of every stage, or as many as there are.

    >>> pool = [Candidate(str(n), stage) for n, stage in enumerate(STAGES * 3)]
    >>> drawn = draw(pool, seed=7)
    >>> [one.stage for one in drawn], drawn == draw(reversed(pool), seed=7)
    (['initial', 'middle', 'closing'], True)
    """
    rng = random.Random(seed)  # noqa: S311 - a draw that can be repeated, no secret
    found: list[Candidate] = []
    ordered = sorted(pool)
    for stage in STAGES:
        there = [one for one in ordered if one.stage == stage]
        found += rng.sample(there, min(each, len(there)))
    return tuple(found)


def to_rate_twice(drawn: Sequence[Candidate], *, seed: int, before: int, twice_before: int) -> frozenset[str]:
    """Which of a draw a second person rates, so that over all draws so far a fifth are.

    `before` sessions were drawn earlier, `twice_before` of them to be rated twice.

    >>> drawn = [Candidate(str(n), "middle") for n in range(3)]
    >>> len(to_rate_twice(drawn, seed=1, before=0, twice_before=0))
    1
    >>> len(to_rate_twice(drawn, seed=1, before=2, twice_before=1))
    0
    """
    wanted = ceil(TWICE * (before + len(drawn))) - twice_before
    keys = sorted(one.key for one in drawn)
    rng = random.Random(f"{seed} twice")  # noqa: S311
    return frozenset(rng.sample(keys, max(0, min(wanted, len(keys)))))


def replacement(pool: Iterable[Candidate], *, stage: Stage, seed: int, turn: int) -> Candidate | None:
    """Another session of the same stage, by the same seed and the number of the turn; nothing when none is left."""
    there = sorted(one for one in pool if one.stage == stage)
    rng = random.Random(f"{seed} turn {turn}")  # noqa: S311
    return rng.choice(there) if there else None
