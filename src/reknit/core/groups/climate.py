"""The climate of a group from its members' forms: mean and spread, who stands apart, and where it goes.

GCQ-S scales are scored in `core.measures` (MacKenzie 1983: engaged, avoiding, conflict; 0 to 6; means of answered
items). A form that is not scored is missing and is never 0. Early engagement went with later outcome in one group
trial, and conflict is expected to rise half way and fall (`ipt.md` section 9 [K, V]); nothing here decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

FEWEST: Final = 3
"""Forms below which a mean says more about a person than about the group (our default)."""
FAR_OUT: Final = 1.5
"""Points from the mean of the others at which a member stands apart: a quarter of the scale of 6 (our default)."""
MOVES: Final = 0.5
"""Points between two means below which the group is called steady (our default)."""
SCALES: Final = ("engaged", "avoiding", "conflict")
Direction = Literal["up", "down", "steady"]


@dataclass(frozen=True, slots=True)
class Spread:
    """One scale in one session. `mean` and `sd` are None while too few forms came back."""

    n: int
    mean: float | None
    sd: float | None
    low: float | None
    high: float | None


def spread(values: Sequence[float | None], *, fewest: int = FEWEST) -> Spread:
    """Mean, standard deviation (n - 1) and range of what was answered.

    >>> spread([4.0, 5.0, None, 3.0])
    Spread(n=3, mean=4.0, sd=1.0, low=3.0, high=5.0)
    >>> spread([4.0, None]).mean is None
    True
    """
    known = [value for value in values if value is not None]
    if len(known) < max(fewest, 2):
        return Spread(len(known), None, None, None, None)
    mean = sum(known) / len(known)
    sd = sqrt(sum((value - mean) ** 2 for value in known) / (len(known) - 1))
    return Spread(len(known), mean, sd, min(known), max(known))


@dataclass(frozen=True, slots=True)
class Outlying:
    """A member whose score lies away from the mean of the others."""

    person: str
    value: float
    others: float

    @property
    def is_above(self) -> bool:
        return self.value > self.others


def outlying(
    values: Mapping[str, float | None], *, apart: float = FAR_OUT, fewest: int = FEWEST
) -> tuple[Outlying, ...]:
    """Members at least `apart` points from the mean of everybody else; needs `fewest` others.

    >>> [(one.person, one.is_above) for one in outlying({"a": 5.0, "b": 4.6, "c": 4.8, "d": 2.0, "e": None})]
    [('d', False)]
    """
    known = {person: value for person, value in values.items() if value is not None}
    found = []
    for person, value in known.items():
        rest = [other for key, other in known.items() if key != person]
        if len(rest) < fewest:
            continue
        mean = sum(rest) / len(rest)
        if abs(value - mean) >= apart:
            found.append(Outlying(person, value, mean))
    return tuple(found)


def trend(means: Sequence[float | None], *, moves: float = MOVES) -> Direction | None:
    """From the latest two known means: up, down or steady; nothing while there are not two.

    >>> trend([3.0, None, 3.6]), trend([3.0, 3.2]), trend([None, 3.0]) is None
    ('up', 'steady', True)
    """
    known = [mean for mean in means if mean is not None]
    if len(known) < 2:
        return None
    change = known[-1] - known[-2]
    if abs(change) < moves:
        return "steady"
    return "up" if change > 0 else "down"
