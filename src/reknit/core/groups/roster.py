"""Who is in the room on a day, who may still join, and what absences ask for.

Numbers marked "our default" are programme settings of this project and no rule of IPT (`ipt.md` section 9 [D]).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

SMALLEST, LARGEST = 6, 10
"""Places in a group: 6 to 10 (`ipt.md` section 9 [K/D])."""
LEAST_TO_MEET: Final = 4
"""Members needed to meet (`ipt.md` section 9 [K/D])."""
LAST_TO_JOIN: Final = 3
"""A closed group takes nobody in after this session (`ipt.md` section 9: "session 2 or 3" [D]; ours is 3)."""
CONTACT_FROM, CONTACT_BY = timedelta(hours=24), timedelta(hours=48)
"""After a miss somebody gets in touch within 24 to 48 hours (`ipt.md` section 9)."""
ROW_FOR_A_MEETING: Final = 2
"""Missed in a row before a meeting alone is owed (`ipt.md` section 9)."""
SMALL_WEEKS: Final = 2
"""Sessions in a row below the least before the facilitators decide how to go on (`ipt.md` section 9)."""
COMPLETION: Final = 0.75
"""Share of the sessions that counts as completed, with the meetings before and after ([D], our default)."""
QUIET_FOR: Final = 2
"""Sessions come to without a turn or an answer to one before a member counts as quiet (our default)."""

ATTENDED: Final = "attended"
MISSED: Final = frozenset({"no_show", "late_cancel"})
PASSED: Final = frozenset({"cancelled", "clinician"})
"""Neither a miss nor the end of a row of misses, as in individual courses."""


@dataclass(frozen=True, slots=True)
class Span:
    """One membership: who, from when to when. Both days are included; no start means still waiting."""

    key: str
    starts_on: date | None
    ends_on: date | None = None

    def covers(self, on: date) -> bool:
        return bool(self.starts_on and self.starts_on <= on and (self.ends_on is None or on <= self.ends_on))


def roster(spans: Iterable[Span], on: date) -> tuple[str, ...]:
    """Who belongs in the room on a day. A member who joins reaches the sessions from then on and no earlier one.

    >>> day = date(2026, 3, 2)
    >>> people = [Span("a", day), Span("b", day + timedelta(7)), Span("c", None), Span("d", day, day)]
    >>> roster(people, day), roster(people, day + timedelta(7))
    (('a', 'd'), ('a', 'b'))
    """
    return tuple(dict.fromkeys(span.key for span in spans if span.covers(on)))


def is_too_late(*, is_closed: bool, starts_on: date, sessions: Sequence[date]) -> bool:
    """Whether a closed group no longer takes somebody in who would come first on `starts_on`.

    >>> weeks = [date(2026, 3, 2) + timedelta(7 * n) for n in range(20)]
    >>> [is_too_late(is_closed=True, starts_on=weeks[n], sessions=weeks) for n in (2, 3)]
    [False, True]
    >>> is_too_late(is_closed=False, starts_on=weeks[12], sessions=weeks)
    False
    """
    if not is_closed or len(sessions) < LAST_TO_JOIN:
        return False
    return starts_on > sorted(sessions)[LAST_TO_JOIN - 1]


def in_a_row(outcomes: Iterable[str]) -> int:
    """Sessions missed since the member last came, oldest outcome first.

    >>> in_a_row(["attended", "no_show", "cancelled", "late_cancel"]), in_a_row(["no_show", "attended"])
    (2, 0)
    """
    row = 0
    for one in outcomes:
        row = 0 if one == ATTENDED else row + (one in MISSED)
    return row


def contact_window(missed_at: datetime) -> tuple[datetime, datetime]:
    """From when and by when somebody gets in touch after a miss.

    >>> contact_window(datetime(2026, 3, 2, 18))[1]
    datetime.datetime(2026, 3, 4, 18, 0)
    """
    return missed_at + CONTACT_FROM, missed_at + CONTACT_BY


def is_small(came: Sequence[int], *, least: int = LEAST_TO_MEET) -> bool:
    """Whether so few came to the latest sessions that the facilitators decide how to go on.

    >>> is_small([6, 3, 3]), is_small([3, 6, 3]), is_small([3])
    (True, False, False)
    """
    return len(came) >= SMALL_WEEKS and all(n < least for n in came[-SMALL_WEEKS:])


@dataclass(frozen=True, slots=True)
class Completion:
    """How much of a group a member came to, and whether that counts as completed."""

    came: int
    planned: int
    had_before: bool
    had_after: bool

    @property
    def share(self) -> float:
        """Sessions come to, of those planned. A catch-up meeting alone is no group session and is not counted."""
        return self.came / self.planned if self.planned else 0.0

    @property
    def is_completed(self) -> bool:
        """75 per cent of the sessions with the meetings before and after.

        >>> Completion(15, 20, True, True).is_completed, Completion(15, 20, True, False).is_completed
        (True, False)
        >>> Completion(14, 20, True, True).is_completed
        False
        """
        return self.share >= COMPLETION and self.had_before and self.had_after
