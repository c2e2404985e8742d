"""When a craving goes on a clinician's list. It sorts attention; it is no alarm and says nothing about what follows.

Programme settings proposed by this project, and no published standard: a peak of 8 or more of 10, or a rise of 4 or
more since the one before.
"""

from typing import Final

from reknit.core.errors import BadInput

HIGHEST: Final = 10
STRONG: Final = 8
RISE: Final = 4


def asks_for_a_look(now: int | None, peak: int | None, before: int | None = None) -> bool:
    """Whether somebody should ask about it at the next contact. A number not given is not known, never 0.

    >>> asks_for_a_look(3, 8), asks_for_a_look(6, None, before=2), asks_for_a_look(None, None)
    (True, True, False)
    """
    for value in (now, peak, before):
        if value is not None and not 0 <= value <= HIGHEST:
            raise BadInput("A craving is a whole number from 0 to 10.")
    told = [value for value in (now, peak) if value is not None]
    if not told:
        return False
    strongest = max(told)
    return strongest >= STRONG or (before is not None and strongest - before >= RISE)
