"""Words of the work with one person: a lapse, or a return to regular use. They are no statistics.

The rule is agreed for each client; the default is a setting of this project: use on three days or fewer in fourteen is a
lapse, on four or more a return to regular use. In statistics a lapse is any use after the first day counted, and every
report that counts a relapse names its definition. Neither word is ever a label for a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from reknit.core.errors import BadInput
from reknit.core.substance_use.timeline import UNKNOWN, USED

Word = Literal["no_use_known", "lapse", "regular", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class WordRule:
    """The rule for one client: up to `most_days` use days in `window` days is a lapse."""

    most_days: int = 3
    window: int = 14


DEFAULT: Final = WordRule()


@dataclass(frozen=True, slots=True)
class Reading:
    """The word for a stretch of days, with the counts behind it."""

    word: Word
    used: int
    known: int
    days: int


def reading(states: Sequence[int], rule: WordRule = DEFAULT) -> Reading:
    """The word for the window of the most use days within these days, oldest first.

    Days that are not known count as neither: when they could make the difference, nobody can tell.

    >>> reading([0] * 12 + [1, 0]).word, reading([1] * 4 + [0] * 10).word
    ('lapse', 'regular')
    >>> reading([1, 1, -1, -1] + [0] * 10).word
    'cannot_tell'
    """
    if rule.window < 1 or rule.most_days < 1:
        raise BadInput("The rule needs at least one day.")
    if not states:
        return Reading("cannot_tell", 0, 0, 0)
    windows = [
        list(states[start : start + rule.window]) for start in range(max(len(states) - rule.window + 1, 1))
    ]
    window = max(windows, key=lambda days: (days.count(USED), days.count(UNKNOWN)))
    used, unknown = window.count(USED), window.count(UNKNOWN)
    could_be = max(days.count(USED) + days.count(UNKNOWN) for days in windows)
    return Reading(_word(used, could_be, rule), used, len(window) - unknown, len(window))


def _word(used: int, could_be: int, rule: WordRule) -> Word:
    if used > rule.most_days:
        return "regular"
    if could_be > rule.most_days:
        return "cannot_tell"
    return "lapse" if used else "no_use_known"
