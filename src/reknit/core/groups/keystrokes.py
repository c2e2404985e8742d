"""How long a page takes by hand: the Keystroke-Level Model.

Card, Moran and Newell 1980, The keystroke-level model for user performance time with interactive systems,
Communications of the ACM 23(7): K for an average typist of 55 words a minute 0.20 s, and 0.28 s for a typist of 40;
P 1.10 s for pointing; H 0.40 s for moving a hand between keys and pointer; M 1.35 s to make up one's mind.
Reading and talking are not counted. It is a reckoning of hands, and no measurement of people.
"""

from dataclasses import dataclass
from typing import Final

KEY: Final = 0.28  # the slower, average non-secretary typist: a facilitator is no typist
POINT, HAND, MIND = 1.10, 0.40, 1.35


@dataclass(frozen=True, slots=True)
class Hands:
    """What the hands did: keys pressed, things pointed at, moves between the two, and thoughts before doing."""

    keys: int = 0
    points: int = 0
    hands: int = 0
    minds: int = 0

    @property
    def seconds(self) -> float:
        """
        >>> round(Hands(keys=100, minds=2).seconds, 2)
        30.7
        """
        return self.keys * KEY + self.points * POINT + self.hands * HAND + self.minds * MIND
